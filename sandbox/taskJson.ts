// A task as EvoLink shows it, in the answer of a submit, of a look, and in a callback.

import { BILLING } from './contract';
import type { Fault } from './faults';
import type { JsonRecord } from './json';
import type { Room } from './room';
import type { Task } from './world';

/** The link of a finished task's video. */
export const linkOf = (room: Room, task: Task): string =>
	`${room.url}/media/${task.id}/${room.world.linkToken(task)}.mp4`;

/** The JSON of a task; `fault` may bend this one answer. */
export function taskJson(
	room: Room,
	task: Task,
	{ justCreated = false, fault }: { justCreated?: boolean; fault?: Fault } = {},
): JsonRecord {
	const { switches } = room;
	const { state } = task;
	const shown = state === 'cancelled' ? switches.cancelledSpelling : state;
	const info = switches.taskInfo === 'present' && fault?.kind !== 'missingTaskInfo';
	const sparse = switches.failedTask === 'sparse' && state === 'failed';
	const done = state === 'completed';
	return {
		...(sparse ? {} : { created: Math.floor(task.createdMs / 1000) }),
		id: task.id,
		model: task.submission.model.id,
		...(switches.object === 'present' ? { object: 'video.generation.task' } : {}),
		progress: room.world.progress(task),
		status: fault?.kind === 'oddState' ? fault.state : shown,
		...(done ? { results: resultsOf(room, task, fault) } : {}),
		...errorOf(task, sparse),
		...(info ? { task_info: infoOf(room, task, justCreated) } : {}),
		...(sparse ? {} : { type: 'video' }),
		...usageOf(room, task, justCreated),
	};
}

function resultsOf(room: Room, task: Task, fault: Fault | undefined): string[] {
	return fault?.kind === 'completedWithoutResults' ? [] : [linkOf(room, task)];
}

function errorOf({ ending, state }: Task, sparse: boolean): JsonRecord {
	if (state !== 'failed' || ending.state !== 'failed') return {};
	const { code, message } = ending.error;
	return { error: { code, message, ...(sparse ? {} : { type: 'task_error' }) } };
}

function infoOf(room: Room, task: Task, justCreated: boolean): JsonRecord {
	const { state } = task;
	const running = state === 'pending' || state === 'processing';
	return {
		...(room.switches.canCancel === 'present' ? { can_cancel: running } : {}),
		...(justCreated ? { estimated_time: room.options.estimatedSeconds } : {}),
		...videoDurationOf(room, task),
	};
}

/** Wan 3.0 says how long the video is; one whose length the model chooses, only at the end. */
function videoDurationOf(room: Room, { submission, state, made }: Task): JsonRecord {
	const { shown } = submission.model.videoDuration;
	if (!shown || room.switches.videoDuration === 'missing') return {};
	if (submission.duration > 0) return { video_duration: submission.duration };
	return state === 'completed' ? { video_duration: made.output } : {};
}

function usageOf(room: Room, task: Task, justCreated: boolean): JsonRecord {
	const ended = task.endedMs !== undefined;
	if (!justCreated && !(ended && room.switches.finishedTaskUsage === 'present')) return {};
	const usage = {
		billing_rule: BILLING.rule.value,
		credits_reserved: task.reserved,
		user_group: 'default',
	};
	return { usage: ended ? { ...usage, credits_used: task.charged } : usage };
}
