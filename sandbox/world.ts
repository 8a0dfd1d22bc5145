// The tasks of the sandbox: each is created with a plan for its end, moves through its states as
// the clock moves, and is settled exactly once. A step that the contract does not allow throws.

import type { Accounts, ApiKey } from './accounts';
import type { Clock } from './clock';
import { EXPIRY, price, type Seconds, TASK_STATES, type TaskState } from './contract';
import type { JsonRecord } from './json';
import { progressAt, type ProgressCurve, seededRandom } from './progress';
import type { Submission } from './submission';
import type { Switches } from './switches';

export interface TaskFailure {
	readonly code: string;
	readonly message: string;
}
/** How a task ends. */
export type Ending = { state: 'completed' | 'cancelled' } | { state: 'failed'; error: TaskFailure };
/** A finished video on disk. */
export interface VideoFile {
	readonly path: string;
	readonly bytes: number;
	readonly etag: string;
	readonly durationSeconds: number;
}

export interface Task {
	readonly id: string;
	readonly key: ApiKey;
	readonly createdMs: number;
	readonly body: JsonRecord;
	readonly submission: Submission;
	readonly idempotencyKey: string | undefined;
	readonly startMs: number;
	readonly dueMs: number;
	readonly reserved: number;
	/** Seconds that are charged for when the video is made. */
	readonly made: Seconds;
	readonly video: Promise<VideoFile>;
	ending: Ending;
	charged: number;
	state: TaskState;
	endedMs?: number;
	file?: VideoFile;
	link: { token: string; expiresMs: number };
	deadTokens: string[];
	replyLost: boolean;
}

export interface WorldOptions {
	readonly taskSeconds: number | { readonly min: number; readonly max: number };
	readonly progress: ProgressCurve;
	readonly seed: number;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** A task is pending for a tenth of its time, at most this long. */
const LONGEST_PENDING_MS = 3_000;

export class World {
	#tasks: Task[] = [];
	#byId = new Map<string, Task>();
	#random: () => number;

	constructor(
		private readonly clock: Clock,
		private readonly accounts: Accounts,
		private readonly switches: Switches,
		private readonly options: WorldOptions,
		private readonly onEnd: (task: Task) => Promise<void>,
	) {
		this.#random = seededRandom(options.seed);
	}

	/** Creates a task, reserves its credits and sets it running. */
	create(
		given: Pick<
			Task,
			'key' | 'body' | 'submission' | 'idempotencyKey' | 'video' | 'ending' | 'made'
		> & { readonly reserve: Seconds },
	): Task {
		const nowMs = this.clock.now();
		const runMs = this.#runMs();
		const { model, quality } = given.submission;
		const reserved = price(model, given.reserve, quality);
		this.accounts.reserve(given.key, reserved);
		const task: Task = {
			...given,
			id: `task-unified-${Math.floor(nowMs / 1000)}-${this.#token(8)}`,
			createdMs: nowMs,
			startMs: nowMs + Math.min(runMs / 10, LONGEST_PENDING_MS),
			dueMs: nowMs + runMs,
			reserved,
			charged: 0,
			state: 'pending',
			link: { token: this.#token(16), expiresMs: Infinity },
			deadTokens: [],
			replyLost: false,
		};
		this.#tasks.push(task);
		this.#byId.set(task.id, task);
		const settle = (): Promise<void> => this.refresh(task);
		given.video.then(
			(file) => {
				task.file = file;
				if (this.clock.mode === 'real') void settle();
			},
			(error: Error) => {
				task.ending = {
					state: 'failed',
					error: {
						code: 'service_error',
						message: `The sandbox could not render: ${error.message}`,
					},
				};
				if (this.clock.mode === 'real') void settle();
			},
		);
		this.clock.at(task.dueMs, settle);
		return task;
	}

	/** All tasks, oldest first, in the states they have now. */
	get tasks(): readonly Task[] {
		for (const task of this.#tasks) this.#begin(task);
		return this.#tasks;
	}

	find(id: string): Task | undefined {
		const task = this.#byId.get(id);
		const keptMs = this.switches.taskRetentionHours * 3_600_000;
		const gone = keptMs > 0 && (task?.endedMs ?? Infinity) + keptMs <= this.clock.now();
		return gone ? undefined : task;
	}

	/** Unfinished tasks of an account. */
	inFlight(key: ApiKey): number {
		return this.#tasks.filter(
			(task) => task.key.account === key.account && !TASK_STATES[task.state].final,
		).length;
	}

	/**
	 * Brings a task's state up to the clock. With the manual clock this waits for the video; with
	 * the real one the task stays at processing until the video is there.
	 */
	async refresh(task: Task): Promise<void> {
		this.#begin(task);
		if (TASK_STATES[task.state].final || this.clock.now() < task.dueMs) return;
		if (task.ending.state === 'completed' && task.file === undefined) {
			if (this.clock.mode === 'real') return;
			await task.video.catch(() => undefined);
		}
		if (!TASK_STATES[task.state].final) await this.end(task, task.ending);
	}

	/** Ends a task now, whatever it was planned to become; settles it and tells the listener. */
	async end(task: Task, ending: Ending): Promise<void> {
		this.#move(task, ending.state);
		task.ending = ending;
		task.endedMs = this.clock.now();
		task.link.expiresMs = task.endedMs + EXPIRY.resultLinkMs.value;
		if (ending.state === 'completed') {
			const { model, quality } = task.submission;
			task.charged = price(model, task.made, quality);
		}
		this.accounts.settle(task.key, task.reserved, task.charged);
		await this.onEnd(task);
	}

	/** Progress as a look shows it. */
	progress(task: Task): number {
		if (task.state === 'completed') return 100;
		if (task.state !== 'processing') return 0;
		const nowMs = this.clock.now();
		if (nowMs >= task.dueMs) return 99;
		const fraction = (nowMs - task.startMs) / (task.dueMs - task.startMs);
		return progressAt(this.options.progress, fraction);
	}

	/** Kills the link of a task; its next look has a new one. */
	expireLink(task: Task): void {
		task.deadTokens.push(task.link.token);
		task.link = { token: this.#token(16), expiresMs: task.link.expiresMs };
	}

	/** The token of the link that a look shows now. */
	linkToken(task: Task): string {
		if (this.clock.now() >= task.link.expiresMs && this.switches.linkAfterExpiry === 'renewed') {
			task.deadTokens.push(task.link.token);
			const expiresMs = this.clock.now() + EXPIRY.resultLinkMs.value;
			task.link = { token: this.#token(16), expiresMs };
		}
		return task.link.token;
	}

	/** A pending task whose time has come is processing. */
	#begin(task: Task): void {
		if (task.state === 'pending' && this.clock.now() >= task.startMs)
			this.#move(task, 'processing');
	}

	#move(task: Task, next: TaskState): void {
		if (!TASK_STATES[task.state].next.includes(next)) {
			throw new Error(`${task.id} cannot go from ${task.state} to ${next}`);
		}
		task.state = next;
	}

	#runMs(): number {
		const { taskSeconds } = this.options;
		if (typeof taskSeconds === 'number') return taskSeconds * 1000;
		return (taskSeconds.min + this.#random() * (taskSeconds.max - taskSeconds.min)) * 1000;
	}

	#token(length: number): string {
		return Array.from({ length }, () => LETTERS[Math.floor(this.#random() * 36)]).join('');
	}
}
