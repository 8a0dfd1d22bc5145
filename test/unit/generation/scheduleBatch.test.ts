// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/**
 * What the schedule promises where tasks of the same kind have ended before: time lost and looks over batches of
 * the simulated tasks, and that siblings which mislead cost no more than none.
 */
import { inspect } from 'node:util';

import { median, quantile } from '../../../bench/statistics';
import { Experiences } from '../../../nodes/WanVideo/generation/experience';
import { REAL_LOOKING_KINDS, seeded, simulatedTask } from '../../support/progressCurves';
import { BATCH_SIZE, batchFamily, type BatchWatched, watchBatch } from '../../support/taskBatches';
import { someOf } from '../../support/thorough';

const REAL_LOOKING = new Set<string>(REAL_LOOKING_KINDS);
const PLAN = { atOnce: 5, roundTripMs: 0 };

function figures(watched: readonly BatchWatched[]) {
	const shares = watched.map(({ lostMs, task }) => lostMs / task.totalMs);
	const looks = watched.reduce((sum, one) => sum + one.looks, 0) / watched.length;
	const meanLost = shares.reduce((sum, share) => sum + share, 0) / shares.length;
	return { medianLost: median(shares), p90Lost: quantile(shares, 0.9), meanLost, looks };
}

describe('batches of 20 real-looking tasks, 5 at once', () => {
	// Lengths in a batch differ by so much; a round trip counts as lost time too, whatever the schedule.
	const cases = [
		{ scatter: 0, roundTripMs: 0, goal: 0.006, secondGoal: 0.003 },
		{ scatter: 0.05, roundTripMs: 0, goal: 0.006, secondGoal: 0.003 },
		{ scatter: 0.1, roundTripMs: 0, goal: 0.006, secondGoal: 0.003 },
		{ scatter: 0.2, roundTripMs: 0, goal: 0.006, secondGoal: 0.003 },
		{ scatter: 0, roundTripMs: 200, goal: 0.006, secondGoal: 0.003 },
		{ scatter: 0.05, roundTripMs: 200, goal: 0.006, secondGoal: 0.003 },
		{ scatter: 0.2, roundTripMs: 200, goal: 0.006, secondGoal: 0.003 },
	];

	it.each(someOf(cases, 4))(
		'scatter $scatter, round trip $roundTripMs ms: at most $goal lost',
		(one) => {
			const plan = { ...PLAN, roundTripMs: one.roundTripMs };
			const batches = batchFamily(4, one.scatter).filter(([{ kind }]) => REAL_LOOKING.has(kind));
			const watched = batches.flatMap((tasks) => watchBatch(tasks, plan).watched);
			const alone = batches.flatMap(
				(tasks) => watchBatch(tasks.slice(0, 4), { ...plan, learns: false }).watched,
			);
			const whole = figures(watched);
			const second = figures(watched.filter(({ place }) => place >= BATCH_SIZE / 2));
			expect(whole.medianLost).toBeLessThan(one.goal);
			expect(whole.looks).toBeLessThanOrEqual(14);
			expect(second.medianLost).toBeLessThan(one.secondGoal);
			expect(second.looks).toBeLessThanOrEqual(14);
			expect(figures(alone).medianLost).toBeGreaterThan(0.009);
			expect(whole.p90Lost).toBeLessThan(figures(alone).p90Lost);
		},
	);

	it('a later run of the same account begins with what the first one has learnt', () => {
		const batches = batchFamily(3, 0.1).filter(([{ kind }]) => REAL_LOOKING.has(kind));
		const watched = batches.flatMap((tasks) => {
			const { ended } = watchBatch(tasks.slice(0, 10), PLAN);
			return watchBatch(tasks.slice(10), { ...PLAN, atOnce: 10, before: ended }).watched;
		});
		const { medianLost, looks } = figures(watched);
		expect(medianLost).toBeLessThan(0.003);
		expect(looks).toBeLessThanOrEqual(14);
	});
});

