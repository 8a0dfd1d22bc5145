// What the four pages of Wan 2.7 repeat word for word.

import { documented, observed, SOURCES, type Fact } from '../fact';
import { MB, type Billing, type Field, type MaterialLimits, type ModelContract } from '../model';

const ratio = { ratioMin: 1 / 8, ratioMax: 8 } as const;

export const image = (fact: Fact): MaterialLimits => ({
	kind: 'image',
	formats: ['jpeg', 'png', 'bmp', 'webp'],
	pixelMin: 240,
	pixelMax: 8000,
	...ratio,
	bytesMax: 20 * MB,
	transparency: 'refused',
	...fact,
});

export const clip = (fact: Fact, secondsMin: number, secondsMax: number): MaterialLimits => ({
	kind: 'video',
	formats: ['mp4', 'mov'],
	pixelMin: 240,
	pixelMax: 4096,
	...ratio,
	bytesMax: 100 * MB,
	secondsMin,
	secondsMax,
	...fact,
});

export const sound = (fact: Fact, secondsMin: number, secondsMax: number): MaterialLimits => ({
	kind: 'audio',
	formats: ['wav', 'mp3'],
	bytesMax: 15 * MB,
	secondsMin,
	secondsMax,
	...fact,
});

export const url = (fact: Fact, required = false): Field => ({ type: 'url', required, ...fact });

export const urls = (fact: Fact, maxItems: number, required = false): Field => ({
	type: 'urls',
	required,
	minItems: 1,
	maxItems,
	...fact,
});

export const model = (fact: Fact, id: string): Field => ({
	type: 'string',
	required: true,
	enum: [id],
	...fact,
});

export const prompt = (fact: Fact, required: boolean): Field => ({
	type: 'string',
	required,
	maxLength: 5000,
	overflow: 'truncated',
	...fact,
});

export const callback = (fact: Fact): Field => ({
	type: 'url',
	required: false,
	maxLength: 2048,
	overflow: 'refused',
	...fact,
});

const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4'];

/** The aspect ratio; without a default the shape of the clip is kept. */
export const shape = (fact: Fact, fallback?: string): Field => ({
	type: 'string',
	required: false,
	...(fallback === undefined ? {} : { default: fallback }),
	enum: RATIOS,
	...fact,
});

/** The settings that all four have alike. */
export const settings = (fact: Fact) =>
	({
		negative_prompt: {
			type: 'string',
			required: false,
			maxLength: 500,
			overflow: 'truncated',
			...fact,
		},
		quality: { type: 'string', required: false, default: '720p', enum: ['720p', '1080p'], ...fact },
		seed: { type: 'integer', required: false, min: 1, max: 2147483647, ...fact },
		prompt_extend: { type: 'boolean', required: false, default: false, ...fact },
		callback_url: callback(fact),
	}) as const satisfies ModelContract['fields'];

export const duration = (fact: Fact, min: number, max: number): Field => ({
	type: 'integer',
	required: false,
	default: 5,
	min,
	max,
	...fact,
});

/** Prices per second of video. */
export const billing: Billing = {
	perSecond: 5.44,
	factors: { '720p': 1, '1080p': 1.67 },
	minimum: 10.88,
	...observed(SOURCES.pricing),
};

export const refusal = (fact: Fact) => ({ code: 'invalid_request', ...fact }) as const;

/** The table of sizes on the pages that know an aspect ratio. */
export const sizes = (fact: Fact): NonNullable<ModelContract['sizes']> => ({
	table: {
		'720p': {
			'16:9': [1280, 720],
			'9:16': [720, 1280],
			'1:1': [960, 960],
			'4:3': [1104, 832],
			'3:4': [832, 1104],
		},
		'1080p': {
			'16:9': [1920, 1080],
			'9:16': [1080, 1920],
			'1:1': [1440, 1440],
			'4:3': [1648, 1248],
			'3:4': [1248, 1648],
		},
	},
	...fact,
});

export const videoDuration = { shown: false, ...documented(SOURCES.pages27) } as const;
