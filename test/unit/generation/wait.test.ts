/** The wait by its looks: exact moments on a virtual clock, deadline, forgiven failures, Stop, clock jumps. */
import type { FailureKind } from '../../../nodes/WanVideo/evolink/catalogue';
import type { Failure } from '../../../nodes/WanVideo/evolink/failure';
import type { TaskState } from '../../../nodes/WanVideo/evolink/taskState';
import type { Ended } from '../../../nodes/WanVideo/generation/earlier';
import {
	type WaitNeeds,
	type WaitOutcome,
	type WaitSettings,
	waitForTask,
} from '../../../nodes/WanVideo/generation/wait';
import { aCompletedState, aFailure, aTaskState, TASK_ID } from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';

const running = aTaskState({ progress: undefined, task_info: undefined, created: undefined });
const MINUTE_MS = 60_000;

type Answer = TaskState | Failure;

/** Waits for a task that answers as told; the last answer is given again and again. */
class Watch {
	readonly clock = new FakeClock();
	readonly stop = new FakeStop();
	/** Virtual moments of the looks. */
	readonly looks: number[] = [];
	/** How long each look takes. */
	lookMs = 0;
	/** How long each look was allowed to take. */
	readonly withinMs: number[] = [];
	onLook: (look: number) => void = () => undefined;

	constructor(private readonly answers: readonly Answer[]) {}

	/** Of tasks that were watched from their submit. */
	readonly ended: Ended[] = [];

	async wait(
		settings: Partial<WaitSettings> = {},
		more: Partial<WaitNeeds> = {},
	): Promise<WaitOutcome> {
		return await waitForTask(
			{ timeoutMs: 30 * MINUTE_MS, ...settings },
			{
				...{ clock: this.clock, stop: this.stop, ...more },
				ended: (ended) => void this.ended.push(ended),
				look: async (withinMs) => {
					this.looks.push(this.clock.elapsed());
					this.withinMs.push(withinMs);
					this.onLook(this.looks.length);
					this.clock.spend(this.lookMs);
					await Promise.resolve();
					const answer = this.answers[Math.min(this.looks.length, this.answers.length) - 1];
					return 'charged' in answer ? { ok: false, failure: answer } : { ok: true, value: answer };
				},
			},
		);
	}
}

describe('looks', () => {
	it('at a known task come at once, at a fresh one after three seconds', async () => {
		const known = new Watch([aCompletedState()]);
		expect(await known.wait()).toMatchObject({ end: 'completed' });
		const fresh = new Watch([aCompletedState()]);
		await fresh.wait({ fresh: {} });
		expect([known.looks, fresh.looks]).toEqual([[0], [3000]]);
	});

	it('follow the schedule: few early ones, closer near the expected end', async () => {
		const watch = new Watch([running]);
		await watch.wait({ fresh: { estimatedSeconds: 60 }, timeoutMs: 75_000 });
		expect(watch.looks).toEqual([
			...[3000, 13_000, 23_000, 33_000, 43_000, 53_000],
			...[57_200, 60_500, 63_750, 68_625, 74_500],
		]);
	});

	it('reckon progress from the end of the queue, not from the submit', async () => {
		// Nothing for 33 s, then 50 % within 10 s. Reckoned from the submit the end would be at 85 s, and not at 53 s.
		const answers = [0, 0, 0, 0, 50].map((progress) =>
			aTaskState({ progress, task_info: undefined, created: undefined }),
		);
		const watch = new Watch([...answers, aCompletedState()]);
		await watch.wait({ fresh: {} });
		expect(watch.looks).toEqual([3000, 13_000, 23_000, 33_000, 43_000, 48_881]);
	});

	it('follow a fixed pace when the user wants one', async () => {
		const watch = new Watch([running]);
		await watch.wait({ fresh: {}, pollIntervalMs: 10_000, timeoutMs: 45_000 });
		expect(watch.looks).toEqual([10_000, 20_000, 30_000, 40_000, 44_500]);
	});

	it('go on at unknown states, and never without a pause', async () => {
		const odd = aTaskState({ status: 'quantum_state', progress: undefined });
		const watch = new Watch([odd, odd, odd, odd, aCompletedState()]);
		expect(await watch.wait()).toMatchObject({ end: 'completed' });
		const gaps = watch.looks.slice(1).map((at, index) => at - watch.looks[index]);
		expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3000);
	});
});

