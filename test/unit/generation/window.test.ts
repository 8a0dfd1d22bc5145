/**
 * The window of submits, seen from EvoLink's side: a gateway that takes its time, one that lets few through in
 * a minute, one that says no for a while. Virtual time throughout.
 */
import { Claims } from '../../../nodes/WanVideo/generation/claims';
import type { Outcome } from '../../../nodes/WanVideo/generation/outcome';
import { SUBMITS_AT_ONCE } from '../../../nodes/WanVideo/generation/window';
import { jobs } from '../../support/builders';
import { accepted, type SubmitPlan } from '../../support/fakeEvoLink';
import { FakeRun } from '../../support/fakeRun';
import { someOf } from '../../support/thorough';
import { type Gateway, gatewayOf, limitedBy } from '../../support/gateway';

const limited = (more: object = {}): SubmitPlan => ({
	answer: 'refused',
	failure: { kind: 'rateLimited', ...more },
});
const ends = (outcomes: Array<Outcome<unknown>>) => outcomes.map(({ end }) => end);
const all = (count: number) => Array<string>(count).fill('completed');

/** How long a run of so many equal tasks takes, in milliseconds. */
async function spanOf(
	count: number,
	{ takesMs, answersMs, concurrency }: Record<'takesMs' | 'answersMs' | 'concurrency', number>,
): Promise<number> {
	const history = new FakeRun({ submits: [accepted({ takesMs, answersMs })] });
	expect(ends(await history.try(jobs(count), { concurrency }))).toEqual(all(count));
	return history.clock.elapsed();
}

describe('where each submit takes two seconds', () => {
	it('20 tasks of 20 s take at most 1.3 times one', async () => {
		const plan = { takesMs: 20_000, answersMs: 2_000, concurrency: 20 };
		expect(await spanOf(20, plan)).toBeLessThanOrEqual(1.3 * (await spanOf(1, plan)));
	});

	it('a window leaves within a fifth of a second', async () => {
		const history = new FakeRun({ submits: [accepted({ answersMs: 2_000 })] });
		await history.try(jobs(20));
		const lastMs = history.evolink.posts[19].atMs;
		// Rounds of 1, 3, 8 and 8.
		expect(lastMs).toBeGreaterThanOrEqual(3 * 2_000);
		expect(lastMs).toBeLessThanOrEqual(3 * 2_000 + 200);
	});

	it('200 tasks of 60 s, 50 at once, take at most 1.15 times the least', async () => {
		const plan = { takesMs: 60_000, answersMs: 2_000, concurrency: 50 };
		expect(await spanOf(200, plan)).toBeLessThanOrEqual(1.15 * 4 * 62_000);
	});

	it('the first goes alone, then never more at once than the window holds', async () => {
		const history = new FakeRun({ submits: [accepted({ takesMs: 5_000, answersMs: 2_000 })] });
		let open = 0;
		const seen: number[] = [];
		history.evolink.beforePost = () => seen.push((open += 1));
		history.evolink.afterPost = () => void (open -= 1);
		await history.try(jobs(40), { concurrency: 40 });
		expect(seen.slice(0, 2)).toEqual([1, 1]);
		expect(Math.max(...seen)).toBe(SUBMITS_AT_ONCE);
	});

	it('the rows keep the order of the items though answers cross', async () => {
		const history = new FakeRun({
			submits: (post) => accepted({ takesMs: 5_000, answersMs: ((post * 7) % 5) * 700 }),
		});
		const outcomes = await history.try(jobs(30), { concurrency: 30 });
		const prompts = outcomes.map((outcome) =>
			outcome.end === 'completed'
				? history.evolink.tasks.get(outcome.taskId)?.body.prompt
				: outcome.end,
		);
		expect(prompts).toEqual(Array.from({ length: 30 }, (_, item) => `item ${item}`));
	});
});

describe('what ends a run lets nothing new out, and what is under way is told', () => {
	it.each(['unauthorized', 'modelNotAllowed'] as const)(
		'a refused key (%s) is found by the first, alone',
		async (kind) => {
			const refusal: SubmitPlan = { answer: 'refused', failure: { kind }, answersMs: 2_000 };
			const history = new FakeRun({ submits: [refusal] });
			expect(ends(await history.try(jobs(20)))).toEqual(Array(20).fill('failed'));
			expect(history.evolink.posts).toHaveLength(1);
		},
	);

	it('a key that is refused later holds for all that are not under way yet', async () => {
		const history = new FakeRun({
			submits: (post) =>
				post < 4
					? accepted({ answersMs: 2_000 })
					: { answer: 'refused', failure: { kind: 'unauthorized' }, answersMs: 500 },
		});
		await history.try(jobs(100), { concurrency: 100 });
		expect(history.evolink.posts.length).toBeLessThanOrEqual(4 + SUBMITS_AT_ONCE + 2);
	});

	it('Stop', async () => {
		const history = new FakeRun({ submits: [accepted({ answersMs: 2_000, takesMs: Infinity })] });
		let postsAtStop = 0;
		history.clock.at(4_600, () => {
			history.stop.press();
			postsAtStop = history.evolink.posts.length;
		});
		const outcomes = await history.try(jobs(40), { concurrency: 40 });
		expect(history.evolink.posts).toHaveLength(postsAtStop);
		const told = outcomes.flatMap((outcome) => ('taskId' in outcome ? [outcome.taskId] : []));
		expect(told).toEqual([...history.evolink.tasks.keys()]);
		expect(postsAtStop).toBeGreaterThan(4);
	});

	it('a first failure, where the run does not go on', async () => {
		const history = new FakeRun({
			submits: (post) =>
				post === 5
					? { answer: 'refused', failure: { kind: 'outOfCredits' }, answersMs: 100 }
					: accepted({ answersMs: 2_000 }),
		});
		let postsAtFailure = 0;
		history.evolink.afterPost = (post) => {
			if (post.plan === 'refused') postsAtFailure = history.evolink.posts.length;
		};
		const outcomes = await history.try(jobs(40), { concurrency: 40, keepGoing: false });
		expect(postsAtFailure).toBeGreaterThan(5);
		expect(history.evolink.posts).toHaveLength(postsAtFailure);
		const told = outcomes.flatMap((outcome) => ('taskId' in outcome ? [outcome.taskId] : []));
		expect(told).toEqual([...history.evolink.tasks.keys()]);
	});
});

