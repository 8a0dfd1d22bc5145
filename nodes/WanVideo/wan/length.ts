/** How long the video is to be: in seconds, or left open, where the model has a word for that. */
import type { Circumstances } from './empty';
import { followsOf, FOLLOWS, isFollowed } from './follow';
import type { Place } from './materialSource';
import type { Problem } from './problem';
import type { Model } from './models/model';
import { isBlank, LABELS, type RawFields } from './request';
import { shown } from './shown';

/** The value of `durationMode` for a length in seconds. */
export const FIXED = 'fixed';
/** What the model does by itself; chosen where the model is not known before the run. */
export const DEFAULT = 'default';

/** The values of `durationMode` for a model; one alone is no choice. */
export function durationModesOf(model: Model): string[] {
	const { open } = model.settings.durationSeconds;
	return [FIXED, ...(open === undefined ? [] : [open]), ...followsOf(model)];
}

/** What a model does where nobody says anything. */
export function defaultDurationMode({ settings: { durationSeconds } }: Model): string {
	return durationSeconds.default === 'asClip' ? 'asClip' : FIXED;
}

/** A word, or seconds, that count for nothing with the model, where it may differ from item to item: the length decides the bill. */
export function ignoredLength(
	model: Model,
	{ durationMode, durationSeconds }: RawFields,
	{ expressions }: Circumstances,
): string[] {
	if (!expressions.has('model') && !expressions.has('durationMode')) return [];
	const said = typeof durationMode === 'string' ? durationMode.trim() : durationMode;
	// With all other models the same setting makes the seconds count.
	if (said === DEFAULT && defaultDurationMode(model) !== FIXED)
		return expressions.has('durationSeconds') && !isBlank(durationSeconds)
			? [
					`'${LABELS.durationSeconds}' is ${shown(durationSeconds)}, and counts for nothing: ${model.label} makes the video as long as its clip. To cut it, choose 'Fixed' as '${LABELS.durationMode}'.`,
				]
			: [];
	if (isBlank(said) || said === DEFAULT || durationModesOf(model).some((mode) => mode === said))
		return [];
	return [
		`'${LABELS.durationMode}' is ${shown(said)}, which ${model.label} does not have, so '${LABELS.durationSeconds}' counts.`,
	];
}

type Length = { ok: true; settings: RawFields } | { ok: false; problem: Problem };

/** The settings with one way to say the length: seconds, a word and no seconds, or seconds behind a clip. */
export function lengthOf(model: Model, raw: RawFields): Length {
	const { durationMode, durationSeconds, ...settings } = raw;
	const { durationMode: word } = wordOf(model, durationMode);
	if (word === undefined) return { ok: false, problem: problemOf(model, durationMode) };
	if (word !== FIXED && word !== 'afterClip')
		return { ok: true, settings: { ...settings, durationMode: word } };
	return {
		ok: true,
		settings: {
			...settings,
			...(word !== FIXED && { durationMode: word }),
			...('durationSeconds' in raw && { durationSeconds }),
		},
	};
}

/** A length that follows a material which is not given. */
export function followProblems(word: unknown, given: readonly Place[]): Problem[] {
	if (!isFollowed(word)) return [];
	const { material, label } = FOLLOWS[word];
	if (given.some(({ name }) => name === material)) return [];
	const text = `'${LABELS.durationMode}' is '${label}', and '${LABELS[material]}' is not given. Give one, or choose 'Fixed' and enter the seconds.`;
	return [{ field: 'durationMode', text }];
}

function wordOf(model: Model, value: unknown): { durationMode?: string } {
	const modes = durationModesOf(model);
	const said = typeof value === 'string' ? value.trim() : value;
	// A model without a choice has no such field; what is in it is left from another one.
	if (modes.length === 1) return { durationMode: FIXED };
	if (value === undefined || said === DEFAULT) return { durationMode: defaultDurationMode(model) };
	// Of other models, too.
	if (model.settings.durationSeconds.open === undefined && isOpen(said))
		return { durationMode: FIXED };
	const durationMode = modes.find((mode) => mode === said);
	return durationMode === undefined ? {} : { durationMode };
}

function isOpen(word: unknown): boolean {
	return word === 'smart' || word === 'asClip';
}

function problemOf(model: Model, value: unknown): Problem {
	const flaw = isBlank(value) ? 'is empty. It must be' : `is ${shown(value)}, but must be`;
	const modes = durationModesOf(model).join(', ');
	return { field: 'durationMode', text: `'${LABELS.durationMode}' ${flaw} one of: ${modes}.` };
}
