/** Rows of an operation whose answer is the same for every item, so that one request serves all. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Answer } from '../evolink/client';
import { errorRow, failureComplaint, itemError } from '../host/errors';
import { goesOnOnFail } from '../host/scope';
import { withoutGaps } from './rows';

/** A row per item. Throws the failure unless the node continues on fail. */
export function oneAnswerForAll(
	context: IExecuteFunctions,
	answer: Answer<object>,
): INodeExecutionData[] {
	return context.getInputData().map((_, item) => {
		const pairedItem = { item };
		if (answer.ok) return { json: withoutGaps({ ...answer.value }), pairedItem };
		const { failure } = answer;
		const complaint = failureComplaint({ end: 'failed', failure, earlierTaskIds: [] });
		if (!goesOnOnFail(context)) throw itemError(context, complaint, item);
		return { json: errorRow(complaint), pairedItem };
	});
}
