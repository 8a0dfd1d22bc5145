/** What earlier tasks of a kind tell about one that runs: by its progress, by the estimate, by their length. */
import { type Ended, type Facts, foresee } from '../../../nodes/WanVideo/generation/earlier';

/** A task that was looked at exactly when it ended, and whose progress grew evenly. */
const ended = (foundMs: number, overrides: Partial<Ended> = {}): Ended => ({
	...{ openMs: foundMs, foundMs, idleUntilMs: 0 },
	trail: [25, 50, 75].map((progress) => [progress, (foundMs * progress) / 100] as const),
	...overrides,
});
const endOf = (seen: Facts, ...tasks: Ended[]) => foresee(seen, tasks)?.best.endMs;

it('nothing tells nothing', () => {
	expect(foresee({}, [])).toBeUndefined();
	expect(foresee({ progress: 50, progressAtMs: 1_000, estimatedMs: 60_000 }, [])).toBeUndefined();
});

describe('by length', () => {
	it('it ends as the middle one did', () => {
		expect(endOf({}, ended(60_000))).toBe(60_000);
		expect(endOf({}, ended(60_000), ended(80_000))).toBe(70_000);
		expect(endOf({}, ended(200_000), ended(60_000), ended(80_000))).toBe(80_000);
		// Between the look that found it running and the one that found it completed.
		expect(endOf({}, ended(70_000, { openMs: 50_000 }))).toBe(60_000);
	});

	it('one alone may be six percent off, and many that agree are hardly', () => {
		expect(foresee({}, [ended(60_000)])).toEqual({ best: { endMs: 60_000, spreadMs: 1_800 } });
		const many = Array.from({ length: 9 }, () => ended(60_000));
		expect(foresee({}, many)?.best.spreadMs).toBe(360);
	});

	it('two that lie apart say how far', () => {
		// Half of what is guessed for one, and their distance as often as there are tasks.
		expect(foresee({}, [ended(60_000), ended(80_000)])?.best.spreadMs).toBeCloseTo(
			(0.06 * 70_000 + 2 * 10_000 * 1.2) / 3,
		);
	});

	it('from six on the earliest and the latest do not count', () => {
		const five = [ended(10_000), ...Array.from({ length: 4 }, () => ended(60_000))];
		expect(foresee({}, five)?.best.spreadMs).toBeGreaterThan(20_000);
		const six = [...five, ended(60_000)];
		expect(foresee({}, six)?.best.spreadMs).toBeCloseTo((0.06 * 60_000) / 7);
	});

	it('is no surer than the looks that saw the others end', () => {
		const vague = Array.from({ length: 9 }, () => ended(70_000, { openMs: 50_000 }));
		expect(foresee({}, vague)?.best).toEqual({
			endMs: 60_000,
			spreadMs: (0.06 * 60_000 + 9 * 10_000 * 1.2) / 10,
		});
		// Spans that do not meet: their distance counts.
		const apart = [0, 21_000].map((byMs) => ended(70_000 + byMs, { openMs: 50_000 + byMs }));
		expect(foresee({}, apart)?.best.spreadMs).toBe((0.06 * 70_500 + 2 * 10_500 * 1.2) / 3);
		const blurred = [0, 0, 0, 0, 0, 20_000, -20_000].map((byMs) =>
			ended(70_000 + byMs, { openMs: 50_000 + byMs }),
		);
		expect(foresee({}, blurred)?.best.spreadMs).toBeGreaterThanOrEqual(0.4 * 10_000);
	});

	it('spans that meet tell more than each of them', () => {
		// Tasks of one length end between 59.6 and 60.4 s, by these two.
		const met = [ended(60_400, { openMs: 50_400 }), ended(69_600, { openMs: 59_600 })];
		expect(foresee({}, met)?.best.endMs).toBe(60_000);
		// No longer than what was not seen of most of them.
		expect(foresee({}, met)?.best.spreadMs).toBe(0.4 * 5_000);
		const third = ended(63_000, { openMs: 60_200 });
		expect(endOf({}, ...met, third)).toBe(60_300);
		// One that does not meet the others makes it the middle one again; of six it is left out.
		const odd = ended(90_000, { openMs: 80_000 });
		expect(endOf({}, ...met, third, odd)).toBe((61_600 + 64_600) / 2);
		const many = [...met, third, ...met, third];
		expect(endOf({}, ...many, odd)).toBe(endOf({}, ...many));
	});
});

