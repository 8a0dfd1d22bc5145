/**
 * The tasks that a trigger has started its workflow for, so that none starts it twice.
 *
 * n8n loads a workflow's static data with each callback and saves it whole after it: of callbacks that
 * cross, the last one saved would win. So each process also keeps a list of its own, which holds at once
 * and is what gets saved; static data carries it over restarts and to the other processes.
 */
import type { IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { fingerprint } from '../generation/fingerprint';

/** How many tasks are remembered for each trigger. EvoLink repeats a callback within seconds. */
const REMEMBERED = 2_000;
/** Characters of a task's hash: 64 bits. */
const CODE_LENGTH = 16;
const KEY = 'startedFor';

const codes = z.array(z.string().max(CODE_LENGTH)).catch([]);

/** Lists of this process by workflow and node, oldest first. */
const lists = new Map<string, string[]>();

export interface Deliveries {
	has(taskId: string): boolean;
	/** True for the one call that may start the workflow; whoever comes later gets false. */
	claim(taskId: string): boolean;
}

/** What this trigger has delivered. A test in the editor starts with nothing, and leaves nothing behind. */
export function deliveriesOf(context: IWebhookFunctions): Deliveries {
	if (context.getMode() === 'manual') return { has: () => false, claim: () => true };
	const staticData = context.getWorkflowStaticData('node');
	const list = listOf(`${context.getWorkflow().id}/${context.getNode().id}`);
	const known = new Set(list);
	const loaded = codes.parse(staticData[KEY]);
	list.push(...loaded.filter((code) => !known.has(code)));
	// Another process has saved over what this one had: it is put back.
	if (list.length > loaded.length) staticData[KEY] = list;
	const has = (taskId: string) => list.includes(codeOf(taskId));
	return {
		has,
		claim(taskId) {
			if (has(taskId)) return false;
			list.push(codeOf(taskId));
			list.splice(0, list.length - REMEMBERED);
			// The list itself, not a copy: n8n writes it out later, and by then it may hold more.
			staticData[KEY] = list;
			return true;
		},
	};
}

function listOf(trigger: string): string[] {
	const known = lists.get(trigger) ?? [];
	lists.set(trigger, known);
	return known;
}

function codeOf(taskId: string): string {
	return fingerprint(taskId).slice(0, CODE_LENGTH);
}
