/**
 * The life of one job: the journal decides whether anything is submitted, then submit, wait and
 * deliver follow. Whatever becomes known is in the journal before the next step is taken.
 */
import { type Failure, isFailureKind, isWorthSubmittingAgain } from '../evolink/failure';
import type { Answer, EvoLinkClient } from '../evolink/client';
import type { GenerationBody } from '../evolink/wire';
import type { Lost } from './claimNames';
import { finish } from './finish';
import { trouble } from './guard';
import { inheritance, INTERRUPTED, isDead } from './inheritance';
import {
	type Entry,
	isAbout,
	type JournalEvent,
	next,
	parseEntry,
	plan,
	type Step,
	type StoredFailure,
	tasksBefore,
} from './journal';
import type { Job, Outcome, PauseRule, TaskRecord } from './outcome';
import type { Clock, JournalStore, Ports, StopSignal, Witness } from './ports';
import type { SubmitOutcome, Submitter } from './submit';

/** Waits before a failed task is submitted again, as EvoLink's docs advise. */
export const RESUBMIT_DELAYS_MS = [5_000, 10_000, 20_000];

/** The life of one job. Never throws: what fails inside it is this item's outcome, with what it cost. */
export async function live<File, Stream>(
	job: Job,
	settings: { executionId: string; pause?: PauseRule },
	ports: Ports<File, Stream>,
	submits: Submitter,
): Promise<Outcome<File>> {
	const book = new Book(job, ports.journal);
	try {
		book.open();
		const outcome = await lifeBy(book, job, settings, ports, submits);
		ports.claims?.over(job.slot, howOver(outcome, book.entry));
		return outcome;
	} catch (error) {
		return { end: 'failed', failure: book.failureBy(error), earlierTaskIds: book.earlierTaskIds };
	}
}

function howOver(outcome: Outcome<unknown>, entry: Entry | undefined): 'brought' | 'free' | 'open' {
	const isUnclear = outcome.end === 'failed' && outcome.failure.charged !== 'no';
	const isFree = entry === undefined || entry.stage === 'refused' || entry.stage === 'ended';
	if (isFree) return isUnclear ? 'open' : 'free';
	return outcome.end === 'completed' || outcome.end === 'submitted' ? 'brought' : 'open';
}

async function lifeBy<File, Stream>(
	book: Book,
	job: Job,
	{ executionId, pause }: { executionId: string; pause?: PauseRule },
	ports: Ports<File, Stream>,
	submits: Submitter,
): Promise<Outcome<File>> {
	const { clock, stop, notices } = ports;
	const { item, wait } = job;

	// That of another execution is over, and nobody will say any more of it.
	if (isUnderWay(book.entry) && book.entry?.executionId === executionId) {
		await newest(book, clock, stop);
		book.open();
	}
	const before = resubmitsOf(book.entry, executionId);
	for (let round = 0; ; round += 1) {
		const resubmits = before + round;
		const { entry, earlierTaskIds } = book;
		// From the second round on it is the user's option that submits a failed task again.
		const step: Step = round > 0 ? { do: 'submit' } : plan(entry, executionId);
		if (step.do === 'refuse') return await refused(step.entry, ports.client);
		if (step.do === 'repeatFailure') return repeated(step.entry);
		let fresh: { estimatedSeconds?: number } | undefined;
		if (step.do === 'submit') {
			const { slot, requestHash } = job;
			const newKey = (isWithoutWake: boolean) =>
				ports.newKey({ slot, requestHash, failedTasks: earlierTaskIds.length, isWithoutWake });
			// One key never stands for two requests.
			const key =
				entry?.stage === 'refused' && entry.request === requestHash ? entry.key : newKey(false);
			// Where the journal knows of nothing that is paid for, a run that n8n lost may have submitted it since.
			const lostAt = async (isSure: boolean) => {
				const lost = round > 0 ? undefined : await ports.claims?.lostAt(job.slot, isSure);
				return isDead(lost, book.entry) ? undefined : lost;
			};
			let left = await lostAt(false);
			if (left === undefined) {
				const body = await bodyOf(job);
				if (body.ok) ports.claims?.comes(job);
				const outcome: SubmitOutcome = !body.ok
					? { end: 'failed', failure: body.failure }
					: await submits.submit({
							...job,
							body: body.value,
							executionId,
							key,
							newKey: () => newKey(true),
							record: (event) =>
								book.record(
									event.type === 'submitting' && resubmits > 0 ? { ...event, resubmits } : event,
								),
							claim: async () => {
								const isOvertaken = isSubmitted(await newest(book, clock, stop));
								if (isOvertaken) return stop.aborted ? undefined : 'overtaken';
								return await claimed(job, ports.claims, book.entry);
							},
							isOvertaken: () => isSubmitted(book.newest),
						});
				if (outcome.end === 'stopped') return { end: 'stopped', earlierTaskIds };
				if (
					outcome.end === 'overtaken' ||
					(isFree(outcome) && isSubmitted(await newest(book, clock, stop)))
				) {
					book.open();
					const news = plan(book.entry, executionId);
					if (news.do === 'refuse') return await refused(news.entry, ports.client);
					if (news.do === 'repeatFailure') return repeated(news.entry);
				} else if (outcome.end === 'failed') {
					const failure = await looked(outcome.failure, ports.client);
					// n8n may run the very same execution again, and nobody has asked yet.
					if (book.entry === entry && failure.charged === 'no') left = await lostAt(true);
					if (left === undefined) return { end: 'failed', failure, earlierTaskIds };
				} else if (outcome.end === 'lost') left = outcome.lost;
				else {
					ports.claims?.accepted(job.slot, outcome.taskId);
					notices.submitted(item, outcome.taskId);
					const { estimatedSeconds } = outcome.task;
					fresh = estimatedSeconds === undefined ? {} : { estimatedSeconds };
					if (wait === undefined)
						return {
							end: 'submitted',
							...recordOf(book.entry, earlierTaskIds, outcome.taskId),
							last: outcome.task,
						};
				}
			}
			if (left !== undefined) {
				const failure = takeOver(book, job, left, { executionId, key, clock });
				if (failure !== undefined) return { end: 'failed', failure, earlierTaskIds };
			}
		}
		const paid = book.entry;
		if (paid === undefined || !('taskId' in paid))
			throw new Error('A task without a journal entry: nothing may follow it.');
		const { taskId, submittedAt } = paid;
		const known = recordOf(paid, earlierTaskIds, taskId);
		if (wait === undefined) return { end: 'submitted', ...known };

		const outcome = await finish<File, Stream>(
			item,
			known,
			wait,
			{ submittedAt, ...(fresh && { fresh }), ...(job.kind !== undefined && { kind: job.kind }) },
			ports,
			pause,
		);
		if (outcome.end === 'completed') book.record({ type: 'delivered' });
		// Only a task that EvoLink reports as failed costs nothing; every other failure leaves a paid task.
		if (outcome.end !== 'failed' || outcome.failure.charged !== 'no') return outcome;
		book.record({ type: 'ended', failure: { ...outcome.failure }, executionId });
		if (resubmits >= job.resubmits || !isWorthSubmittingAgain(outcome.failure)) return outcome;
		await clock.sleep(RESUBMIT_DELAYS_MS[resubmits] ?? 20_000, stop);
		if (stop.aborted) return outcome;
	}
}

