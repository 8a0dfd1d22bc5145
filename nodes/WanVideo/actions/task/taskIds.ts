/** Task IDs as users have them: one, a list in a text, or an array from an expression. */
import type { INodeProperties } from 'n8n-workflow';

import { SettingError } from '../../host/parameters';

/** What EvoLink's own client accepts; anything else is a mistake that a request would not make clearer. */
export const TASK_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export const taskIdParameter: INodeProperties = {
	displayName: 'Task ID',
	name: 'taskId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. task-unified-1757169743-7cvnl5zw',
	description:
		"ID of the task, as in the field 'taskId' of what 'Video: Submit' returns. Several are separated by commas. Tasks of other workflows and executions will do as well.",
};

/** The IDs of one item, each once and in order. Throws SettingError when there is none or one is malformed. */
export function readTaskIds(value: unknown): string[] {
	const parts = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((part) =>
		typeof part === 'string' ? part.split(/[\s,;]+/) : part,
	);
	const given = parts.filter((part) => part !== undefined && part !== null && part !== '');
	if (given.length === 0) throw new SettingError("'Task ID' is empty. Enter the ID of a task.");
	const ids = new Set<string>();
	for (const id of given) {
		if (typeof id !== 'string' || !TASK_ID.test(id)) {
			throw new SettingError(`'Task ID' holds ${JSON.stringify(id)}, which is no task ID.`);
		}
		ids.add(id);
	}
	return [...ids];
}
