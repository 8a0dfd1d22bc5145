/** Parameters as expressions deliver them, made safe to use; what cannot be read or used is told with its label. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Fetched } from '../generation/ports';
import { BOOLEAN_WORDS, readBoolean } from '../wan/readBoolean';
import { readNumber } from '../wan/readNumber';
import { isBlank } from '../wan/request';
import { shown } from '../wan/shown';
import { reasonOf } from './reason';

/** A parameter: its name in the workflow, and the label under which users know it. */
export type Parameter = Readonly<Pick<INodeProperties, 'name' | 'displayName'>>;

/** A setting that cannot be read, or has the wrong type or range: what is wrong, by the label of the field. */
export class SettingError extends Error {
	override name = 'SettingError';
}

/**
 * One parameter of one item, of any type; null when it does not apply and so is not there. An expression that
 * throws, a reference to nothing, `$env` where n8n blocks it: all a SettingError with the label and n8n's reason.
 */
export function readParameter(
	context: IExecuteFunctions,
	{ name, displayName }: Parameter,
	item: number,
): unknown {
	const read = attempt(() => plain(context.getNodeParameter(name, item, null), DEEPEST));
	if (read.ok) return read.value;
	throw new SettingError(
		`'${displayName}' could not be read: ${read.reason}. Correct its expression.`,
	);
}

function attempt<T>(read: () => T): Fetched<T> {
	try {
		return { ok: true, value: read() };
	} catch (error) {
		return { ok: false, reason: reasonOf(error) };
	}
}

const COLLECTION: Parameter = { name: 'options', displayName: 'Options' };

/**
 * The options of one item that are set, by name. Each is read by itself, so that the one that cannot be read is
 * told by its label, which stands in `known`.
 */
export function readOptions(
	context: IExecuteFunctions,
	known: readonly Parameter[],
	item: number,
): Record<string, unknown> {
	const given: unknown = context.getNodeParameter('options', item, null, { rawExpressions: true });
	// The whole collection by one expression: nothing that the editor offers, but a workflow may hold it.
	if (typeof given !== 'object') return recordOf(readParameter(context, COLLECTION, item));
	const options: Record<string, unknown> = {};
	for (const name of Object.keys(given ?? {})) {
		const { displayName } = known.find((option) => option.name === name) ?? { displayName: name };
		options[name] = readParameter(context, { name: `options.${name}`, displayName }, item);
	}
	return options;
}

function recordOf(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Nothing that the node takes lies deeper. */
const DEEPEST = 4;

/** A copy of lists and plain objects, so that a getter that throws does it here, where it is told, and not later. */
function plain(value: unknown, depth: number): unknown {
	if (typeof value !== 'object' || value === null || depth === 0) return value;
	if (Array.isArray(value)) return value.map((part: unknown) => plain(part, depth - 1));
	if (Object.getPrototypeOf(value) !== Object.prototype) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, part]) => [name, plain(part, depth - 1)]),
	);
}

export interface NumberRange {
	label: string;
	min: number;
	max: number;
	whole?: boolean;
	fallback?: number;
}

/** A number within its range; text that is a number counts as one, an empty value as the default. */
export function numberSetting(
	value: unknown,
	{ label, min, max, whole = false, fallback }: NumberRange,
): number | undefined {
	if (isBlank(value)) return fallback;
	const parsed = readNumber(value) ?? NaN;
	const fits = parsed >= min && parsed <= max && (!whole || Number.isInteger(parsed));
	// No minus at a zero.
	if (fits) return parsed + 0;
	throw new SettingError(
		`'${label}' is ${shown(value)}, but must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`,
	);
}

/** A switch; an empty value is the default, and what is neither yes nor no is refused by the label. */
export function booleanSetting(value: unknown, label: string, fallback: boolean): boolean {
	if (value === undefined || value === null) return fallback;
	if (typeof value === 'string' && value.trim() === '') return fallback;
	const read = readBoolean(value);
	if (read !== undefined) return read;
	throw new SettingError(`'${label}' is ${shown(value)}, but must be ${BOOLEAN_WORDS}.`);
}

/** A switch of one item; where it does not apply, its default. */
export function readSwitch(
	context: IExecuteFunctions,
	property: Parameter & Pick<INodeProperties, 'default'>,
	item: number,
): boolean {
	const value = readParameter(context, property, item);
	return booleanSetting(value, property.displayName, property.default === true);
}

/** One of several values; what is none of them is refused, an empty value too. */
export function choiceSetting<T extends string>(
	value: unknown,
	label: string,
	choices: readonly T[],
): T {
	const given = typeof value === 'string' ? value.trim() : value;
	const choice = choices.find((one) => one === given);
	if (choice !== undefined) return choice;
	const rule = `one of: ${choices.join(', ')}.`;
	throw new SettingError(
		isBlank(value)
			? `'${label}' is empty. It must be ${rule}`
			: `'${label}' is ${shown(value)}, but must be ${rule}`,
	);
}

/** A text without the blanks around it, or `fallback` for an empty one. A number is a text as well. */
export function textSetting(value: unknown, label: string, fallback: string): string {
	if (isBlank(value)) return fallback;
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	throw new SettingError(`'${label}' is ${shown(value)}, but must be a text.`);
}