/** Longer than any submit (ms) until EvoLink has answered it, or that nobody knows is written. */
const UNDER_WAY_MS = 75_000;

/** The newest entry about the item; a submit of another run of this very execution gets its answer first. */
async function newest(book: Book, clock: Clock, stop: StopSignal): Promise<Entry | undefined> {
	const untilMs = clock.elapsed() + UNDER_WAY_MS;
	let entry = book.newest;
	while (isUnderWay(entry) && clock.elapsed() < untilMs && !stop.aborted) {
		await clock.sleep(1_000, stop);
		entry = book.newest;
	}
	return entry;
}

/** What did not go out, or was turned away. */
function isFree(outcome: SubmitOutcome): boolean {
	return outcome.end === 'failed' && outcome.failure.charged === 'no';
}

/**
 * Whether a submit stands in the journal. Where this run has made none it is another one's of this very execution, as
 * n8n may wake it twice from the same pause.
 */
function isSubmitted(entry: Entry | undefined): boolean {
	return entry !== undefined && entry.stage !== 'refused' && entry.stage !== 'ended';
}

function isUnderWay(entry: Entry | undefined): boolean {
	return entry?.stage === 'intended' && entry.failure === undefined;
}

/** Claims the item. What is left of a task that is known to have failed stands in nobody's way. */
async function claimed(
	job: Job,
	claims: Witness | undefined,
	entry: Entry | undefined,
): Promise<Lost | undefined> {
	const lost = await claims?.before(job);
	// The second time it is this run's own claim, and loses that ID.
	return isDead(lost, entry) ? await claims?.before(job) : lost;
}

/** A run that n8n lost had claimed this item: its task goes into the journal and is followed from there. */
function takeOver(
	book: Book,
	{ requestHash: request, intent }: Job,
	lost: Lost,
	{ executionId, key, clock }: { executionId: string; key: string; clock: Clock },
): Failure | undefined {
	for (const event of inheritance(lost, { request, intent, key, executionId }, clock.now()))
		book.record(event);
	return lost.taskId === undefined ? INTERRUPTED : undefined;
}

/** What the journal has about one job, and how it goes on. */
class Book {
	entry: Entry | undefined;
	private isOpen = false;

	constructor(
		private readonly job: Job,
		private readonly journal: JournalStore,
	) {}

	/** Throws where the journal cannot be read. */
	open(): void {
		this.entry = entryFor(this.job, this.journal);
		this.isOpen = true;
	}

