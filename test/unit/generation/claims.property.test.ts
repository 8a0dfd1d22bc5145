// @thorough
/**
 * n8n dies at every await between "intended" and "delivered", and the user presses Retry: no item is paid for
 * twice, and each paid task is delivered or told. The journal dies with n8n; the claims outlive it.
 */
import fc from 'fast-check';

import { Claims } from '../../../nodes/WanVideo/generation/claims';
import type { Lineage } from '../../../nodes/WanVideo/generation/claimSearch';
import { idTexts, readId } from '../../../nodes/WanVideo/generation/claimNames';
import type { Outcome } from '../../../nodes/WanVideo/generation/outcome';
import { jobs } from '../../support/builders';
import { accepted } from '../../support/fakeEvoLink';
import { FakeRun } from '../../support/fakeRun';
import type { FakeFile } from '../../support/fakeVideos';
import { Death } from '../../support/death';
import { SetStore } from '../../support/setStore';
import { runs } from '../../support/thorough';

const lineage = (mayFollow: boolean): Lineage => ({
	names: ['lineage'],
	isOwn: true,
	execution: 'execution',
	mayFollow,
});

interface World {
	history: FakeRun;
	store: SetStore;
}

function world(answersMs: number): World {
	const submits = [accepted({ takesMs: 20_000, answersMs })];
	return { history: new FakeRun({ submits }), store: new SetStore() };
}

/** A run of n8n's process, which `death` may end; nothing of it is left but the store and EvoLink's ledger. */
async function live(
	{ history, store }: World,
	count: number,
	mayFollow: boolean,
	death: Death,
): Promise<Array<Outcome<FakeFile>> | 'dead'> {
	history.journal.entries.clear();
	history.notices.submittedIds.splice(0);
	history.death = death;
	const { clock } = history;
	const claims = new Claims({
		...{ store: death.port('store', store), clock: death.port('clock', clock) },
		lineage: lineage(mayFollow),
		complain: () => undefined,
	});
	history.claims = claims;
	const run = history.try(jobs(count), { executionId: mayFollow ? '8' : '7', concurrency: 6 });
	const outcomes = await Promise.race([run, death.came]);
	// n8n has written what came of it by now, so a death in here is too late to be one.
	if (outcomes !== 'dead') await Promise.race([claims.release(true), death.came]);
	return outcomes;
}

function tasksOf({ history }: World): Map<string, number> {
	const tasks = new Map<string, number>();
	for (const { body } of history.evolink.tasks.values())
		tasks.set(body.prompt ?? '', (tasks.get(body.prompt ?? '') ?? 0) + 1);
	return tasks;
}

/** Kills at the nth await, retries, and says what is wrong. */
async function killAt(nth: number, count: number, answersMs: number): Promise<string[]> {
	const wrong: string[] = [];
	const given = world(answersMs);
	const { history, store } = given;
	const first = await live(given, count, false, new Death(nth));
	const heard = new Set(history.notices.submittedIds);
	if (first !== 'dead') {
		const isWhole = first.every(({ end }) => end === 'completed') && heard.size === count;
		return isWhole ? [] : ['a run that came to its end left something'];
	}
	const outcomes = await live(given, count, true, new Death(Infinity));
	if (outcomes === 'dead') return ['the retry died'];
	for (const [item, times] of tasksOf(given))
		if (times > 1) wrong.push(`${item} is paid ${times} times`);
	const told = new Set(
		outcomes.flatMap((outcome) => ('taskId' in outcome ? [outcome.taskId] : [])),
	);
	outcomes.forEach((outcome, item) => {
		const isUnknown = outcome.end === 'failed' && outcome.failure.charged === 'unknown';
		if (outcome.end !== 'completed' && !isUnknown) wrong.push(`item ${item}: ${outcome.end}`);
	});
	const unknown = outcomes.filter(({ end }) => end === 'failed').length;
	const lost = [...history.evolink.tasks.keys()].filter((taskId) => !told.has(taskId));
	if (lost.length > unknown) wrong.push('a paid task is neither delivered nor told of');
	if (unknown === 0 && store.texts.size > 0) wrong.push(`${store.texts.size} texts are left`);
	return wrong;
}

