/**
 * Lengths that follow a material: as long as the driving audio, or so many seconds behind a clip. Which a model
 * has follows from its rules; what is sent and billed is a number of seconds, and never a guess.
 */
import type { FollowedLength, Model, Rule } from './models/model';
import type { Material } from './vocabulary';

interface Follow {
	material: Material;
	/** Models with this rule have it. */
	rule: Rule['rule'];
	/** As in the editor. */
	label: string;
}

export const FOLLOWS: Readonly<Record<FollowedLength, Follow>> = {
	asAudio: {
		material: 'drivingAudio',
		rule: 'soundFollowsDuration',
		label: 'As Long as the Audio',
	},
	afterClip: { material: 'clip', rule: 'clipFitsDuration', label: 'Seconds to Add' },
};

export const FOLLOW_NAMES: readonly FollowedLength[] = ['asAudio', 'afterClip'];

/** The lengths of this kind that a model has. */
export function followsOf({ rules }: Model): FollowedLength[] {
	return FOLLOW_NAMES.filter((name) => rules.some(({ rule }) => rule === FOLLOWS[name].rule));
}

export function isFollowed(word: unknown): word is FollowedLength {
	return FOLLOW_NAMES.some((name) => name === word);
}

/** Seconds that can be added: the shortest clip leaves the most. */
export function addable({ materials, settings: { durationSeconds } }: Model): {
	min: number;
	max: number;
} {
	return { min: 1, max: durationSeconds.max - Math.ceil(materials.clip?.minSeconds ?? 0) };
}