describe('the deadline', () => {
	it.each([1000, 20_000, 31_234, 600_000])(
		'of %i ms: the last look comes half a second before it, and none after it',
		async (timeoutMs) => {
			const watch = new Watch([running]);
			const outcome = await watch.wait({ fresh: { estimatedSeconds: 120 }, timeoutMs });
			expect(outcome).toEqual({ end: 'timedOut', last: running });
			expect(watch.looks.at(-1)).toBe(timeoutMs - 500);
			expect(watch.clock.elapsed()).toBeLessThanOrEqual(timeoutMs);
		},
	);

	it('takes what the last look finds', async () => {
		const watch = new Watch([running, running, running, aCompletedState()]);
		const outcome = await watch.wait({ fresh: {}, pollIntervalMs: 10_000, timeoutMs: 35_000 });
		expect([outcome.end, watch.looks]).toEqual(['completed', [10_000, 20_000, 30_000, 34_500]]);
	});

	it('cuts a long Retry-After short', async () => {
		const watch = new Watch([aFailure({ kind: 'rateLimited', retryAfterMs: 200_000 })]);
		const outcome = await watch.wait({ fresh: {}, timeoutMs: MINUTE_MS });
		expect([outcome.end, watch.looks]).toEqual(['timedOut', [3000, 59_500]]);
	});

	it('never tells "completed" of a task whose video has not come', async () => {
		const noVideo: TaskState = {
			...running,
			status: 'completed',
			state: 'ended',
			failure: aFailure({ kind: 'noVideo' }),
		};
		const watch = new Watch([running, noVideo]);
		const outcome = await watch.wait({ fresh: {}, timeoutMs: 15_000 });
		expect(outcome).toMatchObject({ end: 'timedOut', last: { status: running.status } });
	});

	it('leaves at least one look, however short it is', async () => {
		const watch = new Watch([aCompletedState()]);
		expect(await watch.wait({ fresh: {}, timeoutMs: 10 })).toMatchObject({ end: 'completed' });
	});

	it('is kept with slow looks too', async () => {
		const watch = new Watch([running]);
		watch.lookMs = 5_000;
		await watch.wait({ fresh: {}, timeoutMs: MINUTE_MS });
		expect(watch.clock.elapsed()).toBeLessThanOrEqual(MINUTE_MS + 5_000);
	});

	it.each([
		['forward by a day', 24 * 60 * MINUTE_MS],
		['backward by a day', -24 * 60 * MINUTE_MS],
	])('does not move when the wall clock jumps %s', async (_label, jumpMs) => {
		const watch = new Watch([running]);
		watch.clock.at(20_000, () => watch.clock.jumpWall(jumpMs));
		const submittedAt = watch.clock.now();
		const outcome = await watch.wait({ fresh: {}, submittedAt, timeoutMs: 2 * MINUTE_MS });
		expect([outcome.end, watch.looks.at(-1)]).toEqual(['timedOut', 119_500]);
	});
});

describe('failures', () => {
	const bad = aFailure();

	it('in a row are forgiven eleven times, the twelfth ends the wait', async () => {
		const watch = new Watch([bad]);
		expect(await watch.wait()).toEqual({ end: 'lost', failure: bad });
		expect(watch.looks).toHaveLength(12);
	});

	it('start anew after a good look', async () => {
		const eleven = Array<Answer>(11).fill(bad);
		const watch = new Watch([...eleven, running, ...eleven, running, ...eleven, aCompletedState()]);
		expect(await watch.wait()).toMatchObject({ end: 'completed' });
		expect(watch.looks).toHaveLength(36);
	});

	it('back off: exact delays with random 0.5', async () => {
		const watch = new Watch([bad, bad, bad, bad, bad, aCompletedState()]);
		await watch.wait();
		expect(watch.looks).toEqual([0, 2250, 6750, 15_750, 33_750, 56_250]);
	});

	it('honour Retry-After', async () => {
		const watch = new Watch([
			aFailure({ kind: 'rateLimited', retryAfterMs: 40_000 }),
			aCompletedState(),
		]);
		await watch.wait();
		expect(watch.looks).toEqual([0, 40_500]);
	});

	it.each<FailureKind>([
		...(['unauthorized', 'forbidden', 'taskNotFound'] as const),
		...(['modelNotAllowed', 'addressWrong'] as const),
	])('of the kind %s end the wait at once', async (kind) => {
		const failure = aFailure({ kind });
		const watch = new Watch([running, failure]);
		expect(await watch.wait()).toEqual({ end: 'lost', failure });
		expect(watch.looks).toHaveLength(2);
	});

	it.each<FailureKind>(['outOfCredits', 'taskNotTold'])(
		'of the kind %s are borne for a while, as they are against what EvoLink said before',
		async (kind) => {
			const failure = aFailure({ kind });
			const six = Array<Answer>(6).fill(failure);
			const passing = new Watch([running, ...six, aCompletedState()]);
			expect(await passing.wait()).toMatchObject({ end: 'completed' });
			const lasting = new Watch([running, failure]);
			expect(await lasting.wait()).toEqual({ end: 'lost', failure });
			expect(lasting.looks).toHaveLength(8);
			expect((await new Watch([failure]).wait()).end).toBe('lost');
		},
	);

	it('of the task itself end the wait with what EvoLink said', async () => {
		const watch = new Watch([aTaskState({ status: 'failed', error: { code: 'service_error' } })]);
		expect(await watch.wait()).toMatchObject({
			end: 'failed',
			failure: { code: 'service_error', charged: 'no' },
		});
	});
});

