/** The paid POSTs of a run: one by one, slowed down together, journalled before and after, none after a Stop. */
import type { JournalEvent } from '../../../nodes/WanVideo/generation/journal';
import {
	type Submission,
	type SubmitOutcome,
	submitter,
} from '../../../nodes/WanVideo/generation/submit';
import { aBody, aFailure } from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';
import { FakeEvoLink, type SubmitPlan } from '../../support/fakeEvoLink';

class Counter {
	readonly clock = new FakeClock();
	readonly stop = new FakeStop();
	readonly evolink: FakeEvoLink;
	readonly events: string[] = [];
	failures = 0;
	private readonly submits;

	constructor(plans: SubmitPlan[]) {
		this.evolink = new FakeEvoLink(this.clock, (post) => plans[Math.min(post, plans.length - 1)]);
		this.evolink.beforePost = () => this.events.push('POST');
		this.submits = submitter(this.evolink, this.clock, this.stop, () => {
			this.failures += 1;
		});
	}

	async submit(item: number, more: Partial<Submission> = {}): Promise<SubmitOutcome> {
		return await this.submits.submit({
			body: aBody({ prompt: `item ${item}` }),
			...{ requestHash: `request-${item}`, intent: `intent-${item}`, executionId: '7' },
			key: `key-${item}`,
			newKey: () => `new-key-${item}`,
			record: (event: JournalEvent) => this.events.push(event.type),
			...more,
		});
	}

	async all(count: number): Promise<SubmitOutcome[]> {
		return await Promise.all(Array.from({ length: count }, (_, item) => this.submit(item)));
	}
}

const limited: SubmitPlan = { answer: 'refused', failure: { kind: 'rateLimited' } };
const accepted: SubmitPlan = { answer: 'accepted' };

describe('one submit', () => {
	it('is in the journal before the POST goes out and after its answer', async () => {
		const counter = new Counter([accepted]);
		expect(await counter.submit(0)).toMatchObject({ end: 'accepted' });
		expect(counter.events).toEqual(['submitting', 'POST', 'accepted']);
	});

	it('with an unknown outcome is not sent again and stays intended', async () => {
		const counter = new Counter([{ answer: 'lost' }, accepted]);
		expect(await counter.submit(0)).toMatchObject({
			end: 'failed',
			failure: { charged: 'unknown' },
		});
		expect(counter.events).toEqual(['submitting', 'POST', 'unclear']);
	});

	it('after 429 goes out again under the same key, each try in the journal', async () => {
		const counter = new Counter([limited, limited, accepted]);
		expect(await counter.submit(0)).toMatchObject({ end: 'accepted' });
		expect(counter.events.join(' ')).toBe(
			'submitting POST refused submitting POST refused submitting POST accepted',
		);
		expect(counter.evolink.posts.map(({ key, atMs }) => [key, atMs])).toEqual([
			['key-0', 0],
			['key-0', 1500],
			['key-0', 4500],
		]);
	});

	it('is given up after six tries', async () => {
		const counter = new Counter([limited]);
		expect(await counter.submit(0)).toMatchObject({
			end: 'failed',
			failure: { kind: 'rateLimited' },
		});
		expect(counter.evolink.posts).toHaveLength(6);
	});

	it.each(['invalidRequest', 'outOfCredits', 'contentPolicy', 'serviceTrouble'] as const)(
		'that EvoLink refuses as %s is sent once',
		async (kind) => {
			const counter = new Counter([{ answer: 'refused', failure: aFailure({ kind }) }]);
			expect(await counter.submit(0)).toMatchObject({ end: 'failed', failure: { kind } });
			expect(counter.evolink.posts).toHaveLength(1);
		},
	);
});

