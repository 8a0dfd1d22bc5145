/** Task IDs as users have them: one, a list in a text, or an array from an expression. */
import type { INodeProperties } from 'n8n-workflow';

import { asTaskId, isOfOwnForm } from '../../evolink/taskId';
import { SettingError } from '../../host/parameters';
import { bareAddress } from '../../wan/address';
import { shown } from '../../wan/shown';
import { renderAdvice, unrendered } from '../../wan/unrendered';

/** What EvoLink's own client accepts; anything else is a mistake that a request would not make clearer. */
const TASK_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
/** What EvoLink itself has told as a task's is one, whatever it holds behind its prefix. */
const TOLD_ID = /^task-unified-[^\s?#"'<>]{1,180}$/u;

/** Whether a text has the form of a task ID. */
export function isTaskId(text: string): boolean {
	return TASK_ID.test(text) || (TOLD_ID.test(text) && asTaskId(text) === text);
}

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

/** EvoLink's own form (docs of the task query): only that is one in what a model says. */
const IN_WORDS = /\btask-unified-[A-Za-z0-9-]*[A-Za-z0-9]/g;

/** As `readTaskIds`, from what a model gives for it: words around an ID are left out, and words alone are none. */
export function readTaskIdsOfModel(value: unknown): string[] {
	const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
	const ids = new Set(text.match(IN_WORDS));
	if (ids.size > 0) return [...ids];
	throw new SettingError(
		`${JSON.stringify(text.slice(0, 100))} is no task ID. One looks like task-unified-1757169743-7cvnl5zw, and stands in the field taskId of what submitted the video.`,
	);
}

/** Between blanks are IDs only where each looks like EvoLink's: else it is a sentence. */
function idsOf(text: string): string[] {
	const parts = text.trim().split(/\s+/).map(bareAddress);
	return parts.every(isOfOwnForm) ? parts : [bareAddress(text)];
}

/** The IDs of one item, each once and in order. Throws SettingError when there is none or one is malformed. */
export function readTaskIds(value: unknown): string[] {
	const trace = typeof value === 'string' ? unrendered(value) : undefined;
	if (trace !== undefined)
		throw new SettingError(`'Task ID' is ${shown(value)}, which ${trace}. ${renderAdvice(false)}`);
	const parts = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((part) =>
		typeof part === 'string' ? part.split(/[,;\r\n]+/).flatMap(idsOf) : part,
	);
	const given = parts.filter((part) => part !== undefined && part !== null && part !== '');
	if (given.length === 0) throw new SettingError("'Task ID' is empty. Enter the ID of a task.");
	const ids = new Set<string>();
	for (const id of given) {
		if (typeof id !== 'string' || !isTaskId(id)) {
			throw new SettingError(`'Task ID' holds ${shown(id)}, which is no task ID.`);
		}
		ids.add(id);
	}
	return [...ids];
}
