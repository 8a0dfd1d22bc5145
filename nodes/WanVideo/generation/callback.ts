/**
 * What a callback is worth. Only its task ID is used: what happened to the task is read at EvoLink, and
 * where that cannot be read now, EvoLink is asked to call again (it does so after 1, 2 and 4 seconds).
 */
import type { Answer } from '../evolink/client';
import type { FailureKind } from '../evolink/catalogue';
import type { TaskState } from '../evolink/taskState';
import { isOurs } from '../wan/models';

/** How a task can end. */
export type TaskEnd = 'completed' | 'failed' | 'cancelled';
export const TASK_ENDS: readonly TaskEnd[] = ['completed', 'failed', 'cancelled'];

export type Verdict =
	| { verdict: 'start'; task: TaskState }
	/** Nothing that another call could change. */
	| { verdict: 'ignore'; reason: string }
	| { verdict: 'callAgain'; reason: string };

/** The task does not exist for this key, and will not; only EvoLink's own word counts, not a page of a gateway. */
const NOT_OURS: ReadonlySet<FailureKind> = new Set<FailureKind>(['taskNotFound', 'forbidden']);

/** Decides by one look at the task. */
export function judge(look: Answer<TaskState>, wanted: ReadonlySet<TaskEnd>): Verdict {
	if (!look.ok) {
		const { kind, code } = look.failure;
		return NOT_OURS.has(kind) && code !== undefined
			? { verdict: 'ignore', reason: 'EvoLink does not know the task under this API key' }
			: { verdict: 'callAgain', reason: `the task could not be read (${kind})` };
	}
	const task = look.value;
	const { model } = task.raw;
	// A callback of a model of another family is somebody else's.
	if (typeof model === 'string' && !isOurs(model))
		return { verdict: 'ignore', reason: 'the task is of another model' };
	const end = endOf(task);
	if (end === undefined)
		return { verdict: 'callAgain', reason: `the task has not ended, it is ${task.status}` };
	if (!wanted.has(end)) return { verdict: 'ignore', reason: `the task is ${end}` };
	return { verdict: 'start', task };
}

/** How a task ended; undefined while it has not. One that is completed without a video has failed. */
export function endOf(task: TaskState): TaskEnd | undefined {
	if (task.state === 'running') return undefined;
	if (task.state === 'completed') return 'completed';
	return task.failure.kind === 'cancelled' ? 'cancelled' : 'failed';
}
