/**
 * The paid POST. It is sent again only when it certainly cost nothing; an unknown outcome ends here.
 * Submits of a run go out one by one: at a Stop at most one is under way, and one slow-down serves all.
 */
import type { EvoLinkClient, SubmitAnswer } from '../evolink/client';
import type { Failure } from '../evolink/failure';
import { submitRetryDelayMs } from '../evolink/retry';
import type { GenerationBody } from '../evolink/wire';
import type { JournalEvent } from './journal';
import type { Clock, StopSignal } from './ports';

export type SubmitOutcome =
	| {
			end: 'accepted';
			taskId: string;
			task: Extract<SubmitAnswer, { outcome: 'accepted' }>['task'];
	  }
	| { end: 'failed'; failure: Failure }
	| { end: 'stopped' };

export interface Submission {
	body: GenerationBody;
	/** Becomes the body's callback address, unless it has one. */
	wakeUrl?: string;
	request: string;
	intent: string;
	executionId: string;
	/** The key of an entry whose POST was turned away; else a new one is made. */
	key: string;
	newKey(): string;
	/** Writes to the journal at once. */
	record(event: JournalEvent): void;
}

export interface Submitter {
	submit(submission: Submission): Promise<SubmitOutcome>;
}

/** One per run of the node. `failed` is called before the next submit has its turn. */
export function submitter(
	client: EvoLinkClient,
	clock: Clock,
	stop: StopSignal,
	failed: () => void,
): Submitter {
	let queue: Promise<unknown> = Promise.resolve();
	/** A refusal that no other item of the run can escape, as it is about the key. */
	let keyRefused: Failure | undefined;
	/** A callback address that EvoLink does not take, e.g. a local one, is no reason not to make a video. */
	let wakesRefused = false;

	async function send(submission: Submission): Promise<SubmitOutcome> {
		const { request, intent, executionId, wakeUrl } = submission;
		let { key } = submission;
		const canWake =
			wakeUrl !== undefined && submission.body.callback_url === undefined && !wakesRefused;
		let wakes = canWake;
		for (let tries = 1; ; tries += 1) {
			if (stop.aborted) return { end: 'stopped' };
			if (keyRefused !== undefined) return { end: 'failed', failure: keyRefused };
			submission.record({ type: 'submitting', request, intent, key, executionId });
			const body = { ...submission.body, ...(wakes && { callback_url: wakeUrl }) };
			const answer = await client.submit(body, key);
			switch (answer.outcome) {
				case 'accepted': {
					const { taskId, task } = answer;
					const { creditsReserved } = task;
					wakesRefused ||= canWake && !wakes;
					submission.record({
						type: 'accepted',
						taskId,
						submittedAt: clock.now(),
						...(creditsReserved !== undefined && { creditsReserved }),
					});
					return { end: 'accepted', taskId, task };
				}
				case 'unknown':
					submission.record({ type: 'unclear', failure: { ...answer.failure } });
					return { end: 'failed', failure: answer.failure };
				case 'refused': {
					submission.record({ type: 'refused' });
					const { failure } = answer;
					if (failure.kind === 'unauthorized' || failure.kind === 'modelNotAllowed')
						keyRefused = failure;
					if (failure.kind === 'invalidRequest' && wakes) {
						wakes = false;
						// One key never stands for two bodies.
						key = submission.newKey();
						continue;
					}
					const delayMs = submitRetryDelayMs(failure, tries, clock.random());
					if (delayMs === null) return { end: 'failed', failure };
					await clock.sleep(delayMs, stop);
				}
			}
		}
	}

	return {
		async submit(submission) {
			const turn = queue.then(async () => {
				const outcome = await send(submission);
				if (outcome.end === 'failed') failed();
				return outcome;
			});
			queue = turn.catch(() => undefined);
			return await turn;
		},
	};
}
