/** Which run of the node this is, so that the journal tells retries (same task) from loops (a new one). */
import { randomUUID } from 'node:crypto';

import type { IExecuteFunctions } from 'n8n-workflow';

import { fingerprint } from '../generation/fingerprint';
import { z } from 'zod';

export interface Scope {
	executionId: string;
	/** The journal's place for an item: by run and position, as the same item may be meant twice. */
	slot(item: number, request: string): string;
	/** Hash of what the user set up for an item, before expressions that may give another value each time. */
	intent(item: number): string;
	newKey(): string;
}

/** The scope of the running node. */
export function scopeOf(context: IExecuteFunctions): Scope {
	const items = context.getInputData();
	const { parameters } = context.getNode();
	const runIndex = runIndexOf(context);
	const tool = isTool(context);
	return {
		// Each call of a tool is a try of its own: a model that asks again for a video that failed means it.
		executionId: tool ? randomUUID() : context.getExecutionId(),
		// An agent's tool calls count runs anew at each try, so there the request itself is the place.
		slot: (item, request) => (tool ? `tool:${request}` : `run${runIndex}:item${item}`),
		intent: (item) =>
			tool ? `tool:${randomUUID()}` : fingerprint({ parameters, input: items[item]?.json }),
		newKey: () => randomUUID(),
	};
}

/** Which run of the node it is in this execution, from 0: more than one in a loop. */
export function runIndexOf(context: IExecuteFunctions): number {
	return z.number().catch(0).parse(context.getWorkflowDataProxy(0).$runIndex);
}

/** Whether an AI agent calls the node as its tool (n8n 2.x says so in part; the type's name says it everywhere). */
export function isTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
