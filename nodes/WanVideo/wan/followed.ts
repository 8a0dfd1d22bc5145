/** The seconds that a material makes of a length that follows it (wan/follow.ts). */
import { type MaterialFacts, seconds } from './materialFacts';
import { FOLLOWS, isFollowed } from './follow';
import { nameOf } from './materialSource';
import { modelOf } from './models';
import type { Problem } from './problem';
import type { GenerationRequest } from './request';

/** Encoders pad sound and pictures to whole frames: a rest below it is no second of its own. */
const PADDING_MS = 100;

/** Whole seconds that hold a length, the padding of an encoder left out. */
export function wholeSeconds(length: number): number {
	const rest = Math.round((length % 1) * 1000);
	return Math.floor(length) + (rest < PADDING_MS ? 0 : 1);
}

/** What was seen of the material: its facts, or why there are none. */
export type Measure = { facts: MaterialFacts } | { unknown: string };

export type FollowResult =
	| { ok: true; request: GenerationRequest }
	| { ok: false; problem: Problem };

/** The request with the seconds that its material makes; a request that follows nothing as it is. */
export function followed(request: GenerationRequest, measure: Measure): FollowResult {
	const { durationMode: word, ...rest } = request;
	if (!isFollowed(word)) return { ok: true, request };
	const model = modelOf(request.model);
	if (model === undefined) throw new Error(`No table for the model ${request.model}.`);
	const { min, max, default: own } = model.settings.durationSeconds;
	const { material: field, label: choice } = FOLLOWS[word];
	const name = nameOf({ name: field });
	const refuse = (text: string): FollowResult => ({ ok: false, problem: { field, text } });
	const length = 'facts' in measure ? measure.facts.durationSeconds : undefined;
	const partly = 'facts' in measure ? measure.facts.partly : undefined;
	const most = `${model.label} makes at most ${max} s`;
	const toLong = length !== undefined && wholeSeconds(length) > max;
	if (length === undefined || (partly !== undefined && !toLong)) {
		const why = 'unknown' in measure ? measure.unknown : (partly ?? 'its header does not tell');
		return refuse(
			`How long ${name} is could not be read, and 'Duration Mode' is '${choice}': ${why}. Use another file, or choose 'Fixed' and enter the seconds.`,
		);
	}
	const whole = wholeSeconds(length);
	const told = `${partly === undefined ? '' : 'at least '}${seconds(length)} s`;
	if (word === 'asAudio') {
		if (whole > max)
			return refuse(
				`${name} is ${told} long, and ${most}. Cut it, or choose 'Fixed' as 'Duration Mode': EvoLink cuts it at the duration.`,
			);
		return { ok: true, request: { ...rest, durationSeconds: Math.max(min, whole) } };
	}
	const added = request.durationSeconds ?? (typeof own === 'number' ? own : min);
	const sum = whole + added;
	if (sum <= max) return { ok: true, request: { ...rest, durationSeconds: Math.max(min, sum) } };
	const left = max - whole;
	const advice =
		left > 0 ? `Add ${left} s at most` : 'Nothing can be added to a clip of this length';
	return {
		ok: false,
		problem: {
			field: 'durationSeconds',
			text: `'${choice}' is ${added}, and ${name} is ${told} long: ${sum} s together, and ${most}. ${advice}.`,
		},
	};
}
