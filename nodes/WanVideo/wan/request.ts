/**
 * A generation request in the words of the domain, and the zod schema of its fields.
 * The schema is built from the table in model.ts; what may go together is judged in check.ts.
 */
import { z } from 'zod';

import { LIMITS, type Material, type ModeChoice, MODE_NAMES, type Quality } from './model';

/** What the user wants made. Materials are public http(s) URLs; a field that is absent is not sent. */
export interface GenerationRequest {
	mode: ModeChoice;
	firstFrame?: string;
	lastFrame?: string;
	clip?: string;
	drivingAudio?: string;
	prompt?: string;
	negativePrompt?: string;
	durationSeconds?: number;
	quality?: Quality;
	seed?: number;
	promptExtend?: boolean;
	callbackUrl?: string;
}

export type RequestField = keyof GenerationRequest;

/** What a workflow hands over: values of expressions, so of any type. */
export type RawRequest = Readonly<Partial<Record<RequestField, unknown>>>;

/** The labels under which users know the fields. */
export const LABELS: Readonly<Record<RequestField, string>> = {
	mode: 'Generation Mode',
	firstFrame: 'First Frame URL',
	lastFrame: 'Last Frame URL',
	clip: 'Clip URL',
	drivingAudio: 'Driving Audio URL',
	prompt: 'Prompt',
	negativePrompt: 'Negative Prompt',
	durationSeconds: 'Duration',
	quality: 'Quality',
	seed: 'Seed',
	promptExtend: 'Extend Prompt',
	callbackUrl: 'Callback URL',
};

const MATERIAL_NOUNS: Readonly<Record<Material, string>> = {
	firstFrame: 'image',
	lastFrame: 'image',
	clip: 'video',
	drivingAudio: 'audio file',
};

const text = (advice: string) => z.string({ invalid_type_error: `must be a text. ${advice}` });

const numberBetween = (min: number, max: number, unit: string, advice: string) => {
	const range = `must be a whole number from ${min} to ${max}${unit}. ${advice}`;
	return z.number({ invalid_type_error: range }).int(range).min(min, range).max(max, range);
};

/** One http(s) address. `data:` addresses are refused: EvoLink documents none for this model. */
function materialUrl(material: Material) {
	const advice = `Enter the public http(s) address of one ${MATERIAL_NOUNS[material]}.`;
	return text(advice)
		.refine((value) => !/[\s,;]https?:\/\//i.test(value), {
			message: `holds more than one address, and EvoLink takes exactly one. ${advice}`,
		})
		.refine((value) => isFileAddress(value) || isAddress(value, ['http:', 'https:']), {
			message: `is no address that EvoLink can fetch. ${advice}`,
		});
}

/** Rules of the callback address, all from the seed: https, at most 2,048 characters, no internal host. */
function callbackUrl() {
	const advice = 'Enter a public https address, or remove the option.';
	return text(advice)
		.refine((value) => isAddress(value, ['https:']), {
			message: `must be an https address. ${advice}`,
		})
		.refine((value) => value.length <= LIMITS.callbackUrl.maxCharacters, {
			message: `is longer than ${LIMITS.callbackUrl.maxCharacters} characters. Shorten it.`,
		})
		.refine((value) => !isAddress(value, ['https:']) || !isInternalHost(new URL(value).hostname), {
			message: `points to an internal address, which EvoLink does not call. ${advice}`,
		});
}

const oneOf = <T extends string>(values: readonly [T, ...T[]]) =>
	z.enum([...values] as [T, ...T[]], {
		errorMap: () => ({ message: `must be one of: ${values.join(', ')}.` }),
	});

const { durationSeconds, quality, seed } = LIMITS;

/** The schema of each field by itself. Every field but the mode may be absent. */
export const requestSchema = z
	.object({
		mode: oneOf(['auto', ...MODE_NAMES]),
		firstFrame: materialUrl('firstFrame').optional(),
		lastFrame: materialUrl('lastFrame').optional(),
		clip: materialUrl('clip').optional(),
		drivingAudio: materialUrl('drivingAudio').optional(),
		prompt: text('Enter the text that describes the video.').optional(),
		negativePrompt: text('Enter what should not appear in the video.').optional(),
		durationSeconds: numberBetween(
			durationSeconds.min,
			durationSeconds.max,
			' seconds',
			'Change it; EvoLink bills per second.',
		).optional(),
		quality: oneOf(quality.values).optional(),
		seed: numberBetween(seed.min, seed.max, '', 'For a random seed remove the option.').optional(),
		promptExtend: z.boolean({ invalid_type_error: 'must be true or false.' }).optional(),
		callbackUrl: callbackUrl().optional(),
	})
	.strict();

const NUMBERS: readonly RequestField[] = ['durationSeconds', 'seed'];
/** Sent to the letter; only a blank one counts as not given. */
const PROMPTS: readonly RequestField[] = ['prompt', 'negativePrompt'];

/**
 * What expressions really deliver, made plain: empty values dropped, addresses and choices trimmed,
 * numbers and booleans that arrive as text read as such. Anything else is left for the schema to refuse.
 */
export function normalise(raw: RawRequest): RawRequest {
	const plain: Partial<Record<RequestField, unknown>> = {};
	for (const [name, value] of Object.entries(raw)) {
		if (!isRequestField(name)) continue;
		const trimmed = typeof value === 'string' ? value.trim() : value;
		if (trimmed === undefined || trimmed === null || trimmed === '') continue;
		if (PROMPTS.includes(name)) plain[name] = typeof value === 'number' ? String(value) : value;
		else if (typeof trimmed !== 'string') plain[name] = trimmed;
		else if (NUMBERS.includes(name) && Number.isFinite(Number(trimmed)))
			plain[name] = Number(trimmed);
		else if (name === 'promptExtend' && /^(true|false)$/i.test(trimmed))
			plain[name] = /^true$/i.test(trimmed);
		else plain[name] = trimmed;
	}
	return plain;
}

/** Stands for a file of an item, by the hash of its content, until it has an address of its own. */
export function isFileAddress(value: string): boolean {
	return /^sha256:[0-9a-f]{64}$/.test(value);
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

/** Loopback, private, link-local and other hosts that no public service can reach. */
export function isInternalHost(hostname: string): boolean {
	const host = hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
	if (host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local')) return true;
	if (host.includes(':'))
		return (
			host === '::1' ||
			host === '::' ||
			/^(fc|fd|fe[89ab])/.test(host) ||
			host.startsWith('::ffff:')
		);
	const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
	if (octets === undefined) return false;
	const [first, second] = octets;
	return (
		first === 0 ||
		first === 10 ||
		first === 127 ||
		(first === 100 && second >= 64 && second <= 127) ||
		(first === 169 && second === 254) ||
		(first === 172 && second >= 16 && second <= 31) ||
		(first === 192 && second === 168)
	);
}
