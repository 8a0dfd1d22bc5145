/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The sandbox's clock. In real mode it is the wall clock plus an offset; in manual mode it only
// moves when told to. Whatever is timed (task progress, expiry, callback retries) asks this clock,
// so a test can pass a day in a millisecond and still see everything happen in its order.

export type ClockMode = 'real' | 'manual';
type Timer = { dueMs: number; run: () => void | Promise<void>; real?: NodeJS.Timeout };

/** The longest delay that setTimeout takes; longer timers are armed again. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export class Clock {
	#mode: ClockMode;
	#offsetMs = 0;
	#frozenMs: number;
	#timers: Timer[] = [];
	/** Advances run one after the other, so that two callers cannot overtake each other. */
	#advancing: Promise<void> = Promise.resolve();

	constructor(mode: ClockMode = 'real') {
		this.#mode = mode;
		this.#frozenMs = Date.now();
	}

	get mode(): ClockMode {
		return this.#mode;
	}

	/** Milliseconds since 1970 on this clock. */
	now(): number {
		return this.#mode === 'manual' ? this.#frozenMs : Date.now() + this.#offsetMs;
	}

	/** Switches between real and manual without a jump in time. */
	setMode(mode: ClockMode): void {
		if (mode === this.#mode) return;
		const nowMs = this.now();
		this.#mode = mode;
		this.#frozenMs = nowMs;
		this.#offsetMs = nowMs - Date.now();
		for (const timer of this.#timers) this.#arm(timer);
	}

	/** Runs `run` at `dueMs`; the returned function takes it back. */
	at(dueMs: number, run: () => void | Promise<void>): () => void {
		const timer: Timer = { dueMs, run };
		this.#timers.push(timer);
		this.#arm(timer);
		return () => this.#drop(timer);
	}

	/**
	 * Moves the clock forward and runs what falls due on the way, each at its own time and in
	 * order; resolves when all of it has finished, including what it scheduled in turn.
	 */
	advance(byMs: number): Promise<void> {
		if (!(byMs >= 0)) throw new RangeError('a clock only moves forward');
		const turn = this.#advancing.then(() => this.#advanceTo(this.now() + byMs));
		this.#advancing = turn.catch(() => undefined);
		return turn;
	}

	/** Forgets all timers. */
	clear(): void {
		for (const timer of [...this.#timers]) this.#drop(timer);
	}

	async #advanceTo(targetMs: number): Promise<void> {
		for (;;) {
			const next = this.#timers
				.filter((timer) => timer.dueMs <= targetMs)
				.sort((a, b) => a.dueMs - b.dueMs)[0];
			if (next === undefined) break;
			this.#drop(next);
			this.#moveTo(next.dueMs);
			await next.run();
		}
		this.#moveTo(targetMs);
		for (const timer of this.#timers) this.#arm(timer);
	}

	#moveTo(timeMs: number): void {
		const missingMs = timeMs - this.now();
		if (missingMs <= 0) return;
		if (this.#mode === 'manual') this.#frozenMs = timeMs;
		else this.#offsetMs += missingMs;
	}

	#arm(timer: Timer): void {
		clearTimeout(timer.real);
		if (this.#mode === 'manual') return;
		const delayMs = Math.min(Math.max(timer.dueMs - this.now(), 0), LONGEST_TIMEOUT_MS);
		timer.real = setTimeout(() => {
			if (this.now() < timer.dueMs) return this.#arm(timer);
			this.#drop(timer);
			void timer.run();
		}, delayMs);
		timer.real.unref();
	}

	#drop(timer: Timer): void {
		clearTimeout(timer.real);
		this.#timers = this.#timers.filter((other) => other !== timer);
	}
}
