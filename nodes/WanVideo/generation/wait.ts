/**
 * The wait for one task: look, sleep, look again, until it ends, the time is up or the user stops.
 * It only times and counts; what a look means is the look's business, and every end is a value.
 */
import type { Answer } from '../evolink/client';
import { type Failure, givenUp } from '../evolink/failure';
import { LIMITS_THAT_SLOW_DOWN, lookRetryDelayMs } from '../evolink/retry';
import { isYoung } from '../evolink/taskId';
import type { TaskState } from '../evolink/taskState';
import type { Ended } from './earlier';
import type { Clock, StopSignal } from './ports';
import { expectedEndMs, nextLookMs, type Seen } from './schedule';

export type WaitOutcome =
	| { end: 'completed'; task: Extract<TaskState, { state: 'completed' }>; completedAfter?: number }
	/** The task itself ended without a video. */
	| { end: 'failed'; failure: Failure }
	/** EvoLink cannot be asked any longer; the task may still be running. */
	| { end: 'lost'; failure: Failure }
	/** `hindrance`: why the last look told nothing. */
	| { end: 'timedOut'; last: TaskState | undefined; hindrance?: Failure }
	/** Not over, and not worth being waited for here: `restMs` until it should be, where that can be told; `leftMs` until the deadline. */
	| { end: 'open'; last: TaskState | undefined; restMs?: number; leftMs: number }
	| { end: 'stopped'; last: TaskState | undefined };

export interface WaitSettings {
	/** Tells how old the task is, where it was not submitted here. */
	taskId?: string;
	timeoutMs: number;
	/** A fixed pace by the user's wish, instead of the schedule. */
	pollIntervalMs?: number;
	/** Given for a task that was submitted just now: the first look then waits for the schedule. */
	fresh?: { estimatedSeconds?: number };
	/** Wall clock of the submit in milliseconds, if it was ours: the task cannot have ended before. */
	submittedAt?: number;
	/** Wall clock (ms) since when the task is waited for, where pauses came between: the deadline counts from there. */
	since?: number;
	/** Given where the execution can pause: what takes longer than this (ms) is not waited for here. */
	patienceMs?: number;
}

export interface WaitNeeds {
	/** One look, over after so many milliseconds at the latest. */
	look(withinMs: number): Promise<Answer<TaskState>>;
	clock: Clock;
	stop: StopSignal;
	seen?(task: TaskState): void;
	/** Tasks of the same kind that have ended, the last ones first. */
	earlier?(): readonly Ended[];
	/** Told of a task that was watched from its submit. */
	ended?(ended: Ended): void;
	/** Tasks of the run that are waited for now. */
	atOnce?(): number;
}

/** A look that is still open at the deadline has this long to end. */
const LOOK_AFTER_DEADLINE_MS = 2_000;
const FIRST_LOOK_MS = 10_000;
/** What is kept of a task's progress: whole percents, and some room. */
const LONGEST_TRAIL = 120;
/** Looks that show a completed task without a video: its results may only be late. */
const LOOKS_FOR_RESULTS = 5;
const RESULTS_DELAY_MS = 3_000;
/** The last look comes this long before the deadline, so that its answer still counts. */
const LAST_LOOK_BEFORE_DEADLINE_MS = 500;

/**
 * Waits until the task ends. Times are in milliseconds; `completedAfter` is the last wall clock time
 * at which the task was known not to be completed yet, so its link lives at least 24 hours from there.
 */
