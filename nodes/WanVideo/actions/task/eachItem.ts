/** Reads the parameters of every item before the first request, with one way to refuse an item. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type Complaint, errorRow, itemError } from '../../host/errors';
import { SettingError } from '../../host/parameters';
import type { Refusal } from '../rows';

/** Runs `read` for every item. A SettingError ends the run, or under Continue On Fail refuses the item. */
export function eachItem(context: IExecuteFunctions, read: (item: number) => void): Refusal[] {
	const refused: Refusal[] = [];
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
			refused.push({ item, ...errorRow(complaint) });
		}
	}
	return refused;
}
