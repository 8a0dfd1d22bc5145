/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/**
 * Virtual time for tests of generation/. Sleeping costs nothing: when everyone sleeps, the clock goes to
 * the earliest wake-up, and wakes one sleeper at a time in the order of their sleeps, so runs repeat exactly.
 */
import type { Clock, StopSignal } from '../../nodes/WanVideo/generation/ports';

interface Sleeper {
	untilMs: number;
	stop: StopSignal | undefined;
	wake(): void;
}

interface Appointment {
	atMs: number;
	act(): void;
}

/** A user's Stop that a test can press. */
export class FakeStop implements StopSignal {
	aborted = false;

	press(): void {
		this.aborted = true;
	}
}

/** Nobody may sleep beyond this: a run that does hangs, and says so instead of timing out. */
const LONGEST_RUN_MS = 7 * 24 * 3_600_000;
/** And nobody sleeps so often. */
const MOST_SLEEPS = 20_000;

export class FakeClock implements Clock {
	/** Every sleep that was asked for, in milliseconds and in order. */
	readonly sleeps: number[] = [];
	private elapsedMs = 0;
	private readonly sleepers: Sleeper[] = [];
	private readonly appointments: Appointment[] = [];
	private ticking = false;

	/** `random` is what random() answers; `wallMs` the wall clock at the start. */
	constructor(
		private randomValue = 0.5,
		private wallMs = Date.UTC(2026, 0, 1),
	) {}

	now(): number {
		return this.wallMs + this.elapsedMs;
	}

	elapsed(): number {
		return this.elapsedMs;
	}

	random(): number {
		return this.randomValue;
	}

	/** Time that a call takes, while nobody else moves. */
	spend(ms: number): void {
		this.elapsedMs += ms;
	}

	/** Corrects the wall clock, as a time server or a sleeping laptop would. */
	jumpWall(ms: number): void {
		this.wallMs += ms;
	}

	/** Does something at a moment of the virtual time. */
	at(atMs: number, act: () => void): void {
		this.appointments.push({ atMs, act });
		this.appointments.sort((a, b) => a.atMs - b.atMs);
	}

	async sleep(ms: number, stop?: StopSignal): Promise<void> {
		this.sleeps.push(ms);
		if (ms <= 0 || stop?.aborted === true) return;
		const untilMs = this.elapsedMs + ms;
		if (untilMs > LONGEST_RUN_MS) throw new Error('The run hangs: a week of virtual time is over.');
		if (this.sleeps.length > MOST_SLEEPS) throw new Error('The run hangs: it sleeps for ever.');
		await new Promise<void>((resolve) => {
			this.sleepers.push({ untilMs, stop, wake: resolve });
			this.tick();
		});
	}

	/** After the event loop's turn nobody is left running, as fakes answer within microtasks. */
	private tick(): void {
		if (this.ticking) return;
		this.ticking = true;
		setImmediate(() => {
			this.ticking = false;
			this.advance();
			if (this.sleepers.length > 0) this.tick();
		});
	}

	private advance(): void {
		const stopped = this.sleepers.findIndex(({ stop }) => stop?.aborted === true);
		const next = stopped >= 0 ? stopped : this.earliest();
		if (next < 0) return;
		const { untilMs } = this.sleepers[next];
		const [appointment] = this.appointments;
		if (stopped < 0 && appointment !== undefined && appointment.atMs <= untilMs) {
			this.appointments.shift();
			this.elapsedMs = Math.max(this.elapsedMs, appointment.atMs);
			appointment.act();
			return;
		}
		if (stopped < 0) this.elapsedMs = Math.max(this.elapsedMs, untilMs);
		const [sleeper] = this.sleepers.splice(next, 1);
		sleeper.wake();
	}

	private earliest(): number {
		let found = -1;
		this.sleepers.forEach(({ untilMs }, index) => {
			if (found < 0 || untilMs < this.sleepers[found].untilMs) found = index;
		});
		return found;
	}
}