describe('a 429', () => {
	it('halves the window, and one Retry-After holds for all', async () => {
		const history = new FakeRun({
			submits: (post) =>
				post === 14 ? limited({ retryAfterMs: 60_000 }) : accepted({ answersMs: 2_000 }),
		});
		const { posts } = history.evolink;
		await history.try(jobs(40), { concurrency: 40 });
		const refusedAt = posts[14].atMs;
		const during = posts.filter(({ atMs }) => atMs > refusedAt + 50 && atMs < refusedAt + 60_000);
		expect(during).toEqual([]);
		const after = posts.filter(({ atMs }) => atMs >= refusedAt + 60_000).map(({ atMs }) => atMs);
		// Alone at first, and then by half of what it was.
		expect(after[1] - after[0]).toBeGreaterThanOrEqual(2_000);
		expect(after.filter((atMs) => atMs < after[1] + 1_000).length).toBeLessThanOrEqual(
			1 + SUBMITS_AT_ONCE / 2 + 1,
		);
	});

	it('that asks for longer than anybody waits fails the rest at once, without a request', async () => {
		const history = new FakeRun({
			submits: (post) =>
				post === 3 ? limited({ retryAfterMs: 3_600_000 }) : accepted({ answersMs: 100 }),
		});
		const outcomes = await history.try(jobs(30), { concurrency: 30 });
		expect(history.evolink.posts.length).toBeLessThanOrEqual(3 + 1 + SUBMITS_AT_ONCE);
		const refused = outcomes.filter(({ end }) => end === 'failed');
		expect(refused.length).toBeGreaterThan(15);
		for (const outcome of refused)
			expect(outcome).toMatchObject({ failure: { kind: 'rateLimited', charged: 'no' } });
	});
});

/** Ways and works in milliseconds: until an answer to what is let through, and until a 429. */
const SPEEDS = [
	[0, 0],
	[150, 30],
	[150, 150],
	[2_000, 30],
	[2_000, 200],
];

const GATEWAYS: Array<[string, Gateway, number]> = (
	[
		// The tries for more, over half an hour, are three of them.
		[3, 8, SPEEDS.slice(0, 3)],
		[10, 5, SPEEDS],
		[60, 5, SPEEDS.slice(0, 4)],
	] as const
).flatMap(([perMinute, most, speeds]) =>
	(['fixed window', 'sliding window', 'bucket'] as const).flatMap((kind) =>
		[true, false].flatMap((tells) =>
			speeds.map(([answersMs, refusesMs]): [string, Gateway, number] => [
				`${perMinute} submits a minute, ${kind}, ${tells ? 'with' : 'without'} Retry-After, accepts in ${answersMs} ms, refuses in ${refusesMs} ms`,
				{ kind, tells, answersMs, refusesMs, perMinute },
				most,
			]),
		),
	),
);

describe('a gateway with so many submits a minute', () => {
	// Seven shares no divisor with their counts, so that it takes each kind and speed.
	it.each(someOf(GATEWAYS, 7))(
		'%s: all are made, with few requests too many',
		async (_name, gateway, most) => {
			const history = new FakeRun();
			const { planFor, intoRest } = gatewayOf(history.clock, gateway);
			history.evolink.planFor = planFor;
			const outcomes = await history.try(jobs(100), { concurrency: 100 });
			expect(ends(outcomes)).toEqual(all(100));
			expect(intoRest()).toBe(0);
			expect(history.evolink.posts.length).toBeLessThanOrEqual(100 + most);
			// It does not dawdle either: what the gateway lets through is used.
			const leastMs = (100 / gateway.perMinute) * 60_000;
			expect(history.clock.elapsed()).toBeLessThan(1.1 * leastMs + 120_000);
		},
	);

	it.each([10, 60])(
		'%d a minute: what waits for its claim is not sent into a rest',
		async (perMinute) => {
			const history = new FakeRun();
			const { clock } = history;
			const gateway = {
				kind: 'sliding window',
				tells: true,
				answersMs: 10,
				refusesMs: 10,
			} as const;
			const { planFor, intoRest } = gatewayOf(clock, { ...gateway, perMinute });
			history.evolink.planFor = planFor;
			const store = {
				async record() {
					await clock.sleep(20);
					return new Set<string>();
				},
				remove: async () => await clock.sleep(20),
			};
			history.claims = new Claims({
				...{ store, clock, complain: () => undefined },
				lineage: { names: ['lineage'], isOwn: true, execution: '7', mayFollow: false },
			});
			expect(ends(await history.try(jobs(100), { concurrency: 100 }))).toEqual(all(100));
			expect(intoRest()).toBe(0);
		},
	);

	it('a limit that was only for once is forgotten', async () => {
		const history = new FakeRun();
		const gateway = limitedBy(history.clock, {
			untilMs: 30_000,
			answersMs: 150,
			retryAfterMs: 20_000,
		});
		history.evolink.planFor = gateway;
		expect(ends(await history.try(jobs(200), { concurrency: 200 }))).toEqual(all(200));
		expect(history.clock.elapsed()).toBeLessThan(10 * 60_000);
	});
});
