/**
 * What a run that n8n lost left of an item, as the journal would have it. Where the ID of its task was not kept
 * nobody knows whether there is one, so it is an unknown outcome like any other.
 */
import type { Failure } from '../evolink/failure';
import { bornAt } from '../evolink/taskId';
import type { Lost } from './claimNames';
import { type Entry, isAbout, type JournalEvent, next, tasksBefore } from './journal';

export const INTERRUPTED: Failure = { kind: 'interrupted', charged: 'unknown' };

/** Whose it is from now on, by the names of the journal. */
export type Heir = Pick<Entry, 'request' | 'intent' | 'key' | 'executionId'>;

/** The events of it; `nowMs` (wall clock) is when it was submitted, where the task ID does not tell. */
export function inheritance({ taskId }: Lost, heir: Heir, nowMs: number): JournalEvent[] {
	return [
		{ type: 'submitting', ...heir },
		taskId === undefined
			? { type: 'unclear', failure: { ...INTERRUPTED } }
			: { type: 'accepted', taskId, submittedAt: bornAt(taskId) ?? nowMs },
	];
}

/** The same as an entry, after the one that is there; nothing where that knows of the task already. */
export function inherited(
	lost: Lost,
	heir: Heir,
	nowMs: number,
	before?: Entry,
): Entry | undefined {
	if (isDead(lost, before)) return undefined;
	if (isInterrupted(before)) {
		// The claim may be of another request, which the user has made since.
		const isSame = isAbout(before, { requestHash: heir.request, intent: heir.intent });
		if (lost.taskId === undefined || !isSame) return undefined;
		return inheritance(lost, heir, nowMs).slice(1).reduce(next, before);
	}
	return inheritance(lost, heir, nowMs).reduce<Entry | undefined>(next, before);
}

/**
 * Whether a claim without an ID is all that is known. Whose it is may be another process at work, which has its ID by
 * now; so it is asked for again.
 */
export function isInterrupted(entry: Entry | undefined): entry is Entry {
	return entry?.stage === 'intended' && entry.failure?.kind === 'interrupted';
}

/** Whether the journal knows that the task of a lost run has failed. */
export function isDead(lost: Lost | undefined, entry: Entry | undefined): boolean {
	return lost?.taskId !== undefined && tasksBefore(entry).includes(lost.taskId);
}
