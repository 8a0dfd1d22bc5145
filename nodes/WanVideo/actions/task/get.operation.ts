/** Task: Get. One look at each task; costs nothing and waits for nothing. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { lookAt } from '../../generation/look';
import { errorRow, failureComplaint, itemError } from '../../host/errors';
import { booleanSetting, rawParameter } from '../../host/parameters';
import { followPorts } from '../../host/ports';
import { inItemOrder } from '../rows';
import { simplify } from '../waiting';
import { eachItem } from './eachItem';
import { readTaskIds, taskIdParameter } from './taskIds';
import { taskRow } from './taskRow';

const parameters: INodeProperties[] = [taskIdParameter, simplify];

export const description = updateDisplayOptions(
	{ show: { resource: ['task'], operation: ['get'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const wanted: Array<{ item: number; taskId: string }> = [];
	const refused = eachItem(context, (item) => {
		const taskIds = readTaskIds(rawParameter(context, 'taskId', item));
		wanted.push(...taskIds.map((taskId) => ({ item, taskId })));
	});
	const looks = await lookAt(
		wanted.map(({ taskId }) => taskId),
		await followPorts(context),
	);
	const rows = looks.map((look, index): INodeExecutionData => {
		const { item } = wanted[index];
		if (look.ok) {
			const simple = booleanSetting(rawParameter(context, 'simplify', item), true);
			return { json: taskRow(look.taskId, look.task, simple), pairedItem: { item } };
		}
		const complaint = failureComplaint({
			end: 'failed',
			failure: look.failure,
			earlierTaskIds: [],
		});
		if (!context.continueOnFail()) throw itemError(context, complaint, item);
		return { json: errorRow(complaint), pairedItem: { item } };
	});
	return inItemOrder(rows, refused);
}
