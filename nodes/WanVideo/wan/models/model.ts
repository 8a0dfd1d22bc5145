/** What one model of the family is, as plain data: what it takes, in which sets, with which settings, and what it costs. */
import type { Material } from '../vocabulary';

/** Formats by what the bytes are told to be (media/), with their names for people. */
export type Formats = Readonly<Record<string, string>>;

/** What EvoLink takes as one material. Pixels bound width and height; the ratio bounds both ways (1:8 to 8:1). */
export interface MaterialLimits {
	formats: Formats;
	minPixels?: number;
	maxPixels?: number;
	maxAspectRatio?: number;
	maxMegabytes?: number;
	minSeconds?: number;
	maxSeconds?: number;
	/** How many rows a list may have; a material that is no list has none. */
	maxCount?: number;
	/** Seconds of all rows of a list together. */
	maxSecondsTogether?: number;
	maxPages?: number;
}

export type Mode = 'first_frame' | 'first_last_frame' | 'video_continuation';
export type Quality = '480p' | '720p' | '1080p';
export type AspectRatio = 'adaptive' | '16:9' | '9:16' | '1:1' | '4:3' | '3:4';

/** Materials that may be given together. What is in neither list is refused. */
export interface MaterialSet {
	/** The value of EvoLink's `generation_mode`; absent: the model has no modes, and one set only. */
	mode?: Mode;
	label?: string;
	summary?: string;
	required: readonly Material[];
	optional: readonly Material[];
	/** Rows of these lists, counted together. */
	together?: { of: readonly Material[]; min: number; max: number };
	/** Of these, one must be given where there is no prompt. */
	insteadOfPrompt?: readonly Material[];
	/** Of these at most one. */
	either?: readonly Material[];
}

/** A length that is left open on the wire. */
export type OpenLength = 'smart' | 'asClip';
/** A length that follows a material: it is known, and in seconds, once that was looked into (wan/follow.ts). */
export type FollowedLength = 'asAudio' | 'afterClip';
/** How the length is set, other than in seconds. */
export type DurationMode = OpenLength | FollowedLength;

export interface DurationLimits {
	min: number;
	max: number;
	default: number | 'asClip';
	/** `smart`: the model chooses (-1 on the wire). `asClip`: as long as the clip (nothing is sent). */
	open?: OpenLength;
}

export interface Settings {
	/** Lengths of texts in characters, a Chinese character counts as one; EvoLink cuts what is longer. */
	prompt: { maxCharacters: number; needed: boolean };
	negativePrompt?: { maxCharacters: number };
	quality: { values: readonly Quality[]; default: Quality };
	/** `asClip`: nothing is sent. */
	aspectRatio?: { values: readonly AspectRatio[]; default: AspectRatio | 'asClip' };
	durationSeconds: DurationLimits;
	generateAudio?: { default: boolean };
	keepOriginalSound?: { default: boolean };
	seed?: { min: number; max: number };
	promptExtend?: { default: boolean };
	callbackUrl: { maxCharacters: number };
}

/** What must fit together beyond sets and ranges; the rules themselves are in rules.ts. */
export type Rule =
	/** The duration is the total length, so it is not shorter than the clip. */
	| { rule: 'clipFitsDuration' }
	/** Sound is cut at the duration, or followed by silence. */
	| { rule: 'soundFollowsDuration' }
	| { rule: 'shorterWithClips'; maxSeconds: number }
	| { rule: 'clipsAndDuration'; maxSeconds: number }
	/** A clip is cut to the duration. */
	| { rule: 'clipIsCut' }
	/** The aspect ratio has no effect beside a first frame. */
	| { rule: 'firstFrameDecidesShape' };

/** Seconds that are billed beside those of the video. */
export interface Billing {
	/** Clips that go in are billed, up to so many seconds together. */
	clipsUpToSeconds?: number;
	/** What a video is billed at most whose length is left open. */
	openUpToSeconds?: number;
}

/** Where a material goes in the body. */
export type WirePlace =
	/** `field: address` */
	| { as: 'text'; field: string }
	/** `field: [address]`; of a list all of its rows. */
	| { as: 'list'; field: string }
	/** `model_params.field: address` */
	| { as: 'param'; field: string }
	/** `model_params.field.prefix1: address`, by the number of the row. */
	| { as: 'binding'; field: string; prefix: string };

export interface Model {
	/** EvoLink's name. */
	id: string;
	label: string;
	/** What it makes and from what, in one line. */
	summary: string;
	/** The same for a language model, behind the name of the model. */
	tells: string;
	/** EvoLink's page. */
	page: string;
	materials: Readonly<Partial<Record<Material, MaterialLimits>>>;
	/** What a material is for with this model, where that is not what it is for elsewhere. */
	purposes?: Readonly<Partial<Record<Material, string>>>;
	sets: readonly MaterialSet[];
	settings: Settings;
	rules: readonly Rule[];
	billing: Billing;
	/** Only what has another place in the body than with the other models (evolink/wire.ts). */
	wire?: Readonly<Partial<Record<Material, WirePlace>>>;
}