	/** Throws what cannot be written before a submit: then it does not go out. */
	record(event: JournalEvent): void {
		const entry = next(this.entry, event);
		const write = () => this.journal.write(this.job.slot, entry);
		if (event.type === 'submitting') write();
		this.entry = entry;
		if (event.type === 'submitting') return;
		try {
			write();
		} catch {
			// What has happened has happened: this run knows it, and a later try does not submit again.
		}
	}

	/** What stands in the journal about the item by now: another run of this very execution may write there, too. */
	get newest(): Entry | undefined {
		const entry = parseEntry(this.journal.read(this.job.slot));
		return entry !== undefined && isAbout(entry, this.job) ? entry : undefined;
	}

	get earlierTaskIds(): string[] {
		return tasksBefore(this.entry);
	}

	/** Something threw: whether that item may have cost anything, and by which task. */
	failureBy(error: unknown): Failure {
		const { entry } = this;
		// What earlier tries paid for cannot be seen.
		if (!this.isOpen) return trouble(error, 'unknown');
		switch (entry?.stage) {
			case 'intended':
				return trouble(error, 'unknown', entry.failure?.taskId);
			case 'submitted':
			case 'delivered':
				return trouble(error, 'yes', entry.taskId);
			case 'ended':
				return trouble(error, 'no', entry.taskId);
			case 'refused':
			case undefined:
				return trouble(error, 'no');
		}
	}
}

/**
 * The entry that is about this job. One about another request (the user has edited the node
 * since) is put aside, and found again when the user goes back to that request.
 */
function entryFor(job: Job, journal: JournalStore): Entry | undefined {
	const { slot, requestHash, olderNames = [], olderSlots = [] } = job;
	const aside = (of: string) => `${slot}:${of}`;
	const current = entryIn(journal, [slot, ...olderSlots]);
	if (current === undefined || isAbout(current, job)) return current;
	const earlier = entryIn(journal, [requestHash, ...olderNames].map(aside));
	journal.write(aside(current.request), current);
	return earlier;
}

/** What stands at the first of these places that holds anything. */
function entryIn(journal: JournalStore, slots: readonly string[]): Entry | undefined {
	for (const slot of slots) {
		const entry = parseEntry(journal.read(slot));
		if (entry !== undefined) return entry;
	}
	return undefined;
}

/** A submit whose outcome is not known is never repeated. */
async function refused(
	{ failure, earlierTaskIds }: Extract<Step, { do: 'refuse' }>['entry'],
	client: EvoLinkClient,
): Promise<Outcome<never>> {
	return { end: 'failed', failure: await looked(readUnclear(failure), client), earlierTaskIds };
}

/** The task that failed is no earlier one of its own. */
function repeated({
	failure,
	taskId,
	earlierTaskIds,
}: Extract<Step, { do: 'repeatFailure' }>['entry']): Outcome<never> {
	return { end: 'failed', failure: readStored(failure, taskId), earlierTaskIds };
}

/** How often an earlier part of this execution, before a pause, has submitted the item anew. */
function resubmitsOf(entry: Entry | undefined, executionId: string): number {
	return entry?.executionId === executionId ? (entry.resubmits ?? 0) : 0;
}

async function bodyOf({ body }: Job): Promise<Answer<GenerationBody>> {
	return typeof body === 'function' ? await body() : { ok: true, value: body };
}

function recordOf(entry: Entry | undefined, earlierTaskIds: string[], taskId: string): TaskRecord {
	const creditsReserved = entry && 'creditsReserved' in entry ? entry.creditsReserved : undefined;
	return { taskId, earlierTaskIds, ...(creditsReserved !== undefined && { creditsReserved }) };
}

/** A submit of an earlier try whose outcome is not known, with what was heard of it. */
function readUnclear(failure: StoredFailure | undefined): Failure {
	const { kind, taskId, said, httpStatus }: Partial<StoredFailure> = failure ?? {};
	// A lost reply has a reason, but there was no answer.
	const isHeard = kind !== undefined && kind !== 'replyLost' && kind !== 'notReached';
	const heard = kind === 'interrupted' ? kind : 'outcomeUnclear';
	const unnamed = isHeard ? heard : 'outcomeUnknown';
	return {
		kind: taskId === undefined ? unnamed : 'taskUnclear',
		charged: 'unknown',
		...(taskId !== undefined && { taskId }),
		...(said !== undefined && { said }),
		...(httpStatus !== undefined && { httpStatus }),
	};
}

/** With what EvoLink says now of the task that an unclear answer names. Nothing goes by it: it may be another run's. */
async function looked(failure: Failure, client: EvoLinkClient): Promise<Failure> {
	const { kind, taskId } = failure;
	if (kind !== 'taskUnclear' || taskId === undefined) return failure;
	const look = await client.look(taskId);
	if (look.ok) return { ...failure, seen: look.value.status };
	return look.failure.kind === 'taskNotFound' ? { ...failure, seen: 'not known' } : failure;
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
