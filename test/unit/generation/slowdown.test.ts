/**
 * One 429 slows down all looks of a run, once: who reaches EvoLink when, against the same waits without it.
 */
import type { Answer } from '../../../nodes/WanVideo/evolink/client';
import type { Failure } from '../../../nodes/WanVideo/evolink/failure';
import type { TaskState } from '../../../nodes/WanVideo/evolink/taskState';
import { sharedSlowdown } from '../../../nodes/WanVideo/generation/slowdown';
import { type WaitOutcome, waitForTask } from '../../../nodes/WanVideo/generation/wait';
import { aBody, aFailure, TASK_ID } from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';
import { FakeEvoLink } from '../../support/fakeEvoLink';

const LOOK_MS = 200;

interface Look {
	atMs: number;
	/** Looks under way when it began, itself included. */
	together: number;
	rejected: boolean;
}

/** Waits for several tasks, begun one after the other; EvoLink answers each look after 200 ms. */
class Waits {
	readonly clock = new FakeClock();
	readonly stop = new FakeStop();
	readonly evolink = new FakeEvoLink(this.clock);
	readonly looks: Look[] = [];
	readonly client = {
		submit: async () => await this.evolink.submit(aBody(), 'key'),
		credits: async () => await this.evolink.credits(),
		look: async (taskId: string) => await this.look(taskId),
	};
	readonly slowed = sharedSlowdown(this.client, this.clock, this.stop);
	/** What EvoLink says to a look at this moment, instead of the task. */
	trouble: (atMs: number, look: number) => Failure | undefined = () => undefined;
	private together = 0;

	private async look(taskId: string): Promise<Answer<TaskState>> {
		const failure = this.trouble(this.clock.elapsed(), this.looks.length + 1);
		this.together += 1;
		const rejected = failure?.kind === 'rateLimited';
		this.looks.push({ atMs: this.clock.elapsed(), together: this.together, rejected });
		await this.clock.sleep(LOOK_MS);
		this.together -= 1;
		if (failure !== undefined) return { ok: false, failure: { ...failure, taskId } };
		return await this.evolink.look(taskId);
	}

	async wait(count: number, client = this.slowed, timeoutMs = 600_000): Promise<WaitOutcome[]> {
		const { clock, stop } = this;
		return await Promise.all(
			Array.from({ length: count }, async (_, index) => {
				const { taskId } = this.evolink.open(aBody(), { takesMs: 60_000 });
				await clock.sleep(index * 300, stop);
				const look = async () => await client.look(taskId);
				return await waitForTask({ timeoutMs, fresh: {} }, { look, clock, stop });
			}),
		);
	}

	from(atMs: number): Look[] {
		return this.looks.filter((look) => look.atMs >= atMs);
	}

	get rejections(): number {
		return this.looks.filter(({ rejected }) => rejected).length;
	}
}

const limited = (retryAfterMs?: number) =>
	aFailure({
		kind: 'rateLimited',
		httpStatus: 429,
		...(retryAfterMs !== undefined && { retryAfterMs }),
	});

/** EvoLink's limit holds for 30 s from the first look after 10 s on, and says how long it still does. */
function limitFor(waits: Waits, forMs: number): () => number {
	let fromMs: number | undefined;
	waits.trouble = (atMs) => {
		if (fromMs === undefined && atMs >= 10_000) fromMs = atMs;
		const restMs = fromMs === undefined ? 0 : fromMs + forMs - atMs;
		return restMs > 0 ? limited(restMs) : undefined;
	};
	return () => fromMs ?? 0;
}

const completed = (outcomes: WaitOutcome[]) =>
	outcomes.filter(({ end }) => end === 'completed').length;

