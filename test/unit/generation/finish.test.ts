/** The second half of a task's life: what each end of the wait and of the delivery becomes for the item. */
import type { Answer } from '../../../nodes/WanVideo/evolink/client';
import type { TaskState } from '../../../nodes/WanVideo/evolink/taskState';
import { Experiences } from '../../../nodes/WanVideo/generation/experience';
import { finish } from '../../../nodes/WanVideo/generation/finish';
import type { PauseRule, TaskRecord, WaitPlan } from '../../../nodes/WanVideo/generation/outcome';
import type { FollowPorts } from '../../../nodes/WanVideo/generation/ports';
import {
	aFailure,
	aTaskState,
	aWaitPlan,
	MemoryNotices,
	MemoryShelf,
	TASK_ID,
	VIDEO_URL,
} from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';
import { type FakeBody, type FakeFile, FakeVideos, type MediaPlan } from '../../support/fakeVideos';
import { tinyMp4 } from '../../support/tinyMp4';

const DAY_MS = 24 * 3_600_000;
const known: TaskRecord = { taskId: TASK_ID, earlierTaskIds: ['task-before'] };
const good = (task: TaskState): Answer<TaskState> => ({ ok: true, value: task });
const bad = (overrides: Parameters<typeof aFailure>[0]): Answer<TaskState> => ({
	ok: false,
	failure: aFailure(overrides),
});
/** What EvoLink says of it, without what only some answers have. */
const bare = { usage: undefined, task_info: undefined, created: undefined, progress: undefined };
const running = aTaskState({ ...bare, status: 'processing' });
const done = aTaskState({ ...bare, status: 'completed', results: [VIDEO_URL] });

interface Given {
	/** What each look says, the last one again and again. */
	looks?: Array<Answer<TaskState>>;
	media?: MediaPlan[];
	plan?: Partial<WaitPlan>;
	submit?: { fresh?: { estimatedSeconds?: number }; submittedAt?: number; kind?: string };
	pause?: PauseRule;
	more?: Partial<FollowPorts<FakeFile, FakeBody>>;
	onLook?: (look: number, world: { clock: FakeClock; stop: FakeStop }) => void;
	onOpen?: (world: { clock: FakeClock; stop: FakeStop }) => void;
}

function world({ looks = [good(done)], media, onLook, onOpen, more }: Given) {
	const clock = new FakeClock();
	const stop = new FakeStop();
	const looked: number[] = [];
	const shelf = new MemoryShelf<FakeFile>();
	const notices = new MemoryNotices();
	const videos = new FakeVideos(media, () => onOpen?.({ clock, stop }));
	const never = async () => await new Promise<never>(() => undefined);
	const client = {
		...{ submit: never, credits: never },
		async look() {
			await Promise.resolve();
			const answer = looks[Math.min(looked.length, looks.length - 1)];
			looked.push(clock.elapsed());
			onLook?.(looked.length, { clock, stop });
			return answer;
		},
	};
	const ports = { client, videos, shelf, clock, stop, notices, ...more };
	return { clock, stop, looked, shelf, notices, videos, ports };
}

async function finished(given: Given) {
	const made = world(given);
	const { plan, submit = {}, pause } = given;
	const outcome = await finish<FakeFile, FakeBody>(
		3,
		known,
		aWaitPlan(plan),
		submit,
		made.ports,
		pause,
	);
	return { ...made, outcome };
}

/** Without a download. */
const linkOnly: WaitPlan = { timeoutMs: 600_000, timeoutFails: true };
const toFile: WaitPlan = { ...linkOnly, fileName: (taskId) => `${taskId}.mp4` };

