/** Reads the parameters of every item before the first request, with one way to refuse an item. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { type Complaint, errorRow, itemError } from '../../host/errors';
import { SettingError } from '../../host/parameters';

/** Runs `read` for every item. A SettingError ends the run, or under Continue On Fail becomes a row that is returned. */
export function eachItem(
	context: IExecuteFunctions,
	read: (item: number) => void,
): INodeExecutionData[] {
	const refused: INodeExecutionData[] = [];
	for (const item of context.getInputData().keys()) {
		try {
			read(item);
		} catch (error) {
			const complaint: Complaint = {
				message: error instanceof Error ? error.message : String(error),
				details: 'Nothing was sent to EvoLink and nothing was charged.',
			};
			const wrapped = itemError(context, complaint, item);
			if (!(error instanceof SettingError) || !context.continueOnFail()) throw wrapped;
			refused.push({ json: errorRow(complaint), pairedItem: { item } });
		}
	}
	return refused;
}
