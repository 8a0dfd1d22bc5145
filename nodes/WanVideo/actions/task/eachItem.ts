/** Reads the parameters of every item before the first request, with one way to refuse an item. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { errorRow, itemError, settingComplaint } from '../../host/errors';
import { SettingError } from '../../host/parameters';
import type { Refusal } from '../rows';

/** Runs `read` for every item. A SettingError ends the run, or under Continue On Fail refuses the item. */
export function eachItem(context: IExecuteFunctions, read: (item: number) => void): Refusal[] {
	const refused: Refusal[] = [];
	for (const item of context.getInputData().keys()) {
		try {
			read(item);
		} catch (error) {
			const complaint = settingComplaint(error);
			const wrapped = itemError(context, complaint, item);
			if (!(error instanceof SettingError) || !context.continueOnFail()) throw wrapped;
			refused.push({ item, ...errorRow(complaint) });
		}
	}
	return refused;
}
