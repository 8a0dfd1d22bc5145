/**
 * One slow-down for all looks of a run: when EvoLink turns one look away (429), no look of the run
 * reaches it until that is over. A look made meanwhile is answered at once with the time that is left,
 * so that each wait sleeps by itself and keeps its own deadline, Stop and pause.
 */
import type { Answer, EvoLinkClient } from '../evolink/client';
import type { Failure } from '../evolink/failure';
import { askedOfLooksMs, LIMITS_THAT_SLOW_DOWN, lookRetryDelayMs } from '../evolink/retry';
import type { TaskState } from '../evolink/taskState';
import type { Clock, StopSignal } from './ports';

/** Between two looks of those that stood in line: twenty tasks are looked at within five seconds. */
const SPACING_MS = 250;

/** While there is one, nobody knows whether EvoLink answers again. */
interface Hold {
	/** On the growing clock. */
	untilMs: number;
	rejection: Failure;
}

/** The same client; only `look` is slowed down. One per run of the node. Submits have a queue of their own. */
export function sharedSlowdown(
	client: EvoLinkClient,
	clock: Clock,
	stop: StopSignal,
): EvoLinkClient {
	let hold: Hold | undefined;
	let lastHold: Hold | undefined;
	let rejectionsInARow = 0;
	let line: Promise<void> = Promise.resolve();
	let inLine = 0;

	function holdAfter(rejection: Failure): Hold {
		const askedMs = askedOfLooksMs(rejection);
		const rejections = Math.min(rejectionsInARow, LIMITS_THAT_SLOW_DOWN);
		const ownMs = lookRetryDelayMs(rejection, rejections, clock.random()) ?? 0;
		const untilMs = clock.elapsed() + (askedMs > 0 ? askedMs : ownMs);
		return { untilMs: Math.max(untilMs, hold?.untilMs ?? 0), rejection };
	}

	/** Its wait sleeps for what is asked for here, and therefore not less than the hold lasts. */
	function turnedAway(taskId: string, { untilMs, rejection }: Hold): Answer<TaskState> {
		const retryAfterMs = Math.max(1, untilMs - clock.elapsed());
		return { ok: false, failure: { ...rejection, taskId, retryAfterMs } };
	}

	async function send(taskId: string, withinMs?: number): Promise<Answer<TaskState>> {
		const before = hold;
		const answer = await client.look(taskId, withinMs);
		if (!answer.ok && answer.failure.kind === 'rateLimited') {
			// Of looks that were under way together, only the first one makes the delay grow.
			if (hold === before) rejectionsInARow += 1;
			hold = holdAfter(answer.failure);
			lastHold = hold;
			return turnedAway(taskId, hold);
		}
		if (hold !== before) return answer;
		hold = undefined;
		rejectionsInARow = 0;
		return answer;
	}

	/** The first look after a hold is alone until it is answered; the others start one after the other. */
	async function sendInTurn(taskId: string, withinMs?: number): Promise<Answer<TaskState>> {
		const turn = line;
		let leave: () => void = () => undefined;
		line = new Promise((resolve) => (leave = resolve));
		inLine += 1;
		const next = () => {
			inLine -= 1;
			leave();
		};
		await turn;
		const held = hold;
		const refusal = stop.aborted ? lastHold : held;
		if (refusal !== undefined && (stop.aborted || clock.elapsed() < refusal.untilMs)) {
			next();
			return turnedAway(taskId, refusal);
		}
		const answer = send(taskId, withinMs);
		if (held !== undefined) return await answer.finally(next);
		// Whoever is last in line keeps nobody waiting.
		if (inLine === 1) next();
		else void clock.sleep(SPACING_MS, stop).then(next, next);
		return await answer;
	}

	return {
		submit: async (body, key) => await client.submit(body, key),
		credits: async () => await client.credits(),
		look: async (taskId, withinMs) =>
			hold === undefined && inLine === 0
				? await send(taskId, withinMs)
				: await sendInTurn(taskId, withinMs),
	};
}