describe('several submits', () => {
	it('go out one by one and in order', async () => {
		const counter = new Counter([accepted]);
		await counter.all(4);
		expect(counter.events).toEqual(
			Array.from({ length: 4 }, () => ['submitting', 'POST', 'accepted']).flat(),
		);
		expect(counter.evolink.posts.map(({ body }) => body.prompt)).toEqual([
			...['item 0', 'item 1', 'item 2', 'item 3'],
		]);
	});

	it('are slowed down together: while one waits after 429, no other is sent', async () => {
		const slow: SubmitPlan = {
			answer: 'refused',
			failure: { kind: 'rateLimited', retryAfterMs: 30_000 },
		};
		const counter = new Counter([accepted, slow, accepted]);
		await counter.all(4);
		expect(counter.evolink.posts.map(({ atMs }) => atMs)).toEqual([0, 0, 30_500, 30_500, 30_500]);
	});

	it.each(['unauthorized', 'modelNotAllowed'] as const)(
		'share a refusal of the key (%s): one POST, one answer for all, nothing in the journal of the others',
		async (kind) => {
			const counter = new Counter([{ answer: 'refused', failure: { kind, httpStatus: 401 } }]);
			const outcomes = await counter.all(5);
			for (const outcome of outcomes)
				expect(outcome).toMatchObject({ end: 'failed', failure: { kind } });
			expect(counter.events).toEqual(['submitting', 'POST', 'refused']);
		},
	);

	it('share a refusal of the model with those of the same model only', async () => {
		const counter = new Counter([
			{ answer: 'refused', failure: { kind: 'modelNotAllowed' } },
			accepted,
		]);
		const other = { body: aBody({ model: 'wan3.0-text-to-video' }) };
		const outcomes = await Promise.all([
			...[counter.submit(0), counter.submit(1), counter.submit(2, other)],
		]);
		expect(outcomes.map(({ end }) => end)).toEqual(['failed', 'failed', 'accepted']);
		expect(counter.evolink.posts).toHaveLength(2);
	});

	it('do not share any other refusal', async () => {
		const counter = new Counter([
			{ answer: 'refused', failure: { kind: 'outOfCredits' } },
			accepted,
		]);
		expect((await counter.all(2)).map(({ end }) => end)).toEqual(['failed', 'accepted']);
	});

	it('tell of a failure before the next one has its turn', async () => {
		const counter = new Counter([{ answer: 'lost' }]);
		const seen: number[] = [];
		counter.evolink.beforePost = () => seen.push(counter.failures);
		await counter.all(3);
		expect(seen).toEqual([0, 1, 2]);
	});

	it('go on after one whose journal cannot be written', async () => {
		const { evolink, clock, stop } = new Counter([accepted]);
		const submits = submitter(evolink, clock, stop, () => undefined);
		const submission = {
			...{ body: aBody(), requestHash: 'r', intent: 'i', executionId: '7' },
			...{ key: 'k', newKey: () => 'k2' },
		};
		const broken = submits.submit({
			...submission,
			record: () => {
				throw new Error('disk full');
			},
		});
		await expect(broken).rejects.toThrow('disk full');
		expect(evolink.posts).toHaveLength(0);
		const fine = await submits.submit({ ...submission, record: () => undefined });
		expect(fine.end).toBe('accepted');
	});
});

