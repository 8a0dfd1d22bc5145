/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** Calls of an agent's tool: who calls, whose turn it is to submit, and the journal that several calls write to. */
import type { Entry } from '../../../nodes/WanVideo/generation/journal';
import {
	callerOf,
	callOf,
	endTurn,
	isWithoutExecution,
	journalOf,
	takeTurn,
} from '../../../nodes/WanVideo/host/toolCalls';
import { forgetAll, leave } from '../../../nodes/WanVideo/host/toolMemory';
import { anEntry } from '../../support/builders';
import { fakeContext, type FakeContextPlan } from '../../support/fakeContext';

const getWorkflow = () => ({ id: 'workflow-1' });
const NEVER = { aborted: false };

/** A call of the tool in an execution, with context data of its own. */
function call(plan: FakeContextPlan = {}, data: object = {}) {
	return fakeContext({
		isTool: true,
		...plan,
		members: { getWorkflow, getContext: () => data, ...plan.members },
	});
}
const withoutExecution = { getExecutionId: () => undefined };
/** A call over MCP: n8n has no execution for it. */
const mcpCall = (plan: FakeContextPlan = {}) =>
	call({ ...plan, members: { ...withoutExecution, ...plan.members } });
/** A call of n8n's Agents: no workflow either, and data of an execution throws. */
const agentsCall = (plan: FakeContextPlan = {}) =>
	mcpCall({
		...plan,
		members: {
			getWorkflow: () => ({ id: undefined }),
			getContext: () => {
				throw new Error('`executionData` is not initialized');
			},
			...plan.members,
		},
	});

const entry = (overrides: Partial<Entry> = {}) => anEntry('submitted', overrides);
const taskIn = (stored: unknown) => (stored as { taskId?: string } | undefined)?.taskId;

beforeEach(forgetAll);

it.each([
	['a call over MCP', mcpCall(), true],
	["a call of n8n's Agents", agentsCall(), true],
	['an agent in an execution', call(), false],
	['an ordinary node', fakeContext(), false],
])('knows whether %s comes without an execution', (_label, context, expected) => {
	expect(isWithoutExecution(context)).toBe(expected);
});

it("goes by the tool's name for n8n's Agents, and by the node else", () => {
	const node = { id: 'node-9', name: 'Generate video' };
	expect(callerOf(agentsCall({ node })).tool).toBe('Generate video');
	expect(callerOf(mcpCall({ node })).tool).toBe('node-9');
});

it('a call has one beginning', () => {
	const context = call();
	expect(callOf(context)).toBe(callOf(context));
	expect(callOf(call())).not.toBe(callOf(context));
});

