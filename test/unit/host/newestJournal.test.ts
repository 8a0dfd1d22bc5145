/** The journal of an execution that n8n may run twice from one copy of its data, and in several processes. */
import type { Entry } from '../../../nodes/WanVideo/generation/journal';
import {
	bringUpToDate,
	forgetJournals,
	newestJournal,
} from '../../../nodes/WanVideo/host/newestJournal';
import { anEntry } from '../../support/builders';
import { fakeContext } from '../../support/fakeContext';

type Data = Record<string, unknown>;
/** The node's context; `others` are the data of the execution's other nodes. */
const contextOf = (data: Data, executionId = '7', name = 'node', others: Data = {}) =>
	fakeContext({
		...{ executionId, node: { name } },
		members: {
			getContext: () => data,
			runExecutionData: { executionData: { contextData: others } },
		},
	});
const journalOf = (data: Data, executionId?: string, name?: string) =>
	newestJournal(contextOf(data, executionId, name));
const at = (n: number): Entry => ({ ...anEntry('intended'), key: `${n}` });
const copyOf = (data: Data) => structuredClone(data);

beforeEach(forgetJournals);

it('reads what was written, here and in the data', () => {
	const data = {};
	journalOf(data).write('a', at(1));
	expect(journalOf(data).read('a')).toEqual(at(1));
	forgetJournals();
	expect(journalOf(data).read('a')).toEqual(at(1));
	expect(journalOf(data).names()).toEqual(['a']);
});

it('of an older copy of the data is the newest one, whoever writes', () => {
	const data = {};
	journalOf(data).write('a', at(1));
	const [one, two] = [copyOf(data), copyOf(data)];
	journalOf(one).write('b', at(2));
	expect(journalOf(two).read('b')).toEqual(at(2));
	journalOf(two).write('a', at(3));
	journalOf(two).write('c', at(4));
	for (const copy of [one, two, data]) {
		expect(['a', 'b', 'c'].map((slot) => journalOf(copy).read(slot))).toEqual([
			...[at(3), at(2), at(4)],
		]);
		expect(journalOf(copy).names().sort()).toEqual(['a', 'b', 'c']);
	}
});

it('goes by the data where another process of n8n has written more', () => {
	const data = {};
	journalOf(data).write('a', at(1));
	const elsewhere = copyOf(data);
	forgetJournals();
	journalOf(elsewhere).write('a', at(2));
	journalOf(elsewhere).write('b', at(3));
	forgetJournals();
	// This process knows the first state only.
	journalOf({}).write('a', at(1));
	expect(journalOf(elsewhere).read('a')).toEqual(at(2));
	journalOf(elsewhere).write('c', at(4));
	expect(journalOf(copyOf(elsewhere)).read('a')).toEqual(at(2));
});

it.each([
	['execution', '8', 'node'],
	['node', '7', 'other'],
])('is none of another %s', (_what, executionId, name) => {
	journalOf({}).write('a', at(1));
	expect(journalOf({}, executionId, name).read('a')).toBeUndefined();
});

it('keeps what is newest: the oldest executions make room, the one that goes on never', () => {
	const write = (count: number, execution: string) => {
		const journal = journalOf({}, execution);
		for (let slot = 0; slot < count; slot += 1) journal.write(`${slot}`, at(Number(execution)));
	};
	for (const execution of ['0', '1', '2']) write(8_000, execution);
	const seen = ['0', '1', '2'].map((execution) => journalOf({}, execution).read('7999'));
	expect(seen).toEqual([undefined, at(1), at(2)]);
	write(21_000, '3');
	expect(journalOf({}, '3').read('0')).toEqual(at(3));
	expect(journalOf({}, '2').read('0')).toBeUndefined();
});

it('brings an older copy up to date for all nodes of the execution, and for no other execution', () => {
	const own = {};
	journalOf(own).write('a', at(1));
	const copy = copyOf(own);
	journalOf(own).write('b', at(2));
	const behind = {};
	journalOf(behind, '7', 'behind').write('c', at(3));
	journalOf({}, '8', 'stranger').write('d', at(4));
	const others: Data = { 'node:behind': {} };
	bringUpToDate(contextOf(copy, '7', 'node', others));
	forgetJournals();
	expect(journalOf(copy).read('b')).toEqual(at(2));
	expect(journalOf(others['node:behind'] as Data, '7', 'behind').read('c')).toEqual(at(3));
	expect(Object.keys(others)).toEqual(['node:behind']);
});

it('takes no end of an older task for news', () => {
	const data = {};
	const old = anEntry('ended');
	journalOf(data).write('a', anEntry('submitted', { taskId: 'new', earlierTaskIds: ['old'] }));
	journalOf(data).write('a', { ...old, taskId: 'old' } as Entry);
	expect(journalOf(data).read('a')).toMatchObject({ stage: 'submitted', taskId: 'new' });
});

it('brings an older copy up to date as soon as it is read, as n8n may store that one last', () => {
	const data = {};
	journalOf(data).write('a', at(1));
	const copy = copyOf(data);
	journalOf(data).write('b', at(2));
	journalOf(copy).read('a');
	forgetJournals();
	expect(journalOf(copy).read('b')).toEqual(at(2));
});
