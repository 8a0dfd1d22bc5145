/** What becomes of a run in which items are wrong: it ends before anything is sent, or goes on without them. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type Complaint, itemError, itemsError } from '../../host/errors';
import { booleanSetting, readOptions } from '../../host/parameters';
import { OPTIONS } from '../options';
import { linesOf } from '../itemTexts';
import { requestOptions } from './settingParameters';
import { goesOnOnFail } from '../../host/scope';

/** Whether good items are to be submitted though others are wrong. It concerns the run, so the first item decides. */
export function goesOnWithoutBadItems(context: IExecuteFunctions): boolean {
	if (goesOnOnFail(context)) return true;
	const { displayName } = requestOptions.submitGoodItems;
	const { submitGoodItems } = readOptions(context, OPTIONS, 0);
	return booleanSetting(submitGoodItems, displayName, false);
}

/** One error for all: its item is the first wrong one, its text lists every problem. `paid` are tasks of earlier tries. */
export function refusalOfAll(
	context: IExecuteFunctions,
	complaints: ReadonlyArray<{ item: number; complaint: Complaint }>,
	paid: readonly string[],
): Error {
	const [first] = complaints;
	const besides = { others: paid };
	if (complaints.length === 1) return itemError(context, first.complaint, first.item, besides);
	const lines = linesOf(
		complaints.map(({ item, complaint }) => ({ item, text: complaint.message })),
	);
	const count = `${complaints.length} items cannot be submitted.`;
	const { details } = first.complaint;
	// All wrong in one way: said once, in the headline.
	const complaint =
		lines.length === 1
			? { message: `${count} ${lines[0]}`, details }
			: { message: `${count} ${lines[0]}`, details: [details, ...lines].join('\n') };
	return itemsError(context, complaint, first.item, besides);
}
