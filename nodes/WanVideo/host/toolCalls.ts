/**
 * Calls of the node as an AI agent's tool, told apart from one another: a model may ask for the same
 * thing twice, even in one breath, and a client of n8n's MCP Server Trigger asks again when its
 * patience is over. Whoever asks for the same request meets the task that is there (docs/decisions/agents.md).
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { fieldOf } from '../evolink/foreign';
import { type Entry, isOutdated, parseEntry } from '../generation/journal';
import type { JournalStore, StopSignal } from '../generation/ports';
import { clock } from './clock';
import { journalStore } from './journalStore';
import { newestJournal } from './newestJournal';
import { runsIn } from './runs';
import { isTool } from './scope';
import { type Caller, recallLeft, recallOwn, remember } from './toolMemory';

/** What is known of a call while it goes on. */
interface Call {
	/** Wall clock (ms) of its beginning: whoever waits for the answer counts from there. */
	since: number;
	/** Whether a submit went out, or was about to. */
	sends: boolean;
	/** By slot: while it has one, no other call submits the same wish. */
	turns: Map<string, Turn>;
}

const calls = new WeakMap<IExecuteFunctions, Call>();

/** The call of this context; it begins when it is first asked for. */
export function callOf(context: IExecuteFunctions): Call {
	let call = calls.get(context);
	if (call === undefined) {
		call = { since: clock.now(), sends: false, turns: new Map() };
		calls.set(context, call);
	}
	return call;
}

/** Whether the call came outside of any execution: from n8n's MCP Server Trigger, or from n8n's Agents. */
export function isWithoutExecution(context: IExecuteFunctions): boolean {
	return isTool(context) && executionOf(context) === undefined;
}

/** Who calls: outside of executions by account and name of the tool, as n8n's Agents give a new node ID to each call. */
export function callerOf(context: IExecuteFunctions): Caller {
	const { id, name } = context.getNode();
	return {
		...whereaboutsOf(context),
		tool: workflowOf(context) === undefined ? name : id,
		operation: String(context.getNodeParameter('operation', 0, '')),
	};
}

/** Where a call or an ordinary run of the node belongs. */
export function whereaboutsOf(context: IExecuteFunctions): Pick<Caller, 'place' | 'executionId'> {
	return { place: placeOf(context), executionId: executionOf(context) };
}

/** Workflow and account. */
function placeOf(context: IExecuteFunctions): string {
	const { id, name } = context.getNode().credentials?.evoLinkApi ?? {};
	return [workflowOf(context) ?? '', id ?? name ?? ''].join(':');
}

/** Workflows have an ID, n8n's Agents none, though its types promise one. */
function workflowOf(context: IExecuteFunctions): string | undefined {
	return context.getWorkflow().id;
}

/** The journal of this run. For a tool's call this process keeps it too, and without an execution nobody else does. */
export function journalOf(context: IExecuteFunctions): JournalStore {
	if (!isTool(context)) return newestJournal(context);
	const caller = callerOf(context);
	const call = callOf(context);
	const stored = journalStore(context);
	const read = (slot: string): unknown =>
		recallOwn(caller, slot) ?? stored.read(slot) ?? recallLeft(caller, slot);
	return {
		read,
		write(slot, entry) {
			if (isOutdated(entry, parseEntry(read(slot)))) return;
			call.sends ||= entry.stage === 'intended';
			stored.write(slot, entry);
			remember(caller, slot, entry);
			if (isAnswered(entry)) endTurn(context, slot);
		},
	};
}

/** Whether the next call of the same wish finds a task, or that nobody knows whether there is one. */
function isAnswered(entry: Entry): boolean {
	if (entry.stage === 'intended') return entry.failure !== undefined;
	// One that was turned away or has failed may be followed by a submit of this very call.
	return entry.stage === 'submitted' || entry.stage === 'delivered';
}

interface Turn {
	over: Promise<void>;
	end(): void;
}

const turns = new Map<string, Turn>();

/** Longer than any wait for a turn: the end of the turn before or the stop ends it. */
const REST_MS = 86_400_000;

/**
 * Waits until no other call of the same execution (or outside of executions) is about to submit the same
 * wish. True: it is this call's turn, until its submit is answered or `endTurn`. False: `stop` came first.
 */
export async function takeTurn(
	context: IExecuteFunctions,
	slot: string,
	stop: StopSignal,
): Promise<boolean> {
	const { place, executionId } = callerOf(context);
	const key = [place, executionId ?? '', slot].join('\n');
	for (let before = turns.get(key); before !== undefined; before = turns.get(key)) {
		if (stop.aborted) return false;
		let came = false;
		const waiting = {
			get aborted() {
				return came || stop.aborted;
			},
		};
		await Promise.race([before.over, clock.sleep(REST_MS, waiting)]);
		came = true;
	}
	let done = () => undefined as void;
	const over = new Promise<void>((resolve) => (done = resolve));
	const turn = {
		over,
		end() {
			if (turns.get(key) === turn) turns.delete(key);
			done();
		},
	};
	turns.set(key, turn);
	callOf(context).turns.set(slot, turn);
	return true;
}

/** Lets the next call go on. Without a turn of its own it does nothing. */
export function endTurn(context: IExecuteFunctions, slot: string): void {
	const { turns: own } = callOf(context);
	own.get(slot)?.end();
	own.delete(slot);
}

/**
 * n8n's types promise an ID; outside of executions there is none (run on 1.123 and 2.41). In queue mode a worker makes
 * the calls of MCP Server Trigger, and has an ID for each of them: an execution that is over, and shared by no two calls.
 */
function executionOf(context: IExecuteFunctions): string | undefined {
	return isMcp(fieldOf(context, 'parentNode')) || isBegunByMcp(context)
		? undefined
		: context.getExecutionId();
}

function isMcp(node: unknown): boolean {
	const type = fieldOf(node, 'type');
	return typeof type === 'string' && type.endsWith('.mcpTrigger');
}

/** As where the trigger's tool is an agent, whose tool this is. */
function isBegunByMcp(context: IExecuteFunctions): boolean {
	const nodes = 'workflow' in context ? fieldOf(context.workflow, 'nodes') : undefined;
	return Object.keys(runsIn(context)).some((name) => isMcp(fieldOf(nodes, name)));
}