describe('Stop', () => {
	it.each([100, 7_000, 63_000])(
		'at %i ms ends the wait there, and no look follows',
		async (atMs) => {
			const watch = new Watch([running]);
			watch.clock.at(atMs, () => watch.stop.press());
			expect((await watch.wait({ fresh: {} })).end).toBe('stopped');
			expect(watch.clock.elapsed()).toBe(atMs);
			expect(watch.looks.every((look) => look < atMs)).toBe(true);
		},
	);

	it('before the wait lets nothing be asked', async () => {
		const watch = new Watch([aCompletedState()]);
		watch.stop.press();
		expect(await watch.wait()).toEqual({ end: 'stopped', last: undefined });
		expect(watch.looks).toEqual([]);
	});

	it('that breaks a look is no failure of EvoLink', async () => {
		const watch = new Watch([running, aFailure({ kind: 'unauthorized' })]);
		watch.onLook = (look) => look === 2 && watch.stop.press();
		expect(await watch.wait()).toEqual({ end: 'stopped', last: running });
	});

	it('during a look that finds the end still gives the end', async () => {
		const watch = new Watch([aCompletedState()]);
		watch.onLook = () => watch.stop.press();
		expect((await watch.wait()).end).toBe('completed');
	});

	it('ends a long Retry-After too', async () => {
		const watch = new Watch([aFailure({ kind: 'rateLimited', retryAfterMs: 290_000 })]);
		watch.clock.at(5_000, () => watch.stop.press());
		expect((await watch.wait()).end).toBe('stopped');
		expect(watch.clock.elapsed()).toBe(5_000);
	});
});

describe('completedAfter', () => {
	it('is the last moment at which the task was still running', async () => {
		const watch = new Watch([running, running, aCompletedState()]);
		const start = watch.clock.now();
		const outcome = await watch.wait({ fresh: {}, pollIntervalMs: 10_000 });
		expect(outcome).toMatchObject({ completedAfter: start + 20_000 });
	});

	it('is the submit, when the first look finds it completed', async () => {
		const outcome = await new Watch([aCompletedState()]).wait({ fresh: {}, submittedAt: 123_000 });
		expect(outcome).toMatchObject({ completedAfter: 123_000 });
	});

	it("is EvoLink's creation for a task of others, and absent without one", async () => {
		expect(await new Watch([aCompletedState()]).wait()).toMatchObject({
			completedAfter: 1_757_169_743_000,
		});
		for (const created of [undefined, 0]) {
			const task = aTaskState({
				status: 'completed',
				results: ['https://a.example/v.mp4'],
				created,
			});
			expect(await new Watch([task]).wait()).toEqual({ end: 'completed', task });
		}
	});
});

it('no look is open for long behind the deadline, but one after a long pause has its time', async () => {
	const watch = new Watch([{ ...running }]);
	await watch.wait({ timeoutMs: MINUTE_MS, fresh: {} });
	for (const [index, at] of watch.looks.entries())
		if (index > 0) expect(at + watch.withinMs[index]).toBeLessThanOrEqual(MINUTE_MS + 2_000);
	const late = new Watch([{ ...running }]);
	await late.wait({ timeoutMs: MINUTE_MS, since: late.clock.now() - 10 * MINUTE_MS });
	expect(late.withinMs).toEqual([10_000]);
});

