/**
 * How many submits of a run may be under way at once, and when the next one may go. The first goes alone:
 * it finds a wrong key or empty credits before a second one is sent. Each that is accepted opens the window
 * further, a 429 halves it, and one Retry-After holds for all. How far apart they go, and what a gateway lets
 * through in its time, is the pace's business (pace.ts).
 */
import type { Failure } from '../evolink/failure';
import { refusesForLongMs, submitRetryDelayMs } from '../evolink/retry';
import { type Pace, paceOf } from './pace';
import type { Clock, StopSignal } from './ports';

/** Submits under way at once. What is under way at a Stop gets its answer, so it is also how many that can be. */
export const SUBMITS_AT_ONCE = 8;
/** Of each submit that is accepted while nothing speaks against it: three times as many in the next round. */
const OPENS_BY = 2;
/** Without a Retry-After the delay grows with each 429 in a row, up to this many. */
const GROWS_UNTIL = 5;

export type Leaving =
	| { end: 'accepted' }
	/** Turned away, and it may be sent again. */
	| { end: 'turnedAway'; failure: Failure }
	/** Any other answer, or nothing was sent at all. */
	| { end: 'other' };

/** A place in the window. It must be left exactly once. */
export interface Place {
	/** Whether EvoLink has asked for a rest since this was entered. */
	isLate(): boolean;
	leave(how: Leaving): void;
}

export interface Window {
	/** Waits for a place, in the order of asking; who was turned away comes first. Nothing after a Stop. */
	enter(isAgain: boolean): Promise<Place | undefined>;
	/** Set while EvoLink asks for a rest that nobody waits for. */
	closedBy(): Failure | undefined;
}

/** One per run of the node. */
export function windowOf(clock: Clock, stop: StopSignal): Window {
	const line: Array<(place: Place | undefined) => void> = [];
	const pace: Pace = paceOf();
	let size = 1;
	let opensFastTo = SUBMITS_AT_ONCE;
	let inFlight = 0;
	/** One at a time: at the beginning, and after a rest, until one is accepted. */
	let isTrying = true;
	let sentAtMs = -Infinity;
	let heldUntilMs = -Infinity;
	/** Counts the rests, so that those who were under way together make only one of it. */
	let rests = 0;
	let rejectionsInARow = 0;
	let wakesAtMs = Infinity;
	let closed: { untilMs: number; failure: Failure } | undefined;

	function admit(): void {
		while (line.length > 0) {
			if (stop.aborted) {
				for (const resolve of line.splice(0)) resolve(undefined);
				return;
			}
			if (inFlight >= (isTrying ? 1 : Math.floor(size))) return;
			const nowMs = clock.elapsed();
			const readyMs = Math.max(
				heldUntilMs,
				inFlight === 0 ? -Infinity : sentAtMs + pace.gapMs(),
				pace.readyMs(nowMs, inFlight),
			);
			if (readyMs > nowMs) {
				wakeAt(readyMs, nowMs);
				return;
			}
			inFlight += 1;
			sentAtMs = nowMs;
			pace.sent(nowMs);
			line.shift()?.(newPlace());
		}
	}

	/** Nobody but an answer wakes who waits for one. */
	function wakeAt(atMs: number, nowMs: number): void {
		if (atMs >= wakesAtMs || atMs === Infinity) return;
		wakesAtMs = atMs;
		const awake = () => {
			if (wakesAtMs === atMs) wakesAtMs = Infinity;
			admit();
		};
		// A clock that fails lets them go: EvoLink says no again if it must.
		void clock.sleep(atMs - nowMs, stop).then(awake, awake);
	}

	function newPlace(): Place {
		const restsBefore = rests;
		const enteredMs = clock.elapsed();
		return {
			isLate: () => rests !== restsBefore,
			leave(how) {
				inFlight -= 1;
				if (how.end === 'accepted') accepted(enteredMs);
				if (how.end === 'turnedAway') turnedAway(how.failure, rests === restsBefore);
				admit();
			},
		};
	}

	function accepted(enteredMs: number): void {
		pace.accepted(clock.elapsed(), enteredMs);
		// One that was under way when the rest began says nothing about what comes after it.
		if (clock.elapsed() < heldUntilMs) return;
		rejectionsInARow = 0;
		isTrying = false;
		size += size < opensFastTo ? OPENS_BY : 1 / size;
		size = Math.min(SUBMITS_AT_ONCE, size);
	}

	function turnedAway(failure: Failure, isFirst: boolean): void {
		const nowMs = clock.elapsed();
		const longMs = refusesForLongMs(failure);
		if (longMs !== undefined) closed = { untilMs: nowMs + longMs, failure };
		if (isFirst) {
			rests += 1;
			rejectionsInARow += 1;
			opensFastTo = Math.max(1, Math.floor(size / 2));
			size = opensFastTo;
			isTrying = true;
		}
		const rejections = Math.min(rejectionsInARow, GROWS_UNTIL);
		const ownMs = submitRetryDelayMs(failure, rejections, clock.random()) ?? 0;
		heldUntilMs = Math.max(heldUntilMs, nowMs + ownMs);
		if (failure.kind !== 'rateLimited') return;
		const isAsked = failure.retryAfterMs !== undefined;
		heldUntilMs = pace.turnedAway({ nowMs, heldUntilMs, isAsked, isFirst });
	}

	return {
		async enter(isAgain) {
			return await new Promise((resolve) => {
				if (isAgain) line.unshift(resolve);
				else line.push(resolve);
				admit();
			});
		},
		closedBy() {
			if (closed === undefined) return undefined;
			const retryAfterMs = closed.untilMs - clock.elapsed();
			return retryAfterMs > 0 ? { ...closed.failure, retryAfterMs } : undefined;
		},
	};
}