describe('a task that is completed', () => {
	it('is told to who watches', async () => {
		const { notices } = await finished({ looks: [good(running), good(done)] });
		expect(notices.states).toEqual([`3 ${TASK_ID} processing -`, `3 ${TASK_ID} completed -`]);
	});

	it('that was completed before anybody looked says nothing of its link’s time and cost', async () => {
		const made = world({});
		const outcome = await finish<FakeFile, FakeBody>(3, known, linkOnly, {}, made.ports);
		expect(outcome).toStrictEqual({ end: 'completed', ...known, last: done, videoUrl: VIDEO_URL });
		expect(made.videos.opened).toEqual([]);
	});

	it('tells until when its link lives at least, and its reserve', async () => {
		const reserved = aTaskState({
			...{ ...bare, status: 'completed', results: [VIDEO_URL] },
			usage: { credits_reserved: 27.2 },
		});
		const made = world({ looks: [good(running), good(reserved)] });
		const outcome = await finish<FakeFile, FakeBody>(3, known, linkOnly, {}, made.ports);
		// It was still running at the first look.
		expect(outcome).toMatchObject({
			creditsReserved: 27.2,
			linkLivesUntil: Date.UTC(2026, 0, 1) + made.looked[0] + DAY_MS,
		});
	});

	it('is its file, on the shelf for the next try', async () => {
		const made = world({});
		const outcome = await finish<FakeFile, FakeBody>(3, known, toFile, {}, made.ports);
		expect(outcome).toMatchObject({
			...{ end: 'completed', ...known, videoUrl: VIDEO_URL, last: done },
			file: { fileName: `${TASK_ID}.mp4`, bytes: tinyMp4().length },
			facts: expect.anything() as object,
		});
		const again = await finish<FakeFile, FakeBody>(3, known, toFile, {}, made.ports);
		expect(again).toStrictEqual(outcome);
		expect([made.looked.length, made.videos.opened.length]).toEqual([1, 1]);
	});

	it.each<[string, MediaPlan, string]>([
		['the host says no', { status: 400 }, 'videoNotFetched'],
		['n8n’s store is full', { unstored: 'no space left' }, 'videoNotStored'],
	])('but %s is paid for, and keeps its link', async (_what, media, kind) => {
		const made = world({ media: [media] });
		const outcome = await finish<FakeFile, FakeBody>(3, known, toFile, {}, made.ports);
		expect(outcome).toMatchObject({
			...{ end: 'failed', earlierTaskIds: ['task-before'], videoUrl: VIDEO_URL },
			failure: { kind, charged: 'yes', taskId: TASK_ID, said: expect.any(String) as string },
		});
		expect(made.shelf.videos.size).toBe(0);
	});

	it('whose link is past its day is told so', async () => {
		const created = Date.UTC(2026, 0, 1) / 1000 - 2 * 24 * 3_600;
		const old = aTaskState({ ...bare, status: 'completed', results: [VIDEO_URL], created });
		const submit = { submittedAt: created * 1000 };
		const made = world({ looks: [good(old)], media: [{ status: 403 }] });
		const outcome = await finish<FakeFile, FakeBody>(3, known, toFile, submit, made.ports);
		expect(outcome).toMatchObject({ failure: { kind: 'linkExpired', charged: 'yes' } });
	});

	it('and stopped in its download is stopped, with what is known', async () => {
		const made = world({ media: [{ status: 503 }], onOpen: ({ stop }) => stop.press() });
		const outcome = await finish<FakeFile, FakeBody>(3, known, toFile, {}, made.ports);
		expect(outcome).toStrictEqual({ end: 'stopped', ...known, last: done });
	});

	it.each([
		['no pause', undefined, undefined, 300_000],
		['a pause of a minute', { patienceMs: 30_000, since: -60_000 }, undefined, 240_000],
		['a submit after the pause began', { patienceMs: 30_000, since: -900_000 }, -60_000, 240_000],
		['a long pause', { patienceMs: 30_000, since: -900_000 }, undefined, 13_000],
		['no pause, submitted long ago', undefined, -900_000, 300_000],
	])(
		'with %s is fetched for what the time-out leaves',
		async (_what, pause, submittedAt, leftMs) => {
			const made = world({ media: [{ status: 503 }] });
			const wall = Date.UTC(2026, 0, 1);
			await finish<FakeFile, FakeBody>(
				...([3, known, { ...toFile, timeoutMs: 300_000 }] as const),
				submittedAt === undefined ? {} : { submittedAt: wall + submittedAt },
				made.ports,
				pause && { ...pause, since: wall + pause.since },
			);
			// The last try comes before the end of it, and the next one would come after.
			expect(made.clock.elapsed()).toBeLessThanOrEqual(leftMs);
			expect(made.clock.elapsed()).toBeGreaterThan(leftMs - 31_000);
		},
	);
});

describe('a task that has failed', () => {
	it('is a failure by its own word', async () => {
		const failed = aTaskState({
			status: 'failed',
			error: { code: 'service_error', message: 'no' },
		});
		const { outcome } = await finished({ looks: [good(failed)] });
		expect(outcome).toMatchObject({
			...{ end: 'failed', earlierTaskIds: ['task-before'] },
			failure: { kind: 'serviceTrouble', charged: 'no', taskId: TASK_ID },
		});
	});
});

describe('a task that cannot be looked at', () => {
	const lost = async (failure: Parameters<typeof aFailure>[0], submit: Given['submit']) => {
		const { outcome } = await finished({ looks: [bad(failure)], submit: submit ?? {} });
		if (outcome.end !== 'failed') throw new Error(outcome.end);
		return outcome.failure;
	};
	const unknown = { kind: 'taskNotFound' } as const;

	it.each([
		['ours', { kind: 'unauthorized' }, { submittedAt: 1 }, 'unauthorized', 'yes', undefined],
		['a stranger’s', { kind: 'unauthorized' }, {}, 'unauthorized', 'unknown', true],
		[
			'ours, and nobody knows it',
			unknown,
			{ submittedAt: 1 },
			'taskNotFound',
			'unknown',
			undefined,
		],
		['a stranger’s, and nobody knows it', unknown, {}, 'taskNotFound', 'unknown', true],
		[
			'submitted just now, and nobody knows it',
			unknown,
			{ submittedAt: Date.UTC(2026, 0, 1), fresh: {} },
			...(['taskNotSeen', 'unknown', undefined] as const),
		],
		[
			'submitted just now, and the key is refused',
			{ kind: 'unauthorized' },
			{ submittedAt: Date.UTC(2026, 0, 1), fresh: {} },
			...(['unauthorized', 'yes', undefined] as const),
		],
	] as const)('%s', async (_whose, failure, submit, kind, charged, isFollowed) => {
		const told = await lost(failure, submit);
		expect([told.kind, told.charged, told.isFollowed]).toEqual([kind, charged, isFollowed]);
	});
});

