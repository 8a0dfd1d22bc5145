/** Calls of an agent's tool: the same request meets the same work, and over MCP the same task for an hour. */
import type { Entry } from '../../../nodes/WanVideo/generation/journal';
import { clock } from '../../../nodes/WanVideo/host/clock';
import {
	isMcpCall,
	joined,
	journalOf,
	REMEMBERED_MS,
} from '../../../nodes/WanVideo/host/toolCalls';
import { fakeContext, type FakeContextPlan } from '../../support/fakeContext';

const getWorkflow = () => ({ id: 'workflow-1' });
const account = (id: string) => ({ credentials: { evoLinkApi: { id, name: 'EvoLink' } } });

/** A call of the tool in an execution. */
const call = (plan: FakeContextPlan = {}) =>
	fakeContext({ isTool: true, members: { getWorkflow }, ...plan });
/** A call over MCP: n8n has no execution for it. */
const mcpCall = (plan: FakeContextPlan = {}) =>
	call({ ...plan, members: { getWorkflow, getExecutionId: () => undefined, ...plan.members } });

const entry = (taskId: string): Entry => ({
	...{ stage: 'submitted', request: 'r', intent: 'i', key: 'k', executionId: 'e' },
	...{ earlierTaskIds: [], taskId, submittedAt: 1 },
});

afterEach(() => jest.restoreAllMocks());

it.each([
	['a call over MCP', mcpCall(), true],
	['an agent in an execution', call(), false],
	['an ordinary node', fakeContext(), false],
])('knows %s', (_label, context, expected) => {
	expect(isMcpCall(context)).toBe(expected);
});

const stopped = { end: 'stopped' } as const;

describe('calls at the same time', () => {
	/** Starts one call after the other, none of which is over before all have begun. */
	async function atOnce(...calls: Array<[ReturnType<typeof call>, string]>): Promise<number> {
		let begun = 0;
		let release = () => undefined as void;
		const gate = new Promise<void>((resolve) => (release = resolve));
		const all = calls.map(
			async ([context, slot]) =>
				await joined(context, [{ slot }], async () => {
					begun += 1;
					await gate;
					return [];
				}),
		);
		release();
		await Promise.all(all);
		return begun;
	}

	it.each([
		['the same request', 1, [call(), 'a'], [call(), 'a']],
		['another request', 2, [call(), 'a'], [call(), 'b']],
		['another execution', 2, [call(), 'a'], [call({ executionId: '8' }), 'a']],
		['another tool', 2, [call(), 'a'], [call({ node: { id: 'node-2' } }), 'a']],
		['an ordinary node', 2, [fakeContext(), 'a'], [fakeContext(), 'a']],
		['the same request over MCP', 1, [mcpCall(), 'a'], [mcpCall(), 'a']],
	] as Array<[string, number, ...Array<[ReturnType<typeof call>, string]>]>)(
		'%s: works done: %i',
		async (_label, works, ...calls) => {
			expect(await atOnce(...calls)).toBe(works);
		},
	);

	it('one after the other each do their own, also after a defect', async () => {
		const slots = [{ slot: 'a' }];
		const broken = joined(call(), slots, async () => await Promise.reject(new Error('broken')));
		await expect(broken).rejects.toThrow('broken');
		await expect(
			joined(call(), slots, async () => await Promise.resolve([stopped])),
		).resolves.toEqual([stopped]);
		await expect(joined(call(), slots, async () => await Promise.resolve([]))).resolves.toEqual([]);
	});
});

describe('the journal', () => {
	it("of an execution is n8n's, and no other execution sees it", () => {
		const data = {};
		const context = call({ members: { getWorkflow, getContext: () => data } });
		journalOf(context).write('a', entry('task-1'));
		expect(data).toEqual({ wanVideoJournal: { a: entry('task-1') } });
		const other = call({ members: { getWorkflow, getContext: () => ({}) } });
		expect(journalOf(other).read('a')).toBeUndefined();
	});

	it.each([
		['the next call of the tool', mcpCall(), true],
		['another tool', mcpCall({ node: { id: 'node-3' } }), false],
		['another account', mcpCall({ node: account('2') }), false],
		['another workflow', mcpCall({ members: { getWorkflow: () => ({ id: 'w2' }) } }), false],
	])('over MCP is read by %s: %s', (_label, context, expected) => {
		journalOf(mcpCall()).write('read', entry('task-1'));
		expect(journalOf(context).read('read')).toEqual(expected ? entry('task-1') : undefined);
	});

	it('over MCP forgets after an hour', () => {
		const now = jest.spyOn(clock, 'now').mockReturnValue(0);
		journalOf(mcpCall()).write('old', entry('task-1'));
		now.mockReturnValue(REMEMBERED_MS - 1);
		expect(journalOf(mcpCall()).read('old')).toEqual(entry('task-1'));
		now.mockReturnValue(REMEMBERED_MS);
		expect(journalOf(mcpCall()).read('old')).toBeUndefined();
	});

	it('over MCP keeps the latest thousand, so that a busy server does not grow', () => {
		const journal = journalOf(mcpCall());
		for (let n = 0; n <= 1_000; n += 1) {
			journal.write(`call-${n}`, entry(`task-${n}`));
			// Written to again and again, so it is not among the oldest.
			if (n < 500) journal.write('busy', entry('busy'));
		}
		expect(journal.read('call-0')).toBeUndefined();
		expect(journal.read('call-1')).toBeUndefined();
		expect(journal.read('call-2')).toEqual(entry('task-2'));
		expect(journal.read('busy')).toEqual(entry('busy'));
	});
});
