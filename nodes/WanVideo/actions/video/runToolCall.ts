/**
 * The paid part of an agent's tool call. Calls of the same wish take turns with the submit, and then each waits
 * by itself: one whose client has gone, and with it n8n's context, keeps no other one waiting. Whoever asked
 * gets an answer in time, and nothing is submitted after that.
 */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { FailureKind } from '../../evolink/catalogue';
import { isWorthSubmittingAgain } from '../../evolink/failure';
import type { TaskState } from '../../evolink/taskState';
import { next, parseEntry, plan } from '../../generation/journal';
import { RESUBMIT_DELAYS_MS } from '../../generation/life';
import type { Job, Outcome } from '../../generation/outcome';
import type { Ports, StopSignal } from '../../generation/ports';
import { itemError } from '../../host/errors';
import { giveBack, setAside } from '../../host/toolBudget';
import { callerOf, callOf, endTurn, isWithoutExecution, takeTurn } from '../../host/toolCalls';
import { leave } from '../../host/toolMemory';
import { overCap } from './cap';

type VideoOutcome = Outcome<IBinaryData>;

export interface ToolCallNeeds<Stream> {
	ports: Ports<IBinaryData, Stream>;
	/** How long the call may take from its beginning. */
	patienceMs: number;
	run: (jobs: readonly Job[], stop: StopSignal) => Promise<VideoOutcome[]>;
	/** Billed seconds of a job. */
	secondsOf: (job: Job) => number;
	/** Billed seconds over all calls of the execution. */
	cap: number | undefined;
}

/** Beyond its patience an unanswered submit is waited for so long; then the caller is told, and it goes on behind. */
const GRACE_MS = 5_000;

