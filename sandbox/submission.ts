// The check of a submit's body against the contract of its model: fields, types, ranges, and what
// may go together. It answers with what the task needs, or with the first thing that is wrong.

import {
	MATERIAL_FIELDS,
	type Field,
	type FieldName,
	type Mode,
	type ModelContract,
} from './contract';
import type { Given, Values } from './given';
import { asText, isRecord, type JsonRecord } from './json';
import { isPrivateHost } from './privateHost';
import { rulesProblem } from './submissionRules';
import type { Switches } from './switches';

/** A body that keeps the contract. */
export interface Submission {
	readonly model: ModelContract;
	/** Absent: the model has no modes. */
	readonly mode?: Mode;
	readonly materials: readonly Given[];
	/** As asked for: 0 (as the clip) and -1 (the model chooses) included. */
	readonly duration: number;
	readonly quality: string;
	readonly aspectRatio?: string;
	/** False: a silent film is asked for. */
	readonly generateAudio?: boolean;
	readonly keepsSound: boolean;
	readonly prompt: string;
	readonly callbackUrl: string | undefined;
}
export type Checked = { readonly submission: Submission } | { readonly problem: string };

const isEmpty = (value: unknown): boolean =>
	value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Checks everything about a body that needs no look at the materials themselves. */
export function checkSubmission(
	model: ModelContract,
	body: JsonRecord,
	switches: Switches,
): Checked {
	const values: Values = {};
	for (const [path, name, value] of entriesOf(model, body)) {
		const field = fieldOf(model, name);
		if (field === undefined) {
			if (switches.unknownFields === 'refused') return { problem: `unknown field ${path}` };
			continue;
		}
		if (isEmpty(value) && switches.emptyFields === 'ignored') continue;
		const usable = switches.numericStrings === 'accepted' ? asNumber(field, value) : value;
		const problem = fieldProblem(path, field, usable, switches);
		if (problem !== undefined) return { problem };
		values[field.name] = usable;
	}
	const missing = Object.entries(model.fields).find(
		([name, field]) => field.required && !Object.hasOwn(values, name),
	);
	if (missing !== undefined) return { problem: `${missing[0]} is required` };
	const materials = materialsOf(values);
	const mode = modeOf(model, values.generation_mode, materials);
	if (typeof mode === 'object') return mode;
	const problem = rulesProblem(model, values, materials, switches);
	if (problem !== undefined) return { problem };
	return { submission: submissionOf(model, values, materials, mode) };
}

function submissionOf(
	model: ModelContract,
	values: Values,
	materials: readonly Given[],
	mode: Mode | undefined,
): Submission {
	const text = (name: FieldName): string | undefined => asText(values[name]);
	const { fields } = model;
	const aspectRatio = text('aspect_ratio') ?? asText(fields.aspect_ratio?.default);
	const generateAudio = values.generate_audio ?? fields.generate_audio?.default;
	return {
		model,
		...(mode === undefined ? {} : { mode }),
		materials,
		duration: Number(values.duration ?? fields.duration?.default),
		quality: text('quality') ?? String(fields.quality?.default),
		...(aspectRatio === undefined ? {} : { aspectRatio }),
		...(typeof generateAudio === 'boolean' ? { generateAudio } : {}),
		keepsSound: values.keep_original_sound === true,
		prompt: [...(text('prompt') ?? '')].slice(0, fields.prompt?.maxLength).join(''),
		callbackUrl: text('callback_url'),
	};
}

/** Path, name and value of each field; the fields inside of `model_params` count as fields. */
function entriesOf(
	model: ModelContract,
	body: JsonRecord,
): Array<[path: string, name: string, value: unknown]> {
	const takesParams = ['voice_bindings', 'file_url', 'link_url'].some((name) =>
		Object.hasOwn(model.fields, name),
	);
	return Object.entries(body).flatMap(([name, value]): Array<[string, string, unknown]> => {
		if (name !== 'model_params' || !takesParams || !isRecord(value)) {
			// Only inside of model_params these are fields.
			const hidden = ['voice_bindings', 'file_url', 'link_url'].includes(name);
			return [[name, hidden ? '' : name, value]];
		}
		return Object.entries(value).map(([inner, of]) => [`model_params.${inner}`, inner, of]);
	});
}

const fieldOf = (
	{ fields }: ModelContract,
	name: string,
): (Field & { name: FieldName }) | undefined =>
	isFieldName(fields, name) ? { ...required(fields[name]), name } : undefined;

const isFieldName = (fields: ModelContract['fields'], name: string): name is FieldName =>
	Object.hasOwn(fields, name);

function required<T>(value: T | undefined): T {
	if (value === undefined) throw new Error('a field of the contract is missing');
	return value;
}

function asNumber({ type }: Field, value: unknown): unknown {
	return type === 'integer' && typeof value === 'string' && value !== '' ? Number(value) : value;
}

