// What is seen and heard in a video, by what a task was given: from one frame a slow zoom, from two a
// cross-fade, from a clip the clip and what follows it, from words a title card that moves, with the
// references in it, from a clip to edit the same clip in other colours.

import {
	continuationGraph,
	continuationToFrameGraph,
	crossFadeGraph,
	editGraph,
	outputSize,
	pictureWithRefsGraph,
	shapedLike,
	titleGraph,
	zoomGraph,
	type Ref,
	type Size,
} from './filters';
import type { MaterialField } from './contract';
import type { ReadMaterial, ReadMaterials } from './materials';
import type { Submission } from './submission';

/** A picture or clip on disk, or words to be drawn. */
export type Visual =
	| ReadMaterial
	| { readonly words: string; readonly width: number; readonly height: number };

export type Plan =
	/** The clip is given back as it is. */
	| { readonly copy: ReadMaterial }
	| {
			readonly visuals: readonly Visual[];
			readonly graph: string;
			/** The material whose sound is heard, if any. */
			readonly sound: ReadMaterial | undefined;
	  };

/** A clip this close to the asked length is returned as it is. */
const SAME_LENGTH_SECONDS = 0.05;
/** Dots of a title card for one pixel of the video. */
const CARD_SCALE = 4;

/** Plans the video of a submission, so many seconds long. */
export function planOf(submission: Submission, materials: ReadMaterials, seconds: number): Plan {
	const { model } = submission;
	if (model.modes !== undefined) return planOfModes(submission, materials, seconds);
	const size = sizeFor(submission, materials);
	if (model.fields.keep_original_sound) return planOfEdit(submission, materials, seconds, size);
	if (model.fields.image_end) return planOfFrames(materials, seconds, size);
	return planOfWords(submission, materials, seconds, size);
}

const all = (materials: ReadMaterials, ...fields: MaterialField[]): ReadMaterial[] =>
	fields.flatMap((name) => materials.filter(({ field }) => field === name));
const one = (materials: ReadMaterials, field: MaterialField): ReadMaterial | undefined =>
	materials.find((material) => material.field === field);

/** Image to video with its modes. */
function planOfModes({ quality }: Submission, materials: ReadMaterials, seconds: number): Plan {
	const clip = one(materials, 'video_urls');
	const clipSeconds = clip?.facts.durationSeconds ?? 0;
	if (clip && Math.abs(clipSeconds - seconds) <= SAME_LENGTH_SECONDS) return { copy: clip };
	if (clip === undefined) {
		const main = one(materials, 'image_start');
		if (main === undefined) throw new Error('neither a clip nor a first frame');
		return planOfFrames(materials, seconds, outputSize(sizeOf(main), quality));
	}
	const size = outputSize(sizeOf(clip), quality);
	const last = one(materials, 'image_end');
	const sound = clip.facts.hasAudio ? clip : undefined;
	return last
		? { visuals: [clip, last], graph: continuationToFrameGraph(size, clipSeconds, seconds), sound }
		: { visuals: [clip], graph: continuationGraph(size, clipSeconds, seconds), sound };
}

/** From one picture, or from one to another. */
function planOfFrames(materials: ReadMaterials, seconds: number, size: Size): Plan {
	const first = one(materials, 'image_start');
	if (first === undefined) throw new Error('no first frame');
	const last = one(materials, 'image_end');
	const sound = one(materials, 'audio_urls');
	return last
		? { visuals: [first, last], graph: crossFadeGraph(size, seconds), sound }
		: { visuals: [first], graph: zoomGraph(size, seconds), sound };
}

function planOfEdit(
	{ keepsSound }: Submission,
	materials: ReadMaterials,
	seconds: number,
	size: Size,
): Plan {
	const clip = one(materials, 'video_urls');
	if (clip === undefined) throw new Error('no clip to edit');
	const pictures = all(materials, 'image_urls');
	return {
		visuals: [clip, ...pictures],
		graph: editGraph(size, seconds, refsFrom(1, pictures)),
		sound: keepsSound && clip.facts.hasAudio ? clip : undefined,
	};
}

/** Words, with everything that the prompt may name. */
function planOfWords(
	{ prompt }: Submission,
	materials: ReadMaterials,
	seconds: number,
	size: Size,
): Plan {
	const start = one(materials, 'image_start');
	const seen = all(materials, 'image_urls', 'video_urls');
	const refs = refsFrom(1, seen);
	const heard = [
		...all(materials, 'voice_bindings', 'audio_urls'),
		...all(materials, 'video_urls').filter(({ facts }) => facts.hasAudio),
	];
	const card = {
		words: prompt === '' ? 'No words' : prompt,
		width: Math.round(size.width / CARD_SCALE),
		height: Math.round(size.height / CARD_SCALE),
	};
	return {
		visuals: [start ?? card, ...seen],
		graph: start ? pictureWithRefsGraph(size, seconds, refs) : titleGraph(size, seconds, refs),
		sound: heard[0],
	};
}

const refsFrom = (first: number, seen: readonly ReadMaterial[]): Ref[] =>
	seen.map(({ field }, at) => ({ input: first + at, moves: field === 'video_urls' }));

/** By aspect ratio and quality, or in the shape of what the video is made from. */
function sizeFor({ model, quality, aspectRatio }: Submission, materials: ReadMaterials): Size {
	const table = model.sizes?.table[quality];
	if (table === undefined) throw new Error(`no sizes for ${model.id} at ${quality}`);
	const start = one(materials, 'image_start');
	const asTable = ([width, height]: readonly [number, number]): Size => ({ width, height });
	const wide = asTable(table['16:9'] ?? [1280, 720]);
	// Beside a first frame of 2.7 the aspect ratio has no effect.
	const voided = start !== undefined && !model.fields.aspect_ratio?.enum?.includes('adaptive');
	const named = aspectRatio === undefined || voided ? undefined : table[aspectRatio];
	if (named !== undefined) return asTable(named);
	const [main] = all(materials, 'image_start', 'video_urls', 'image_urls');
	return main === undefined ? wide : shapedLike(sizeOf(main), wide);
}

const sizeOf = ({ facts: { width, height } }: ReadMaterial): Size => {
	if (width === undefined || height === undefined) throw new Error('a picture without a size');
	return { width, height };
};
