/** What an execution holds of the runs of its nodes. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { fieldOf } from '../evolink/foreign';

/** The runs of each node so far, by its name. */
export function runsIn(context: IExecuteFunctions): Record<string, unknown[]> {
	const data = 'runExecutionData' in context ? context.runExecutionData : undefined;
	const runData = fieldOf(fieldOf(data, 'resultData'), 'runData');
	if (typeof runData !== 'object' || runData === null) return {};
	return Object.fromEntries(
		Object.entries(runData).map(([name, runs]: [string, unknown]) => [
			name,
			Array.isArray(runs) ? runs : [],
		]),
	);
}

/**
 * Whether n8n made a run up from its log when it started after a kill: a failed one, or one with an item of its own
 * in place of what is lost. A retry keeps them beside its own runs (seen on n8n 1.123, read in 2.41).
 */
export function isMadeUp(run: unknown): boolean {
	if (fieldOf(run, 'executionStatus') === 'crashed') return true;
	const outputs = fieldOf(fieldOf(run, 'data'), 'main');
	const items: unknown = Array.isArray(outputs) ? outputs[0] : undefined;
	const first: unknown = Array.isArray(items) ? items[0] : undefined;
	return fieldOf(fieldOf(first, 'json'), 'isArtificialRecoveredEventItem') === true;
}
