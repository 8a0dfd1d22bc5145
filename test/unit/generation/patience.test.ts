// @thorough
/** A run that may pause: what is far off is left open and keeps its place, what is near is waited for, and nothing is paid twice over all wakes. */
import fc from 'fast-check';

import type { Outcome } from '../../../nodes/WanVideo/generation/outcome';
import { aWaitPlan, jobs } from '../../support/builders';
import { accepted } from '../../support/fakeEvoLink';
import { FakeRun } from '../../support/fakeRun';
import type { FakeFile } from '../../support/fakeVideos';

const pause = { patienceMs: 30_000, since: 0 };
const ends = (outcomes: Array<Outcome<FakeFile>>) => outcomes.map(({ end }) => end);

it('leaves a task open that will take long, without a single look', async () => {
	const history = new FakeRun({
		submits: () => accepted({ takesMs: 200_000, estimatedSeconds: 200 }),
	});
	const outcomes = await history.try(jobs(2), { pause });
	expect(outcomes).toMatchObject([
		{ end: 'open', restMs: 200_000 },
		{ end: 'open', restMs: 200_000 },
	]);
	expect(history.clock.elapsed()).toBe(0);
});

it('waits for a task that is nearly done', async () => {
	const history = new FakeRun({
		submits: () => accepted({ takesMs: 20_000, estimatedSeconds: 20 }),
	});
	expect(ends(await history.try(jobs(1), { pause }))).toEqual(['completed']);
});

it('loses its patience with a task that is always nearly done', async () => {
	const history = new FakeRun({
		submits: () => accepted({ takesMs: 900_000, estimatedSeconds: 20 }),
	});
	expect(ends(await history.try(jobs(1), { pause }))).toEqual(['open']);
	expect(history.clock.elapsed()).toBeGreaterThanOrEqual(30_000);
	expect(history.clock.elapsed()).toBeLessThan(60_000);
});

it('does not let another request take the place of an open task', async () => {
	const history = new FakeRun({ submits: () => accepted({ takesMs: 200_000 }) });
	const outcomes = await history.try(jobs(5), { pause, concurrency: 2 });
	expect(ends(outcomes)).toEqual(Array(5).fill('open'));
	expect(outcomes.filter((outcome) => 'taskId' in outcome)).toHaveLength(2);
	expect(history.evolink.tasks.size).toBe(2);
});

it('counts the deadline from before the first pause', async () => {
	const history = new FakeRun({ submits: () => accepted({ takesMs: 3_600_000 }) });
	const wait = aWaitPlan({ timeoutMs: 300_000 });
	const since = history.clock.now();
	const wake = async () =>
		await history.try(jobs(1, { wait }), { pause: { patienceMs: 30_000, since } });
	const seen: string[] = [];
	for (let wakes = 0; wakes < 6; wakes += 1) {
		seen.push(...ends(await wake()));
		history.clock.spend(90_000);
	}
	expect(seen).toEqual(['open', 'open', 'open', 'open', 'timedOut', 'timedOut']);
});

it('pays for each request once over any number of wakes, lengths and limits', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 }),
			fc.integer({ min: 1, max: 5 }),
			fc.integer({ min: 90, max: 400 }),
			async (seconds, concurrency, sleptSeconds) => {
				const history = new FakeRun({
					submits: (post) => accepted({ takesMs: seconds[post] * 1000 }),
				});
				const wanted = jobs(seconds.length);
				let outcomes = await history.try(wanted, { pause, concurrency });
				for (let wakes = 0; wakes < 100 && ends(outcomes).includes('open'); wakes += 1) {
					history.clock.spend(sleptSeconds * 1000);
					outcomes = await history.try(wanted, {
						pause: { ...pause, since: history.clock.now() },
						concurrency,
					});
				}
				expect(ends(outcomes)).toEqual(seconds.map(() => 'completed'));
				expect(history.evolink.tasks.size).toBe(seconds.length);
				expect(history.videos.kept).toHaveLength(seconds.length);
			},
		),
		{ numRuns: 50 },
	);
});
