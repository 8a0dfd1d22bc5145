/**
 * A generation request in the words of the domain, and what each of its fields must be by itself, for any
 * model: the schema is built from the model's table. What may go together is judged in check.ts.
 */
import { z } from 'zod';

import { bareAddress, withoutBlanks } from './address';
import { addable, followsOf } from './follow';
import { isInternalHost } from './internalHost';
import type { ByMaterial, Materials } from './materialSource';
import type { AspectRatio, DurationMode, Model, Mode, Quality } from './models/model';
import { BOOLEAN_WORDS, readBoolean } from './readBoolean';
import { readNumber } from './readNumber';
import { shown } from './shown';
import {
	DURATION_MODE_WORD,
	type Material,
	MATERIAL_NAMES,
	MATERIAL_WORDS,
	MODE_WORD,
	MODEL_WORD,
	SETTING_NAMES,
	SETTING_WORDS,
	type Setting,
} from './vocabulary';

/** `auto` leaves the mode to EvoLink, which goes by the materials. */
export type ModeChoice = Mode | 'auto';

/** What the user wants made. A field that is absent is not sent. */
export interface GenerationRequest {
	/** EvoLink's name of the model. */
	model: string;
	/** Only of a model that has modes. */
	mode?: ModeChoice;
	materials: Materials;
	prompt?: string;
	negativePrompt?: string;
	quality?: Quality;
	aspectRatio?: AspectRatio;
	durationSeconds?: number;
	/** The length is left open, or follows a material that is to be looked into; seconds are then those behind a clip. */
	durationMode?: DurationMode;
	generateAudio?: boolean;
	keepOriginalSound?: boolean;
	seed?: number;
	promptExtend?: boolean;
	callbackUrl?: string;
}

export type SettingField = Exclude<keyof GenerationRequest, 'materials'>;
/** Everything that a user fills in, by the name under which its problems are told. */
export type RequestField = SettingField | Material;

/** An address as an expression gives it, of any type; or a file that was found, by the SHA-256 of its content. */
export type RawMaterial = { url: unknown } | { file: string };

/** What a workflow hands over: values of expressions, so of any type. Without a model it is the default one. */
export interface RawRequest extends Readonly<Partial<Record<SettingField, unknown>>> {
	readonly materials?: ByMaterial<RawMaterial>;
}

/** Fields by name, addresses of materials among them. */
export type RawFields = Readonly<Partial<Record<RequestField, unknown>>>;

function labels(): Record<RequestField, string> {
	const found: Partial<Record<RequestField, string>> = {
		model: MODEL_WORD.label,
		mode: MODE_WORD.label,
		durationMode: DURATION_MODE_WORD.label,
	};
	for (const name of MATERIAL_NAMES) found[name] = MATERIAL_WORDS[name].label;
	for (const name of SETTING_NAMES) found[name] = SETTING_WORDS[name].label;
	const isWhole = (table: typeof found): table is Record<RequestField, string> =>
		Object.values(table).every((label) => label !== undefined);
	if (!isWhole(found)) throw new Error('A field has no label.');
	return found;
}

/** The labels under which users know the fields. */
export const LABELS: Readonly<Record<RequestField, string>> = labels();

/** What a value is in place of what it must be, in words that go on from the field's label. */
function insteadOf(rule: string, value: unknown): string {
	return isBlank(value)
		? `is empty. It must be ${rule}`
		: `is ${shown(value)}, but must be ${rule}`;
}

const text = (advice: string) =>
	z.string({
		errorMap: (_issue, { data }) => ({
			message: isFile(data)
				? `is a file, but must be a text. ${advice}`
				: `${insteadOf('a text', data)}. ${advice}`,
		}),
	});

const numberBetween = (min: number, max: number, unit: string, advice: string) => {
	const rule = `a whole number from ${min} to ${max}${unit}. ${advice}`;
	return z
		.number({ errorMap: (_issue, { data }) => ({ message: insteadOf(rule, data) }) })
		.int()
		.min(min)
		.max(max);
};

/** The advice that goes with every problem of a material's address. */
export function addressAdvice(material: Material): string {
	return `Enter the public http(s) address of one ${MATERIAL_WORDS[material].noun}.`;
}

/** Whether it may be a file of the item: EvoLink's storage takes no documents. */
export function takesFiles(material: Material): boolean {
	return MATERIAL_WORDS[material].fileLabel !== '';
}

/** One http(s) address. Why another one will not do is told better by address.ts, which is asked first. */
export function materialAddress(material: Material) {
	const advice = addressAdvice(material);
	const file = takesFiles(material)
		? ' For a file of the item choose Binary File as the source.'
		: '';
	return text(`${advice}${file}`).refine((value) => isAddress(value, ['http:', 'https:']), {
		message: `is no address that EvoLink can fetch. ${advice}`,
	});
}

