/**
 * The journal: one entry per item and run, written before the paid POST and after each thing that
 * becomes known of it. A pure reducer over named stages; where entries are kept is a port.
 * It is what makes a retry of any kind find the task that is already paid for.
 */
import { z } from 'zod';

const said = z.string().optional().catch(undefined);

const failureSchema = z
	.object({
		/** May be a kind of another version of this package. */
		kind: z.string(),
		charged: z.enum(['no', 'yes', 'unknown']),
		...{ code: said, said, taskId: said },
		httpStatus: z.number().optional().catch(undefined),
	})
	.passthrough();

const base = {
	/** Hash of the request as it was sent. */
	request: z.string(),
	/** Hash of the item and of the node's settings before expressions: the same intent, though e.g. `$now` gave another text. */
	intent: z.string(),
	/** Value of `Idempotency-Key`: the same for every POST of this entry. */
	key: z.string(),
	/** The n8n execution that submitted the task, or was told that it failed. A user's new try is another one. */
	executionId: z.string(),
	/** Tasks submitted for this item before, which EvoLink reported as failed. */
	earlierTaskIds: z.array(z.string()),
	/** How often this execution had submitted it anew for the user's option, pauses included; absent for not at all. */
	resubmits: z.number().optional().catch(undefined),
};
const task = {
	taskId: z.string(),
	submittedAt: z.number(),
	creditsReserved: z.number().optional(),
};

const entrySchema = z.discriminatedUnion('stage', [
	/** The POST is about to go out, or its outcome is unknown; then with what is known of it. */
	z.object({ stage: z.literal('intended'), ...base, failure: failureSchema.optional() }),
	/** The POST was turned away or never arrived: nothing was charged. */
	z.object({ stage: z.literal('refused'), ...base }),
	z.object({ stage: z.literal('submitted'), ...base, ...task }),
	/** EvoLink reports the task as failed or cancelled. */
	z.object({ stage: z.literal('ended'), ...base, ...task, failure: failureSchema }),
	z.object({ stage: z.literal('delivered'), ...base, ...task }),
]);

export type Entry = z.infer<typeof entrySchema>;
export type StoredFailure = z.infer<typeof failureSchema>;

export type JournalEvent =
	| {
			type: 'submitting';
			request: string;
			intent: string;
			key: string;
			executionId: string;
			resubmits?: number;
	  }
	| { type: 'refused' }
	| { type: 'unclear'; failure: StoredFailure }
	| { type: 'accepted'; taskId: string; submittedAt: number; creditsReserved?: number }
	| { type: 'ended'; failure: StoredFailure; executionId: string }
	| { type: 'delivered' };

/** The entry after an event. Throws on an event that cannot happen at this stage: that is a defect, and money is at stake. */
export function next(entry: Entry | undefined, event: JournalEvent): Entry {
	switch (event.type) {
		case 'submitting': {
			if (entry !== undefined && entry.stage !== 'refused' && entry.stage !== 'ended')
				throw impossible(entry, event);
			const { request, intent, key, executionId, resubmits } = event;
			return {
				...{ stage: 'intended', request, intent, key, executionId },
				earlierTaskIds: tasksBefore(entry),
				...(resubmits !== undefined && { resubmits }),
			};
		}
		case 'unclear':
			if (entry?.stage === 'intended') return { ...entry, failure: event.failure };
			throw impossible(entry, event);
		case 'refused':
			if (entry?.stage === 'intended') return { ...entry, stage: 'refused' };
			throw impossible(entry, event);
		case 'accepted': {
			if (entry?.stage !== 'intended') throw impossible(entry, event);
			const { taskId, submittedAt, creditsReserved } = event;
			return {
				...entry,
				stage: 'submitted',
				taskId,
				submittedAt,
				...(creditsReserved !== undefined && { creditsReserved }),
			};
		}
		case 'ended':
			if (entry?.stage === 'submitted' || entry?.stage === 'delivered') {
				return { ...entry, stage: 'ended', failure: event.failure, executionId: event.executionId };
			}
			throw impossible(entry, event);
		case 'delivered':
			// Delivered again: an earlier try of the node had it, and a later one fetches it once more.
			if (entry?.stage === 'submitted' || entry?.stage === 'delivered')
				return { ...entry, stage: 'delivered' };
			throw impossible(entry, event);
	}
}

/** Another run or call has submitted a new task since: what becomes known of the old one is no news. */
export function isOutdated(entry: Entry, current: Entry | undefined): boolean {
	return 'taskId' in entry && current?.earlierTaskIds.includes(entry.taskId) === true;
}

export type Step =
	| { do: 'submit' }
	/** The task is paid for: wait for it, never submit. */
	| { do: 'follow'; entry: Extract<Entry, { taskId: string }> }
	/** An earlier POST has an unknown outcome: it is not repeated, ever. */
	| { do: 'refuse'; entry: Extract<Entry, { stage: 'intended' }> }
	/** The task failed in this very execution: a retry by n8n gets the same answer, without a new charge. */
	| { do: 'repeatFailure'; entry: Extract<Entry, { stage: 'ended' }> };

/**
 * Whether an entry is about this item: the request or the intent is the same. With both changed
 * the user has edited the node since, and wants another video.
 */
export function isAbout(
	entry: Entry,
	{
		requestHash,
		intent,
		olderNames = [],
	}: { requestHash: string; intent: string; olderNames?: readonly string[] },
): boolean {
	const names = [requestHash, intent, ...olderNames];
	return names.includes(entry.request) || names.includes(entry.intent);
}

/** What to do with an item, given the entry that is about it. */
export function plan(entry: Entry | undefined, executionId: string): Step {
	if (entry === undefined) return { do: 'submit' };
	switch (entry.stage) {
		case 'refused':
			return { do: 'submit' };
		case 'intended':
			return { do: 'refuse', entry };
		case 'submitted':
		case 'delivered':
			return { do: 'follow', entry };
		case 'ended':
			return entry.executionId === executionId ? { do: 'repeatFailure', entry } : { do: 'submit' };
	}
}

/** Tasks submitted for the item before, which EvoLink reported as failed; with the one that failed last. */
export function tasksBefore(entry: Entry | undefined): string[] {
	if (entry === undefined) return [];
	return entry.stage === 'ended' ? [...entry.earlierTaskIds, entry.taskId] : entry.earlierTaskIds;
}

/** Reads what a store gave back. Throws on anything that is no entry: to go on could pay twice. */
export function parseEntry(stored: unknown): Entry | undefined {
	if (stored === undefined) return undefined;
	const entry = entrySchema.safeParse(stored);
	if (entry.success) return entry.data;
	throw new JournalError(
		'The record of earlier submits in this execution cannot be read, so nothing was submitted. Start a new execution.',
	);
}

/** The journal and the events of a run do not fit together. */
export class JournalError extends Error {
	override name = 'JournalError';
}

function impossible(entry: Entry | undefined, event: JournalEvent): JournalError {
	return new JournalError(
		`The journal cannot take '${event.type}' at stage '${entry?.stage ?? 'none'}'. This is a defect of the Wan Video node; nothing was submitted.`,
	);
}
