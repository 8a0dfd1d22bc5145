/**
 * The paid POST. It is sent again only when it certainly cost nothing; an unknown outcome ends here.
 * How many go out at once, and when, is the window's business (window.ts).
 */
import type { EvoLinkClient, SubmitAnswer } from '../evolink/client';
import type { Failure } from '../evolink/failure';
import { isWorthWaiting, submitRetryDelayMs } from '../evolink/retry';
import type { GenerationBody } from '../evolink/wire';
import type { Lost } from './claimNames';
import type { JournalEvent } from './journal';
import type { Clock, StopSignal } from './ports';
import { type Leaving, type Place, windowOf } from './window';

export type SubmitOutcome =
	| {
			end: 'accepted';
			taskId: string;
			task: Extract<SubmitAnswer, { outcome: 'accepted' }>['task'];
	  }
	| { end: 'failed'; failure: Failure }
	/** A run that n8n lost had submitted it, or was about to. */
	| { end: 'lost'; lost: Lost }
	/** Another run of this very execution has submitted it. */
	| { end: 'overtaken' }
	| { end: 'stopped' };

export interface Submission {
	body: GenerationBody;
	/** Becomes the body's callback address, unless it has one. */
	wakeUrl?: string;
	requestHash: string;
	intent: string;
	executionId: string;
	/** The key of an entry whose POST was turned away; else a new one is made. */
	key: string;
	newKey(): string;
	/** Writes to the journal at once. */
	record(event: JournalEvent): void;
	/** Tells the second witness, unless another run of this execution has submitted it; says what a lost run has told it. */
	claim?(): Promise<Lost | 'overtaken' | undefined>;
	/** Whether another run of this execution has submitted it since it was claimed; asked with nothing awaited until the POST. */
	isOvertaken?(): boolean;
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
	const window = windowOf(clock, stop);
	/** A refusal that no other item of the run can escape, as it is about the key. */
	let keyRefused: Failure | undefined;
	/** The same for a model that the key may not use: by the model's ID. */
	const modelsRefused = new Map<string, Failure>();
	/** A callback address that EvoLink does not take, e.g. a local one, is no reason not to make a video. */
	let wakesRefused = false;
	let wakesTaken = false;
	let wakeTrial: Promise<void> | undefined;

	async function send(submission: Submission, how: Attempt, place: Place): Promise<Sent> {
		const { model } = submission.body;
		const refusal = keyRefused ?? modelsRefused.get(model) ?? window.closedBy();
		let leaving: Leaving = { end: 'other' };
		try {
			if (stop.aborted) return { end: 'stopped' };
			if (refusal !== undefined) return ended(refusal);
			const lost = await submission.claim?.();
			if (lost === 'overtaken') return { end: 'overtaken' };
			if (lost !== undefined) return { end: 'lost', lost };
			const { answer, isWithoutWake } = await post(submission, how, place);
			if (answer === undefined) return stop.aborted ? { end: 'stopped' } : { again: how };
			if (answer.outcome === 'accepted') {
				leaving = { end: 'accepted' };
				return accepted(submission, answer);
			}
			const { failure } = answer;
			if (answer.outcome === 'unknown') {
				submission.record({ type: 'unclear', failure: { ...failure } });
				return ended(failure);
			}
			submission.record({ type: 'refused' });
			if (failure.kind === 'unauthorized') keyRefused = failure;
			if (failure.kind === 'modelNotAllowed') modelsRefused.set(model, failure);
			if (isWorthWaiting(failure)) leaving = { end: 'turnedAway', failure };
			const isLast = submitRetryDelayMs(failure, how.tries, 0) === null;
			const again = { ...how, isWithoutWake, tries: how.tries + 1 };
			return isLast ? ended(failure) : { again };
		} finally {
			place.leave(leaving);
		}
	}

	/** The POST itself; without the address that wakes the execution where EvoLink does not take it. */
	async function post(
		submission: Submission,
		how: Attempt,
		place: Place,
	): Promise<{ answer?: SubmitAnswer; isWithoutWake: boolean }> {
		const { requestHash, intent, executionId, wakeUrl } = submission;
		const mayWake = wakeUrl !== undefined && submission.body.callback_url === undefined;
		// One finds out for all whether it is taken.
		if (mayWake && !wakesTaken) await wakeTrial;
		const wakes = mayWake && !wakesRefused && !how.isWithoutWake;
		let endTrial: () => void = () => undefined;
		if (wakes && !wakesTaken) wakeTrial = new Promise((resolve) => (endTrial = resolve));
		try {
			// A Stop may have come meanwhile, or a 429. From here to the journal nothing is awaited.
			if (stop.aborted || place.isLate() || submission.isOvertaken?.() === true)
				return { isWithoutWake: how.isWithoutWake };
			const sendOnce = async (key: string, more: Pick<GenerationBody, 'callback_url'>) => {
				submission.record({ type: 'submitting', request: requestHash, intent, key, executionId });
				return await client.submit({ ...submission.body, ...more }, key);
			};
			const answer = await sendOnce(how.key, wakes ? { callback_url: wakeUrl } : {});
			wakesTaken ||= wakes && answer.outcome === 'accepted';
			const isBlamed =
				wakes && answer.outcome === 'refused' && answer.failure.kind === 'invalidRequest';
			if (!isBlamed || stop.aborted) return { answer, isWithoutWake: how.isWithoutWake };
			submission.record({ type: 'refused' });
			// One key never stands for two bodies.
			const plain = await sendOnce((how.key = submission.newKey()), {});
			wakesRefused ||= plain.outcome === 'accepted';
			return { answer: plain, isWithoutWake: true };
		} finally {
			endTrial();
		}
	}

	/** Before the place is left: what ends the run lets nobody in any more. */
	function ended(failure: Failure): SubmitOutcome {
		failed();
		return { end: 'failed', failure };
	}

	function accepted(
		submission: Submission,
		{ taskId, task }: Extract<SubmitAnswer, { outcome: 'accepted' }>,
	): SubmitOutcome {
		const { creditsReserved } = task;
		submission.record({
			type: 'accepted',
			taskId,
			submittedAt: clock.now(),
			...(creditsReserved !== undefined && { creditsReserved }),
		});
		return { end: 'accepted', taskId, task };
	}

	return {
		async submit(submission) {
			let how: Attempt = { tries: 1, key: submission.key, isWithoutWake: false };
			for (let isAgain = false; ; isAgain = true) {
				const place = await window.enter(isAgain);
				if (place === undefined) return { end: 'stopped' };
				const sent = await send(submission, how, place);
				if ('end' in sent) return sent;
				how = sent.again;
			}
		},
	};
}

interface Attempt {
	/** The one to come included. */
	tries: number;
	key: string;
	/** Whether EvoLink has turned this request down with an address to call. */
	isWithoutWake: boolean;
}

type Sent = SubmitOutcome | { again: Attempt };
