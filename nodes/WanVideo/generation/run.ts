/**
 * The conductor: takes all requests of a run and gives one outcome for each, in their order.
 * Items live side by side, each through submit, wait and deliver; the journal decides whether
 * anything is submitted at all. It never throws for what can be expected to happen.
 */
import type { EvoLinkClient } from '../evolink/client';
import {
	CATALOGUE,
	type Failure,
	type FailureKind,
	WORTH_SUBMITTING_AGAIN,
} from '../evolink/failure';
import type { TaskState } from '../evolink/taskState';
import type { GenerationBody } from '../evolink/wire';
import type { Mp4Facts } from '../media/mp4';
import { RESULT_LINK_HOURS } from '../wan/model';
import { deliver } from './deliver';
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
import type { Clock, JournalStore, Notices, StopSignal, VideoPort } from './ports';
import { type Submitter, submitter } from './submit';
import { waitForTask, type WaitSettings } from './wait';

/** One video that is wanted. */
export interface Request {
	/** Index of the n8n item. */
	item: number;
	body: GenerationBody;
	/** Hashes by which the journal knows the item again. */
	request: string;
	intent: string;
	/** Where in the journal the item's entry stands. */
	slot: string;
	/** How often EvoLink's own failures are answered with a new submit, 0 to 3. */
	resubmits: number;
	/** Absent: submit only. */
	wait?: WaitPlan;
}

/** A task that exists already, wherever it was submitted. */
export interface KnownTask {
	item: number;
	taskId: string;
	wait: WaitPlan;
}

export interface WaitPlan {
	timeoutMs: number;
	pollIntervalMs?: number;
	/** Absent: the link is enough. */
	fileName?(taskId: string): string;
}

interface TaskRecord {
	taskId: string;
	/** Tasks submitted for the same item before, which failed at EvoLink without a charge. */
	earlierTaskIds: string[];
	creditsReserved?: number;
	/** EvoLink's last word on the task. */
	last?: TaskState;
}

export interface CompletedTask<File> extends TaskRecord {
	end: 'completed';
	videoUrl: string;
	/** Wall clock in milliseconds until which the link lives at least. */
	linkLivesUntil?: number;
	/** Absent when no download was asked for. */
	file?: File;
	facts?: Mp4Facts;
}

export type Outcome<File> =
	| CompletedTask<File>
	| (TaskRecord & { end: 'submitted' })
	| (TaskRecord & { end: 'timedOut'; timeoutMs: number })
	| { end: 'failed'; failure: Failure; earlierTaskIds: string[]; videoUrl?: string }
	/** Not gone on with: the user stopped, or another item failed and the run does not keep going. */
	| (Partial<TaskRecord> & { end: 'stopped' });

export interface RunSettings {
	executionId: string;
	/** True: a failed item does not end the others. */
	keepGoing: boolean;
	/** Items under way at once. */
	concurrency: number;
}

export interface Ports<File, Stream> {
	client: EvoLinkClient;
	videos: VideoPort<File, Stream>;
	journal: JournalStore;
	clock: Clock;
	stop: StopSignal;
	notices: Notices;
	/** A new `Idempotency-Key`. */
	newKey(): string;
}

const RESUBMIT_DELAYS_MS = [5_000, 10_000, 20_000];

/** Makes all videos: one outcome per request, in the order of the requests. */
export async function run<File, Stream>(
	requests: readonly Request[],
	settings: RunSettings,
	ports: Ports<File, Stream>,
): Promise<Array<Outcome<File>>> {
	const stop = haltable(ports.stop);
	const submits = submitter(ports.client, ports.clock, stop);
	return await sideBySide(requests, settings, stop, async (request) => {
		return await live(request, settings, { ...ports, stop }, submits);
	});
}

/** Waits for tasks that exist already: nothing is ever submitted. */
export async function follow<File, Stream>(
	tasks: readonly KnownTask[],
	settings: Omit<RunSettings, 'executionId'>,
	ports: Omit<Ports<File, Stream>, 'journal' | 'newKey'>,
): Promise<Array<Outcome<File>>> {
	const stop = haltable(ports.stop);
	return await sideBySide(tasks, settings, stop, async ({ item, taskId, wait }) => {
		const known = { taskId, earlierTaskIds: [] };
		return await finish(item, known, wait, {}, { ...ports, stop });
	});
}

/** The user's stop, plus a halt of our own that ends a run in which going on makes no sense. */
function haltable(user: StopSignal): StopSignal & { halt(): void } {
	let halted = false;
	return {
		get aborted() {
			return user.aborted || halted;
		},
		halt() {
			halted = true;
		},
	};
}

/** At most `concurrency` at once, started in order. */
async function sideBySide<In, File>(
	inputs: readonly In[],
	{ keepGoing, concurrency }: Pick<RunSettings, 'keepGoing' | 'concurrency'>,
	stop: StopSignal & { halt(): void },
	one: (input: In) => Promise<Outcome<File>>,
): Promise<Array<Outcome<File>>> {
	const outcomes: Array<Outcome<File>> = [];
	let started = 0;
	let defect: unknown;
	async function lane(): Promise<void> {
		while (started < inputs.length && defect === undefined) {
			const index = started;
			started += 1;
			try {
				const outcome = await one(inputs[index]);
				outcomes[index] = outcome;
				if (!keepGoing && outcome.end === 'failed') stop.halt();
			} catch (error) {
				// Nothing that can be expected throws. What does must not leave other items submitting behind its back.
				defect ??= error;
				stop.halt();
			}
		}
	}
	await Promise.all(Array.from({ length: Math.min(concurrency, inputs.length) }, lane));
	if (defect !== undefined) throw asError(defect);
	return outcomes;
}

