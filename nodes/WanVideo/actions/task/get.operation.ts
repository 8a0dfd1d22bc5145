/** Task: Get. One look at each task; costs nothing and waits for nothing. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { lookAt } from '../../generation/look';
import { errorRow, failureComplaint, itemError } from '../../host/errors';
import { readParameter, readSwitch } from '../../host/parameters';
import { followPorts } from '../../host/makePorts';
import { inItemOrder } from '../rows';
import { simplify } from '../outputParameters';
import { eachItem } from './eachItem';
import { readTaskIds, readTaskIdsOfModel, taskIdParameter } from './taskIds';
import { taskRow } from './taskRow';
import { goesOnOnFail, isTool } from '../../host/scope';

const parameters: INodeProperties[] = [taskIdParameter, simplify];

export const description = updateDisplayOptions(
	{ show: { resource: ['task'], operation: ['get'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const wanted: Array<{ item: number; taskId: string; simple: boolean }> = [];
	const readIds = isTool(context) ? readTaskIdsOfModel : readTaskIds;
	const refused = eachItem(context, (item) => {
		const taskIds = readIds(readParameter(context, taskIdParameter, item));
		const simple = readSwitch(context, simplify, item);
		wanted.push(...taskIds.map((taskId) => ({ item, taskId, simple })));
	});
	const looks = await lookAt(
		wanted.map(({ taskId }) => taskId),
		await followPorts(context),
	);
	const rows = looks.map((look, index): INodeExecutionData => {
		const { item, simple } = wanted[index];
		if (look.ok) return { json: taskRow(look.taskId, look.task, simple), pairedItem: { item } };
		const complaint = failureComplaint({
			end: 'failed',
			failure: look.failure,
			earlierTaskIds: [],
		});
		if (!goesOnOnFail(context)) throw itemError(context, complaint, item);
		return { json: errorRow(complaint), pairedItem: { item } };
	});
	return inItemOrder(rows, refused);
}
