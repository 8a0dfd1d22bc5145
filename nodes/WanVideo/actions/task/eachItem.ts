/** Reads the parameters of every item before the first request, with one way to refuse an item. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { errorRow, itemError, settingComplaint } from '../../host/errors';
import type { Refusal } from '../rows';
import { goesOnOnFail } from '../../host/scope';

/** Runs `read` for every item. Whatever it throws ends the run, or under Continue On Fail refuses the item. */
export function eachItem(context: IExecuteFunctions, read: (item: number) => void): Refusal[] {
	const refused: Refusal[] = [];
	for (const item of context.getInputData().keys()) {
		try {
			read(item);
		} catch (error) {
			const complaint = settingComplaint(error);
			if (!goesOnOnFail(context)) throw itemError(context, complaint, item);
			refused.push({ item, ...errorRow(complaint) });
		}
	}
	return refused;
}
