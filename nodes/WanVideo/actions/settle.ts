/** The end of every operation that deals with tasks: rows of what is over, an error, or a pause for what is not. */
import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job, Outcome } from '../generation/outcome';
import { openOf, pauseMs } from '../generation/pauseLength';
import { addHints, addSummary } from '../host/hints';
import { keptRunning, pause, type Pausing } from '../host/pause';
import { missedCallback } from './missedCallback';
import type { RowPlan } from './rowPlan';
import { inItemOrder, type Refusal, toRows } from './rows';
import { summaryOf } from './summary';

export interface Settlement {
	outcomes: ReadonlyArray<Outcome<IBinaryData>>;
	/** One per outcome, in the same order. */
	plans: readonly RowPlan[];
	/** Items that were never submitted. */
	refused: readonly Refusal[];
	hints: readonly string[];
	/** What was submitted, one per outcome; absent where nothing is. */
	jobs?: readonly Job[];
	/** Absent for what does not wait. */
	pausing?: Pausing | undefined;
	/** Goes on waiting in memory, where n8n does not let the execution sleep. Nothing is submitted twice. */
	goOn?: () => Promise<ReadonlyArray<Outcome<IBinaryData>>>;
}

/** The items to return; none when the execution pauses. Throws what `toRows` throws. */
export async function settle(
	context: IExecuteFunctions,
	{ goOn, ...settlement }: Settlement,
): Promise<INodeExecutionData[]> {
	const { outcomes, plans, refused, hints, pausing, jobs = [] } = settlement;
	const rows = toRows(context, outcomes, plans);
	const open = openOf(outcomes);
	if (open.length > 0 && pausing?.rule !== undefined) {
		const pauses = pausing.woke?.pauses ?? 0;
		const ms = pauseMs(open, { pauses, hasCallback: pausing.wakeUrl !== undefined });
		const record = { since: pausing.rule.since, hints: [...hints], refused: [...refused] };
		const slept = await pause(context, ms, record, pauses + 1);
		if (slept.ok || goOn === undefined) return [];
		const more = [...pausing.hints, keptRunning(slept.reason)];
		const awake: Pausing = { ...pausing, hints: more };
		delete awake.rule;
		return await settle(context, {
			...settlement,
			outcomes: await goOn(),
			pausing: awake,
		});
	}
	addSummary(context, summaryOf(outcomes, plans, refused.length));
	const missed = missedCallback(jobs, outcomes, pausing?.wokenAt);
	addHints(context, [...hints, ...(pausing?.hints ?? []), ...missed]);
	return inItemOrder(rows, refused);
}