/** Rules of the callback address, all from the seed: https, at most 2,048 characters, no internal host. */
function callbackUrl(maxCharacters: number) {
	const advice = 'Enter a public https address, or remove the option.';
	const flaw = (value: string): string | undefined => {
		if (!isAddress(value, ['https:']))
			return `is ${shown(value)}, but must be an https address. ${advice}`;
		if (value.length > maxCharacters)
			return `is longer than ${maxCharacters} characters. Shorten it.`;
		if (isInternalHost(new URL(value).hostname))
			return `is ${shown(value)}, an internal address, which EvoLink does not call. ${advice}`;
		return undefined;
	};
	return text(advice).superRefine((value, context) => {
		const message = flaw(value);
		if (message !== undefined) context.addIssue({ code: 'custom', message });
	});
}

const oneOf = <T extends string>(values: readonly T[]) =>
	z.custom<T>(
		(value) => values.some((one) => one === value),
		(value: unknown) => ({
			message: insteadOf(`one of: ${values.join(', ')}.`, value),
		}),
	);

const flag = () =>
	z.boolean({
		errorMap: (_issue, { data }) => ({ message: insteadOf(`${BOOLEAN_WORDS}.`, data) }),
	});

function durationOf(model: Model, isAdded = false) {
	const { min, max } = isAdded ? addable(model) : model.settings.durationSeconds;
	return numberBetween(min, max, ' seconds', 'Change it; EvoLink bills per second.');
}

/** What a number of seconds must be, and nothing else of the request. */
export function durationFlaw(model: Model, value: unknown): string | undefined {
	const parsed = durationOf(model).safeParse(value);
	return parsed.success ? undefined : parsed.error.issues[0].message;
}

/**
 * The schema of each setting of a model by itself. Every field but the mode may be absent, and a setting that
 * the model does not have is not in the schema. `lengthWord`: how the length is set, where that is no number.
 */
export function settingsSchema(model: Model, lengthWord?: unknown) {
	const { sets, settings } = model;
	const modes = sets.flatMap(({ mode }) => mode ?? []);
	const { quality, seed, callbackUrl: callback, durationSeconds } = settings;
	const words = [
		...(durationSeconds.open === undefined ? [] : [durationSeconds.open]),
		...followsOf(model),
	];
	return z.object({
		mode: modes.length === 0 ? z.undefined() : oneOf<ModeChoice>(['auto', ...modes]),
		prompt: text('Enter the text that describes the video.').optional(),
		negativePrompt: text('Enter what should not appear in the video.').optional(),
		durationSeconds: durationOf(model, lengthWord === 'afterClip').optional(),
		durationMode: oneOf<DurationMode>(words).optional(),
		quality: oneOf<Quality>(quality.values).optional(),
		aspectRatio: oneOf<AspectRatio>(settings.aspectRatio?.values ?? []).optional(),
		generateAudio: flag().optional(),
		keepOriginalSound: flag().optional(),
		seed: seed
			? numberBetween(seed.min, seed.max, '', 'For a random seed remove the option.').optional()
			: z.undefined(),
		promptExtend: flag().optional(),
		callbackUrl: callbackUrl(callback.maxCharacters).optional(),
	});
}

const kindOf = (name: RequestField): string =>
	isSetting(name) ? SETTING_WORDS[name].kind : name in MATERIAL_WORDS ? 'address' : 'choice';

function isSetting(name: string): name is Setting {
	return Object.hasOwn(SETTING_WORDS, name);
}

/**
 * What expressions really deliver, made plain: empty values dropped, addresses and choices trimmed,
 * numbers and booleans that arrive as text read as such. Anything else is left for the schema to refuse.
 */
export function normalise(raw: RawFields): RawFields {
	const plain: Partial<Record<RequestField, unknown>> = {};
	for (const [name, value] of Object.entries(raw)) {
		if (!isRequestField(name)) continue;
		if (isBlank(value)) continue;
		const trimmed = typeof value === 'string' ? withoutBlanks(value) : value;
		plain[name] = plainly(kindOf(name), value, trimmed);
	}
	return plain;
}

function plainly(kind: string, value: unknown, trimmed: unknown): unknown {
	// Sent to the letter; only a blank one counts as not given.
	if (kind === 'text') return Number.isFinite(value) ? String(value) : value;
	if (kind === 'flag') return readBoolean(trimmed) ?? trimmed;
	if (typeof trimmed !== 'string') return trimmed;
	if (kind === 'address') return bareAddress(trimmed);
	return kind === 'seconds' || kind === 'number' ? (readNumber(trimmed) ?? trimmed) : trimmed;
}

/** Whether an expression gave nothing, or a field was left empty. */
export function isBlank(value: unknown): boolean {
	return (
		value === undefined ||
		value === null ||
		(typeof value === 'string' && withoutBlanks(value) === '')
	);
}

/** A file as n8n hands it around, e.g. `$binary.photo`. */
function isFile(value: unknown): boolean {
	return (
		typeof value === 'object' &&
		value !== null &&
		'mimeType' in value &&
		typeof value.mimeType === 'string'
	);
}

function isRequestField(name: string): name is RequestField {
	return name in LABELS;
}

function isAddress(value: string, protocols: readonly string[]): boolean {
	// The URL parser forgives a missing or doubled slash; EvoLink need not.
	if (/\s/.test(value) || !/^[a-z]+:\/\/[^/]/i.test(value)) return false;
	try {
		return protocols.includes(new URL(value).protocol);
	} catch {
		return false;
	}
}
