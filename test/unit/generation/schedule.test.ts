/** When to look again, rule by rule: what each fact does, the bounds on any input, long and overdue tasks. */
import fc from 'fast-check';

import { quantile } from '../../../bench/statistics';
import type { Ended } from '../../../nodes/WanVideo/generation/earlier';
import { expectedEndMs, nextLookMs, type Seen } from '../../../nodes/WanVideo/generation/schedule';
import {
	CURVE_KINDS,
	fixedPace,
	type SimulatedTask,
	simulatedTask,
	taskFamily,
	watchTask,
} from '../../support/progressCurves';
import { runs } from '../../support/thorough';

const tenSeconds = fixedPace(10_000);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

describe('the time until the next look', () => {
	const anything = fc.record(
		{
			elapsedMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
			looks: fc.nat(1000),
			estimatedMs: fc.double({ min: 0, noNaN: true }),
			progress: fc.double({ noNaN: true }),
			progressAtMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
			idleUntilMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
		},
		{ requiredKeys: ['elapsedMs', 'looks'] },
	);

	it('lies within 3 and 15 s on every input, in whole milliseconds', () => {
		fc.assert(
			fc.property(anything, (seen) => {
				const ms = nextLookMs(seen);
				expect(ms).toBeGreaterThanOrEqual(3_000);
				expect(ms).toBeLessThanOrEqual(15_000);
				expect(Number.isInteger(ms)).toBe(true);
			}),
			{ numRuns: runs(2_000), seed: 27 },
		);
	});

	it('is 3 s for the first look, whatever is known', () => {
		fc.assert(
			fc.property(anything, (seen) => nextLookMs({ ...seen, looks: 0 }) === 3_000),
			{ seed: 27 },
		);
	});

	const MOVING = { progress: 50, progressAtMs: 50_500 };
	const rules: Array<[string, Partial<Seen> & { elapsedMs: number }, number]> = [
		['the plain pace, when nothing is known', { elapsedMs: 80_000 }, 10_000],
		['a slower pace for a long task', { elapsedMs: 360_000 }, 12_000],
		['most of what is left', { elapsedMs: 50_000, estimatedMs: 60_000 }, 6_000],
		['half a second behind an end that is near', { elapsedMs: 55_500, estimatedMs: 60_000 }, 5_000],
		['at least 3 s', { elapsedMs: 59_000, estimatedMs: 60_000 }, 3_000],
		['no more than the plain pace by a guess', { elapsedMs: 1_000, estimatedMs: 600_000 }, 10_000],
		['longer while progress moves', { ...MOVING, elapsedMs: 50_500 }, 15_000],
		['the plain pace while it stands still', { ...MOVING, elapsedMs: 53_500 }, 10_000],
		['slower and slower when overdue', { elapsedMs: 70_000, estimatedMs: 60_000 }, 8_000],
		['the plain pace when long overdue', { elapsedMs: 120_000, estimatedMs: 60_000 }, 10_000],
		[
			'by moving progress, not by a guess',
			{ ...MOVING, elapsedMs: 50_500, estimatedMs: 55_000 },
			15_000,
		],
		[
			'by a guess too while progress stands still',
			{ ...MOVING, elapsedMs: 53_500, estimatedMs: 60_000 },
			3_900,
		],
		['the plain pace when progress moved a second ago', { ...MOVING, elapsedMs: 51_500 }, 10_000],
		['longer when it moved a moment less ago', { ...MOVING, elapsedMs: 51_499 }, 15_000],
		[
			'by no guess that is over while progress stands still',
			{ ...MOVING, elapsedMs: 60_000, estimatedMs: 60_000 },
			10_000,
		],
		['at most 15 s', { progress: 10, progressAtMs: 50_000, elapsedMs: 50_000 }, 15_000],
		[
			'by progress from 5 % on',
			{ elapsedMs: 2_000, progress: 5, progressAtMs: 2_000, estimatedMs: 3_000 },
			15_000,
		],
		['half a second behind an end in 5 s', { elapsedMs: 55_000, estimatedMs: 60_000 }, 5_500],
		['3 s at the expected end', { elapsedMs: 60_000, estimatedMs: 60_000 }, 3_000],
		['by a guess at 100 %', { elapsedMs: 50_000, estimatedMs: 60_000, progress: 100 }, 6_000],
		['by a guess below 5 %', { elapsedMs: 50_000, estimatedMs: 60_000, progress: 4 }, 6_000],
	];

	it.each(rules)('is %s', (_label, seen, ms) => {
		expect(nextLookMs({ looks: 2, ...seen })).toBe(ms);
	});

	it.each(CURVE_KINDS)('progress %s: a task of half an hour is looked at less often', (kind) => {
		const task = {
			...simulatedTask(kind, 'none', 1_800_137),
			estimatedMs: 120_000,
		};
		const { looks, gapsMs } = watchTask(task, nextLookMs);
		expect(looks).toBeLessThanOrEqual(watchTask(task, tenSeconds).looks);
		expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(3_000);
	});

	it('an overdue task is looked at less and less often', () => {
		const stuck: SimulatedTask = {
			...simulatedTask('always 0', 'none', 1_800_137),
			told: (elapsedMs) => ({ status: 'processing', progress: elapsedMs < 60_000 ? 50 : 99 }),
		};
		const { gapsMs } = watchTask(stuck, nextLookMs);
		const late = gapsMs.slice(gapsMs.findIndex((_, index) => sum(gapsMs.slice(0, index)) > 90_000));
		expect(late).toEqual([...late].sort((a, b) => a - b));
		expect(late.at(-1)).toBe(15_000);
	});
});