describe('twenty waits and one 429 that asks for 30 s', () => {
	it('no look reaches EvoLink until they are over, and all videos are found', async () => {
		const waits = new Waits();
		waits.trouble = (_atMs, look) => (look === 25 ? limited(30_000) : undefined);
		expect(completed(await waits.wait(20))).toBe(20);
		const rejectedAtMs = waits.looks[24].atMs + LOOK_MS;
		const during = waits.looks.filter(
			({ atMs }) => atMs >= rejectedAtMs && atMs < rejectedAtMs + 30_000,
		);
		expect([during, waits.rejections]).toEqual([[], 1]);
	});

	it('then one look goes first, and the others follow one after the other', async () => {
		const waits = new Waits();
		waits.trouble = (_atMs, look) => (look === 25 ? limited(30_000) : undefined);
		await waits.wait(20);
		const [first, ...others] = waits.from(waits.looks[24].atMs + 30_000).slice(0, 15);
		expect([first.together, others[0].together]).toEqual([1, 1]);
		expect(others[0].atMs - first.atMs).toBeGreaterThanOrEqual(LOOK_MS);
		const gapsMs = others.slice(1).map(({ atMs }, index) => atMs - others[index].atMs);
		expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(250);
	});

	it('needs fewer looks, and meets fewer rejections, than waits that know nothing of each other', async () => {
		const [together, alone] = [new Waits(), new Waits()];
		limitFor(together, 30_000);
		limitFor(alone, 30_000);
		const ends = [
			completed(await together.wait(20)),
			completed(await alone.wait(20, alone.client)),
		];
		expect(ends).toEqual([20, 20]);
		expect([together.rejections, alone.rejections]).toEqual([1, 20]);
		expect(together.looks.length).toBeLessThan(alone.looks.length);
	});

	it('nobody waits for the hold and then for a delay of its own as well', async () => {
		const waits = new Waits();
		const limitedFrom = limitFor(waits, 30_000);
		await waits.wait(20);
		const overMs = limitedFrom() + 30_000;
		// 20 looks in line take 5 s; each came back within a second of the end of the hold.
		expect(waits.from(overMs).filter(({ atMs }) => atMs <= overMs + 7_000).length).toBe(20);
	});
});

it.each([3_600_000, 1.8e15])(
	'a 429 that asks for %d ms keeps no ready video from being found: after five minutes one look asks again',
	async (retryAfterMs) => {
		const waits = new Waits();
		waits.trouble = (_atMs, look) => (look === 25 ? limited(retryAfterMs) : undefined);
		expect(completed(await waits.wait(20))).toBe(20);
		const rejectedAtMs = waits.looks[24].atMs + LOOK_MS;
		const [next] = waits.from(rejectedAtMs);
		expect([next.atMs - rejectedAtMs >= 300_000, next.together]).toEqual([true, 1]);
	},
);

describe('a 429 without Retry-After', () => {
	it('holds longer each time, until a look is answered', async () => {
		const waits = new Waits();
		waits.trouble = (_atMs, look) => (look <= 6 ? limited() : undefined);
		const asked: Array<number | undefined> = [];
		for (let look = 1; look <= 7; look += 1) {
			const answer = await waits.slowed.look(TASK_ID);
			asked.push(answer.ok ? undefined : answer.failure.retryAfterMs);
			await waits.clock.sleep(30_000);
		}
		expect(asked).toEqual([2250, 4500, 9000, 18_000, 22_500, 22_500, undefined]);
		waits.trouble = () => limited();
		expect(await waits.slowed.look(TASK_ID)).toMatchObject({ failure: { retryAfterMs: 2250 } });
	});

	it('met by several looks that were under way together counts once', async () => {
		const waits = new Waits();
		waits.trouble = () => limited();
		await Promise.all([1, 2, 3].map(async () => await waits.slowed.look(TASK_ID)));
		await waits.clock.sleep(5_000);
		expect(await waits.slowed.look(TASK_ID)).toMatchObject({ failure: { retryAfterMs: 4500 } });
	});
});

