/** What a task's answer means: still running, ended well, ended badly. An unknown status is running, never an end (seed: four states). */
import { type Failure, taskFailure, tidy } from './failure';
import { firstResultUrl, parseTask, type TaskAnswer } from './schemas';

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
	raw: TaskAnswer;
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

/** The raw answer is shown to users who want it: a key in it, which nothing puts there but a gateway, goes as well. */
function withoutKey(task: TaskAnswer, redact: (text: string) => string): TaskAnswer {
	const text = JSON.stringify(task);
	const clean = redact(text);
	return clean === text ? task : (parseTask(JSON.parse(clean)) ?? {});
}

/** Reads a task's state. `redact` takes the credential's key out of EvoLink's texts. */
export function readTaskState(
	taskId: string,
	task: TaskAnswer,
	redact: (text: string) => string,
): TaskState {
	const status = task.status?.trim().toLowerCase() ?? 'unknown';
	const facts: TaskFacts = {
		status,
		raw: withoutKey(task, redact),
		...(task.progress !== undefined && { progress: task.progress }),
		...(task.task_info?.estimated_time !== undefined && {
			estimatedSeconds: task.task_info.estimated_time,
		}),
		...(isUnixSeconds(task.created) && { createdSeconds: task.created }),
		...(task.usage?.credits_reserved !== undefined && {
			creditsReserved: task.usage.credits_reserved,
		}),
	};
	if (status === 'completed') {
		const videoUrl = firstResultUrl(task);
		if (videoUrl !== undefined) return { ...facts, state: 'completed', videoUrl };
		return { ...facts, state: 'ended', failure: { kind: 'noVideo', charged: 'unknown', taskId } };
	}
	if (status === 'failed' || CANCELLED.has(status)) {
		const said = task.error?.message === undefined ? undefined : redact(tidy(task.error.message));
		const code = task.error?.code ?? (CANCELLED.has(status) ? 'request_cancelled' : undefined);
		const failure = taskFailure(taskId, code, said, task.billing);
		return { ...facts, state: 'ended', failure };
	}
	return { ...facts, state: 'running' };
}
