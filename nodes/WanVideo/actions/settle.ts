/** The end of every operation that deals with tasks: rows of what is over, an error, or a pause for what is not. */
import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Outcome } from '../generation/outcome';
import { openOf, pauseMs } from '../generation/pause';
import { addHints, addSummary } from '../host/hints';
import { pause, type Pausing } from '../host/pause';
import { inItemOrder, type Refusal, type RowPlan, toRows } from './rows';
import { summaryOf } from './summary';

export interface Settlement {
	outcomes: ReadonlyArray<Outcome<IBinaryData>>;
	/** One per outcome, in the same order. */
	plans: readonly RowPlan[];
	/** Items that were never submitted. */
	refused: readonly Refusal[];
	hints: readonly string[];
	/** Absent for what does not wait. */
	pausing?: Pausing;
}

/** The items to return; none when the execution pauses. Throws what `toRows` throws. */
export async function settle(
	context: IExecuteFunctions,
	{ outcomes, plans, refused, hints, pausing }: Settlement,
): Promise<INodeExecutionData[]> {
	const rows = toRows(context, outcomes, plans);
	const open = openOf(outcomes);
	if (open.length > 0 && pausing?.rule !== undefined) {
		const pauses = pausing.woke?.pauses ?? 0;
		const ms = pauseMs(open, { pauses, hasCallback: pausing.wakeUrl !== undefined });
		const record = { since: pausing.rule.since, hints: [...hints], refused: [...refused] };
		await pause(context, ms, record, pauses + 1);
		return [];
	}
	addSummary(context, summaryOf(outcomes, plans, refused.length));
	addHints(context, [...hints, ...(pausing?.hints ?? [])]);
	return inItemOrder(rows, refused);
}
