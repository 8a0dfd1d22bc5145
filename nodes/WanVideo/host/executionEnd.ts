/** The moment when n8n has written what came of an execution into its database. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { fieldOf } from '../evolink/foreign';

/**
 * Calls `handler` then, with the status (`success`, `error`, `canceled`, `waiting`, ...). n8n 2.x has a helper
 * for it, which says nothing of a wait; both lines run the same hooks in turn, and this one comes after that
 * which writes (run on n8n 1.123 and 2.41). False where there are none, e.g. in n8n's Engine 2.0.
 */
export function atEndOfExecution(
	context: IExecuteFunctions,
	handler: (status: string) => Promise<void>,
): boolean {
	const additionalData = 'additionalData' in context ? context.additionalData : undefined;
	const hooks = fieldOf(additionalData, 'hooks');
	const addHandler = fieldOf(hooks, 'addHandler');
	if (typeof addHandler !== 'function') return false;
	const listener = async (run: unknown): Promise<void> => {
		const status = fieldOf(run, 'status');
		// Whatever goes wrong here is no reason for n8n to stop what it does after an execution.
		await handler(typeof status === 'string' ? status : 'unknown').catch(() => undefined);
	};
	Reflect.apply(addHandler, hooks, ['workflowExecuteAfter', listener]);
	return true;
}