/** How many awaits a run has. */
async function awaitsOf(count: number, answersMs: number): Promise<number> {
	const death = new Death(Infinity);
	await live(world(answersMs), count, false, death);
	return death.awaits;
}

it.each([
	['one item', 1, 2_000],
	['a batch', 5, 2_000],
	['a batch whose submits are answered at once', 5, 0],
])(
	'%s: killed at every await, retried, nothing is paid twice',
	async (_name, count, answersMs) => {
		const awaits = await awaitsOf(count, answersMs);
		expect(awaits).toBeGreaterThan(8);
		const bad: string[] = [];
		for (let nth = 0; nth < awaits; nth += 1)
			bad.push(...(await killAt(nth, count, answersMs)).map((line) => `killed at ${nth}: ${line}`));
		expect(bad).toEqual([]);
	},
	60_000,
);

it('a task whose ID was kept is delivered by the retry', async () => {
	const given = world(2_000);
	const death = new Death(Infinity);
	given.history.clock.at(15_000, () => death.come());
	expect(await live(given, 8, false, death)).toBe('dead');
	const outcomes = await live(given, 8, true, new Death(Infinity));
	expect(outcomes).not.toBe('dead');
	expect(outcomes).toHaveLength(8);
	for (const outcome of outcomes) expect(outcome).toMatchObject({ end: 'completed' });
	expect(given.history.evolink.posts).toHaveLength(8);
	expect(given.store.texts.size).toBe(0);
});

// One call for each window of submits (8 at once, fewer at first), one for the last IDs before the submits come to rest,
// and one at the end.
it.each([
	['slow submits, 100 at once', 2_000, 100, 34],
	['submits answered at once, 100 at once', 0, 100, 31],
	// Ten rounds, as only 20 may be under way: four windows of 1, 3, 8 and 8, and a rest.
	['slow submits, 20 at once', 2_000, 20, 52],
	// Three windows of 8, 8 and 4, a rest, and the IDs of a window that was answered before the next one was full.
	['submits answered at once, 20 at once', 0, 20, 55],
])('200 items cost few calls: %s', async (_name, answersMs, concurrency, most) => {
	const given = world(answersMs);
	const { history, store } = given;
	const claims = new Claims({
		...{ store, clock: history.clock, lineage: lineage(false), complain: () => undefined },
	});
	history.claims = claims;
	await history.try(jobs(200), { concurrency });
	await claims.release(true);
	expect(store.texts.size).toBe(0);
	expect(store.calls).toBeLessThanOrEqual(most);
});

describe('a task ID as texts', () => {
	const usual = fc
		.tuple(fc.integer({ min: 0, max: 9_999_999_999 }), fc.stringMatching(/^[a-z0-9]{8}$/))
		.map(([seconds, rest]) => `task-unified-${String(seconds).padStart(10, '0')}-${rest}`);

	it('comes back whole, whatever it is', () => {
		fc.assert(
			fc.property(
				fc.oneof(usual, fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })),
				(taskId) => {
					const texts = idTexts('name', taskId);
					fc.pre(texts.length > 0);
					expect(readId('name', new Set(texts))).toBe(taskId);
				},
			),
			{ numRuns: runs(500) },
		);
	});

	it('is none when a text was lost, or when two have come into one place', () => {
		const [one, two] = ['task-unified-1757169743-7cvnl5zw', 'task-unified-1757169744-7cvnl5zx'];
		const texts = idTexts('name', one);
		for (const lost of texts)
			expect(readId('name', new Set(texts.filter((text) => text !== lost)))).toBeUndefined();
		expect(readId('name', new Set([...texts, ...idTexts('name', two)]))).toBeUndefined();
	});
});
