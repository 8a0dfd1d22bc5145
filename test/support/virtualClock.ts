/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// A clock for the node inside n8n's engine: what sleeps on it wakes as soon as everybody sleeps,
// and the sandbox's clock is taken along. Hours pass in milliseconds, in the right order.

import type { Clock, StopSignal } from '../../nodes/WanVideo/generation/ports';

interface Sleeper {
	dueMs: number;
	stop?: StopSignal;
	wake: () => void;
}

/** Turns of the event loop in which nobody was busy and nobody fell asleep, after which all count as asleep. */
const QUIET_TURNS = 8;
/** How long somebody busy is left alone: the loop must not turn for nothing while it does its work. */
const BUSY_MS = 1;
/** As the real clock: a stop is noticed after this long at the latest. */
const STOP_SLICE_MS = 500;

export class VirtualClock implements Clock {
	#nowMs: number;
	#sleepers: Sleeper[] = [];
	#quietTurns = 0;
	#isTicking = false;
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
		this.#quietTurns = 0;
		if (this.#isTicking) return;
		this.#isTicking = true;
		setImmediate(() => void this.#tick());
	}

	async #tick(): Promise<void> {
		if (this.busy()) {
			this.#quietTurns = 0;
			setTimeout(() => void this.#tick(), BUSY_MS);
			return;
		}
		this.#quietTurns += 1;
		if (this.#quietTurns < QUIET_TURNS) {
			setImmediate(() => void this.#tick());
			return;
		}
		this.#isTicking = false;
		if (this.#sleepers.length === 0) return;
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