it('a limit on looks that lasts ends no wait but by its time', async () => {
	const limited = aFailure({ kind: 'rateLimited' });
	const watch = new Watch([...Array<Answer>(30).fill(limited), aCompletedState()]);
	expect(await watch.wait({ submittedAt: 0 })).toMatchObject({ end: 'completed' });
	const blips = [...Array<Answer>(12).fill(limited), aFailure({ kind: 'serviceTrouble' })];
	const both = new Watch([...blips, ...blips, aCompletedState()]);
	expect(await both.wait()).toMatchObject({ end: 'completed' });
	const endless = new Watch([limited]);
	expect(await endless.wait({ submittedAt: 0 })).toMatchObject({
		...{ end: 'timedOut', hindrance: { kind: 'rateLimited' } },
	});
});

describe('a task that EvoLink does not find', () => {
	const unknown = aFailure({ kind: 'taskNotFound' });
	const submittedAt = Date.UTC(2026, 0, 1) - 60 * MINUTE_MS;
	const youngId = `task-unified-${Date.UTC(2026, 0, 1) / 1000 - 60}-abcdefgh`;
	it.each<[string, Answer[], Partial<WaitSettings>, number, string]>([
		[
			'ours, that was there before',
			[running, unknown, aCompletedState()],
			{ submittedAt },
			3,
			'completed',
		],
		['ours, never seen, of an hour ago', [unknown], { submittedAt }, 1, 'lost'],
		[
			'ours, of a minute ago',
			[unknown, aCompletedState()],
			{ submittedAt: submittedAt + 59 * MINUTE_MS },
			2,
			'completed',
		],
		['a stranger’s that was there before', [running, unknown], { taskId: TASK_ID }, 2, 'lost'],
		[
			'a stranger’s, of a minute ago by its ID',
			[unknown, aCompletedState()],
			{ taskId: youngId },
			2,
			'completed',
		],
		['ours, and it stays so', [running, unknown], { submittedAt }, 8, 'lost'],
	])('%s', async (_whose, answers, settings, looks, end) => {
		const watch = new Watch(answers);
		expect((await watch.wait(settings)).end).toBe(end);
		expect(watch.looks).toHaveLength(looks);
	});

	it('by a page is borne for longer where EvoLink has answered for it before', async () => {
		const page = aFailure({ kind: 'taskNotFound', foreign: true });
		for (const [answers, settings, looks] of [
			[[page], {}, 4],
			[[running, page], {}, 1 + 12],
			[[page], { submittedAt }, 12],
		] as const) {
			const watch = new Watch(answers);
			expect(await watch.wait(settings)).toMatchObject({
				...{ end: 'lost', failure: { kind: 'addressWrong' } },
			});
			expect(watch.looks).toHaveLength(looks);
		}
	});
});

it('results that are late have five looks, further and further apart', async () => {
	const withoutVideo = aTaskState({ status: 'completed', results: [] });
	const never = new Watch([withoutVideo]);
	expect(await never.wait()).toMatchObject({ end: 'failed', failure: { kind: 'noVideo' } });
	expect(never.looks).toEqual([0, 3_000, 9_000, 18_000, 30_000]);
	const late = new Watch([withoutVideo, withoutVideo, aCompletedState()]);
	expect(await late.wait()).toMatchObject({ end: 'completed' });
	const failed = new Watch([aTaskState({ status: 'failed' })]);
	expect((await failed.wait()).end).toBe('failed');
	expect(failed.looks).toHaveLength(1);
});

describe('of a task that was watched from its submit', () => {
	const at = (progress: number | undefined, more: object = {}) =>
		aTaskState({ progress, task_info: undefined, created: undefined, ...more });
	const settings = {
		...{ fresh: {}, submittedAt: Date.UTC(2026, 0, 1), pollIntervalMs: 10_000 },
	};

	it('is told how its progress grew, and between which looks it ended', async () => {
		const watch = new Watch([
			at(undefined),
			at(0),
			at(20),
			at(20),
			at(10),
			at(60),
			aCompletedState(),
		]);
		await watch.wait(settings);
		expect(watch.ended).toStrictEqual([
			{
				...{ openMs: 60_000, foundMs: 70_000, idleUntilMs: 20_000 },
				trail: [
					[20, 30_000],
					[60, 60_000],
				],
			},
		]);
	});

	it('is told the estimate, by the task or by its submit', async () => {
		const byTask = new Watch([at(1, { task_info: { estimated_time: 90 } }), aCompletedState()]);
		await byTask.wait(settings);
		const bySubmit = new Watch([aCompletedState()]);
		await bySubmit.wait({ ...settings, fresh: { estimatedSeconds: 80 } });
		expect([...byTask.ended, ...bySubmit.ended].map(({ estimatedMs }) => estimatedMs)).toEqual([
			90_000, 80_000,
		]);
	});

	it('is kept no more than so many points', async () => {
		const many = Array.from({ length: 150 }, (_, index) => at(index / 2 + 0.5));
		const watch = new Watch([...many, aCompletedState()]);
		await watch.wait({ ...settings, timeoutMs: 60 * MINUTE_MS });
		expect(watch.ended[0].trail).toHaveLength(120);
	});

	it('nothing is told of one that was submitted before, or that failed', async () => {
		const old = new Watch([running, aCompletedState()]);
		await old.wait({ submittedAt: Date.UTC(2026, 0, 1) });
		const failed = new Watch([aTaskState({ status: 'failed' })]);
		await failed.wait(settings);
		expect([...old.ended, ...failed.ended]).toEqual([]);
	});
});

