// What a page about a video model says, as data: the fields of a submit, the materials with their
// limits, what may go together, what it costs. One file in models/ for each model; nothing here
// says anything about a certain model.

import type { Fact } from './fact';

/** Fields whose values are materials; `voice_bindings` is inside `model_params`, as are the last two. */
export type MaterialField =
	| 'image_start'
	| 'image_end'
	| 'image_urls'
	| 'video_urls'
	| 'audio_urls'
	| 'voice_bindings'
	| 'file_url'
	| 'link_url';

export const MATERIAL_FIELDS: readonly MaterialField[] = [
	'image_start',
	'image_end',
	'image_urls',
	'video_urls',
	'audio_urls',
	'voice_bindings',
	'file_url',
	'link_url',
];

/** Every name that a body of any model may carry. */
export type FieldName =
	| 'model'
	| 'generation_mode'
	| 'prompt'
	| 'negative_prompt'
	| MaterialField
	| 'quality'
	| 'aspect_ratio'
	| 'duration'
	| 'generate_audio'
	| 'keep_original_sound'
	| 'seed'
	| 'prompt_extend'
	| 'callback_url';

/** Fields that stand in the object `model_params` of a body. */
export const PARAM_FIELDS = ['voice_bindings', 'file_url', 'link_url'] as const;

export interface Field extends Fact {
	readonly type: 'string' | 'integer' | 'boolean' | 'url' | 'urls' | 'bindings';
	readonly required: boolean;
	readonly default?: string | number | boolean;
	readonly min?: number;
	readonly max?: number;
	/** A number outside of the range that has a meaning of its own. */
	readonly also?: number;
	readonly maxLength?: number;
	/** What happens beyond maxLength. */
	readonly overflow?: 'truncated' | 'refused';
	readonly enum?: readonly string[];
	readonly minItems?: number;
	readonly maxItems?: number;
}

export interface MaterialLimits extends Fact {
	readonly kind: 'image' | 'video' | 'audio' | 'document' | 'page';
	readonly formats: readonly string[];
	readonly pixelMin?: number;
	readonly pixelMax?: number;
	/** Width divided by height. */
	readonly ratioMin?: number;
	readonly ratioMax?: number;
	readonly bytesMax?: number;
	readonly secondsMin?: number;
	readonly secondsMax?: number;
	/** All of a list together. */
	readonly secondsTogether?: number;
	readonly pagesMax?: number;
	readonly transparency?: 'refused';
}

export type Need = 'required' | 'optional' | 'refused';
export type Mode = 'first_frame' | 'first_last_frame' | 'video_continuation';

/** What must fit together beyond the fields by themselves. */
export type Rule = Fact &
	(
		| { readonly rule: 'atLeastOneOf'; readonly fields: readonly FieldName[] }
		| { readonly rule: 'notTogether'; readonly fields: readonly FieldName[] }
		/** The elements of these lists, counted together. */
		| {
				readonly rule: 'countTogether';
				readonly fields: readonly MaterialField[];
				readonly min: number;
				readonly max: number;
		  }
		/** Voices are bound to pictures and clips that are there. */
		| { readonly rule: 'voicesBelong' }
		/** `duration` is the total length, so it is not shorter than the clip. */
		| { readonly rule: 'clipFitsDuration' }
		| { readonly rule: 'shorterWithClips'; readonly max: number }
		| { readonly rule: 'clipsAndDuration'; readonly max: number }
	);

/** What a task costs: output and, where there is a cap, the clips that go in. */
export interface Billing extends Fact {
	/** At 720p, in credits. */
	readonly perSecond: number;
	/** By quality, as a factor of `perSecond`. */
	readonly factors: Readonly<Record<string, number>>;
	readonly minimum: number;
	/** Clips are billed up to this many seconds together; absent: not at all. */
	readonly inputCapSeconds?: number;
	/** Seconds of output that are reserved where the length is left to the model or the clip. */
	readonly reserveOpenSeconds?: number;
}

export interface ModelContract {
	readonly id: string;
	/** The page, and whether one exists. */
	readonly page: Fact;
	/** `error.code` of a 400. */
	readonly refusal: Fact & { readonly code: 'invalid_request' | 'invalid_parameter' };
	readonly fields: Readonly<Partial<Record<FieldName, Field>>>;
	readonly materials: Readonly<Partial<Record<MaterialField, MaterialLimits>>>;
	/** What each value of `generation_mode` does with each material; absent: the model has no modes. */
	readonly modes?: Readonly<Record<Mode, Fact & Readonly<Partial<Record<MaterialField, Need>>>>>;
	/** Where sets of materials are listed: nothing else is legal. */
	readonly legalSets?: ReadonlyArray<Fact & { readonly materials: readonly MaterialField[] }>;
	/** How a mode is chosen when `generation_mode` is left out. */
	readonly automaticMode?: ReadonlyArray<
		Fact & { readonly has: readonly MaterialField[]; readonly mode: Mode }
	>;
	readonly rules: readonly Rule[];
	readonly billing: Billing;
	/** Width and height by quality and aspect ratio; absent: by the shape of the material. */
	readonly sizes?: Fact & {
		readonly table: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;
	};
	/** Whether a task says `task_info.video_duration`. */
	readonly videoDuration: Fact & { readonly shown: boolean };
}

/** EvoLink writes "MB" without a definition; 1024 x 1024 is the reading that refuses less. */
export const MB = 1024 * 1024;
