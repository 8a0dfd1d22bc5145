/** What a language model reads when a call did not work: no advice that only a person at the editor can follow. */
import type { FailureKind } from '../evolink/catalogue';
import type { Charged } from '../evolink/failure';

/** Sentences for people, and what a model reads in their place; nothing where it can do nothing. */
const FOR_PEOPLE: ReadonlyArray<[RegExp, string]> = [
	[/^For a random seed remove the option\.$/, 'Leave it out for a random seed.'],
	[/^Enter a public https address, or remove the option\.$/, ''],
	[/^Fill it in, or set its source to None\.$/, 'Fill it in.'],
	[
		/^Empty it, or set 'Generation Mode' to .*\.$/,
		'Leave it empty, or choose another generation mode.',
	],
	[
		/^Raise the option, shorten 'Duration' or send fewer items\.$/,
		'A shorter video may still fit.',
	],
	[/remove the option|name of the field|the options|the credential|this execution/, ''],
	[/'(Task|Video|File|Account): [A-Z]/, ''],
];

/** The text without the sentences that only a person can follow. */
export function forModel(text: string): string {
	return text
		.split(/(?<=[.!?])\s+(?=['A-Z])/)
		.map((sentence) => {
			const [, instead = sentence] = FOR_PEOPLE.find(([pattern]) => pattern.test(sentence)) ?? [];
			return instead;
		})
		.filter((sentence) => sentence !== '')
		.join(' ');
}

const TELL_THE_USER =
	'Tell the user what the message says. Only the owner of the workflow can put it right.';
const LATER = 'Call this tool again in a few minutes, or tell the user what the message says.';

/** What to do about a failure that cost nothing, by its kind. */
const AFTER_KIND: Readonly<Partial<Record<FailureKind, string>>> = {
	unauthorized: TELL_THE_USER,
	outOfCredits: TELL_THE_USER,
	modelNotAllowed: TELL_THE_USER,
	forbidden: TELL_THE_USER,
	addressWrong: TELL_THE_USER,
	rateLimited: LATER,
	serviceTrouble: LATER,
	notReached: LATER,
	replyLost: LATER,
	unreadableAnswer: LATER,
	generationFailed:
		'Call this tool once more. When it fails again, change the prompt, or tell the user what the message says.',
	taskNotFound:
		'Check the taskId and call this tool again, or tell the user what the message says.',
	noTimeLeft: 'Call this tool again in a minute with exactly the same arguments.',
};

const UNDER_WAY =
	'Call this tool again in a minute with exactly the same arguments; that is not charged again.';

const AFTER_FAILURE: Readonly<Record<Charged, string>> = {
	no: 'If the message names something that you can change, change it and call this tool again. Otherwise tell the user what the message says.',
	yes: 'The video is paid for. Do not ask for it anew, as that would be charged again: ask for its task by the taskId, or tell the user what the message says.',
	unknown:
		'It may have been charged. Do not call this tool again for this video: tell the user what the message says, and that the task list in the EvoLink dashboard shows whether the video is being made.',
};

/** A task that has failed is not mended by looking at it again. */
const FAILED_FOR_GOOD =
	'This task has failed and stays so. To have the video made, call the tool that makes videos once more; when it fails again, change the prompt, or tell the user what the message says.';

/** The next step after a failure. `kind` may be of another version of this package; `isForGood`: of a task that was only followed. */
export function nextStepAfter(
	charged: Charged,
	kind: string | undefined,
	{ isForGood }: { isForGood: boolean },
): string {
	if (isForGood) return FAILED_FOR_GOOD;
	if (kind === ('submitUnderWay' satisfies FailureKind)) return UNDER_WAY;
	if (charged !== 'no') return AFTER_FAILURE[charged];
	const ofKind = Object.entries(AFTER_KIND).find(([name]) => name === kind);
	return ofKind?.[1] ?? AFTER_FAILURE.no;
}