describe('patience that ends in a pause', () => {
	const in5Minutes = { fresh: { estimatedSeconds: 300 }, patienceMs: 30_000 };

	it('is not begun where the task should take longer', async () => {
		const watch = new Watch([running]);
		expect(await watch.wait(in5Minutes)).toEqual({
			...{ end: 'open', last: undefined, restMs: 300_000, leftMs: 30 * MINUTE_MS },
		});
		expect(watch.looks).toEqual([]);
	});

	it('is begun where it should not, and then is the whole of it', async () => {
		const watch = new Watch([running]);
		const outcome = await watch.wait({ ...in5Minutes, fresh: { estimatedSeconds: 20 } });
		expect(outcome).toMatchObject({ end: 'open', last: running, restMs: 0 });
		expect(watch.clock.elapsed()).toBeGreaterThanOrEqual(30_000);
		expect(watch.looks.length).toBeGreaterThan(1);
	});

	it('of a task that nobody can tell the end of ends before it begins', async () => {
		const watch = new Watch([running]);
		const outcome = await watch.wait({ fresh: {}, patienceMs: 30_000 });
		expect(outcome).toStrictEqual({ end: 'open', last: undefined, leftMs: 30 * MINUTE_MS });
	});

	it('of a known task is judged by its first look', async () => {
		const slow = aTaskState({
			progress: undefined,
			created: undefined,
			task_info: { estimated_time: 300 },
		});
		const watch = new Watch([slow]);
		expect(await watch.wait({ patienceMs: 30_000, submittedAt: watch.clock.now() })).toMatchObject({
			...{ end: 'open', last: slow, restMs: 300_000 },
		});
		expect(watch.looks).toEqual([0]);
		const soon = new Watch([aCompletedState()]);
		expect((await soon.wait({ patienceMs: 30_000 })).end).toBe('completed');
	});
});

it('what siblings tell, and how many there are, changes the looks', async () => {
	const settings = {
		fresh: { estimatedSeconds: 60 },
		submittedAt: Date.UTC(2026, 0, 1),
		timeoutMs: 75_000,
	};
	const looksWith = async (more: Partial<WaitNeeds>) => {
		const watch = new Watch([running]);
		await watch.wait(settings, more);
		return watch.looks;
	};
	const sibling: Ended = { openMs: 49_000, foundMs: 50_000, idleUntilMs: 0, trail: [] };
	const earlier = () => [sibling, sibling, sibling];
	const alone = await looksWith({});
	expect(await looksWith({ earlier })).not.toEqual(alone);
	expect((await looksWith({ earlier, atOnce: () => 100 })).length).toBeLessThan(
		(await looksWith({ earlier })).length,
	);
});

describe('a look may take', () => {
	it('what is left until the deadline, and two seconds', async () => {
		const watch = new Watch([running]);
		await watch.wait({ timeoutMs: 30_000, pollIntervalMs: 10_000, fresh: {} });
		expect(watch.looks).toEqual([10_000, 20_000, 29_500]);
		expect(watch.withinMs).toEqual([22_000, 12_000, 2_500]);
	});

	it('ten seconds, where it is the first and the deadline is near', async () => {
		const watch = new Watch([aFailure({ kind: 'replyLost' }), running]);
		await watch.wait({ timeoutMs: 5_000 });
		expect(watch.withinMs[0]).toBe(10_000);
		expect(watch.withinMs[1]).toBeLessThan(7_000);
	});
});