function fieldProblem(
	path: string,
	field: Field,
	value: unknown,
	switches: Switches,
): string | undefined {
	const found = typeProblem(field, value, switches);
	if (found !== undefined) return `${path} ${found}`;
	return path === 'callback_url' ? callbackProblem(field, String(value), switches) : undefined;
}

function typeProblem(field: Field, value: unknown, switches: Switches): string | undefined {
	switch (field.type) {
		case 'boolean':
			return typeof value === 'boolean' ? undefined : 'must be a boolean';
		case 'integer': {
			const { min = -Infinity, max = Infinity, also } = field;
			const fits = Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
			if (fits || (also !== undefined && value === also)) return undefined;
			const besides = also === undefined ? '' : ` or ${also}`;
			return `must be an integer between ${min} and ${max}${besides}`;
		}
		case 'url':
			return urlProblem(value, switches);
		case 'urls':
			return urlsProblem(field, value, switches);
		case 'bindings':
			return bindingsProblem(field, value, switches);
		case 'string':
			if (typeof value !== 'string') return 'must be a string';
			if (field.enum && !field.enum.includes(value)) {
				return `must be one of ${field.enum.join(', ')}`;
			}
			return undefined;
	}
}

function urlsProblem(
	{ minItems = 0, maxItems = Infinity }: Field,
	value: unknown,
	switches: Switches,
): string | undefined {
	if (!Array.isArray(value)) return 'must be an array';
	if (value.length < minItems || value.length > maxItems) {
		if (minItems === maxItems) return `must have exactly ${minItems} element`;
		return `must have ${minItems} to ${maxItems} elements`;
	}
	for (const one of value) {
		const problem = urlProblem(one, switches);
		if (problem !== undefined) return problem;
	}
	return undefined;
}

function bindingsProblem(
	{ maxItems = Infinity }: Field,
	value: unknown,
	switches: Switches,
): string | undefined {
	if (!isRecord(value)) return 'must be an object';
	const bindings = Object.entries(value);
	if (bindings.length > maxItems) return `must have at most ${maxItems} bindings`;
	for (const [key, url] of bindings) {
		if (!/^(image|video)[1-9]\d*$/.test(key)) return `key "${key}" invalid`;
		const problem = urlProblem(url, switches);
		if (problem !== undefined) return `${key} ${problem}`;
	}
	return undefined;
}

function urlProblem(value: unknown, switches: Switches): string | undefined {
	if (typeof value !== 'string') return 'must be a URL';
	const protocol = URL.canParse(value) ? new URL(value).protocol : '';
	if (protocol === 'data:' && switches.dataUrls === 'accepted') return undefined;
	return ['http:', 'https:'].includes(protocol) ? undefined : 'must be an http(s) URL';
}

function callbackProblem(
	{ maxLength = Infinity }: Field,
	value: string,
	switches: Switches,
): string | undefined {
	if (value.length > maxLength) {
		return `callback_url must not exceed ${maxLength} characters`;
	}
	if (switches.callbackUrls === 'local') return undefined;
	const { protocol, hostname } = new URL(value);
	if (protocol !== 'https:') return 'callback_url must use HTTPS';
	return isPrivateHost(hostname) ? 'callback_url must not be an internal address' : undefined;
}

function materialsOf(values: Values): Given[] {
	return MATERIAL_FIELDS.flatMap((field): Given[] => {
		const value = values[field];
		if (typeof value === 'string') return [{ field, at: field, url: value }];
		if (Array.isArray(value)) {
			return value.map((url, index) => ({ field, at: `${field}[${index}]`, url: String(url) }));
		}
		if (!isRecord(value)) return [];
		return Object.entries(value).map(([key, url]) => ({
			field,
			at: `model_params.${field}.${key}`,
			url: String(url),
		}));
	});
}

/** The mode asked for, or the one that the materials make; undefined for a model without modes. */
function modeOf(
	{ modes, legalSets = [], automaticMode = [] }: ModelContract,
	asked: unknown,
	materials: readonly Given[],
): Mode | undefined | { problem: string } {
	if (modes === undefined) return undefined;
	const given = [...new Set(materials.map(({ field }) => field))];
	if (isMode(asked)) {
		for (const name of MATERIAL_FIELDS) {
			const need = modes[asked][name];
			if (need === 'required' && !given.includes(name)) {
				return { problem: `${name} is required in ${asked} mode` };
			}
			if (need === 'refused' && given.includes(name)) {
				return { problem: `${name} is not accepted in ${asked} mode` };
			}
		}
		return asked;
	}
	const legal = legalSets.some(
		(set) =>
			set.materials.length === given.length && set.materials.every((name) => given.includes(name)),
	);
	const found = automaticMode.find(({ has }) => has.every((name) => given.includes(name)));
	if (legal && found) return found.mode;
	return { problem: `invalid combination of materials: ${given.join(' + ') || 'none'}` };
}

const isMode = (value: unknown): value is Mode =>
	value === 'first_frame' || value === 'first_last_frame' || value === 'video_continuation';
