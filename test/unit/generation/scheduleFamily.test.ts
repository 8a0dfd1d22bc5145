// @thorough
/**
 * What the schedule promises, over simulated tasks of 30 to 300 s: time lost after the end and number
 * of looks, each against a fixed pace of 10 s over the same tasks in the same test.
 */
import { quantile } from '../../../bench/statistics';
import { nextLookMs } from '../../../nodes/WanVideo/generation/schedule';
import {
	CURVE_KINDS,
	type CurveKind,
	ESTIMATE_KINDS,
	fixedPace,
	LONGEST_MS,
	REAL_LOOKING_KINDS,
	type SimulatedTask,
	taskFamily,
	type Watched,
	watchTask,
} from '../../support/progressCurves';
import { someOf } from '../../support/thorough';

const tenSeconds = fixedPace(10_000);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const looksOf = (watched: Watched[]) => sum(watched.map(({ looks }) => looks));

/** The schedule and the fixed pace over the same tasks. */
function compare(tasks: SimulatedTask[]) {
	const ours = tasks.map((task) => watchTask(task, nextLookMs));
	const fixed = tasks.map((task) => watchTask(task, tenSeconds));
	const shares = (all: Watched[]) => all.map(({ lostMs }, index) => lostMs / tasks[index].totalMs);
	return {
		medianLost: quantile(shares(ours), 0.5),
		medianLostFixed: quantile(shares(fixed), 0.5),
		p90Lost: quantile(shares(ours), 0.9),
		p90LostMs: quantile(
			ours.map(({ lostMs }) => lostMs),
			0.9,
		),
		looks: looksOf(ours),
		looksFixed: looksOf(fixed),
	};
}

const family = taskFamily();
const tasksOf = (kind: CurveKind) => family.filter((task) => task.kind === kind);
const classes = CURVE_KINDS.flatMap((kind) =>
	ESTIMATE_KINDS.map((estimate) => ({ kind, estimate })),
);

describe('tasks of 30 to 300 s, all kinds of progress and estimates together', () => {
	it.each(someOf([27, 1, 2, 3, 4], 3))(
		'seed %i: at most 2 %% lost in the median, and no more looks than every 10 s',
		(seed) => {
			const tasks = taskFamily(60, seed);
			const { medianLost, medianLostFixed, looks, looksFixed } = compare(tasks);
			expect(medianLost).toBeLessThanOrEqual(0.02);
			expect(medianLostFixed).toBeGreaterThan(0.025);
			expect(looks).toBeLessThanOrEqual(looksFixed);
		},
	);

	it.each(ESTIMATE_KINDS)('estimate %s: the same for real-looking progress', (estimate) => {
		const realLooking = new Set(REAL_LOOKING_KINDS.map(String));
		const tasks = family.filter((task) => task.estimate === estimate && realLooking.has(task.kind));
		const { medianLost, looks, looksFixed } = compare(tasks);
		expect(medianLost).toBeLessThanOrEqual(0.02);
		expect(looks).toBeLessThanOrEqual(looksFixed);
	});

	it.each(classes)('progress $kind, estimate $estimate: never terrible', ({ kind, estimate }) => {
		const found = compare(tasksOf(kind).filter((task) => task.estimate === estimate));
		// Nine of ten tasks lose at most 8 % of their time or 10 s, whatever the service tells.
		expect(Math.min(found.p90Lost / 0.08, found.p90LostMs / 10_000)).toBeLessThanOrEqual(1);
		expect(found.medianLost).toBeLessThanOrEqual(found.medianLostFixed * 1.1);
		expect(found.looks).toBeLessThanOrEqual(found.looksFixed * 1.35);
	});

	it('no single task needs many more looks than every 10 s, whatever it tells', () => {
		const tooMany = family.filter(
			(task) => watchTask(task, nextLookMs).looks > watchTask(task, tenSeconds).looks * 1.5 + 5,
		);
		expect(tooMany).toEqual([]);
	});
});

describe('the simulated tasks', () => {
	it('are the same for a seed, others for another, and 30 to 300 s long', () => {
		const totals = (seed: number) => taskFamily(10, seed).map(({ totalMs }) => totalMs);
		expect(totals(5)).toEqual(totals(5));
		expect(totals(5)).not.toEqual(totals(6));
		expect(Math.min(...totals(5))).toBeGreaterThanOrEqual(30_000);
		expect(Math.max(...totals(5))).toBeLessThanOrEqual(LONGEST_MS);
	});

	it('tell whole percents from 0 to 100', () => {
		for (const task of taskFamily(3))
			for (let share = 0; share < 1; share += 0.01) {
				const { progress = 0 } = task.told(share * task.totalMs);
				expect(progress >= 0 && progress <= 100 && Number.isInteger(progress)).toBe(true);
			}
	});
});
