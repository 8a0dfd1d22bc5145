/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** The second witness, step by step: what is written when, what is found, what is left, and what a store in trouble costs. */
import {
	type Claimed,
	claimName,
	claimTexts,
	hasOtherId,
	idTexts,
	isClaimOf,
	otherIdQuestions,
	readId,
	usualIdQuestions,
	VARIANTS,
} from '../../../nodes/WanVideo/generation/claimNames';
import { Claims } from '../../../nodes/WanVideo/generation/claims';
import { ClaimSearch, type Lineage } from '../../../nodes/WanVideo/generation/claimSearch';
import { TASK_ID } from '../../support/builders';
import { FakeClock } from '../../support/fakeClock';
import { SetStore } from '../../support/setStore';

const item = (slot: string, overrides: Partial<Claimed> = {}): Claimed => ({
	...{ slot, requestHash: `request of ${slot}`, intent: `intent of ${slot}` },
	...overrides,
});
const items = (count: number) => Array.from({ length: count }, (_, index) => item(`item${index}`));
const lineageOf = (overrides: Partial<Lineage> = {}): Lineage => ({
	...{ names: ['mine'], isOwn: true, execution: '7', mayFollow: true },
	...overrides,
});
const nameOf = (slot: string, variant = 1, lineage = 'mine') => claimName(lineage, slot, variant);

/** What a lost run left: its claim, and the ID where that was kept. */
function leave(
	store: SetStore,
	claimed: Claimed,
	{
		variant = 1,
		lineage = 'mine',
		taskId,
	}: { variant?: number; lineage?: string; taskId?: string } = {},
): void {
	const name = nameOf(claimed.slot, variant, lineage);
	for (const text of claimTexts(name, claimed)) store.texts.add(text);
	if (taskId !== undefined) for (const text of idTexts(name, taskId)) store.texts.add(text);
}

describe('the texts of an ID', () => {
	it.each([
		[TASK_ID, false],
		['task-unified-0000000001-00000000', false],
		['task-unified-9999999999-zzzzzzzz', false],
		['job-7', true],
		['x'.repeat(64), true],
		['ü'.repeat(32), true],
	])('%s comes back, by other digits: %s', (taskId, isOther) => {
		const there = new Set(idTexts('name', taskId));
		expect(hasOtherId('name', there)).toBe(isOther);
		expect(readId('name', there)).toBe(taskId);
		const questions = new Set([...usualIdQuestions('name'), ...otherIdQuestions('name')]);
		for (const text of there) expect(questions).toContain(text);
	});

	it('are none for one that is too long', () => {
		expect(idTexts('name', 'x'.repeat(65))).toEqual([]);
		expect(readId('name', new Set())).toBeUndefined();
	});

	it('are no ID where both forms are there, or digits without a form', () => {
		const both = [...idTexts('name', TASK_ID), ...idTexts('name', 'job-7')];
		expect(readId('name', new Set(both))).toBeUndefined();
		expect(readId('name', new Set(idTexts('name', TASK_ID).slice(1)))).toBeUndefined();
		expect(readId('other', new Set(idTexts('name', TASK_ID)))).toBeUndefined();
	});

	it('of a claim know it again by the request or by the intent', () => {
		const there = new Set(claimTexts('name', item('a')));
		expect(isClaimOf('name', item('a', { intent: 'other' }), there)).toBe(true);
		expect(isClaimOf('name', item('a', { requestHash: 'other' }), there)).toBe(true);
		expect(isClaimOf('name', item('a', { requestHash: 'x', intent: 'y' }), there)).toBe(false);
	});
});