describe('by the estimate', () => {
	it('it is as far off as theirs was', () => {
		const tasks = [ended(90_000, { estimatedMs: 60_000 })];
		expect(endOf({ estimatedMs: 66_000 }, ...tasks)).toBe(99_000);
		expect(foresee({ estimatedMs: 60_000 }, tasks)?.best.spreadMs).toBeCloseTo((0.04 * 90_000) / 2);
	});

	it('without one on both sides the length remains', () => {
		expect(endOf({ estimatedMs: 120_000 }, ended(90_000))).toBe(90_000);
		expect(endOf({}, ended(90_000, { estimatedMs: 60_000 }))).toBe(90_000);
	});
});

describe('by its own progress', () => {
	const at = (progress: number, progressAtMs: number, more: Facts = {}): Facts => ({
		...{ progress, progressAtMs, ...more },
	});

	it('it goes on as the others did', () => {
		expect(foresee(at(50, 45_000), [ended(60_000)])?.own?.endMs).toBe(90_000);
		// Between two points of the trail, as if it had grown evenly.
		expect(foresee(at(60, 54_000), [ended(60_000)])?.own?.endMs).toBeCloseTo(90_000);
		expect(foresee(at(75, 45_000), [ended(60_000)])?.own?.endMs).toBe(60_000);
	});

	it('the time in a queue is not work', () => {
		const queued = ended(70_000, {
			idleUntilMs: 10_000,
			trail: [[50, 40_000] as const],
		});
		expect(foresee(at(50, 40_000), [queued])?.own?.endMs).toBe(80_000);
		expect(foresee(at(50, 50_000, { idleUntilMs: 20_000 }), [queued])?.own?.endMs).toBe(80_000);
		// First progress and last idle look can be one and the same.
		expect(foresee(at(50, 30_000, { idleUntilMs: 30_000 }), [queued])?.own?.endMs).toBe(30_000);
		expect(foresee(at(50, 30_000, { idleUntilMs: 40_000 }), [queued])?.own?.endMs).toBe(30_000);
	});

	it.each([
		['no progress', {}],
		['none yet', at(0, 10_000)],
		['all of it', at(100, 10_000)],
		['without a time', { progress: 50 }],
		['before the first point of the others', at(10, 10_000)],
		['beyond their last point', at(90, 10_000)],
	])('%s says nothing by itself', (_what, seen) => {
		const seer = foresee(seen, [ended(60_000)]);
		expect(seer?.own).toBeUndefined();
		expect(seer?.best.endMs).toBe(60_000);
	});

	it('of those whose work took no time says nothing', () => {
		const odd = ended(60_000, { idleUntilMs: 30_000, trail: [[50, 30_000] as const] });
		expect(foresee(at(50, 45_000), [odd])?.own).toBeUndefined();
	});

	it('overrules what disagrees, and takes what agrees and is surer', () => {
		// Half done after 90 s: the others took a minute.
		const slow = foresee(at(50, 90_000), [ended(60_000)]);
		expect(slow?.best).toEqual(slow?.own);
		expect(slow?.best.endMs).toBe(180_000);
		// Their progress grew unevenly, so it tells little; that they took a minute agrees with it, and is surer.
		const uneven = [20_000, 40_000].map((atMs) => ended(60_000, { trail: [[50, atMs] as const] }));
		const close = foresee(at(50, 30_000), uneven);
		expect(close?.own?.endMs).toBe(67_500);
		expect(close?.best).toEqual({ endMs: 60_000, spreadMs: 1_200 });
	});

	it('may be three percent of the rest off, and one of the whole', () => {
		expect(foresee(at(50, 45_000), [ended(60_000)])?.own?.spreadMs).toBeCloseTo(
			(0.03 * 45_000 + 0.01 * 90_000) / 2,
		);
	});
});
