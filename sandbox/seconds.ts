// How long a video becomes, and how many seconds a task reserves and is charged for.

import type { ModelContract, Seconds } from './contract';
import { secondsOf, type ReadMaterials } from './materials';
import type { Submission } from './submission';
import type { Switches } from './switches';

/** The duration that means "the model chooses". */
const SMART = -1;
/** Length of a clip that nobody looked at (`materials: trust`). */
const UNREAD_SECONDS = 5;

const hasClips = ({ materials }: Submission): boolean =>
	materials.some(({ field }) => field === 'video_urls');
const wereRead = (materials: ReadMaterials): boolean =>
	materials.some(({ field }) => field === 'video_urls');
const keepsLength = ({ fields }: ModelContract): boolean => fields.duration?.also === 0;

/** Length of the video that a task makes. */
export function outputSeconds(
	submission: Submission,
	materials: ReadMaterials,
	switches: Switches,
): number {
	const { model, duration } = submission;
	const clipSeconds = wereRead(materials) ? secondsOf(materials, 'video_urls') : UNREAD_SECONDS;
	if (duration === SMART) {
		const most = model.rules.find(({ rule }) => rule === 'clipsAndDuration');
		const room = most?.rule === 'clipsAndDuration' ? most.max - clipSeconds : Infinity;
		return hasClips(submission)
			? Math.min(switches.smartSeconds, Math.floor(room))
			: switches.smartSeconds;
	}
	if (!keepsLength(model)) return duration;
	// A clip is cut, never made longer.
	return duration === 0 ? clipSeconds : Math.min(duration, clipSeconds);
}

/** What is set aside at submit: an open length counts as the longest, an unknown clip as the cap. */
export function reservedSeconds(
	submission: Submission,
	materials: ReadMaterials,
	switches: Switches,
): Seconds {
	const { model, duration } = submission;
	const { inputCapSeconds = 0, reserveOpenSeconds } = model.billing;
	const known = wereRead(materials) && switches.clipLengthAtSubmit === 'known';
	const clips = known ? secondsOf(materials, 'video_urls') : inputCapSeconds;
	return {
		output: duration > 0 ? duration : (reserveOpenSeconds ?? duration),
		input: hasClips(submission) ? clips : 0,
	};
}

/** What a finished task is charged for. */
export function madeSeconds(
	submission: Submission,
	materials: ReadMaterials,
	switches: Switches,
): Seconds {
	const output = outputSeconds(submission, materials, switches);
	if (!hasClips(submission)) return { output, input: 0 };
	const whole = wereRead(materials) ? secondsOf(materials, 'video_urls') : UNREAD_SECONDS;
	const isCut = keepsLength(submission.model) && switches.editCutBilled === 'kept';
	return { output, input: isCut ? Math.min(whole, output) : whole };
}