describe('a search', () => {
	const searchIn = (store: SetStore, overrides: Partial<Lineage> = {}) =>
		new ClaimSearch(store, lineageOf(overrides));

	it('finds nothing in an empty store, and leaves it empty', async () => {
		const store = new SetStore();
		expect(await searchIn(store).lookFor(items(3))).toEqual([]);
		expect(store.texts.size).toBe(0);
		expect(store.calls).toBe(2);
	});

	it.each([TASK_ID, 'job-7', undefined])(
		'finds what a lost run left, with the ID %s',
		async (taskId) => {
			const store = new SetStore();
			leave(store, item('a'), taskId === undefined ? {} : { taskId });
			const before = new Set(store.texts);
			const name = nameOf('a');
			expect(await searchIn(store).lookFor([item('a'), item('b')])).toEqual([
				{
					item: item('a'),
					lost: taskId === undefined ? {} : { taskId },
					claim: {
						name,
						texts: claimTexts(name, item('a')),
						ids: taskId === undefined ? [] : idTexts(name, taskId),
					},
				},
			]);
			expect(store.texts).toEqual(before);
		},
	);

	it('finds it by its intent, where the request has changed', async () => {
		const store = new SetStore();
		leave(store, item('a'));
		const [found] = await searchIn(store).lookFor([item('a', { requestHash: 'new' })]);
		expect(found.claim?.name).toBe(nameOf('a'));
	});

	it('tells of another request in the place, and which name is free', async () => {
		const store = new SetStore();
		const other = item('a', { requestHash: 'x', intent: 'y' });
		leave(store, other, { taskId: TASK_ID });
		expect(await searchIn(store).lookFor([item('a')])).toEqual([
			{ item: item('a'), lost: { taskId: TASK_ID }, free: nameOf('a', 2) },
		]);
		for (let variant = 2; variant <= VARIANTS; variant += 1) leave(store, other, { variant });
		const [full] = await searchIn(store).lookFor([item('a')]);
		expect(full.free).toBeUndefined();
		expect(await searchIn(store).freeName(item('a'))).toBeUndefined();
		// Its own claim is found behind the others.
		store.texts.clear();
		leave(store, other);
		leave(store, item('a'), { variant: 2, taskId: TASK_ID });
		const [own] = await searchIn(store).lookFor([item('a')]);
		expect([own.claim?.name, own.lost]).toEqual([nameOf('a', 2), { taskId: TASK_ID }]);
	});

	it('looks under all names of the lineage, and writes under the first', async () => {
		const store = new SetStore();
		leave(store, item('a'), { lineage: 'older', taskId: TASK_ID });
		const search = searchIn(store, { names: ['mine', 'older'] });
		const [found] = await search.lookFor([item('a')]);
		expect(found.claim?.name).toBe(nameOf('a', 1, 'older'));
		expect(search.newName(item('a'))).toBe(nameOf('a'));
		expect(await search.freeName(item('a'))).toBe(nameOf('a'));
	});

	it('of tools: their own claims by the tool, those of another kind as they are', async () => {
		const store = new SetStore();
		const video = { tool: 'Generate', others: ['submits'] };
		const search = searchIn(store, video);
		for (const text of search.textsOf(item('a'), search.newName(item('a')))) store.texts.add(text);
		// The same tool knows it whatever the request was.
		const anew = item('a', { requestHash: 'x', intent: 'y' });
		expect((await search.lookFor([anew]))[0].claim?.name).toBe(nameOf('a'));
		expect(
			(await searchIn(store, { tool: 'Other' }).lookFor([item('a')]))[0].claim,
		).toBeUndefined();
		leave(store, anew, { lineage: 'submits', taskId: TASK_ID });
		const [found] = await searchIn(store, { ...video, names: ['nobody'] }).lookFor([item('a')]);
		expect([found.claim?.name, found.lost]).toEqual([
			nameOf('a', 1, 'submits'),
			{ taskId: TASK_ID },
		]);
	});

	it('asks for thousands in several calls', async () => {
		const store = new SetStore();
		leave(store, item('item199'), { taskId: TASK_ID });
		const found = await searchIn(store).lookFor(items(200));
		expect(found.map(({ lost }) => lost)).toEqual([{ taskId: TASK_ID }]);
		expect(store.recorded.slice(0, 2)).toEqual([2_000, 400]);
	});

	describe('where executions look alike', () => {
		const alike = { isOwn: false, mayFollow: false };

		it('takes a claim for lost only in a retry, or where this very execution has made it', async () => {
			const store = new SetStore();
			leave(store, item('a'), { taskId: TASK_ID });
			expect((await searchIn(store, alike).lookFor([item('a')]))[0].claim).toBeUndefined();
			const inRetry = searchIn(store, { isOwn: false });
			expect((await inRetry.lookFor([item('a')]))[0].lost).toEqual({ taskId: TASK_ID });

			const search = searchIn(store, alike);
			store.texts.clear();
			for (const text of search.textsOf(item('a'), nameOf('a'))) store.texts.add(text);
			expect((await search.lookFor([item('a')]))[0].claim?.name).toBe(nameOf('a'));
			const otherExecution = searchIn(store, { ...alike, execution: '8' });
			expect((await otherExecution.lookFor([item('a')]))[0].claim).toBeUndefined();
			expect([search, otherExecution].map((one) => one.isOurs(item('a'), store.texts))).toEqual([
				true,
				false,
			]);
		});

		it('a claim that a run of this process holds is not lost, until it lets go', async () => {
			const store = new SetStore();
			leave(store, item('a'));
			const search = searchIn(store, { isOwn: false });
			search.hold(nameOf('a'));
			expect((await search.lookFor([item('a')]))[0].claim).toBeUndefined();
			search.letGo(nameOf('a'));
			expect((await search.lookFor([item('a')]))[0].claim).toBeDefined();
		});

		it('does not read the ID of a claim that may be somebody else’s', async () => {
			const store = new SetStore();
			leave(store, item('a', { requestHash: 'x', intent: 'y' }), { taskId: TASK_ID });
			const [found] = await searchIn(store, alike).lookFor([item('a')]);
			expect(found).toEqual({ item: item('a'), lost: {}, free: nameOf('a', 2) });
		});
	});
});

