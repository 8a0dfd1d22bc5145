/** Hints: shown in the output panel after a run that went well. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { isEngine2 } from './lineage';

export function addHints(context: IExecuteFunctions, hints: readonly string[]): void {
	if (hints.length === 0) return;
	// There no hint is shown.
	if (isEngine2(context.getExecutionId()))
		for (const hint of hints)
			context.logger.warn(`Wan Video ("${context.getNode().name}"): ${hint}`);
	context.addExecutionHints(
		...hints.map((message) => ({ message, location: 'outputPane' as const })),
	);
}

/** The sum of a run: good to know, nothing to look into. */
export function addSummary(context: IExecuteFunctions, message: string | undefined): void {
	if (message === undefined) return;
	context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
}
