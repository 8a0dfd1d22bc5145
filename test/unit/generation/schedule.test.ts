/**
 * When to look again, on progress curves that stand for real tasks: time lost after completion and
 * number of looks, each against a fixed pace of 10 s over the same tasks in the same test.
 */
import { nextLookMs } from '../../../nodes/WanVideo/generation/schedule';

/** Progress in percent at a share (0 to 1) of the task's time; undefined: none is told. */
type Curve = (share: number) => number | undefined;

interface Watched {
	looks: number;
	lostMs: number;
}

const CURVES: Readonly<Record<string, Curve>> = {
	linear: (share) => Math.floor(share * 100),
	'in jumps of 25': (share) => Math.floor(share * 4) * 25,
	'stuck at 30': (share) => Math.min(30, Math.floor(share * 100)),
	'stuck at 90': (share) => Math.min(90, Math.floor(share * 300)),
	'ahead of itself': (share) => Math.floor(Math.sqrt(share) * 100),
	'behind itself': (share) => Math.floor(share * share * 100),
	'none at all': () => undefined,
	'always zero': () => 0,
	'always 100': () => 100,
};

function watch(pace: (elapsedMs: number, looks: number) => number, totalMs: number): Watched {
	let elapsedMs = 0;
	for (let looks = 0; looks < 10_000; looks += 1) {
		elapsedMs += pace(elapsedMs, looks);
		if (elapsedMs >= totalMs) return { looks: looks + 1, lostMs: elapsedMs - totalMs };
	}
	throw new Error('It never looks again.');
}

function scheduled(curve: Curve, totalMs: number, estimatedMs: number | undefined): Watched {
	let last: number | undefined;
	let progressAtMs = 0;
	return watch((elapsedMs, looks) => {
		const progress = looks === 0 ? undefined : curve(elapsedMs / totalMs);
		if (progress !== last) progressAtMs = elapsedMs;
		last = progress;
		return nextLookMs({
			elapsedMs,
			looks,
			progressAtMs,
			...(estimatedMs !== undefined && { estimatedMs }),
			...(progress !== undefined && { progress }),
		});
	}, totalMs);
}

const fixed = (totalMs: number) => watch(() => 10_000, totalMs);