describe('the journal', () => {
	it('of an ordinary node is that of its execution alone', () => {
		const data = {};
		const context = fakeContext({ members: { getContext: () => data } });
		journalOf(context).write('a', entry());
		expect(data).toMatchObject({ wanVideoJournal: { a: entry() } });
		const other = fakeContext({ executionId: '8', members: { getContext: () => ({}) } });
		expect(journalOf(other).read('a')).toBe(undefined);
	});

	it('of a tool is kept by the execution too, so that a retry of it finds the task', () => {
		const data = {};
		journalOf(call({}, data)).write('a', entry());
		forgetAll();
		expect(journalOf(call({ executionId: '8' }, data)).read('a')).toEqual(entry());
	});

	it.each([
		['the next call', {}, true],
		['another account', { node: { credentials: { evoLinkApi: { id: '2', name: 'B' } } } }, false],
		['another workflow', { members: { getWorkflow: () => ({ id: 'w2' }) } }, false],
		['another node that does the same', { node: { id: 'node-3' } }, false],
		[
			'another node that does another part of the work',
			{ node: { id: 'node-3' }, parameters: { operation: 'submit' } },
			true,
		],
	] as Array<[string, FakeContextPlan, boolean]>)(
		'over MCP is read by %s: %s',
		(_label, plan, expected) => {
			journalOf(mcpCall()).write('a', entry());
			expect(journalOf(mcpCall(plan)).read('a')).toEqual(expected ? entry() : undefined);
		},
	);

	it("of n8n's Agents is found by every new node of that name", () => {
		journalOf(agentsCall({ node: { id: 'a', name: 'Video' } })).write('a', entry());
		const again = agentsCall({ node: { id: 'b', name: 'Video' } });
		expect(journalOf(again).read('a')).toEqual(entry());
		const other = agentsCall({ node: { id: 'c', name: 'Other' } });
		expect(journalOf(other).read('a')).toBeUndefined();
	});

	it('is read by another execution once the task was left there, and taken over by it', () => {
		const [first, second, third] = ['1', '2', '3'].map((executionId) => call({ executionId }));
		journalOf(first).write('a', entry());
		expect(journalOf(second).read('a')).toBeUndefined();
		leave(callerOf(first), 'a');
		expect(journalOf(second).read('a')).toEqual(entry());
		journalOf(second).write('a', anEntry('delivered'));
		expect(journalOf(third).read('a')).toBeUndefined();
		expect(journalOf(second).read('a')).toEqual(anEntry('delivered'));
	});

	it.each(['intended', 'refused', 'ended', 'delivered'] as const)(
		'is not read by another execution at the stage %s',
		(stage) => {
			const first = call({ executionId: '1' });
			journalOf(first).write('a', anEntry(stage));
			leave(callerOf(first), 'a');
			expect(journalOf(call({ executionId: '2' })).read('a')).toBeUndefined();
		},
	);

	it('does not forget a new task for news of the one before', () => {
		const [late, early] = [journalOf(mcpCall()), journalOf(mcpCall())];
		early.write('a', entry({ taskId: 'task-2', earlierTaskIds: ['task-1'] }));
		late.write('a', anEntry('ended', { taskId: 'task-1' }));
		expect(taskIn(late.read('a'))).toBe('task-2');
	});
});

describe('a turn', () => {
	it('is one at a time for a wish, and ends with the answer to the submit', async () => {
		const [first, second] = [mcpCall(), mcpCall()];
		expect(await takeTurn(first, 'a', NEVER)).toBe(true);
		let came = false;
		const waits = takeTurn(second, 'a', NEVER).then((turn) => (came = turn));
		journalOf(first).write('a', anEntry('intended'));
		await new Promise((resolve) => process.nextTick(resolve));
		expect(came).toBe(false);
		journalOf(first).write('a', entry());
		await waits;
		expect(came).toBe(true);
		// What the first one still hears of its task does not end the turn of the second.
		journalOf(first).write('a', anEntry('ended'));
		const third = takeTurn(mcpCall(), 'a', { aborted: true });
		expect(await third).toBe(false);
		endTurn(second, 'a');
		const last = mcpCall();
		expect(await takeTurn(last, 'a', { aborted: true })).toBe(true);
		endTurn(last, 'a');
	});

	it.each([
		['another wish', mcpCall(), 'b'],
		[
			'another account',
			mcpCall({ node: { credentials: { evoLinkApi: { id: '2', name: 'B' } } } }),
			'a',
		],
		['an execution', call(), 'a'],
	])('keeps no other one waiting: %s', async (_label, context, slot) => {
		const first = mcpCall();
		await takeTurn(first, 'a', NEVER);
		expect(await takeTurn(context, slot, { aborted: true })).toBe(true);
		endTurn(first, 'a');
		endTurn(context, slot);
	});

	it('is not waited for beyond the stop', async () => {
		const first = mcpCall();
		await takeTurn(first, 'a', NEVER);
		const stop = { aborted: false };
		const waits = takeTurn(mcpCall(), 'a', stop);
		stop.aborted = true;
		expect(await waits).toBe(false);
		endTurn(first, 'a');
	});
});