function asError(thrown: unknown): Error {
	return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The life of one request. */
async function live<File, Stream>(
	request: Request,
	{ executionId }: RunSettings,
	ports: Ports<File, Stream>,
	submits: Submitter,
): Promise<Outcome<File>> {
	const { journal, clock, stop, notices } = ports;
	const { slot, item, wait } = request;
	const stored = parseEntry(journal.read(slot));
	let entry: Entry | undefined =
		stored !== undefined && isAbout(stored, request) ? stored : undefined;
	function record(event: JournalEvent): void {
		entry = next(entry, event);
		journal.write(slot, entry);
	}

	for (let resubmits = 0; ; resubmits += 1) {
		const earlierTaskIds = tasksBefore(entry);
		// From the second round on it is the user's option that submits a failed task again.
		const step: Step = resubmits > 0 ? { do: 'submit' } : plan(entry, executionId);
		if (step.do === 'refuse') {
			return {
				end: 'failed',
				failure: { kind: 'outcomeUnknown', charged: 'unknown' },
				earlierTaskIds,
			};
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
			const key = entry?.stage === 'refused' ? entry.key : ports.newKey();
			const outcome = await submits.submit({ ...request, executionId, key, record });
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

function tasksBefore(entry: Entry | undefined): string[] {
	if (entry === undefined) return [];
	return entry.stage === 'ended' ? [...entry.earlierTaskIds, entry.taskId] : entry.earlierTaskIds;
}

function recordOf(entry: Entry | undefined, earlierTaskIds: string[], taskId: string): TaskRecord {
	const creditsReserved = entry && 'creditsReserved' in entry ? entry.creditsReserved : undefined;
	return { taskId, earlierTaskIds, ...(creditsReserved !== undefined && { creditsReserved }) };
}

/** A failure that was kept in stored execution data: its kind may be of another version of this package. */
function readStored(failure: StoredFailure, taskId: string): Failure {
	const kind = isKind(failure.kind) ? failure.kind : 'generationFailed';
	const { code, said } = failure;
	return {
		kind,
		charged: failure.charged,
		taskId,
		...(typeof code === 'string' && { code }),
		...(typeof said === 'string' && { said }),
	};
}

function isKind(kind: string): kind is FailureKind {
	return kind in CATALOGUE;
}

/** Waits for a task and delivers its video. */
async function finish<File, Stream>(
	item: number,
	known: TaskRecord,
	plan: WaitPlan,
	submit: Pick<WaitSettings, 'fresh' | 'submittedAt'>,
	ports: Omit<Ports<File, Stream>, 'journal' | 'newKey'>,
): Promise<Outcome<File>> {
	const { client, clock, stop, notices, videos } = ports;
	const { taskId, earlierTaskIds } = known;
	const look = async () => await client.look(taskId);
	const waited = await waitForTask(
		{
			...submit,
			timeoutMs: plan.timeoutMs,
			...(plan.pollIntervalMs !== undefined && { pollIntervalMs: plan.pollIntervalMs }),
		},
		{ look, clock, stop, seen: (task) => notices.state(item, taskId, task.status, task.progress) },
	);
	switch (waited.end) {
		case 'failed':
			return { end: 'failed', failure: waited.failure, earlierTaskIds };
		case 'lost': {
			// Ours is paid for, unless EvoLink no longer knows it; what a foreign task cost is its submitter's to know.
			const ours =
				submit.submittedAt === undefined
					? 'no'
					: waited.failure.kind === 'taskNotFound'
						? 'unknown'
						: 'yes';
			return { end: 'failed', failure: { ...waited.failure, charged: ours }, earlierTaskIds };
		}
		case 'timedOut':
			return {
				end: 'timedOut',
				timeoutMs: plan.timeoutMs,
				...known,
				...(waited.last && { last: waited.last }),
			};
		case 'stopped':
			return { end: 'stopped', ...known, ...(waited.last && { last: waited.last }) };
		case 'completed':
			break;
	}
	const { task, completedAfter } = waited;
	const completed: CompletedTask<File> = {
		end: 'completed',
		...known,
		...(task.creditsReserved !== undefined && { creditsReserved: task.creditsReserved }),
		last: task,
		videoUrl: task.videoUrl,
		...(completedAfter !== undefined && {
			linkLivesUntil: completedAfter + RESULT_LINK_HOURS * 3_600_000,
		}),
	};
	if (plan.fileName === undefined) return completed;
	const delivery = await deliver<File, Stream>(
		{
			fileName: plan.fileName(taskId),
			videoUrl: task.videoUrl,
			...(completedAfter !== undefined && { completedAfter }),
		},
		{ videos, look, clock, stop },
	);
	switch (delivery.end) {
		case 'delivered':
			return {
				...completed,
				videoUrl: delivery.videoUrl,
				file: delivery.file,
				facts: delivery.facts,
			};
		case 'stopped':
			return { end: 'stopped', ...known, last: task };
		case 'undelivered': {
			const kind = delivery.expired ? 'linkExpired' : 'videoNotFetched';
			return {
				end: 'failed',
				failure: { kind, charged: 'yes', taskId, said: delivery.reason },
				earlierTaskIds,
				videoUrl: delivery.videoUrl,
			};
		}
	}
}