/** One outcome per job, in their order. */
export async function runToolCall<Stream>(
	context: IExecuteFunctions,
	jobs: readonly Job[],
	{ ports, patienceMs, run, secondsOf, cap }: ToolCallNeeds<Stream>,
): Promise<VideoOutcome[]> {
	const { clock, journal } = ports;
	const until = callOf(context).since + patienceMs;
	const stop: StopSignal = {
		get aborted() {
			return ports.stop.aborted || clock.now() >= until;
		},
	};
	const caller = callerOf(context);
	/** How tasks of earlier calls stand, by their IDs. */
	const seen = new Map<string, TaskState>();
	const slots = [...new Set(jobs.map(({ slot }) => slot))].sort();

	async function work(): Promise<VideoOutcome[]> {
		try {
			for (let round = 0; ; round += 1) {
				const outcomes = await inTurn(async () => await run(withoutResubmits(jobs), stop));
				const again = jobs.some(
					({ resubmits }, index) => round < resubmits && isWorthAnother(outcomes[index]),
				);
				if (!again) return outcomes;
				await clock.sleep(RESUBMIT_DELAYS_MS[round] ?? 20_000, stop);
				if (stop.aborted) return outcomes;
			}
		} finally {
			for (const job of jobs) {
				leave(caller, job.slot);
				if (isUnpaid(job)) giveBack(caller, job.requestHash);
			}
		}
	}

	async function inTurn(submitAndWait: () => Promise<VideoOutcome[]>): Promise<VideoOutcome[]> {
		try {
			for (const slot of slots) {
				if (!(await takeTurn(context, slot, stop))) return jobs.map(() => notAnswered());
			}
			for (const job of jobs) await seeHowItStands(job);
			for (const job of jobs) setAsideFor(job);
			return await submitAndWait();
		} finally {
			for (const slot of slots) endTurn(context, slot);
		}
	}

	/**
	 * Who waits for no video would be given a task that has failed since, again and again, and be told of one that is
	 * completed that it is being made. A look costs nothing.
	 */
	async function seeHowItStands({ slot, wait }: Job): Promise<void> {
		const entry = parseEntry(journal.read(slot));
		if (wait !== undefined || (entry?.stage !== 'submitted' && entry?.stage !== 'delivered'))
			return;
		const look = await ports.client.look(entry.taskId, Math.max(1, until - clock.now()));
		if (!look.ok) return;
		const task = look.value;
		seen.set(entry.taskId, task);
		if (entry.stage === 'delivered') return;
		// This call hands it over, and has it from then on.
		if (task.state === 'completed') journal.write(slot, next(entry, { type: 'delivered' }));
		if (task.state !== 'ended' || task.failure.charged !== 'no') return;
		const { executionId } = entry;
		journal.write(slot, next(entry, { type: 'ended', failure: { ...task.failure }, executionId }));
	}

	/** Throws what the model is told when the call would go over the cap. */
	function setAsideFor(job: Job): void {
		if (!isUnpaid(job)) return;
		const seconds = secondsOf(job);
		const result = setAside(caller, job.requestHash, seconds, cap);
		if (result.ok || cap === undefined) return;
		throw itemError(context, overCap(seconds, result.spentSeconds, cap), job.item);
	}

	/** Nothing is paid for, and a submit would be made. */
	function isUnpaid({ slot }: Job): boolean {
		return plan(parseEntry(journal.read(slot)), '').do === 'submit';
	}

	/** An end of the time, in words that are true of the task; a task that was there already, as it stands now. */
	function inTime(outcome: VideoOutcome, index: number): VideoOutcome {
		if (outcome.end === 'submitted') return asItStands(outcome);
		if (outcome.end !== 'stopped' || ports.stop.aborted) return outcome;
		const { taskId, earlierTaskIds = [] } = outcome;
		if (taskId === undefined) return isUnpaid(jobs[index]) ? noTimeLeft() : meanwhile(jobs[index]);
		const task = { ...outcome, taskId, earlierTaskIds };
		return { ...task, end: 'timedOut', timeoutMs: patienceMs, fails: false };
	}

	function asItStands(submitted: Extract<VideoOutcome, { end: 'submitted' }>): VideoOutcome {
		const { taskId, earlierTaskIds } = submitted;
		const last = seen.get(taskId);
		// The results of one that is completed may only be late.
		if (last?.state === 'ended' && last.failure.kind !== 'noVideo')
			return { end: 'failed', failure: last.failure, earlierTaskIds };
		if (last?.state === 'completed')
			return { ...submitted, end: 'completed', last, videoUrl: last.videoUrl };
		return { ...submitted, ...(last && { last }) };
	}

	/** What the journal knows of a job whose work is not over. */
	function meanwhile({ slot, wait }: Job): VideoOutcome {
		const entry = parseEntry(journal.read(slot));
		if (entry === undefined || !('taskId' in entry)) return notAnswered();
		const { taskId, earlierTaskIds } = entry;
		if (wait === undefined) return { end: 'submitted', taskId, earlierTaskIds };
		return { end: 'timedOut', taskId, earlierTaskIds, timeoutMs: wait.timeoutMs, fails: false };
	}

	const working = work();
	if (!isWithoutExecution(context)) return (await working).map(inTime);
	let answered = false;
	const over = {
		get aborted() {
			return answered;
		},
	};
	const patience = async () => {
		await clock.sleep(until - clock.now(), over);
		await clock.sleep(GRACE_MS, over);
		return undefined;
	};
	try {
		const outcomes = await Promise.race([working, patience()]);
		if (outcomes !== undefined) return outcomes.map(inTime);
		// Nobody hears what becomes of it but the memory of this process.
		working.catch(() => undefined);
		return jobs.map(meanwhile);
	} finally {
		answered = true;
	}
}

/** A failed task is submitted again in a turn of its own: another call may do the same. */
function withoutResubmits(jobs: readonly Job[]): Job[] {
	return jobs.map((job) => ({ ...job, resubmits: 0 }));
}

function isWorthAnother(outcome: VideoOutcome): boolean {
	return outcome.end === 'failed' && isWorthSubmittingAgain(outcome.failure);
}

const failed = (kind: FailureKind, charged: 'no' | 'unknown'): VideoOutcome => ({
	end: 'failed',
	failure: { kind, charged },
	earlierTaskIds: [],
});
const noTimeLeft = () => failed('noTimeLeft', 'no');
const notAnswered = () => failed('submitUnderWay', 'unknown');
