/**
 * The life of one request: the journal decides whether anything is submitted, then submit, wait and
 * deliver follow. Whatever becomes known is in the journal before the next step is taken.
 */
import { type Failure, isFailureKind, WORTH_SUBMITTING_AGAIN } from '../evolink/failure';
import type { Answer } from '../evolink/client';
import type { GenerationBody } from '../evolink/wire';
import { finish } from './finish';
import {
	type Entry,
	isAbout,
	type JournalEvent,
	next,
	parseEntry,
	plan,
	type Step,
	type StoredFailure,
} from './journal';
import type { Outcome, PauseRule, Request, TaskRecord } from './outcome';
import type { JournalStore, Ports } from './ports';
import type { Submitter } from './submit';

/** Waits before a failed task is submitted again, as EvoLink's docs advise. */
const RESUBMIT_DELAYS_MS = [5_000, 10_000, 20_000];

/** The life of one request. */
export async function live<File, Stream>(
	request: Request,
	{ executionId, pause }: { executionId: string; pause?: PauseRule },
	ports: Ports<File, Stream>,
	submits: Submitter,
): Promise<Outcome<File>> {
	const { journal, clock, stop, notices } = ports;
	const { slot, item, wait } = request;
	let entry = entryFor(request, journal);
	function record(event: JournalEvent): void {
		entry = next(entry, event);
		journal.write(slot, entry);
	}

	for (let resubmits = 0; ; resubmits += 1) {
		const earlierTaskIds = tasksBefore(entry);
		// From the second round on it is the user's option that submits a failed task again.
		const step: Step = resubmits > 0 ? { do: 'submit' } : plan(entry, executionId);
		if (step.do === 'refuse') {
			return { end: 'failed', failure: readUnclear(step.entry.failure), earlierTaskIds };
		}
		if (step.do === 'repeatFailure') {
			return {
				end: 'failed',
				failure: readStored(step.entry.failure, step.entry.taskId),
				earlierTaskIds,
			};
		}
		let fresh: { estimatedSeconds?: number } | undefined;
		if (step.do === 'submit') {
			// One key never stands for two requests.
			const key =
				entry?.stage === 'refused' && entry.request === request.request
					? entry.key
					: ports.newKey();
			const body = await bodyOf(request);
			if (!body.ok) return { end: 'failed', failure: body.failure, earlierTaskIds };
			const outcome = await submits.submit({
				...request,
				body: body.value,
				executionId,
				key,
				newKey: () => ports.newKey(),
				record,
			});
			if (outcome.end === 'stopped') return { end: 'stopped', earlierTaskIds };
			if (outcome.end === 'failed') {
				return { end: 'failed', failure: outcome.failure, earlierTaskIds };
			}
			notices.submitted(item, outcome.taskId);
			const { estimatedSeconds } = outcome.task;
			fresh = estimatedSeconds === undefined ? {} : { estimatedSeconds };
			if (wait === undefined)
				return {
					end: 'submitted',
					...recordOf(entry, earlierTaskIds, outcome.taskId),
					last: outcome.task,
				};
		}
		if (entry === undefined || !('taskId' in entry))
			throw new Error('A task without a journal entry: nothing may follow it.');
		const { taskId, submittedAt } = entry;
		const known = recordOf(entry, earlierTaskIds, taskId);
		if (wait === undefined) return { end: 'submitted', ...known };

		const outcome = await finish<File, Stream>(
			item,
			known,
			wait,
			{ submittedAt, ...(fresh && { fresh }) },
			ports,
			pause,
		);
		if (outcome.end === 'completed') record({ type: 'delivered' });
		// Only a task that EvoLink reports as failed costs nothing; every other failure leaves a paid task.
		if (outcome.end !== 'failed' || outcome.failure.charged !== 'no') return outcome;
		record({ type: 'ended', failure: { ...outcome.failure }, executionId });
		if (resubmits >= request.resubmits || !WORTH_SUBMITTING_AGAIN.has(outcome.failure.code ?? ''))
			return outcome;
		await clock.sleep(RESUBMIT_DELAYS_MS[resubmits] ?? 20_000, stop);
		if (stop.aborted) return outcome;
	}
}

/**
 * The entry that is about this request. One about another request (the user has edited the node
 * since) is put aside, and found again when the user goes back to that request.
 */
function entryFor(request: Request, journal: JournalStore): Entry | undefined {
	const { slot } = request;
	const aside = (of: string) => `${slot}:${of}`;
	const current = parseEntry(journal.read(slot));
	if (current === undefined || isAbout(current, request)) return current;
	const earlier = parseEntry(journal.read(aside(request.request)));
	journal.write(aside(current.request), current);
	return earlier;
}

async function bodyOf({ body }: Request): Promise<Answer<GenerationBody>> {
	return typeof body === 'function' ? await body() : { ok: true, value: body };
}

function tasksBefore(entry: Entry | undefined): string[] {
	if (entry === undefined) return [];
	return entry.stage === 'ended' ? [...entry.earlierTaskIds, entry.taskId] : entry.earlierTaskIds;
}

function recordOf(entry: Entry | undefined, earlierTaskIds: string[], taskId: string): TaskRecord {
	const creditsReserved = entry && 'creditsReserved' in entry ? entry.creditsReserved : undefined;
	return { taskId, earlierTaskIds, ...(creditsReserved !== undefined && { creditsReserved }) };
}

/** A submit of an earlier try whose outcome is not known, with what was heard of it. */
function readUnclear(failure: StoredFailure | undefined): Failure {
	const { taskId, said, httpStatus }: Partial<StoredFailure> = failure ?? {};
	return {
		kind: taskId === undefined ? 'outcomeUnknown' : 'taskUnclear',
		charged: 'unknown',
		...(taskId !== undefined && { taskId }),
		...(said !== undefined && { said }),
		...(httpStatus !== undefined && { httpStatus }),
	};
}

/** A failure that was kept in stored execution data: its kind may be of another version of this package. */
function readStored({ kind, charged, code, said }: StoredFailure, taskId: string): Failure {
	return {
		kind: isFailureKind(kind) ? kind : 'generationFailed',
		...{ charged, taskId },
		...(code !== undefined && { code }),
		...(said !== undefined && { said }),
	};
}
