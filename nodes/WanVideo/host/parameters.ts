/** Parameters as expressions deliver them, made safe to use; what cannot be used is told with its label. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

/** One parameter of one item, of any type; null when it does not apply and so is not there. */
export function rawParameter(context: IExecuteFunctions, name: string, item: number): unknown {
	return context.getNodeParameter(name, item, null);
}

/** The options collection of one item, as plain data. */
export function optionsOf(context: IExecuteFunctions, item: number): Record<string, unknown> {
	return z
		.record(z.unknown())
		.catch({})
		.parse(rawParameter(context, 'options', item) ?? {});
}

/** A setting that has the wrong type or range: what was expected, by the label of the field. */
export class SettingError extends Error {
	override name = 'SettingError';
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
	const given = typeof value === 'string' ? value.trim() : value;
	if (given === undefined || given === null || given === '') return fallback;
	const parsed = Number(given);
	const fits = parsed >= min && parsed <= max && (!whole || Number.isInteger(parsed));
	if ((typeof given === 'number' || typeof given === 'string') && fits) return parsed;
	throw new SettingError(
		`'${label}' must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`,
	);
}

export function booleanSetting(value: unknown, fallback: boolean): boolean {
	if (value === 'false') return false;
	return typeof value === 'boolean' ? value : value === 'true' || fallback;
}

export function textSetting(value: unknown, fallback: string): string {
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : fallback;
}
