/** The item that one look at a task gives: the same for 'Task: Get' and for the trigger. */
import type { IDataObject } from 'n8n-workflow';

import { CATALOGUE } from '../../evolink/catalogue';
import type { TaskState } from '../../evolink/taskState';
import { linkLivesUntil } from '../../generation/look';
import { isoTime, modelIn, withoutGaps } from '../rows';

/** A failed task is a good answer to a look: its reason goes into fields, not into an error. */
export function taskRow(taskId: string, task: TaskState, simple: boolean): IDataObject {
	const failure = task.state === 'ended' ? task.failure : undefined;
	return withoutGaps({
		taskId,
		status: task.status,
		progress: task.progress,
		videoUrl: task.state === 'completed' ? task.videoUrl : undefined,
		expiresAt: isoTime(linkLivesUntil(task)),
		model: modelIn(task.raw),
		creditsReserved: task.creditsReserved,
		failureCode: failure?.code,
		failureMessage: failure && (failure.said ?? CATALOGUE[failure.kind].cause),
		...(!simple && { task: task.raw }),
	});
}
