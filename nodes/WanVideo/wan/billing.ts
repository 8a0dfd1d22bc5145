/** Seconds that EvoLink bills for a request: of the video, and of clips that go in (up to a cap of the model). */
import type { Facts } from './materialFacts';
import { placed } from './materialSource';
import { modelOf } from './models';
import type { GenerationRequest } from './request';
import { lengthsOf } from './rules';
import type { Material } from './vocabulary';

export interface Billed {
	seconds: number;
	/** The length of the video or of a clip is not known yet: it is at most so many. */
	atMost: boolean;
}

const CLIPS: readonly Material[] = ['clip', 'referenceClips'];

/** What a request is billed, the most it can be where that is not known yet. */
export function billed(request: GenerationRequest, facts: Facts = {}): Billed {
	const model = modelOf(request.model);
	if (model === undefined) throw new Error(`No table for the model ${request.model}.`);
	const { clipsUpToSeconds = 0, openUpToSeconds = 0 } = model.billing;
	const { default: fallback } = model.settings.durationSeconds;
	const clips = placed(request.materials).filter(({ name }) => CLIPS.includes(name)).length;
	const lengths = lengthsOf(facts, ...CLIPS);
	const isKnown = lengths.known === clips;
	const input =
		clipsUpToSeconds === 0 || clips === 0
			? 0
			: isKnown
				? Math.min(lengths.seconds, clipsUpToSeconds)
				: clipsUpToSeconds;
	const open = request.durationMode;
	const asked = request.durationSeconds ?? (typeof fallback === 'number' ? fallback : undefined);
	if (open === undefined && asked !== undefined)
		return rounded(asked + input, input > 0 && !isKnown);
	// As long as the clip, which is known once it was looked into; a length that the model chooses is not.
	const output = open === 'smart' || !isKnown ? openUpToSeconds : lengths.seconds;
	return rounded(output + input, open === 'smart' || !isKnown);
}

const rounded = (seconds: number, atMost: boolean): Billed => ({
	seconds: Math.round(seconds * 100) / 100,
	atMost,
});
