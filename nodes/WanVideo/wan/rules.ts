/** The named rules of the models that lengths of files decide: how materials fit each other and the duration. */
import { type Facts, type Judgement, LENGTH_TOLERANCE_SECONDS, seconds } from './materialFacts';
import { placed } from './materialSource';
import type { Model, Rule } from './models/model';
import { LABELS } from './request';
import { type Material, MATERIAL_NAMES, MATERIAL_WORDS } from './vocabulary';

/** Everything known of the lengths of one material, of a list of all of its rows. */
export interface Lengths {
	/** Seconds together, as far as they are known. */
	seconds: number;
	/** How many were looked into to some length. */
	seen: number;
	/** How many of these were read to their end, so that the length is known. */
	known: number;
}

export function lengthsOf(facts: Facts, ...names: Material[]): Lengths {
	const seen = placed(facts).flatMap(({ name, value }) =>
		names.includes(name) && value.durationSeconds !== undefined
			? [{ length: value.durationSeconds, isWhole: value.partly === undefined }]
			: [],
	);
	return {
		seconds: seen.reduce((sum, { length }) => sum + length, 0),
		seen: seen.length,
		known: seen.filter(({ isWhole }) => isWhole).length,
	};
}

/** All rules of a model. `duration` in seconds; undefined where it is left open. */
export function judgeTogether(
	model: Model,
	facts: Facts,
	duration: number | undefined,
	judgement: Judgement,
): void {
	for (const name of MATERIAL_NAMES) judgeSum(model, name, facts, judgement);
	for (const rule of model.rules) judgeRule(model, rule, facts, duration, judgement);
}

/** A list whose files are too long together. */
function judgeSum(model: Model, field: Material, facts: Facts, { problems }: Judgement): void {
	const { maxSecondsTogether } = model.materials[field] ?? {};
	const { seconds: sum } = lengthsOf(facts, field);
	if (maxSecondsTogether === undefined || sum <= maxSecondsTogether + LENGTH_TOLERANCE_SECONDS)
		return;
	problems.push({
		field,
		text: `'${LABELS[field]}' are ${seconds(sum)} s long together, and ${model.label} takes at most ${maxSecondsTogether} s. Cut them, or remove some.`,
	});
}

function judgeRule(
	model: Model,
	rule: Rule,
	facts: Facts,
	duration: number | undefined,
	judgement: Judgement,
): void {
	switch (rule.rule) {
		case 'clipFitsDuration':
			return clipFitsDuration(model, facts, duration, judgement);
		case 'soundFollowsDuration':
			return soundFollowsDuration(facts, duration, judgement);
		case 'clipIsCut':
			return clipIsCut(facts, duration, judgement);
		case 'clipsAndDuration':
			return clipsAndDuration(rule.maxSeconds, facts, duration, judgement);
		case 'firstFrameDecidesShape':
		case 'shorterWithClips':
			// Whether a material is there decides these, not its length (shape.ts, checkSets.ts).
			return;
	}
}

/** The duration is the total length, so a clip that is longer is an error (seed). */
function clipFitsDuration(
	{ materials }: Model,
	facts: Facts,
	duration: number | undefined,
	{ problems, hints }: Judgement,
): void {
	const { seconds: clip, seen, known } = lengthsOf(facts, 'clip');
	if (seen === 0 || duration === undefined) return;
	const longest = (materials.clip?.maxSeconds ?? Infinity) + LENGTH_TOLERANCE_SECONDS;
	// A clip that is too long by itself is told so already, and no 'Duration' would help.
	if (clip > duration + LENGTH_TOLERANCE_SECONDS && clip <= longest) {
		const wanted = Math.ceil(clip - LENGTH_TOLERANCE_SECONDS);
		problems.push({
			field: 'clip',
			text: `'${LABELS.clip}' is ${seconds(clip)} s long, longer than 'Duration' (${duration} s), which is the total length. Set 'Duration' to ${wanted} or more.`,
		});
	}
	if (known > 0 && Math.abs(clip - duration) <= LENGTH_TOLERANCE_SECONDS) {
		hints.push(
			`'${LABELS.clip}' is as long as 'Duration': EvoLink gives it back as it is, and bills it.`,
		);
	}
}

/** Sound is cut at the duration, or followed by silence. */
function soundFollowsDuration(
	facts: Facts,
	duration: number | undefined,
	{ hints }: Judgement,
): void {
	const { seconds: sound, known } = lengthsOf(facts, 'drivingAudio');
	if (known === 0 || duration === undefined) return;
	const label = `'${LABELS.drivingAudio}' is ${seconds(sound)} s long`;
	if (sound > duration + LENGTH_TOLERANCE_SECONDS)
		hints.push(`${label}; EvoLink cuts it after ${duration} s.`);
	if (sound < duration - LENGTH_TOLERANCE_SECONDS)
		hints.push(`${label}; the rest of the ${duration} s is silent.`);
}

function clipIsCut(facts: Facts, duration: number | undefined, { hints }: Judgement): void {
	const { seconds: clip, known } = lengthsOf(facts, 'clip');
	if (known === 0 || duration === undefined) return;
	const label = `'${LABELS.clip}' is ${seconds(clip)} s long`;
	if (clip > duration + LENGTH_TOLERANCE_SECONDS)
		hints.push(`${label}; EvoLink edits the first ${duration} s and leaves out the rest.`);
	if (clip < duration - LENGTH_TOLERANCE_SECONDS)
		hints.push(`${label}, shorter than 'Duration' (${duration} s); EvoLink makes it no longer.`);
}

function clipsAndDuration(
	maxSeconds: number,
	facts: Facts,
	duration: number | undefined,
	{ problems }: Judgement,
): void {
	// What is known of them is the least that they have.
	const { seconds: clips, seen } = lengthsOf(facts, 'referenceClips');
	if (seen === 0 || duration === undefined) return;
	if (clips + duration <= maxSeconds + LENGTH_TOLERANCE_SECONDS) return;
	const rest = Math.floor(maxSeconds - clips + LENGTH_TOLERANCE_SECONDS);
	problems.push({
		field: 'durationSeconds',
		text: `'${LABELS.durationSeconds}' is ${duration}, and '${MATERIAL_WORDS.referenceClips.title}' are ${seconds(clips)} s long together; EvoLink takes at most ${maxSeconds} s of both. Set 'Duration' to ${rest} or less.`,
	});
}