describe('the hold', () => {
	it('answers at once with the time that is left, so each wait keeps its deadline', async () => {
		const waits = new Waits();
		waits.trouble = () => limited(200_000);
		const outcomes = await waits.wait(5, waits.slowed, 60_000);
		expect(outcomes.map(({ end }) => end)).toEqual(Array(5).fill('timedOut'));
		expect(waits.clock.elapsed()).toBeLessThanOrEqual(62_000);
		expect(waits.looks).toHaveLength(1);
	});

	it('goes on when the first look after it is turned away again', async () => {
		const waits = new Waits();
		limitFor(waits, 30_000);
		const { trouble } = waits;
		// EvoLink asks for ten seconds only, three times.
		waits.trouble = (atMs, look) => trouble(atMs, look) && limited(10_000);
		expect(completed(await waits.wait(20))).toBe(20);
		expect(waits.rejections).toBeLessThanOrEqual(4);
	});

	it('is over with any other answer, also a bad one', async () => {
		const waits = new Waits();
		waits.trouble = (_atMs, look) => [limited(1_000), aFailure()].at(look - 1);
		for (let look = 1; look <= 3; look += 1) {
			await waits.slowed.look(TASK_ID);
			await waits.clock.sleep(2_000);
		}
		await Promise.all([1, 2].map(async () => await waits.slowed.look(TASK_ID)));
		expect(waits.looks.at(-1)?.together).toBe(2);
	});

	it('is not ended by a look that was under way when it began', async () => {
		const waits = new Waits();
		waits.trouble = (_atMs, look) => (look === 1 ? limited(10_000) : undefined);
		const first = waits.slowed.look(TASK_ID);
		await waits.clock.sleep(100);
		await Promise.all([first, waits.slowed.look(TASK_ID)]);
		expect(await waits.slowed.look(TASK_ID)).toMatchObject({ ok: false });
		expect(waits.looks).toHaveLength(2);
	});

	it('lets go of the line when a look throws', async () => {
		const waits = new Waits();
		waits.trouble = () => limited(1_000);
		await waits.slowed.look(TASK_ID);
		await waits.clock.sleep(2_000);
		let defects = 1;
		waits.trouble = () => {
			if (defects-- > 0) throw new Error('a defect');
			return undefined;
		};
		const looks = [1, 2, 3].map(async () => await waits.slowed.look(TASK_ID));
		const ends = (await Promise.allSettled(looks)).map(({ status }) => status);
		expect(ends).toEqual(['rejected', 'fulfilled', 'fulfilled']);
	});

	it('does not hold up submits and credits', async () => {
		const waits = new Waits();
		waits.trouble = () => limited(60_000);
		await waits.slowed.look(TASK_ID);
		await waits.slowed.submit(aBody(), 'key');
		await waits.slowed.credits();
		expect([waits.evolink.posts.length, waits.clock.elapsed()]).toEqual([1, LOOK_MS]);
	});
});

describe('Stop', () => {
	it('ends the hold at once, and nothing more is looked at', async () => {
		const waits = new Waits();
		limitFor(waits, 120_000);
		waits.clock.at(40_000, () => waits.stop.press());
		const outcomes = await waits.wait(20);
		expect(outcomes.map(({ end }) => end)).toEqual(Array(20).fill('stopped'));
		expect(waits.clock.elapsed()).toBe(40_000);
		expect(waits.from(40_000)).toEqual([]);
	});

	it('ends the line after the hold as well', async () => {
		const waits = new Waits();
		waits.trouble = (_atMs, look) => {
			if (look === 28) waits.stop.press();
			return look === 25 ? limited(30_000) : undefined;
		};
		const outcomes = await waits.wait(20);
		expect(outcomes.map(({ end }) => end)).toEqual(Array(20).fill('stopped'));
		expect(waits.looks).toHaveLength(28);
		expect(waits.clock.elapsed() - waits.looks[27].atMs).toBeLessThanOrEqual(2 * LOOK_MS);
	});
});
