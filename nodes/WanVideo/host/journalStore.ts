/**
 * Records in n8n's context data of the node: the one place that outlives a try of Retry On Fail,
 * the Retry button and a durable wait (run on n8n 1.123 and 2.41). They belong to one execution and node.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { fieldOf } from '../evolink/foreign';
import type { JournalStore } from '../generation/ports';

type Context = Pick<IExecuteFunctions, 'getContext'> &
	Partial<Pick<IExecuteFunctions, 'getExecutionId'>>;

/** Where the journal stands in the context data, in stored executions too. */
export const JOURNAL_KEY = 'wanVideoJournal';

/** The journal of the node in this execution. */
export function journalStore(context: Context): JournalStore {
	return recordsIn(context, JOURNAL_KEY);
}

interface Records {
	read(name: string): unknown;
	write(name: string, record: object): void;
	names(): string[];
}

/** Records by name under one key of the context data. */
export function recordsIn(context: Context, key: string): Records {
	return recordsAt(dataOf(context), key);
}

/** The same of a node of this execution by its name; undefined where n8n lets no node see another's data. */
export function recordsOfNode(context: object, node: string, key: string): Records | undefined {
	const runData = 'runExecutionData' in context ? context.runExecutionData : undefined;
	const all = fieldOf(fieldOf(runData, 'executionData'), 'contextData');
	if (!isRecord(all)) return undefined;
	const data = (all[`node:${node}`] ??= {});
	return isRecord(data) ? recordsAt(data, key) : undefined;
}

function recordsAt(data: Record<string, unknown>, key: string): Records {
	return {
		read(name) {
			const records: unknown = data[key];
			// Something else in its place is handed on as it is: the journal refuses to go on with it.
			return records === undefined || isRecord(records) ? records?.[name] : records;
		},
		write(name, record) {
			const records: unknown = data[key];
			if (isRecord(records)) records[name] = record;
			else data[key] = { [name]: record };
		},
		names() {
			const records: unknown = data[key];
			return isRecord(records) ? Object.keys(records) : [];
		},
	};
}

/** Outside of executions (MCP, n8n's Agents) nothing keeps a node's data, and n8n's Agents throw when asked for it. */
function dataOf(context: Context): Record<string, unknown> {
	const hasExecution = context.getExecutionId === undefined || isText(context.getExecutionId());
	return hasExecution ? context.getContext('node') : {};
}

const isText = (value: unknown) => typeof value === 'string';

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
