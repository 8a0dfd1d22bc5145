/** One look at each of several tasks, a few at a time, with the same patience as a wait. */
import type { EvoLinkClient } from '../evolink/client';
import { type Failure, givenUp } from '../evolink/failure';
import { lookRetryDelayMs } from '../evolink/retry';
import { isYoung } from '../evolink/taskId';
import type { TaskState } from '../evolink/taskState';
import { RESULT_LINK_HOURS } from '../wan/resultLink';
import type { Clock, StopSignal } from './ports';
import { sideBySide } from './sideBySide';

export type TaskLook =
	| { ok: true; taskId: string; task: TaskState }
	| { ok: false; taskId: string; failure: Failure };

interface LookNeeds {
	client: EvoLinkClient;
	clock: Clock;
	stop: StopSignal;
}

const AT_ONCE = 10;
/** A single look is not worth minutes of patience: the user is waiting for an answer. */
const TRIES = 4;
const RESULTS_DELAY_MS = 3_000;

/** Looks at all tasks; the answers come in the order of the IDs. */
export async function lookAt(taskIds: readonly string[], needs: LookNeeds): Promise<TaskLook[]> {
	return await sideBySide(taskIds, AT_ONCE, async (taskId) => await lookOnce(taskId, needs));
}

async function lookOnce(taskId: string, { client, clock, stop }: LookNeeds): Promise<TaskLook> {
	for (let tries = 1; ; tries += 1) {
		const answer = await client.look(taskId);
		const delayMs = answer.ok
			? resultsDelayMs(answer.value)
			: lookRetryDelayMs(answer.failure, tries, clock.random(), {
					mayBeLate: isYoung(taskId, clock.now()),
				});
		if (delayMs === null || tries === TRIES || stop.aborted)
			return answer.ok
				? { ok: true, taskId, task: answer.value }
				: { ok: false, taskId, failure: givenUp(answer.failure) };
		await clock.sleep(delayMs, stop);
	}
}

/** The results of a completed task may be late; null where there is nothing to wait for. */
function resultsDelayMs(task: TaskState): number | null {
	return task.state === 'ended' && task.failure.kind === 'noVideo' ? RESULTS_DELAY_MS : null;
}

/** Wall clock (ms) until which the link of a completed task lives at least: counted from the creation, where that is known. */
export function linkLivesUntil(task: TaskState): number | undefined {
	const livesFrom = task.state === 'completed' ? task.createdSeconds : undefined;
	return livesFrom === undefined ? undefined : livesFrom * 1000 + RESULT_LINK_HOURS * 3_600_000;
}