/** Tasks of 30 to 300 s, at odd lengths so that nothing falls on a grid. */
const TOTALS_MS = Array.from({ length: 91 }, (_, index) => 30_137 + index * 2_997);
const median = (values: number[]) =>
	[...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** Median share of a task's time lost, and looks over all tasks, for the schedule and the fixed pace. */
function compare(curve: Curve, estimate: (totalMs: number) => number | undefined) {
	const ours = TOTALS_MS.map((totalMs) => scheduled(curve, totalMs, estimate(totalMs)));
	const plain = TOTALS_MS.map(fixed);
	const shares = (all: Watched[]) => all.map(({ lostMs }, index) => lostMs / TOTALS_MS[index]);
	return {
		lost: median(shares(ours)),
		lostFixed: median(shares(plain)),
		looks: sum(ours.map(({ looks }) => looks)),
		looksFixed: sum(plain.map(({ looks }) => looks)),
	};
}

const ESTIMATES: Readonly<Record<string, (totalMs: number) => number | undefined>> = {
	'a true estimate': (totalMs) => totalMs,
	'an estimate 20 % short': (totalMs) => totalMs * 0.8,
	'an estimate 20 % long': (totalMs) => totalMs * 1.2,
	'an estimate that is always 120 s': () => 120_000,
	'no estimate': () => undefined,
};

describe('the time until the next look', () => {
	it('is 3 s for the first one, whatever is known', () => {
		for (const progress of [undefined, 0, 50, 100])
			expect(
				nextLookMs({ elapsedMs: 0, looks: 0, estimatedMs: 300_000, ...(progress && { progress }) }),
			).toBe(3000);
	});

	it('lies within 3 and 15 s on every input, also an absurd one', () => {
		const values = [undefined, 0, 0.4, 1, 9, 10, 50, 99, 99.9, 100, 400, 1e9, Infinity];
		for (const elapsedMs of [0, 1, 3_000, 60_000, 1e9])
			for (const progress of values)
				for (const estimatedMs of values) {
					const ms = nextLookMs({
						elapsedMs,
						looks: 3,
						...(progress !== undefined && { progress }),
						...(estimatedMs !== undefined && { estimatedMs }),
					});
					expect(ms).toBeGreaterThanOrEqual(3_000);
					expect(ms).toBeLessThanOrEqual(15_000);
				}
	});

	it.each([
		['half of what is left', { elapsedMs: 40_000, estimatedMs: 60_000 }, 10_000],
		['at least 3 s', { elapsedMs: 59_000, estimatedMs: 60_000 }, 3_000],
		['at most 15 s', { elapsedMs: 1_000, estimatedMs: 600_000 }, 15_000],
		['slower when overdue', { elapsedMs: 100_000, estimatedMs: 60_000 }, 10_000],
		[
			'by progress before estimate',
			{ elapsedMs: 50_000, estimatedMs: 500_000, progress: 80 },
			6_250,
		],
		['by the estimate below 10 %', { elapsedMs: 40_000, estimatedMs: 60_000, progress: 9 }, 10_000],
		['by the estimate at 100 %', { elapsedMs: 40_000, estimatedMs: 60_000, progress: 100 }, 10_000],
		['an eighth of the time so far, when nothing is known', { elapsedMs: 80_000 }, 10_000],
	])('is %s', (_label, seen, ms) => {
		expect(nextLookMs({ looks: 2, ...seen })).toBe(ms);
	});
});

describe('tasks of 30 to 300 s', () => {
	it.each(['a true estimate', 'an estimate 20 % short', 'an estimate 20 % long', 'no estimate'])(
		'with linear progress and %s: at most 2 %% lost in the median, no more looks than at 10 s',
		(name) => {
			const { lost, lostFixed, looks, looksFixed } = compare(CURVES.linear, ESTIMATES[name]);
			expect(lost).toBeLessThanOrEqual(0.02);
			expect(lost).toBeLessThan(lostFixed);
			// Without an estimate the first looks are made in the dark: a tenth more of them is allowed.
			expect(looks).toBeLessThanOrEqual(looksFixed * (name === 'no estimate' ? 1.1 : 1));
		},
	);

	const pairs = Object.keys(CURVES).flatMap((curve) =>
		Object.keys(ESTIMATES).map((estimate) => ({ curve, estimate })),
	);

	it.each(pairs)(
		'progress $curve, $estimate: bounded loss, bounded looks',
		({ curve, estimate }) => {
			const found = compare(CURVES[curve], ESTIMATES[estimate]);
			// Whatever the service tells: not worse than looking every 15 s, and never a hot loop.
			expect(found.lost).toBeLessThanOrEqual(Math.max(found.lostFixed * 1.5, 0.02));
			expect(found.looks).toBeLessThanOrEqual(found.looksFixed * 2);
		},
	);

	it.each(Object.keys(CURVES))(
		'progress %s: a task of half an hour needs no more looks than at 10 s',
		(curve) => {
			const totalMs = 1_800_137;
			const { looks } = scheduled(CURVES[curve], totalMs, 120_000);
			expect(looks).toBeLessThanOrEqual(fixed(totalMs).looks);
		},
	);

	it('a task stuck at 99 % for half an hour needs no more looks than at 10 s', () => {
		const stuck: Curve = (share) => Math.min(99, Math.floor(share * 1000));
		const totalMs = 1_800_137;
		const { looks } = scheduled(stuck, totalMs, 120_000);
		expect(looks).toBeLessThanOrEqual(fixed(totalMs).looks);
	});
});
