/** What is known of the files of a request, and what a look at them led to. */
import type { ByMaterial } from './materialSource';
import type { Problem } from './problem';

/** What a check needs to know of a file. Absent: not known, which is never held against it. */
export interface MaterialFacts {
	format: string;
	/** Pixels as shown. */
	width?: number;
	height?: number;
	durationSeconds?: number;
	hasAudio?: boolean;
	transparency?: 'none' | 'opaqueChannel' | 'visible' | 'unknown';
	animated?: boolean;
	truncated?: boolean;
	bytes?: number;
	/** Of a document. */
	pages?: number;
	codec?: string;
	/** Why it was not read to its end: its length is then at least what is told. */
	partly?: string;
}

/** What is known of the materials of a request. */
export type Facts = ByMaterial<MaterialFacts>;

export interface Judgement {
	problems: Problem[];
	hints: string[];
}

/** Lengths are not kept to the frame: a clip of 10 s often has 10.02 s of sound. */
export const LENGTH_TOLERANCE_SECONDS = 0.05;
/** Seconds as a text, to the hundredth. */
export const seconds = (value: number) => String(Math.round(value * 100) / 100);
