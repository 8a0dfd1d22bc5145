// The body of a submit, field by field, and the limits of the materials it points to,
// transcribed from the model page. There are no other fields for this model.

import { documented, SOURCES, type Fact } from './fact';
import { MODEL } from './modes';

export type FieldName =
	| 'model'
	| 'generation_mode'
	| 'prompt'
	| 'negative_prompt'
	| 'image_start'
	| 'image_end'
	| 'video_urls'
	| 'audio_urls'
	| 'quality'
	| 'duration'
	| 'seed'
	| 'prompt_extend'
	| 'callback_url';

export interface Field extends Fact {
	readonly type: 'string' | 'integer' | 'boolean' | 'url' | 'urls';
	readonly required: boolean;
	readonly default?: string | number | boolean;
	readonly min?: number;
	readonly max?: number;
	readonly maxLength?: number;
	/** What happens beyond maxLength. */
	readonly overflow?: 'truncated' | 'refused';
	readonly enum?: readonly string[];
	readonly minItems?: number;
	readonly maxItems?: number;
}

const fact = documented(SOURCES.model);
const oneUrl = { type: 'urls', required: false, minItems: 1, maxItems: 1, ...fact } as const;

/** Every field a submit may carry. */
export const FIELDS: Readonly<Record<FieldName, Field>> = {
	model: { type: 'string', required: true, enum: [MODEL], ...fact },
	generation_mode: {
		type: 'string',
		required: false,
		enum: ['first_frame', 'first_last_frame', 'video_continuation'],
		...fact,
	},
	prompt: { type: 'string', required: false, maxLength: 5000, overflow: 'truncated', ...fact },
	negative_prompt: {
		type: 'string',
		required: false,
		maxLength: 500,
		overflow: 'truncated',
		...fact,
	},
	image_start: { type: 'url', required: false, ...fact },
	image_end: { type: 'url', required: false, ...fact },
	video_urls: oneUrl,
	audio_urls: oneUrl,
	quality: { type: 'string', required: false, default: '720p', enum: ['720p', '1080p'], ...fact },
	duration: { type: 'integer', required: false, default: 5, min: 2, max: 15, ...fact },
	seed: { type: 'integer', required: false, min: 1, max: 2147483647, ...fact },
	prompt_extend: { type: 'boolean', required: false, default: false, ...fact },
	callback_url: { type: 'url', required: false, maxLength: 2048, overflow: 'refused', ...fact },
};

export interface MaterialLimits extends Fact {
	readonly formats: readonly string[];
	readonly pixelMin?: number;
	readonly pixelMax?: number;
	/** Width divided by height. */
	readonly ratioMin?: number;
	readonly ratioMax?: number;
	readonly bytesMax: number;
	readonly secondsMin?: number;
	readonly secondsMax?: number;
	readonly transparency?: 'refused';
}

/** EvoLink writes "MB" without a definition; 1024 x 1024 is the reading that refuses less. */
const MB = 1024 * 1024;
const ratio = { ratioMin: 1 / 8, ratioMax: 8 } as const;

/** The limits of the three kinds of material. */
export const MATERIALS: Readonly<Record<'image' | 'video' | 'audio', MaterialLimits>> = {
	image: {
		formats: ['jpeg', 'png', 'bmp', 'webp'],
		pixelMin: 240,
		pixelMax: 8000,
		...ratio,
		bytesMax: 20 * MB,
		transparency: 'refused',
		...fact,
	},
	video: {
		formats: ['mp4', 'mov'],
		pixelMin: 240,
		pixelMax: 4096,
		...ratio,
		bytesMax: 100 * MB,
		secondsMin: 2,
		secondsMax: 10,
		...fact,
	},
	audio: {
		formats: ['wav', 'mp3'],
		bytesMax: 15 * MB,
		secondsMin: 2,
		secondsMax: 30,
		...fact,
	},
};