describe('a task that goes on', () => {
	it.each([true, false])(
		'beyond the time-out tells its last state, and fails: %s',
		async (fails) => {
			const { outcome, clock } = await finished({
				looks: [good(running)],
				plan: { timeoutMs: 60_000, timeoutFails: fails },
			});
			expect(outcome).toStrictEqual({
				...{ end: 'timedOut', timeoutMs: 60_000, fails, ...known, last: running },
			});
			// The last look comes just before it.
			expect(clock.elapsed()).toBe(59_500);
		},
	);

	it('and was never seen has no last state', async () => {
		const { outcome } = await finished({
			looks: [bad({ kind: 'serviceTrouble' })],
			plan: { timeoutMs: 5_000, timeoutFails: true },
		});
		expect(outcome).toStrictEqual({
			...{ end: 'timedOut', timeoutMs: 5_000, fails: true, ...known },
			hindrance: expect.objectContaining({ kind: 'serviceTrouble' }) as unknown,
			isUnseen: true,
		});
	});

	it('counts the time-out from when somebody began to wait', async () => {
		const since = Date.UTC(2026, 0, 1) - 50_000;
		const { clock } = await finished({
			looks: [good(running)],
			plan: { timeoutMs: 60_000, timeoutFails: true, since },
		});
		expect(clock.elapsed()).toBe(9_500);
	});

	it('is looked at by the pace that the user wants', async () => {
		const { looked } = await finished({
			looks: [good(running)],
			plan: { timeoutMs: 60_000, timeoutFails: true, pollIntervalMs: 20_000 },
		});
		expect(looked).toEqual([0, 20_000, 40_000, 59_500]);
	});

	it('is stopped with its last state, or without one', async () => {
		const afterLook = await finished({
			looks: [good(running)],
			onLook: (look, { stop }) => look === 2 && stop.press(),
		});
		expect(afterLook.outcome).toStrictEqual({ end: 'stopped', ...known, last: running });
		const made = world({});
		made.stop.press();
		const atOnce = await finish<FakeFile, FakeBody>(3, known, linkOnly, {}, made.ports);
		expect(atOnce).toStrictEqual({ end: 'stopped', ...known });
	});

	it('and takes longer than the execution should wait is left open', async () => {
		const wall = Date.UTC(2026, 0, 1);
		const slow = aTaskState({ ...bare, status: 'processing', task_info: { estimated_time: 300 } });
		const { outcome } = await finished({
			looks: [good(slow)],
			plan: { timeoutMs: 600_000, timeoutFails: true },
			submit: { submittedAt: wall },
			pause: { patienceMs: 30_000, since: wall },
		});
		expect(outcome).toMatchObject({ end: 'open', ...known, last: slow, leftMs: 600_000 });
		if (outcome.end === 'open') expect(outcome.restMs).toBeGreaterThan(200_000);
	});
});

describe('what the run has learnt', () => {
	it('is asked, and added to, by the kind of the task', async () => {
		const experience = new Experiences().at('account');
		const given = {
			looks: [...Array.from({ length: 6 }, () => good(running)), good(done)],
			submit: { submittedAt: Date.UTC(2026, 0, 1), fresh: { estimatedSeconds: 60 }, kind: '720p' },
			more: { experience },
		};
		const first = await finished(given);
		expect(experience.of('720p')).toHaveLength(1);
		const second = await finished(given);
		expect(second.looked).not.toEqual(first.looked);
		expect(experience.of('720p')).toHaveLength(2);
	});

	it('asks EvoLink less often for each of many that are waited for', async () => {
		const kind = '720p';
		const experience = new Experiences().at('account');
		for (const foundMs of [30_000, 33_000])
			experience.add(kind, { openMs: foundMs - 350, foundMs, idleUntilMs: 0, trail: [] });
		const looksBeside = async (others: number) => {
			const waitedFor = new Set(Array.from({ length: others }, (_, other) => `other ${other}`));
			const { looked } = await finished({
				looks: [good(running)],
				plan: { timeoutMs: 40_000 },
				submit: { submittedAt: Date.UTC(2026, 0, 1), fresh: {}, kind },
				more: { experience, waitedFor },
			});
			expect(waitedFor.size).toBe(others);
			return looked.length;
		};
		expect(await looksBeside(60)).toBeLessThan(await looksBeside(0));
	});

	it('stays as it is for a task of no kind', async () => {
		const experience = new Experiences().at('account');
		await finished({
			looks: [good(running), good(done)],
			submit: { submittedAt: Date.UTC(2026, 0, 1), fresh: {} },
			more: { experience },
		});
		expect(experience.of('undefined')).toEqual([]);
		const { outcome } = await finished({ submit: { kind: '720p' } });
		expect(outcome.end).toBe('completed');
	});
});
