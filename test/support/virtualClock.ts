/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// A clock for the node inside n8n's engine: what sleeps on it wakes as soon as everybody sleeps,
// and the sandbox's clock is taken along. Hours pass in milliseconds, in the right order.

import { performance } from 'node:perf_hooks';

import type { Clock, StopSignal } from '../../nodes/WanVideo/generation/ports';

interface Sleeper {
	dueMs: number;
	stop?: StopSignal;
	wake: () => void;
}

/** Real milliseconds without a new sleeper after which all count as asleep: longer than a request on loopback takes. */
const QUIET_MS = 3;
/** And so many turns of the event loop, as a busy machine lets milliseconds pass in which nobody had a turn. */
const QUIET_TURNS = 4;
/** As the real clock: a stop is noticed after this long at the latest. */
const STOP_SLICE_MS = 500;

export class VirtualClock implements Clock {
	#nowMs: number;
	#sleepers: Sleeper[] = [];
	#lastChange = performance.now();
	#quietTurns = 0;
	#timer: NodeJS.Timeout | undefined;
	#random: () => number;

	/**
	 * `advance` moves the other clocks along. While `busy`, somebody is awake and time stands still.
	 */
	constructor(
		startMs: number,
		private readonly advance: (ms: number) => Promise<void> | void,
		private readonly busy: () => boolean,
		random: () => number = () => 0.5,
	) {
		this.#nowMs = startMs;
		this.#random = random;
	}

	now(): number {
		return this.#nowMs;
	}

	elapsed(): number {
		return this.#nowMs;
	}

	random(): number {
		return this.#random();
	}

	async sleep(ms: number, stop?: StopSignal): Promise<void> {
		if (ms <= 0 || stop?.aborted === true) return;
		const dueMs = this.#nowMs + ms;
		await new Promise<void>((wake) => {
			this.#sleepers.push({ dueMs, wake, ...(stop && { stop }) });
			this.#changed();
		});
	}

	/** Lets time pass in which nobody is awake, e.g. a pause. */
	async pass(ms: number): Promise<void> {
		this.#nowMs += ms;
		await this.advance(ms);
	}

	/** Tells the clock that something happened, e.g. a stop, so that sleepers are looked at again. */
	poke(): void {
		this.#changed();
	}

	#changed(): void {
		this.#lastChange = performance.now();
		this.#quietTurns = 0;
		if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#tick(), QUIET_MS);
	}

	async #tick(): Promise<void> {
		this.#timer = undefined;
		if (this.#sleepers.length === 0) return;
		if (this.busy()) {
			this.#lastChange = performance.now();
			this.#quietTurns = 0;
		}
		this.#quietTurns += 1;
		const isQuiet = performance.now() - this.#lastChange >= QUIET_MS - 1;
		if (!isQuiet || this.#quietTurns < QUIET_TURNS) {
			this.#timer = setTimeout(() => void this.#tick(), 1);
			return;
		}
		const next = Math.min(
			...this.#sleepers.map(({ dueMs, stop }) =>
				stop?.aborted ? Math.min(dueMs, this.#nowMs + STOP_SLICE_MS) : dueMs,
			),
		);
		const byMs = Math.max(0, next - this.#nowMs);
		this.#nowMs += byMs;
		await this.advance(byMs);
		const awake = this.#sleepers.filter(
			({ dueMs, stop }) => dueMs <= this.#nowMs || stop?.aborted === true,
		);
		this.#sleepers = this.#sleepers.filter((sleeper) => !awake.includes(sleeper));
		for (const { wake } of awake) wake();
		if (this.#sleepers.length > 0) this.#changed();
	}
}
