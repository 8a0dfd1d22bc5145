// The check of a submit's body against the contract: fields, types, ranges, and the set of
// materials. It answers with what the task needs, or with the first thing that is wrong.

import {
	AUTOMATIC_MODE,
	FIELDS,
	LEGAL_SETS,
	MATERIAL_FIELDS,
	MODES,
	type Field,
	type FieldName,
	type MaterialField,
	type Mode,
} from './contract';
import { asText, type JsonRecord } from './json';
import { isPrivateHost } from './privateHost';
import type { Switches } from './switches';

/** A body that keeps the contract. */
export interface Submission {
	readonly mode: Mode;
	readonly materials: Readonly<Partial<Record<MaterialField, string>>>;
	readonly durationSeconds: number;
	readonly quality: '720p' | '1080p';
	readonly prompt: string;
	readonly callbackUrl: string | undefined;
}
export type Checked = { readonly submission: Submission } | { readonly problem: string };

const isFieldName = (name: string): name is FieldName => name in FIELDS;
const isMode = (value: unknown): value is Mode => typeof value === 'string' && value in MODES;
const isEmpty = (value: unknown): boolean =>
	value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Checks everything about a body that needs no look at the materials themselves. */
export function checkSubmission(body: JsonRecord, switches: Switches): Checked {
	const values: Partial<Record<FieldName, unknown>> = {};
	for (const [name, value] of Object.entries(body)) {
		if (!isFieldName(name)) {
			if (switches.unknownFields === 'refused') return { problem: `unknown field ${name}` };
			continue;
		}
		if (isEmpty(value) && switches.emptyFields === 'ignored') continue;
		const usable = switches.numericStrings === 'accepted' ? asNumber(name, value) : value;
		const problem = fieldProblem(name, usable, switches);
		if (problem !== undefined) return { problem };
		values[name] = usable;
	}
	const materials = materialsOf(values);
	const mode = resolveMode(values.generation_mode, materials);
	if (typeof mode !== 'string') return mode;
	const text = (name: 'prompt' | 'callback_url'): string | undefined => asText(values[name]);
	return {
		submission: {
			mode,
			materials,
			durationSeconds: Number(values.duration ?? FIELDS.duration.default),
			quality: values.quality === '1080p' ? '1080p' : '720p',
			prompt: [...(text('prompt') ?? '')].slice(0, FIELDS.prompt.maxLength).join(''),
			callbackUrl: text('callback_url'),
		},
	};
}

function asNumber(name: FieldName, value: unknown): unknown {
	const numeric = FIELDS[name].type === 'integer' && typeof value === 'string' && value !== '';
	return numeric ? Number(value) : value;
}

function fieldProblem(name: FieldName, value: unknown, switches: Switches): string | undefined {
	const field: Field = FIELDS[name];
	const found = typeProblem(field, value, switches);
	if (found !== undefined) return `${name} ${found}`;
	if (name === 'callback_url') return callbackProblem(String(value), switches);
	return undefined;
}

function typeProblem(field: Field, value: unknown, switches: Switches): string | undefined {
	switch (field.type) {
		case 'boolean':
			return typeof value === 'boolean' ? undefined : 'must be a boolean';
		case 'integer': {
			const { min = -Infinity, max = Infinity } = field;
			const fits = Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
			return fits ? undefined : `must be an integer between ${min} and ${max}`;
		}
		case 'url':
			return urlProblem(value, switches);
		case 'urls': {
			if (!Array.isArray(value)) return 'must be an array';
			if (value.length !== 1) return 'must have exactly 1 element';
			return urlProblem(value[0], switches);
		}
		case 'string':
			if (typeof value !== 'string') return 'must be a string';
			if (field.enum && !field.enum.includes(value)) {
				return `must be one of ${field.enum.join(', ')}`;
			}
			return undefined;
	}
}

function urlProblem(value: unknown, switches: Switches): string | undefined {
	if (typeof value !== 'string') return 'must be a URL';
	const protocol = URL.canParse(value) ? new URL(value).protocol : '';
	if (protocol === 'data:' && switches.dataUrls === 'accepted') return undefined;
	return ['http:', 'https:'].includes(protocol) ? undefined : 'must be an http(s) URL';
}

function callbackProblem(value: string, switches: Switches): string | undefined {
	if (value.length > (FIELDS.callback_url.maxLength ?? Infinity)) {
		return `callback_url must not exceed ${FIELDS.callback_url.maxLength} characters`;
	}
	if (switches.callbackUrls === 'local') return undefined;
	const { protocol, hostname } = new URL(value);
	if (protocol !== 'https:') return 'callback_url must use HTTPS';
	return isPrivateHost(hostname) ? 'callback_url must not be an internal address' : undefined;
}

function materialsOf(
	values: Partial<Record<FieldName, unknown>>,
): Partial<Record<MaterialField, string>> {
	const materials: Partial<Record<MaterialField, string>> = {};
	for (const name of MATERIAL_FIELDS) {
		const value = values[name];
		const url = asText(Array.isArray(value) ? value[0] : value);
		if (url !== undefined) materials[name] = url;
	}
	return materials;
}

function resolveMode(
	asked: unknown,
	materials: Partial<Record<MaterialField, string>>,
): Mode | { problem: string } {
	const given = MATERIAL_FIELDS.filter((name) => materials[name] !== undefined);
	if (isMode(asked)) {
		for (const name of MATERIAL_FIELDS) {
			const need = MODES[asked][name];
			if (need === 'required' && !given.includes(name)) {
				return { problem: `${name} is required in ${asked} mode` };
			}
			if (need === 'refused' && given.includes(name)) {
				return { problem: `${name} is not accepted in ${asked} mode` };
			}
		}
		return asked;
	}
	const legal = LEGAL_SETS.some(
		(set) =>
			set.materials.length === given.length && set.materials.every((name) => given.includes(name)),
	);
	const found = AUTOMATIC_MODE.find(({ has }) => has.every((name) => given.includes(name)));
	if (legal && found) return found.mode;
	return { problem: `invalid combination of materials: ${given.join(' + ') || 'none'}` };
}
