/** Hints: shown in the output panel after a run that went well. */
import type { IExecuteFunctions } from 'n8n-workflow';

export function addHints(context: IExecuteFunctions, hints: readonly string[]): void {
	if (hints.length === 0) return;
	context.addExecutionHints(
		...hints.map((message) => ({ message, location: 'outputPane' as const })),
	);
}

/** The sum of a run: good to know, nothing to look into. */
export function addSummary(context: IExecuteFunctions, message: string | undefined): void {
	if (message === undefined) return;
	context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
}
