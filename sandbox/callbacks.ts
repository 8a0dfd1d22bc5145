// Tells a task's callback URL that the task has ended: a POST of what a look would show, 10 s to
// answer, and after a failure again after 1, 2 and 4 seconds of the sandbox's clock.

import type { Clock } from './clock';
import { CALLBACKS } from './contract';
import type { Fault } from './faults';
import type { JsonRecord } from './json';

export interface CallbackAttempt {
	readonly at: number;
	readonly taskId: string;
	readonly url: string;
	/** From 1 to 4. */
	readonly attempt: number;
	/** Status of the receiver; undefined when there was no answer. */
	readonly status: number | undefined;
}

export class Callbacks {
	attempts: CallbackAttempt[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly timeoutMs: () => number,
		private readonly takeFault: (taskId: string, url: string) => Fault | undefined,
	) {}

	/** Makes the first attempt now; resolves after it, later ones follow the clock. */
	async send(taskId: string, url: string, body: () => JsonRecord): Promise<void> {
		await this.#attempt(taskId, url, body, 1);
	}

	async #attempt(
		taskId: string,
		url: string,
		body: () => JsonRecord,
		attempt: number,
	): Promise<void> {
		const at = this.clock.now();
		const status = await this.#post(taskId, url, body);
		this.attempts.push({ at, taskId, url, attempt, status });
		if (status !== undefined && status >= 200 && status < 300) return;
		const delayMs = CALLBACKS.retryDelaysMs.value[attempt - 1];
		if (delayMs === undefined) return;
		this.clock.at(this.clock.now() + delayMs, () => this.#attempt(taskId, url, body, attempt + 1));
	}

	async #post(taskId: string, url: string, body: () => JsonRecord): Promise<number | undefined> {
		const fault = this.takeFault(taskId, url);
		if (fault !== undefined && fault.kind !== 'lostReply') {
			// Nothing is sent: to the sender every such fault looks like a failed attempt.
			return fault.kind === 'status' ? fault.status : undefined;
		}
		try {
			const response = await fetch(url, {
				method: CALLBACKS.method.value,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body()),
				redirect: 'manual',
				signal: AbortSignal.timeout(this.timeoutMs()),
			});
			await response.arrayBuffer();
			// lostReply: the receiver got it, but the sender does not know and sends it again.
			return fault === undefined ? response.status : undefined;
		} catch {
			return undefined;
		}
	}
}
