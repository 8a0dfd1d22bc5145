/** Which run of the node this is, so that the journal tells retries (same task) from loops (a new one). */
import { randomUUID } from 'node:crypto';

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

import { fingerprint } from '../generation/fingerprint';
import { nodeOf } from './ownNode';
import { isMadeUp, runsIn } from './runs';
import { settingsAs010, settingsOf } from './settings';

export interface Scope {
	executionId: string;
	/** The journal's place for an item: by run and position, as the same item may be meant twice. */
	slot(item: number, request: string): string;
	/** Hash of what the user set up for an item, before expressions that may give another value each time. */
	intent(item: number): string;
	/** What earlier releases called the same intent: by these, entries of stored executions are found. */
	olderIntents(item: number): string[];
	newKey(): string;
}

/** The scope of the running node. `properties` are those of its description. */
export function scopeOf(context: IExecuteFunctions, properties: INodeProperties[]): Scope {
	const items = context.getInputData();
	const node = nodeOf(context);
	const tool = isTool(context);
	// What a tool's call means is not asked of its settings.
	const set = tool ? {} : settingsOf(node, properties);
	const input = (item: number) => items[item]?.json;
	const runIndex = trueRunIndexOf(context);
	return {
		// Each call of a tool is a try of its own: a model that asks again for a video that failed means it.
		executionId: tool ? randomUUID() : context.getExecutionId(),
		// An agent's tool calls count runs anew at each try, so there the request itself is the place.
		slot: (item, request) => (tool ? `tool:${request}` : slotOfItem(runIndex, item)),
		intent: (item) => (tool ? `tool:${randomUUID()}` : fingerprint({ set, input: input(item) })),
		olderIntents: (item) =>
			tool
				? []
				: [fingerprint({ parameters: settingsAs010(node.parameters, set), input: input(item) })],
		newKey: () => randomUUID(),
	};
}

/** The journal's place for an item, where the node is no tool. */
export function slotOfItem(runIndex: number, item: number): string {
	return `run${runIndex}:item${item}`;
}

/** Which run of the node it is in this execution, from 0: more than one in a loop. */
export function runIndexOf(context: IExecuteFunctions): number {
	return z.number().catch(0).parse(context.getWorkflowDataProxy(0).$runIndex);
}

/** The same without runs that n8n made up from its log after it was killed: a retry comes by the same places. */
export function trueRunIndexOf(context: IExecuteFunctions): number {
	const made = runsIn(context)[nodeOf(context).name] ?? [];
	return Math.max(0, runIndexOf(context) - made.filter(isMadeUp).length);
}

/** Whether an AI agent calls the node as its tool (n8n 2.x says so in part; the type's name says it everywhere). */
export function isTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || nodeOf(context).type.endsWith('Tool');
}

/** Whether a failed item is a row and does not end the run. Of a tool every failure is an answer, told in one way. */
export function goesOnOnFail(context: IExecuteFunctions): boolean {
	return !isTool(context) && context.continueOnFail();
}