describe("an address for EvoLink's callback", () => {
	const WAKE = 'http://localhost:5678/webhook-waiting/1/wan-video';
	const sent = ({ evolink }: Counter) =>
		evolink.posts.map(({ body, key }) => [body.callback_url, key]);
	/** EvoLink as the seed has it: no http, no inside addresses. */
	const strict = (counter: Counter) => {
		counter.evolink.planFor = (_post, { callback_url: url }) =>
			url?.startsWith('http:')
				? { answer: 'refused', failure: { kind: 'invalidRequest', httpStatus: 400 } }
				: accepted;
		return counter;
	};

	it('goes out with the body', async () => {
		const counter = new Counter([accepted]);
		await counter.submit(0, { wakeUrl: WAKE });
		expect(sent(counter)).toEqual([[WAKE, 'key-0']]);
	});

	it('that EvoLink does not take is left out, by this submit and all after it', async () => {
		const counter = strict(new Counter([]));
		const outcomes = [
			await counter.submit(0, { wakeUrl: WAKE }),
			await counter.submit(1, { wakeUrl: WAKE }),
		];
		expect(outcomes.map(({ end }) => end)).toEqual(['accepted', 'accepted']);
		expect(sent(counter)).toEqual([
			[WAKE, 'key-0'],
			[undefined, 'new-key-0'],
			[undefined, 'key-1'],
		]);
		expect(counter.failures).toBe(0);
	});

	it('is not blamed for a request that is wrong without it, and stays for the others', async () => {
		const counter = new Counter([]);
		counter.evolink.planFor = (_post, { prompt }) =>
			prompt === 'item 0'
				? { answer: 'refused', failure: { kind: 'invalidRequest', httpStatus: 400 } }
				: accepted;
		const outcomes = [
			await counter.submit(0, { wakeUrl: WAKE }),
			await counter.submit(1, { wakeUrl: WAKE }),
		];
		expect(outcomes.map(({ end }) => end)).toEqual(['failed', 'accepted']);
		expect(sent(counter).at(-1)).toEqual([WAKE, 'key-1']);
	});

	it('never takes the place of one that the user gave, whose refusal is told', async () => {
		const counter = strict(new Counter([]));
		const body = aBody({ callback_url: 'http://localhost/mine' });
		expect((await counter.submit(0, { wakeUrl: WAKE, body })).end).toBe('failed');
		expect(sent(counter)).toEqual([['http://localhost/mine', 'key-0']]);
	});

	it('is left out again where the request without it is turned away for a while', async () => {
		const counter = new Counter([]);
		counter.evolink.planFor = (post, { callback_url: url }) => {
			if (url !== undefined) return { answer: 'refused', failure: { kind: 'invalidRequest' } };
			return post === 1 ? limited : accepted;
		};
		expect((await counter.submit(0, { wakeUrl: WAKE })).end).toBe('accepted');
		expect(sent(counter)).toEqual([
			[WAKE, 'key-0'],
			[undefined, 'new-key-0'],
			[undefined, 'new-key-0'],
		]);
		const tries = Array.from({ length: 2 }, () => ['submitting', 'POST', 'refused']).flat();
		expect(counter.events).toEqual([...tries, 'submitting', 'POST', 'accepted']);
	});

	it('is not blamed for a refusal that is about something else', async () => {
		const plan: SubmitPlan = { answer: 'refused', failure: { kind: 'outOfCredits' } };
		const counter = new Counter([plan, accepted]);
		expect((await counter.submit(0, { wakeUrl: WAKE })).end).toBe('failed');
		expect(sent(counter)).toEqual([[WAKE, 'key-0']]);
	});

	it('is tried out by one alone only until one is taken', async () => {
		const counter = new Counter([{ answer: 'accepted', answersMs: 2_000 }]);
		const outcomes = await Promise.all(
			[0, 1, 2].map(async (item) => await counter.submit(item, { wakeUrl: WAKE })),
		);
		expect(outcomes.map(({ end }) => end)).toEqual(['accepted', 'accepted', 'accepted']);
		const [first, second, third] = counter.evolink.posts.map(({ atMs }) => atMs);
		expect([first, second]).toEqual([0, 2_000]);
		expect(third).toBeLessThan(4_000);
	});

	it('is on trial until one is taken: whoever comes with it waits, whoever has none does not', async () => {
		const counter = new Counter([]);
		const slow: SubmitPlan = { answer: 'accepted', answersMs: 2_000 };
		counter.evolink.planFor = (_post, { prompt }) => (prompt === 'item 0' ? accepted : slow);
		await counter.submit(0);
		await Promise.all([
			counter.submit(1, { wakeUrl: WAKE }),
			counter.submit(2, { wakeUrl: WAKE }),
			counter.submit(3),
		]);
		const at = counter.evolink.posts.map(({ body, atMs }) => [body.prompt, atMs]);
		expect(at).toEqual(
			expect.arrayContaining([
				['item 1', 0],
				['item 2', 2_000],
			]),
		);
		expect(at.find(([prompt]) => prompt === 'item 3')?.[1]).toBeLessThan(2_000);
	});
});

describe('a lost run', () => {
	it('that has submitted it is told, and nothing goes out', async () => {
		const counter = new Counter([accepted]);
		const lost = { taskId: 'task-1' };
		const claim = async () => await Promise.resolve(lost);
		expect(await counter.submit(0, { claim })).toEqual({ end: 'lost', lost });
		expect(counter.events).toEqual([]);
		expect((await counter.submit(1)).end).toBe('accepted');
	});

	it('that left nothing lets it out', async () => {
		const counter = new Counter([accepted]);
		const claim = async () => await Promise.resolve(undefined);
		expect((await counter.submit(0, { claim })).end).toBe('accepted');
	});
});