describe('the expected end', () => {
	const ends: Array<[string, Partial<Seen>, number | undefined]> = [
		['cannot be told from nothing', {}, undefined],
		['is the estimate', { estimatedMs: 120_000 }, 120_000],
		['is an estimate that has passed', { estimatedMs: 30_000 }, 30_000],
		[
			'lies on the line of progress',
			{ estimatedMs: 90_000, progress: 49.5, progressAtMs: 50_000 },
			100_000,
		],
		['does not move while progress stands still', { progress: 49.5, progressAtMs: 40_000 }, 80_000],
		[
			'counts from the end of the queue',
			{ progress: 24.5, progressAtMs: 50_000, idleUntilMs: 30_000 },
			110_000,
		],
		[
			'is the estimate, once that of progress has passed',
			{ progress: 79.5, progressAtMs: 20_000, estimatedMs: 120_000 },
			120_000,
		],
	];

	it.each(ends)('%s', (_label, seen, endMs) => {
		expect(expectedEndMs({ elapsedMs: 50_000, looks: 5, ...seen })).toBe(endMs);
	});

	it('is found for queued tasks within 5 s, and is far off without the end of the queue', () => {
		const queued = taskFamily().filter(({ kind }) => kind === 'queued, then linear');
		const missesMs = (facts: (idleUntilMs: number) => Partial<Seen>) =>
			queued.map((task) => {
				let idleUntilMs = 0;
				for (let atMs = 0; ; atMs += 1_000) {
					const { progress = 0 } = task.told(atMs);
					if (progress === 0) idleUntilMs = atMs;
					if (progress < 60) continue;
					const seen = { elapsedMs: atMs, looks: 9, progress, ...facts(idleUntilMs) };
					return Math.abs((expectedEndMs(seen) ?? 0) - task.totalMs);
				}
			});
		const found = missesMs((idleUntilMs) => ({ idleUntilMs }));
		expect(quantile(found, 0.9)).toBeLessThanOrEqual(5_000);
		expect(
			quantile(
				missesMs(() => ({})),
				0.5,
			),
		).toBeGreaterThan(10_000);
	});
});

describe('with earlier tasks of the same kind', () => {
	/** Seen to end at exactly this time. */
	const ended = (foundMs: number, trail: Ended['trail'] = []): Ended => ({
		...{ openMs: foundMs, foundMs, idleUntilMs: 0 },
		trail,
	});
	/** So many that took a minute: the end is foretold with a spread of 1,800, 360 and 180 ms. */
	const after = (count: 1 | 9 | 19, seen: Partial<Seen> & { elapsedMs: number }) =>
		nextLookMs({ looks: 2, earlier: Array<Ended>(count).fill(ended(60_000)), ...seen });

	it.each<[string, 1 | 9 | 19, Partial<Seen> & { elapsedMs: number }, number]>([
		['the first look comes as soon as without', 19, { elapsedMs: 55_000, looks: 0 }, 3_000],
		['far from the end they put no look further off', 19, { elapsedMs: 3_000 }, 10_000],
		['a sharp end is aimed behind', 19, { elapsedMs: 55_000 }, 5_150],
		['a vague one is looked for from where it may begin', 1, { elapsedMs: 55_000 }, 3_200],
		['then in steps of a third of what it may be off', 1, { elapsedMs: 58_200 }, 630],
		['but not closer than 350 ms', 9, { elapsedMs: 59_900 }, 350],
		['as sharp as looks can be close it is vague', 9, { elapsedMs: 55_000, atOnce: 9 }, 4_640],
		['sharper than that it is sharp', 9, { elapsedMs: 55_000, atOnce: 10 }, 5_150],
		['many at once are looked at less often', 19, { elapsedMs: 60_100, atOnce: 20 }, 800],
		['but never less often than one alone', 19, { elapsedMs: 60_100, atOnce: 200 }, 3_000],
		['a look takes its way', 19, { elapsedMs: 55_000, roundTripMs: 100 }, 5_050],
		['which counts into the 350 ms', 19, { elapsedMs: 60_100, roundTripMs: 100 }, 250],
		[
			'and where it is long, looks are as far apart',
			19,
			{ elapsedMs: 60_100, roundTripMs: 300 },
			300,
		],
		['up to 3 s', 19, { elapsedMs: 60_100, roundTripMs: 9_000 }, 3_000],
		['a little behind the end it may still be any moment', 19, { elapsedMs: 61_716 }, 350],
		['further behind they were others', 19, { elapsedMs: 61_717 }, 10_000],
	])('%s', (_what, count, seen, ms) => {
		expect(after(count, seen)).toBe(ms);
	});

	describe('its own progress, as theirs went on, may put a look further off', () => {
		const trail: Ended['trail'] = [10, 50, 90].map((progress) => [progress, progress * 3_000]);
		const seen = (elapsedMs: number, progress: number) =>
			nextLookMs({
				...{ elapsedMs, looks: 2, earlier: [ended(300_000, trail)] },
				...{ progress, progressAtMs: progress * 3_000 },
			});

		it('to 25 s at the most', () => {
			expect(seen(30_000, 10)).toBe(25_000);
			expect(seen(150_000, 50)).toBe(25_000);
		});

		it('not into the time when it may end', () => {
			// 300 s, give or take 1,950 ms.
			expect(seen(275_000, 90)).toBe(Math.round(25_000 - 1.3 * 1_950));
			expect(seen(290_000, 90)).toBe(Math.round(10_000 - 1.3 * 1_950));
		});
	});
});
