/** How a parameter came about: what stands in the node itself, before n8n resolves it for an item. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { nodeOf } from './ownNode';

/** What stands in the node at a path such as `prompt`, `options.seed` or `list.row[0].url`; undefined where nothing does. */
function rawOf(context: IExecuteFunctions, path: string): unknown {
	let value: unknown = nodeOf(context).parameters;
	for (const name of path.split(/[.[\]]+/).filter(Boolean)) {
		if (typeof value !== 'object' || value === null) return undefined;
		value = Reflect.get(value, name);
	}
	return value;
}

/** Whether an expression gives the parameter, so that its value may differ from item to item. */
export function isExpression(context: IExecuteFunctions, path: string): boolean {
	const raw = rawOf(context, path);
	return typeof raw === 'string' && raw.startsWith('=');
}

/** Whether the parameter applies to the node as it is set up. n8n fills in defaults, and drops what is hidden. */
export function isThere(context: IExecuteFunctions, path: string): boolean {
	return rawOf(context, path) !== undefined;
}

/** How many rows a fixed collection has in the node. */
export function rowsAt(context: IExecuteFunctions, path: string): number {
	const rows = rawOf(context, path);
	return Array.isArray(rows) ? rows.length : 0;
}