describe('claims', () => {
	function world(overrides: Partial<Lineage> = {}, store = new SetStore()) {
		const clock = new FakeClock();
		const complaints: string[] = [];
		const claims = new Claims({
			...{ store, clock, lineage: lineageOf({ mayFollow: false, ...overrides }) },
			complain: (text) => complaints.push(text),
		});
		return { store, clock, complaints, claims };
	}
	/** More turns than anything here takes: the clock goes on by one with each. */
	const settled = async () => {
		for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
	};

	it('are recorded before a submit, with those that stand in line, eight in one call', async () => {
		const { claims, store } = world();
		const all = items(10);
		claims.expect(all);
		all.forEach((one) => claims.comes(one));
		expect(await claims.before(all[0])).toBeUndefined();
		expect(store.recorded).toEqual([8 * 3]);
		for (const one of all.slice(1, 8)) await claims.before(one);
		expect(store.calls).toBe(1);
		await claims.before(all[8]);
		// The two that are left, and those written before once more.
		expect(store.recorded).toEqual([24, 24 + 6]);
		for (const { slot } of all) expect(store.texts).toContain(nameOf(slot));
	});

	it('are not made for who does not stand in line yet', async () => {
		const { claims, store } = world();
		claims.expect(items(3));
		await claims.before(item('item0'));
		expect(store.texts.size).toBe(3);
	});

	it('wait a moment for company once there are some', async () => {
		const { claims, clock, store } = world();
		claims.expect(['a', 'b', 'c'].map((slot) => item(slot)));
		await claims.before(item('a'));
		const first = claims.before(item('b'));
		claims.comes(item('c'));
		await first;
		expect(clock.sleeps).toContain(400);
		await claims.before(item('c'));
		expect(store.recorded).toEqual([3, 3 + 6]);
	});

	it('do not wait for company that stands in line already', async () => {
		const { claims, clock } = world();
		const all = items(17);
		claims.expect([...all, item('one that comes later')]);
		all.forEach((one) => claims.comes(one));
		for (const one of all.slice(0, 16)) await claims.before(one);
		expect(clock.elapsed()).toBe(0);
		await claims.before(all[16]);
		expect(clock.elapsed()).toBe(400);
	});

	it.each([
		['has come', (claims: Claims, last: Claimed) => claims.comes(last)],
		['is over', (claims: Claims, last: Claimed) => claims.over(last.slot, 'open')],
	])('do not wait for company where each of the run has its claim, or %s', async (_, ends) => {
		const { claims, clock, store } = world();
		const all = items(18);
		claims.expect(all);
		all.slice(0, 17).forEach((one) => claims.comes(one));
		ends(claims, all[17]);
		for (const one of all.slice(0, 17)) await claims.before(one);
		expect(clock.elapsed()).toBe(0);
		expect(store.calls).toBe(3);
	});

	it('do not wait for company in a call that is alone, as in a loop', async () => {
		const { claims, clock, store } = world();
		for (const one of items(3)) {
			claims.expect([one]);
			claims.comes(one);
			await claims.before(one);
			claims.over(one.slot, 'open');
		}
		expect(clock.elapsed()).toBe(0);
		expect(store.calls).toBe(3);
	});

	it('get their ID at once where nobody else is under way, and else gathered', async () => {
		const { claims, clock, store } = world();
		const [a, b] = items(2);
		[a, b].forEach((one) => claims.comes(one));
		await claims.before(a);
		claims.accepted(a.slot, TASK_ID);
		expect(readId(nameOf(a.slot), store.texts)).toBeUndefined();
		await settled();
		// Two seconds for the next claims, and two for those that are still under way.
		expect(clock.elapsed()).toBeGreaterThanOrEqual(4_000);
		expect(readId(nameOf(a.slot), store.texts)).toBe(TASK_ID);
		claims.accepted(b.slot, 'job-7');
		await settled();
		expect(readId(nameOf(b.slot), store.texts)).toBe('job-7');
		expect(clock.elapsed()).toBeLessThan(7_000);
	});

	it('of nobody have no ID', async () => {
		const { claims, store } = world();
		claims.accepted('item0', TASK_ID);
		await settled();
		expect(store.calls).toBe(0);
	});

	it('lose the ID of a task that failed before its place is submitted again', async () => {
		const { claims, store } = world();
		await claims.before(item('a'));
		claims.accepted('a', TASK_ID);
		await settled();
		expect(readId(nameOf('a'), store.texts)).toBe(TASK_ID);
		await claims.before(item('a'));
		expect(readId(nameOf('a'), store.texts)).toBeUndefined();
		expect(store.texts).toContain(nameOf('a'));
	});

	describe('at the end of a run', () => {
		async function ended(overrides: Partial<Lineage>, isSuccess: boolean) {
			const given = world(overrides);
			const { claims } = given;
			[item('a'), item('b')].forEach((one) => claims.comes(one));
			await claims.before(item('a'));
			claims.accepted('a', TASK_ID);
			claims.over('a', 'brought');
			claims.over('b', 'open');
			await claims.release(isSuccess);
			return given.store.texts;
		}

		it.each([
			['that went well', {}, true],
			['that failed', {}, false],
			['of a retry that went well', { mayFollow: true }, true],
			['of one that others look like, and that failed', { mayFollow: true, isOwn: false }, false],
		])('%s are taken out', async (_what, overrides, isSuccess) => {
			expect(await ended(overrides, isSuccess)).toEqual(new Set());
		});

		it('of a retry that failed stay, with their IDs: the first execution can be retried again', async () => {
			const texts = await ended({ mayFollow: true }, false);
			expect(texts).toContain(nameOf('b'));
			expect(readId(nameOf('a'), texts)).toBe(TASK_ID);
		});

		it('of a retry that failed go where they cost nothing: the next one submits', async () => {
			const { claims, store } = world({ mayFollow: true });
			[item('a'), item('b')].forEach((one) => claims.comes(one));
			for (const slot of ['a', 'b']) {
				await claims.before(item(slot));
				claims.accepted(slot, TASK_ID);
			}
			claims.over('a', 'free');
			claims.over('b', 'free');
			// Tried again in the same execution, and this time it is paid for.
			await claims.before(item('b'));
			claims.accepted('b', 'job-7');
			claims.over('b', 'open');
			await claims.release(false);
			expect([...store.texts].filter((text) => text.startsWith(nameOf('a')))).toEqual([]);
			expect(readId(nameOf('b'), store.texts)).toBe('job-7');
		});

		it('without any leave the store alone', async () => {
			const { claims, store } = world();
			await claims.release(true);
			expect(store.calls).toBe(0);
		});
	});

	describe('of a lost run', () => {
		function lost(overrides: Partial<Lineage> = {}) {
			const store = new SetStore();
			leave(store, item('a'), { taskId: TASK_ID });
			leave(store, item('b'));
			return world({ mayFollow: true, ...overrides }, store);
		}

		it('are told once, of all that are expected in one search', async () => {
			const { claims, store } = lost();
			claims.expect([item('a'), item('b'), item('c')]);
			expect(await claims.lostAt('a')).toEqual({ taskId: TASK_ID });
			const { calls } = store;
			expect(await claims.lostAt('b')).toEqual({});
			expect(await claims.lostAt('c')).toBeUndefined();
			expect(await claims.lostAt('a')).toBeUndefined();
			expect(store.calls).toBe(calls);
		});

		it('are not asked for where none is likely, unless it must be sure', async () => {
			const { claims, store } = lost({ mayFollow: false });
			claims.expect([item('a')]);
			expect(claims.mayFollow).toBe(false);
			expect(await claims.lostAt('a')).toBeUndefined();
			expect(store.calls).toBe(0);
			expect(await claims.lostAt('a', true)).toEqual({ taskId: TASK_ID });
		});

		it('are found by the submit itself, which then is not made', async () => {
			const { claims } = lost({ mayFollow: false });
			expect(await claims.before(item('a'))).toEqual({ taskId: TASK_ID });
			expect(await claims.before(item('a'))).toBeUndefined();
		});

		it('are found with a submit before, and stay as they are until they are told', async () => {
			const { claims, store } = lost({ mayFollow: false });
			['c', 'a', 'b'].forEach((slot) => claims.comes(item(slot)));
			expect(await claims.before(item('c'))).toBeUndefined();
			expect(await claims.before(item('a'))).toEqual({ taskId: TASK_ID });
			expect(await claims.before(item('b'))).toEqual({});
			expect(readId(nameOf('a'), store.texts)).toBe(TASK_ID);
		});

		it('make room for a claim of its own once their task is known to have failed', async () => {
			const { claims, store } = lost({ names: ['now', 'mine'] });
			await claims.leftOf([item('a')]);
			expect(claims.take('a')).toEqual({ taskId: TASK_ID });
			expect(await claims.before(item('a'))).toBeUndefined();
			expect(store.texts).not.toContain(nameOf('a'));
			expect(readId(nameOf('a'), store.texts)).toBeUndefined();
			expect(store.texts).toContain(nameOf('a', 1, 'now'));
		});

		it('are what another run has put in their place meanwhile', async () => {
			const { claims, store } = lost();
			await claims.before(item('a'));
			for (const text of idTexts(nameOf('a'), TASK_ID)) store.texts.delete(text);
			for (const text of idTexts(nameOf('a'), 'job-8')) store.texts.add(text);
			expect(await claims.before(item('a'))).toEqual({ taskId: 'job-8' });
			expect(readId(nameOf('a'), store.texts)).toBe('job-8');
		});

		it('stay until a retry that ends well has brought what they are about', async () => {
			for (const [how, isSuccess, left] of [
				['brought', true, ['b']],
				['free', true, ['b']],
				['open', true, ['a', 'b']],
				['brought', false, ['a', 'b']],
				['free', false, ['b']],
			] as const) {
				const { claims, store } = lost();
				claims.expect([item('a'), item('b')]);
				await claims.lostAt('a');
				claims.over('a', how);
				await claims.release(isSuccess);
				const there = ['a', 'b'].filter((slot) => store.texts.has(nameOf(slot)));
				expect([how, isSuccess, there]).toEqual([how, isSuccess, left]);
				if (!left.some((slot) => slot === 'a')) expect(store.texts.size).toBe(3);
			}
		});

		it('stay where nobody has taken them, though their item ended before', async () => {
			const { claims, store } = lost();
			await claims.leftOf([item('a'), item('b')]);
			claims.over('a', 'free');
			await claims.release(false);
			expect(readId(nameOf('a'), store.texts)).toBe(TASK_ID);
		});

		it('are listed by place', async () => {
			const { claims } = lost();
			const left = await claims.leftOf([item('a'), item('c')]);
			expect([...left]).toEqual([['a', { taskId: TASK_ID }]]);
			expect(claims.take('a')).toEqual({ taskId: TASK_ID });
			expect(claims.take('a')).toBeUndefined();
		});

		it('that was another request is told beside, and its place is not taken', async () => {
			const { claims, store } = lost();
			const other = item('a', { requestHash: 'x', intent: 'y' });
			claims.expect([other]);
			expect(await claims.lostAt('a')).toBeUndefined();
			expect([...claims.ofOthers]).toEqual([['a', { taskId: TASK_ID }]]);
			expect(await claims.before(other)).toBeUndefined();
			for (const text of claimTexts(nameOf('a', 2), other)) expect(store.texts).toContain(text);
			await claims.release(true);
			expect(readId(nameOf('a'), store.texts)).toBe(TASK_ID);
			expect(store.texts).not.toContain(nameOf('a', 2));
		});

		it('that was another request is stepped over by a submit that has not asked', async () => {
			const { claims, store } = lost({ mayFollow: false, isOwn: false });
			const other = item('a', { requestHash: 'x', intent: 'y' });
			expect(await claims.before(other)).toBeUndefined();
			for (const text of claimTexts(nameOf('a', 2), other)) expect(store.texts).toContain(text);
			// Nothing of it is left in the place of the other.
			for (const text of claimTexts(nameOf('a'), other).slice(1))
				expect(store.texts).not.toContain(text);
			expect(claims.ofOthers.size).toBe(0);
			await claims.release(true);
			expect(store.texts).not.toContain(nameOf('a', 2));
			expect(store.texts).toContain(nameOf('a'));
		});
	});

	describe('of a tool, whose calls no execution ends', () => {
		const ofTool = { tool: 'Generate', outlives: true } as const;

		it('go where nothing was charged, and stay where a task may be asked for again', async () => {
			const { claims, store } = world(ofTool);
			for (const one of [item('a'), item('b')]) await claims.before(one);
			claims.accepted('b', TASK_ID);
			claims.over('a', 'free');
			claims.over('b', 'brought');
			await settled();
			expect(store.texts).not.toContain(nameOf('a'));
			expect(store.texts).toContain(nameOf('b'));
			expect(readId(nameOf('b'), store.texts)).toBe(TASK_ID);
			// The next call with the same wish claims anew.
			await claims.before(item('a'));
			expect(store.texts).toContain(nameOf('a'));
		});

		it('go without the ID that was still to be written', async () => {
			const { claims, store } = world(ofTool);
			[item('a'), item('b')].forEach((one) => claims.comes(one));
			await claims.before(item('a'));
			claims.accepted('a', TASK_ID);
			claims.over('a', 'free');
			await settled();
			expect([...store.texts].filter((text) => text.startsWith(nameOf('a')))).toEqual([]);
		});

		it('go without those that stand behind them in line', async () => {
			const { claims, store } = world(ofTool);
			items(10).forEach((one) => claims.comes(one));
			await claims.before(item('item0'));
			claims.over('item0', 'free');
			await claims.before(item('item8'));
			const claimed = items(10).filter(({ slot }) => store.texts.has(nameOf(slot)));
			expect(claimed.map(({ slot }) => slot)).toEqual(
				items(10)
					.slice(1)
					.map(({ slot }) => slot),
			);
		});

		it('that a lost call left and nobody has taken yet stay', async () => {
			const store = new SetStore();
			const { claims } = world(ofTool, store);
			for (const text of claimTexts(
				nameOf('a'),
				item('a', { requestHash: 'Generate', intent: 'Generate' }),
			))
				store.texts.add(text);
			await claims.leftOf([item('a')]);
			claims.over('a', 'free');
			await settled();
			expect(store.texts).toContain(nameOf('a'));
			expect(claims.take('a')).toEqual({});
			claims.over('a', 'free');
			await settled();
			expect(store.texts.size).toBe(0);
		});

		it('stay after a free end where an execution takes them out', async () => {
			const { claims, store } = world();
			await claims.before(item('a'));
			claims.over('a', 'free');
			await settled();
			expect(store.texts).toContain(nameOf('a'));
		});
	});

	describe('without a store', () => {
		class BadStore extends SetStore {
			constructor(private readonly trouble: 'throws' | 'hangs') {
				super();
			}
			override async record(): Promise<ReadonlySet<string>> {
				this.recorded.push(0);
				if (this.trouble === 'throws') throw new Error('no table');
				return await new Promise(() => undefined);
			}
		}

		it.each([
			['throws', true, 'no table', 0],
			['throws', false, 'no table', 0],
			['hangs', true, 'it did not answer within 20 seconds', 20_000],
			['hangs', false, 'it did not answer within 2 seconds', 2_000],
		] as const)(
			'that %s (in a retry: %s) all goes on, and it is said once',
			async (trouble, mayFollow, said, waitedMs) => {
				const store = new BadStore(trouble);
				const { claims, complaints, clock } = world({ mayFollow }, store);
				claims.expect(items(20));
				expect(await claims.lostAt('item0')).toBeUndefined();
				// Side by side, with a call each.
				await Promise.all(
					items(20).map(async (one) => {
						expect(await claims.before(one)).toBeUndefined();
						claims.accepted(one.slot, TASK_ID);
					}),
				);
				await claims.release(true);
				expect(complaints).toEqual([said]);
				expect(clock.elapsed()).toBe(waitedMs);
				expect(store.calls).toBe(1);
			},
		);

		it('that takes as long as n8n for 200 items, a retry finds all of them', async () => {
			class SlowStore extends SetStore {
				clock?: FakeClock;
				/** n8n looks through its list for each text that it takes out: 5 ns for each look, measured. */
				override async remove(texts: readonly string[]): Promise<void> {
					await this.clock?.sleep(texts.length * this.texts.size * 5e-6);
					await super.remove(texts);
				}
			}
			const store = new SlowStore();
			const all = items(200);
			for (const one of all) leave(store, one, { taskId: TASK_ID });
			const { claims, clock, complaints } = world({ mayFollow: true }, store);
			store.clock = clock;
			claims.expect(all);
			for (const { slot } of all) expect(await claims.lostAt(slot)).toEqual({ taskId: TASK_ID });
			expect(clock.elapsed()).toBeGreaterThan(2_000);
			expect(complaints).toEqual([]);
		});

		it.each([
			['throws', async () => await Promise.reject(new Error('the disk is full')), 0],
			['never answers', async () => await new Promise<void>(() => undefined), 20_000],
		] as const)(
			'that %s when something is to be taken out, what is there is known all the same',
			async (_what, remove, waitedMs) => {
				const store = new SetStore();
				leave(store, item('item7'), { taskId: TASK_ID });
				const { claims, clock, complaints } = world({ mayFollow: true }, store);
				claims.expect(items(200));
				const good = store.remove.bind(store);
				store.remove = remove;
				for (const { slot } of items(200)) {
					const expected = slot === 'item7' ? { taskId: TASK_ID } : undefined;
					expect(await claims.lostAt(slot)).toEqual(expected);
				}
				expect([complaints.length, clock.elapsed()]).toEqual([1, waitedMs]);
				// The questions that stay look like claims, and must not be taken for such.
				expect(await claims.before(item('item1'))).toBeUndefined();
				expect(claims.take('item1')).toBeUndefined();
				store.remove = good;
				await claims.release(false);
				await settled();
				expect(store.texts).toEqual(
					new Set([
						...claimTexts(nameOf('item7'), item('item7')),
						...idTexts(nameOf('item7'), TASK_ID),
					]),
				);
			},
		);

		it('that keeps late what was given up, it is taken out at the end all the same', async () => {
			const store = new SetStore();
			const { claims, clock, complaints } = world({}, store);
			const record = store.record.bind(store);
			store.record = async (texts) => {
				await clock.sleep(3_000);
				return await record(texts);
			};
			await claims.before(item('a'));
			claims.over('a', 'free');
			expect(complaints).toHaveLength(1);
			await settled();
			expect(store.texts.size).toBe(3);
			await claims.release(false);
			await settled();
			expect(store.texts.size).toBe(0);
		});

		it('that fails once, what was claimed before is taken out at the end all the same', async () => {
			const store = new SetStore();
			const { claims, complaints } = world({}, store);
			await claims.before(item('a'));
			const record = store.record.bind(store);
			store.record = async () => await Promise.reject(new Error('busy'));
			await claims.before(item('b'));
			store.record = record;
			expect(complaints).toEqual(['busy']);
			await claims.release(false);
			await settled();
			expect(store.texts.size).toBe(0);
		});

		it('from one moment to the next, what was found before is followed', async () => {
			const store = new SetStore();
			leave(store, item('a'), { taskId: TASK_ID });
			const { claims, complaints } = world({ mayFollow: true }, store);
			await claims.leftOf([item('a')]);
			store.record = async () => await Promise.reject(new Error('gone'));
			await claims.before(item('b'));
			expect(complaints).toEqual(['gone']);
			expect(await claims.before(item('a'))).toEqual({ taskId: TASK_ID });
		});
	});
});
