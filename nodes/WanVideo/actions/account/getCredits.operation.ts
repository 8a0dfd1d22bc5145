/** Account: Get Credits. What is left on the API key and on the account; free of charge. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { errorRow, failureComplaint, itemError } from '../../host/errors';
import { followPorts } from '../../host/ports';

const parameters: INodeProperties[] = [];

export const description = updateDisplayOptions(
	{ show: { resource: ['account'], operation: ['getCredits'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { client } = await followPorts(context);
	const answer = await client.credits();
	// The balance is the same for every item, so one request serves all.
	return context.getInputData().map((_, item) => {
		if (answer.ok) return { json: { ...answer.value }, pairedItem: { item } };
		const complaint = failureComplaint({
			end: 'failed',
			failure: answer.failure,
			earlierTaskIds: [],
		});
		if (!context.continueOnFail()) throw itemError(context, complaint, item);
		return { json: errorRow(complaint), pairedItem: { item } };
	});
}
