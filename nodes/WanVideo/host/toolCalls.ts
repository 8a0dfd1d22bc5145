/**
 * Calls of the node as an AI agent's tool, told apart from one another: a model may ask for the same
 * thing twice, even in one breath, and a client of n8n's MCP Server Trigger asks again when its
 * patience is over. Whoever asks for the same request meets the task that is there.
 */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { Outcome } from '../generation/outcome';
import type { JournalStore } from '../generation/ports';
import { clock } from './clock';
import { journalStore } from './journalStore';
import { isTool } from './scope';

type Outcomes = Array<Outcome<IBinaryData>>;

/** How long a call over MCP is remembered, and how many: a client that asks again does so within minutes. */
export const REMEMBERED_MS = 3_600_000;
const REMEMBERED_CALLS = 1_000;

const underWay = new Map<string, Promise<Outcomes>>();
const remembered = new Map<string, { record: object; at: number }>();

/** Whether the call came through n8n's MCP Server Trigger, which runs tools before there is an execution. */
export function isMcpCall(context: IExecuteFunctions): boolean {
	return isTool(context) && executionOf(context) === undefined;
}

/** The journal of this run. A call over MCP has no execution to keep it in, so there this process keeps it. */
export function journalOf(context: IExecuteFunctions): JournalStore {
	if (!isMcpCall(context)) return journalStore(context);
	const place = placeOf(context);
	return {
		read: (slot) => recall(`${place}:${slot}`),
		write(slot, entry) {
			// Anew at the end of the map, so that the first one is always the oldest.
			remembered.delete(`${place}:${slot}`);
			remembered.set(`${place}:${slot}`, { record: entry, at: clock.now() });
			const [oldest] = remembered.keys();
			if (remembered.size > REMEMBERED_CALLS) remembered.delete(oldest);
		},
	};
}

/**
 * Runs `work`, or joins the same work of another call of this tool that is under way: the journal alone
 * would have to take a submit without an answer for one that got lost.
 */
export async function joined(
	context: IExecuteFunctions,
	requests: ReadonlyArray<{ slot: string }>,
	work: () => Promise<Outcomes>,
): Promise<Outcomes> {
	if (!isTool(context)) return await work();
	const key = [
		executionOf(context) ?? '',
		placeOf(context),
		...requests.map(({ slot }) => slot),
	].join(':');
	const other = underWay.get(key);
	if (other !== undefined) return await other;
	const own = work();
	underWay.set(key, own);
	try {
		return await own;
	} finally {
		underWay.delete(key);
	}
}

function recall(key: string): object | undefined {
	const found = remembered.get(key);
	return found !== undefined && clock.now() - found.at < REMEMBERED_MS ? found.record : undefined;
}

/** Node and account: another credential's tasks are not to be seen. */
function placeOf(context: IExecuteFunctions): string {
	const { id, name, credentials } = context.getNode();
	return [context.getWorkflow().id, id, name, credentials?.evoLinkApi?.id].join(':');
}

/** n8n's types promise an ID; a call over MCP has none (run on 1.123 and 2.41). */
function executionOf(context: IExecuteFunctions): string | undefined {
	return context.getExecutionId();
}