it('what EvoLink keeps for a task is in the journal, where it says so', async () => {
	const counter = new Counter([{ answer: 'accepted', creditsReserved: 7 }, accepted]);
	const events: JournalEvent[] = [];
	const record = (event: JournalEvent) => void events.push(event);
	await counter.submit(0, { record });
	await counter.submit(1, { record });
	const said = events.filter(({ type }) => type === 'accepted');
	expect(said[0]).toMatchObject({ creditsReserved: 7 });
	expect(said[1]).not.toHaveProperty('creditsReserved');
});

it('a refusal that waiting does not change lets the next one out at once', async () => {
	const plan: SubmitPlan = { answer: 'refused', failure: { kind: 'outOfCredits' } };
	const counter = new Counter([accepted, plan, accepted]);
	await counter.all(3);
	expect(counter.evolink.posts.map(({ atMs }) => atMs)).toEqual([0, 0, 0]);
});

describe('Stop', () => {
	it('before a submit lets nothing out', async () => {
		const counter = new Counter([accepted]);
		counter.stop.press();
		expect((await counter.all(3)).map(({ end }) => end)).toEqual(['stopped', 'stopped', 'stopped']);
		expect(counter.events).toEqual([]);
	});

	it('after the place in the line asks and sends nothing', async () => {
		const counter = new Counter([accepted]);
		let claims = 0;
		const claim = async () => {
			claims += 1;
			return await Promise.resolve(undefined);
		};
		const outcome = counter.submit(0, { claim });
		counter.stop.press();
		expect(await outcome).toEqual({ end: 'stopped' });
		expect(claims).toBe(0);
	});

	it('while a lost run is asked for sends nothing', async () => {
		const counter = new Counter([accepted]);
		const claim = async () => {
			counter.stop.press();
			return await Promise.resolve(undefined);
		};
		expect(await counter.submit(0, { claim })).toEqual({ end: 'stopped' });
		expect(counter.events).toEqual([]);
	});

	it('during a slow-down lets nothing out any more, and leaves no open entry', async () => {
		const counter = new Counter([accepted, limited]);
		counter.clock.at(800, () => counter.stop.press());
		expect((await counter.all(4)).map(({ end }) => end)).toEqual([
			...['accepted', 'stopped', 'stopped', 'stopped'],
		]);
		expect(counter.evolink.posts).toHaveLength(2);
		expect(counter.events.at(-1)).toBe('refused');
	});

	it('while a POST is under way: its answer still counts, the next one does not go out', async () => {
		const counter = new Counter([accepted]);
		counter.evolink.beforePost = () => counter.stop.press();
		expect((await counter.all(3)).map(({ end }) => end)).toEqual([
			'accepted',
			'stopped',
			'stopped',
		]);
	});
});

it('where the first item has a callback of its own, one of the others finds out for all whether n8n can be woken', async () => {
	const wakeUrl = 'http://localhost:5678/webhook-waiting/7';
	const counter = new Counter([accepted]);
	counter.evolink.planFor = (_post, { callback_url: callback }) =>
		callback === wakeUrl
			? { answer: 'refused', failure: { kind: 'invalidRequest' }, answersMs: 2_000 }
			: { answer: 'accepted', answersMs: 2_000 };
	const own = aBody({ callback_url: 'https://example.com/done' });
	const outcomes = await Promise.all([
		counter.submit(0, { body: own, wakeUrl }),
		...[1, 2, 3].map(async (item) => await counter.submit(item, { wakeUrl })),
	]);
	expect(outcomes.map(({ end }) => end)).toEqual(Array(4).fill('accepted'));
	const callbacks = counter.evolink.posts.map(({ body }) => body.callback_url);
	expect(callbacks.filter((callback) => callback === wakeUrl)).toHaveLength(1);
	expect(callbacks).toHaveLength(5);
});
