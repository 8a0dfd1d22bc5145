/** File: Get Quota. How many files EvoLink's storage holds and takes; free of charge. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { filesOf } from '../../host/materialDoor';
import { oneAnswerForAll } from '../oneAnswer';

const parameters: INodeProperties[] = [];

export const description = updateDisplayOptions(
	{ show: { resource: ['file'], operation: ['getQuota'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return oneAnswerForAll(context, await (await filesOf(context)).quota());
}
