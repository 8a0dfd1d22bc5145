/** What a task's answer means: still running, ended well, ended badly. An unknown status is running, never an end (seed: four states). */
import { type Failure, taskFailure } from './failure';
import { cleaned, cleanedWord, plainRecord, type Redact } from './foreign';
import { type TaskAnswer, videoUrlOf } from './schemas';

export interface TaskFacts {
	/** EvoLink's own word, e.g. `processing`. */
	status: string;
	/** 0 to 100; may stand still, jump or lie. */
	progress?: number;
	/** EvoLink's guess for the whole task. */
	estimatedSeconds?: number;
	/** Unix seconds. */
	createdSeconds?: number;
	creditsReserved?: number;
	/** The answer as it came, without the key, for users who want everything. */
	raw: Readonly<Record<string, unknown>>;
}

export type TaskState = TaskFacts &
	(
		| { state: 'running' }
		| { state: 'completed'; videoUrl: string }
		| { state: 'ended'; failure: Failure }
	);

/** Between 2001 and 2286: anything else is another unit or nothing at all. */
function isUnixSeconds(value: number | undefined): boolean {
	return value !== undefined && value >= 1e9 && value < 1e10;
}

const CANCELLED = new Set(['cancelled', 'canceled']);
/** Words of other services for the same, seen in gateways. They count only with a video beside them. */
const COMPLETED_ELSEWHERE = new Set([
	...['success', 'succeeded', 'succeed', 'successful', 'complete', 'finished', 'done', 'ready'],
]);
const FAILED_ELSEWHERE = new Set([
	...['failure', 'fail', 'error', 'errored'],
	...['rejected', 'expired', 'timeout', 'timed_out', 'aborted'],
]);

/** Reads a task's state. `redact` takes the credential's key out of all that is told or stored of it. */
export function readTaskState(taskId: string, task: TaskAnswer, redact: Redact): TaskState {
	const status = cleanedWord(task.status ?? 'unknown', redact).toLowerCase();
	const facts: TaskFacts = {
		status,
		raw: plainRecord(task, redact),
		...(task.progress !== undefined && { progress: task.progress }),
		...(task.task_info?.estimated_time !== undefined && {
			estimatedSeconds: task.task_info.estimated_time,
		}),
		...(isUnixSeconds(task.created) && { createdSeconds: task.created }),
		...(task.usage?.credits_reserved !== undefined && {
			creditsReserved: task.usage.credits_reserved,
		}),
	};
	// A video beside no word at all is one that is made.
	const isWordless = task.status === undefined && !task.error;
	if (status === 'completed' || COMPLETED_ELSEWHERE.has(status) || isWordless) {
		const videoUrl = videoUrlOf(task);
		// One word for it, whatever the answer calls it: workflows go by it.
		if (videoUrl !== undefined)
			return { ...facts, status: 'completed', state: 'completed', videoUrl: redact(videoUrl) };
		if (status === 'completed')
			return { ...facts, state: 'ended', failure: { kind: 'noVideo', charged: 'unknown', taskId } };
	}
	const isFailed = status === 'failed';
	const isCancelled = CANCELLED.has(status);
	if (isFailed || isCancelled || (FAILED_ELSEWHERE.has(status) && task.error)) {
		const said =
			task.error?.message === undefined ? undefined : cleaned(task.error.message, redact);
		const word = task.error?.code ?? (isCancelled ? 'request_cancelled' : undefined);
		const code = word === undefined ? undefined : cleanedWord(word, redact);
		const model = typeof task.model === 'string' && { model: cleanedWord(task.model, redact) };
		const told = { ...taskFailure(taskId, code, said, task.billing), ...model };
		// Whatever code says why, a cancelled task did not fail.
		const isGone = told.kind === 'taskNotFound';
		const failure: Failure = isCancelled && !isGone ? { ...told, kind: 'cancelled' } : told;
		// In EvoLink's own words a failed task is free; in others nobody knows.
		const isFree = isFailed || isCancelled;
		return {
			...facts,
			state: 'ended',
			failure: isFree ? failure : { ...failure, charged: 'unknown' },
		};
	}
	return { ...facts, state: 'running' };
}