export async function waitForTask(settings: WaitSettings, needs: WaitNeeds): Promise<WaitOutcome> {
	const { clock, stop } = needs;
	const startedAt = clock.elapsed();
	const pausedMs = settings.since === undefined ? 0 : Math.max(0, clock.now() - settings.since);
	const deadline = startedAt + settings.timeoutMs - pausedMs;
	let last: TaskState | undefined;
	let hindrance: Failure | undefined;
	let openAt = settings.submittedAt;
	let looks = 0;
	let asked = 0;
	let failuresInARow = 0;
	let limitsInARow = 0;
	let looksWithoutResults = 0;
	let progressAtMs = 0;
	let idleUntilMs = 0;
	let openMs = 0;
	let roundTripMs = 0;
	const trail: Array<readonly [number, number]> = [];
	// A task of an earlier try may have ended long ago: that is known by a look, not by waiting.
	let delayMs = settings.fresh === undefined ? 0 : pace();

	/** Of the task, as far as it is known; at least the time waited here. */
	function ageMs(): number {
		const begunAt = settings.submittedAt ?? (last?.createdSeconds ?? Infinity) * 1000;
		return Math.max(clock.elapsed() - startedAt, clock.now() - begunAt);
	}

	/** A task of this run that was there a moment ago, or is only just submitted, is not gone. */
	function mayBeLate(): boolean {
		const { taskId = '', submittedAt } = settings;
		return (submittedAt !== undefined && looks > 0) || isYoung(taskId, clock.now(), submittedAt);
	}

	function seen(): Seen {
		const estimatedSeconds = last?.estimatedSeconds ?? settings.fresh?.estimatedSeconds;
		return {
			elapsedMs: ageMs(),
			looks,
			idleUntilMs,
			roundTripMs,
			...(needs.earlier && { earlier: needs.earlier() }),
			...(needs.atOnce && { atOnce: needs.atOnce() }),
			...(estimatedSeconds !== undefined && { estimatedMs: estimatedSeconds * 1000 }),
			...(last?.progress !== undefined && { progress: last.progress, progressAtMs }),
		};
	}

	function pace(): number {
		return settings.pollIntervalMs ?? nextLookMs(seen());
	}

	function endedNow(): Ended {
		const { estimatedMs } = seen();
		const foundMs = ageMs();
		return {
			...{ openMs, foundMs, idleUntilMs, trail },
			...(estimatedMs !== undefined && { estimatedMs }),
		};
	}

	/** Until the task should be over, 0 once it is overdue; nothing where that cannot be told. */
	function expectedRestMs(): number | undefined {
		const facts = seen();
		const endMs = expectedEndMs(facts);
		return endMs === undefined ? undefined : Math.max(0, endMs - facts.elapsedMs);
	}

	for (;;) {
		const leftMs = deadline - clock.elapsed();
		if (asked > 0 && leftMs <= LAST_LOOK_BEFORE_DEADLINE_MS)
			return { end: 'timedOut', last, ...(hindrance && { hindrance }) };
		if (settings.patienceMs !== undefined) {
			const restMs = expectedRestMs();
			// Judged once, by the first that is known: what is waited for here has all the patience there is.
			const isFirst = looks === (settings.fresh === undefined ? 1 : 0);
			const isFar = isFirst && (restMs ?? Infinity) > settings.patienceMs;
			if (isFar || clock.elapsed() - startedAt >= settings.patienceMs)
				return { end: 'open', last, leftMs, ...(restMs !== undefined && { restMs }) };
		}
		await clock.sleep(Math.max(0, Math.min(delayMs, leftMs - LAST_LOOK_BEFORE_DEADLINE_MS)), stop);
		if (stop.aborted) return { end: 'stopped', last };

		const askedAt = clock.now();
		const restMs = Math.max(0, deadline - clock.elapsed());
		// A pause may outlast the deadline; one look is made all the same.
		const isFirst = asked === 0;
		asked += 1;
		const sentAt = clock.elapsed();
		const answer = await needs.look(
			Math.max(restMs + LOOK_AFTER_DEADLINE_MS, isFirst ? FIRST_LOOK_MS : 0),
		);
		if (stop.aborted && !answer.ok) return { end: 'stopped', last };
		if (!answer.ok) {
			hindrance = answer.failure;
			const isKnown = looks > 0 || settings.submittedAt !== undefined;
			// Who asks to be asked less often is there: the deadline alone ends a wait for that.
			const isLimit = hindrance.kind === 'rateLimited' && (isKnown || hindrance.foreign !== true);
			limitsInARow = isLimit ? Math.min(limitsInARow + 1, LIMITS_THAT_SLOW_DOWN) : 0;
			failuresInARow = isLimit ? 0 : failuresInARow + 1;
			const inARow = isLimit ? limitsInARow : failuresInARow;
			const retryMs = lookRetryDelayMs(hindrance, inARow, clock.random(), {
				isKnown,
				mayBeLate: mayBeLate(),
			});
			if (retryMs === null) return { end: 'lost', failure: givenUp(hindrance) };
			delayMs = retryMs;
			continue;
		}
		failuresInARow = 0;
		limitsInARow = 0;
		hindrance = undefined;
		looks += 1;
		roundTripMs = clock.elapsed() - sentAt;
		const task = answer.value;
		needs.seen?.(task);
		if (task.state === 'ended') {
			looksWithoutResults += 1;
			if (task.failure.kind !== 'noVideo' || looksWithoutResults >= LOOKS_FOR_RESULTS)
				return { end: 'failed', failure: task.failure };
			// It is not what was last known of the task: nobody is told 'completed' of a video that is not there.
			delayMs = RESULTS_DELAY_MS * looksWithoutResults;
			continue;
		}
		if (task.state === 'completed') {
			if (settings.fresh !== undefined) needs.ended?.(endedNow());
			const completedAfter = openAt ?? (task.createdSeconds && task.createdSeconds * 1000);
			return { end: 'completed', task, ...(completedAfter !== undefined && { completedAfter }) };
		}
		openMs = ageMs();
		if (task.progress !== last?.progress) progressAtMs = openMs;
		if (!task.progress) idleUntilMs = openMs;
		else if (task.progress > (trail.at(-1)?.[0] ?? 0) && trail.length < LONGEST_TRAIL)
			trail.push([task.progress, openMs]);
		last = task;
		openAt = askedAt;
		delayMs = pace();
	}
}
