/** Account: Get Credits. What is left on the API key and on the account; free of charge. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { followPorts } from '../../host/makePorts';
import { oneAnswerForAll } from '../oneAnswer';

const parameters: INodeProperties[] = [];

export const description = updateDisplayOptions(
	{ show: { resource: ['account'], operation: ['getCredits'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { client } = await followPorts(context);
	return oneAnswerForAll(context, await client.credits());
}
