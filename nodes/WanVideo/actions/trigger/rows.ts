/** The item that a task's end gives, with the names that 'Task: Get' and 'Task: Wait' use. */
import type { IDataObject } from 'n8n-workflow';

import { CATALOGUE } from '../../evolink/failure';
import type { TaskState } from '../../evolink/taskState';
import { linkLivesUntil } from '../../generation/look';
import { isoTime, withoutGaps } from '../rows';

/** A failed task is what the workflow was started for: its reason goes into fields, not into an error. */
export function endedTaskRow(taskId: string, task: TaskState, simple: boolean): IDataObject {
	const failure = task.state === 'ended' ? task.failure : undefined;
	return withoutGaps({
		taskId,
		status: task.status,
		videoUrl: task.state === 'completed' ? task.videoUrl : undefined,
		expiresAt: isoTime(linkLivesUntil(task)),
		creditsReserved: task.creditsReserved,
		failureCode: failure?.code,
		failureMessage: failure && (failure.said ?? CATALOGUE[failure.kind].cause),
		...(!simple && { task: task.raw }),
	});
}