describe('siblings that mislead', () => {
	const learnt = batchFamily(4, 0.1, 3).map((tasks) => ({
		first: tasks[0],
		ended: watchBatch(tasks.slice(0, 12), PLAN).ended,
	}));

	/** Tasks of other lengths than the batch before them; their estimate is their own, or still that of the batch. */
	function compare(factor: number, isStale: boolean, kinds: ReadonlySet<string>) {
		const random = seeded(99);
		const single = { ...PLAN, atOnce: 1 };
		const pairs = learnt
			.filter(({ first }) => kinds.has(first.kind))
			.map(({ first, ended }) => {
				const totalMs = Math.round(Math.max(20_000, first.totalMs * factor));
				const task = simulatedTask(first.kind, first.estimate, totalMs, random);
				const { estimatedMs } = first;
				const odd = isStale && estimatedMs !== undefined ? { ...task, estimatedMs } : task;
				return [
					...watchBatch([odd], { ...single, before: ended }).watched,
					...watchBatch([odd], single).watched,
				];
			});
		return {
			ours: figures(pairs.map(([ours]) => ours)),
			alone: figures(pairs.map(([, alone]) => alone)),
		};
	}

	const cases = [0.25, 0.5, 0.7, 0.85, 1.2, 1.5, 2, 4].flatMap((factor) =>
		[false, true].map((isStale) => ({ factor, isStale })),
	);

	it.each(someOf(cases, 3))('x $factor, stale estimate $isStale: cost no more than none', (one) => {
		const { ours, alone } = compare(one.factor, one.isStale, REAL_LOOKING);
		expect(ours.medianLost).toBeLessThanOrEqual(alone.medianLost);
		expect(ours.meanLost).toBeLessThanOrEqual(alone.meanLost);
		expect(ours.p90Lost).toBeLessThanOrEqual(alone.p90Lost * 1.15);
		expect(ours.looks).toBeLessThanOrEqual(alone.looks);
	});

	it.each(['always 0', 'missing', 'always 100'])(
		'progress %s: where nothing but the siblings speaks, it is found about as soon',
		(kind) => {
			const all = [0.25, 0.4, 0.55, 0.7, 1.25, 1.5, 1.75, 2.5, 4].map((factor) =>
				compare(factor, true, new Set([kind])),
			);
			const sum = (of: (one: (typeof all)[number]) => number) =>
				all.reduce((total, one) => total + of(one), 0);
			// Looks that come sooner shift those behind them, so a few percent are chance.
			expect(sum(({ ours }) => ours.meanLost)).toBeLessThanOrEqual(
				sum(({ alone }) => alone.meanLost) * 1.05,
			);
			// Where nobody is on time, a few looks around the time of the others are for nothing.
			expect(sum(({ ours }) => ours.looks)).toBeLessThanOrEqual(
				sum(({ alone }) => alone.looks) * 1.25,
			);
		},
	);

	it('another model, mode, quality, length or account is told nothing', () => {
		const all = new Experiences();
		const one = { openMs: 59_000, foundMs: 60_000, idleUntilMs: 0, trail: [] };
		all.at('one').add('a', one);
		expect(all.at('one').of('a')).toEqual([one]);
		expect([all.at('one').of('b'), all.at('other').of('a')]).toEqual([[], []]);
	});
});

describe('what is kept', () => {
	const ended = (foundMs: number, openMs = foundMs - 1_000) => ({
		...{ openMs, foundMs, idleUntilMs: 0, trail: [] },
	});

	it('is bounded: a few tasks of each kind, the kinds that were used last', () => {
		const all = new Experiences();
		for (let kind = 0; kind < 500; kind += 1)
			for (let task = 0; task < 20; task += 1)
				all.at('account').add(`kind ${kind}`, ended(60_000 + task));
		expect(all.size).toBe(100);
		expect(all.at('account').of('kind 0')).toEqual([]);
		expect(all.at('account').of('kind 499')).toHaveLength(10);
		expect(all.at('account').of('kind 499')[0].foundMs).toBe(60_019);
	});

	it('is no task whose end could have been anywhere', () => {
		const of = new Experiences().at('account');
		of.add('kind', ended(600_000, 60_000));
		expect(of.of('kind')).toEqual([]);
	});

	it('holds no name in plain text', () => {
		const all = new Experiences();
		all.at('sk-secret').add('kind', ended(60_000));
		expect(inspect(all, { depth: 9, showHidden: true })).not.toContain('sk-secret');
	});
});
