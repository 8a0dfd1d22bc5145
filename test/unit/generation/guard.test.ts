/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** What stands between the items of a run and the outside: how long each call may take, what ends it, and what comes too late. */
import type { EvoLinkClient, SubmitAnswer } from '../../../nodes/WanVideo/evolink/client';
import { type Guard, guardOf, trouble } from '../../../nodes/WanVideo/generation/guard';
import type {
	Clock,
	FollowPorts,
	Kept,
	MediaAnswer,
} from '../../../nodes/WanVideo/generation/ports';
import { mp4Proof } from '../../../nodes/WanVideo/media/mp4';
import { aBody, aJob, aTaskState, TASK_ID } from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';
import type { FakeFile } from '../../support/fakeVideos';

const never = async (): Promise<never> => await new Promise(() => undefined);
const throws = (): never => {
	throw new Error('out of order');
};

interface Outside extends EvoLinkClient {
	open(): Promise<{ ok: true; value: MediaAnswer<string> }>;
	keep(): Promise<Kept<FakeFile>>;
}

/** A guarded outside, of which a test sets what it is about. */
function guarded(
	outside: Partial<Outside> = {},
	more: Partial<FollowPorts<FakeFile, string>> = {},
) {
	const clock = new FakeClock();
	const stop = new FakeStop();
	const discarded: string[] = [];
	const guard = guardOf(clock, stop);
	const ports = guard.ports<FakeFile, string>({
		client: { submit: never, look: never, credits: never, ...outside },
		videos: {
			open: outside.open ?? never,
			keep: outside.keep ?? never,
			discard: (stream) => discarded.push(stream),
			buffers: () => false,
		},
		shelf: { get: () => undefined, put: () => undefined },
		notices: { submitted: () => undefined, state: () => undefined },
		...{ clock, stop, ...more },
	});
	return { clock, stop, discarded, guard, ports };
}

const submit = async ({ client }: { client: EvoLinkClient }) => await client.submit(aBody(), 'key');

describe('a call that never answers', () => {
	it.each([
		['submit', 120, submit, { outcome: 'unknown' }],
		['look', 90, async ({ client }) => await client.look(TASK_ID), { ok: false }],
		['credits', 90, async ({ client }) => await client.credits(), { ok: false }],
	] as const satisfies ReadonlyArray<
		[string, number, (ports: FollowPorts<FakeFile, string>) => Promise<unknown>, object]
	>)('%s is given up after %d seconds', async (what, seconds, call, answer) => {
		const { ports, clock } = guarded();
		const charged = what === 'submit' ? 'unknown' : 'no';
		expect(await call(ports)).toStrictEqual({
			...answer,
			failure: {
				...{ kind: 'nodeTrouble', charged },
				said: `it gave no answer within ${seconds} seconds`,
				...(what === 'look' && { taskId: TASK_ID }),
			},
		});
		expect(clock.elapsed()).toBe(seconds * 1_000);
	});

	it('a link and a transfer are given up, and their streams let go', async () => {
		const { ports, clock, discarded } = guarded();
		expect(await ports.videos.open('https://a.example')).toEqual({
			ok: false,
			reason: 'it gave no answer within 120 seconds',
		});
		expect(await ports.videos.keep('body', 'a.mp4', mp4Proof())).toEqual({
			...{ ok: false, trouble: 'transfer', reason: 'it gave no answer within 1500 seconds' },
		});
		expect(discarded).toEqual(['body']);
		expect(clock.elapsed()).toBe(1_620_000);
	});

	it('a body that is made for half an hour is none, for nothing', async () => {
		const { guard, clock } = guarded();
		expect(await guard.body(aJob({ body: never }))()).toMatchObject({
			ok: false,
			failure: { kind: 'nodeTrouble', charged: 'no' },
		});
		expect(clock.elapsed()).toBe(1_800_000);
	});

	it('beside others has its own time', async () => {
		const { ports, clock } = guarded();
		const ends: Array<[string, number]> = [];
		const ended = (what: string) => () => void ends.push([what, clock.elapsed() / 1_000]);
		await Promise.all([
			ports.videos.open('https://a.example').then(ended('open')),
			submit(ports).then(ended('submit')),
			ports.client.look(TASK_ID).then(ended('look')),
			ports.videos.keep('body', 'a.mp4', mp4Proof()).then(ended('keep')),
		]);
		expect(ends).toEqual([
			['look', 90],
			['open', 120],
			['submit', 120],
			['keep', 1_500],
		]);
	});

	it('does not go on sleeping when all have answered', async () => {
		const { ports, clock } = guarded({
			look: async () => await Promise.resolve({ ok: true, value: aTaskState() }),
		});
		for (let looks = 0; looks < 3; looks += 1) await ports.client.look(TASK_ID);
		expect(clock.sleeps.length).toBeLessThanOrEqual(3);
	});
});

describe('a Stop', () => {
	it('ends what costs nothing at once', async () => {
		const { ports, stop, guard, clock } = guarded();
		const calls = [
			ports.client.look(TASK_ID),
			ports.client.credits(),
			ports.videos.open('https://a.example'),
			ports.videos.keep('body', 'a.mp4', mp4Proof()),
			guard.body(aJob({ body: never }))(),
		];
		clock.at(1_000, () => stop.press());
		for (const answer of await Promise.all(calls)) expect(answer).toMatchObject({ ok: false });
		expect(clock.elapsed()).toBeLessThanOrEqual(30_000);
	});

	it('does not end a submit, whose answer may name a paid task', async () => {
		const { ports, stop, clock } = guarded();
		const answer = submit(ports);
		clock.at(1_000, () => stop.press());
		expect(await answer).toMatchObject({ outcome: 'unknown' });
		expect(clock.elapsed()).toBe(120_000);
	});
});

describe('a call that throws', () => {
	it('is the trouble of its item, with what it said', async () => {
		const { ports, guard } = guarded({
			submit: throws,
			look: throws,
			credits: throws,
			open: throws,
			keep: throws,
		});
		const said = 'out of order';
		expect(await submit(ports)).toMatchObject({
			outcome: 'unknown',
			failure: { charged: 'unknown', said },
		});
		expect(await ports.client.look(TASK_ID)).toMatchObject({
			failure: { charged: 'no', said, taskId: TASK_ID },
		});
		expect(await ports.client.credits()).toMatchObject({ failure: { charged: 'no', said } });
		expect(await ports.videos.open('https://a.example')).toEqual({ ok: false, reason: said });
		expect(await ports.videos.keep('body', 'a.mp4', mp4Proof())).toEqual({
			...{ ok: false, trouble: 'transfer', reason: said },
		});
		expect(await guard.body(aJob({ body: throws }))()).toMatchObject({ failure: { said } });
	});

	it.each([
		['nothing', undefined, { kind: 'nodeTrouble', charged: 'no', said: 'undefined' }],
		['an error without words', new Error(' '), { kind: 'nodeTrouble', charged: 'no' }],
		['a text', 'no\ndisk', { kind: 'nodeTrouble', charged: 'no', said: 'no disk' }],
	])('and says %s is told as it is', (_what, error, failure) => {
		expect(trouble(error, 'no')).toStrictEqual(failure);
		expect(trouble(error, 'no', TASK_ID)).toStrictEqual({ ...failure, taskId: TASK_ID });
	});

	it('where it only helps is left out', () => {
		const { ports } = guarded(
			{},
			{
				videos: { open: never, keep: never, discard: throws, buffers: throws },
				shelf: { get: throws, put: throws },
				notices: { submitted: throws, state: throws },
				experience: { of: throws, add: throws },
			},
		);
		expect(ports.shelf.get(TASK_ID, 'a.mp4')).toBeUndefined();
		expect(ports.experience?.of('kind')).toEqual([]);
		// One at a time is what any store can bear.
		expect(ports.videos.buffers({ fileName: 'a', bytes: 1 })).toBe(true);
		ports.videos.discard('body');
		ports.notices.submitted(0, TASK_ID);
		ports.notices.state(0, TASK_ID, 'processing', 1);
		ports.experience?.add('kind', { openMs: 0, foundMs: 1, idleUntilMs: 0, trail: [] });
		expect(guarded().ports.experience).toBeUndefined();
	});
});

it('what works is passed on as it is', () => {
	const said: unknown[] = [];
	const { ports, discarded } = guarded(
		{},
		{
			shelf: { get: (...args) => void said.push(args), put: (...args) => void said.push(args) },
			notices: {
				submitted: (...args) => void said.push(args),
				state: (...args) => void said.push(args),
			},
			experience: {
				of: (kind) => (said.push(kind), [ended]),
				add: (...args) => void said.push(args),
			},
		},
	);
	const ended = { openMs: 0, foundMs: 1, idleUntilMs: 0, trail: [] };
	ports.notices.submitted(1, TASK_ID);
	ports.notices.state(2, TASK_ID, 'processing', 50);
	ports.shelf.get(TASK_ID, 'a.mp4');
	expect(ports.experience?.of('kind')).toEqual([ended]);
	ports.experience?.add('kind', ended);
	ports.videos.discard('body');
	expect(ports.videos.buffers({ fileName: 'a', bytes: 1 })).toBe(false);
	expect(said).toEqual([
		[1, TASK_ID],
		[2, TASK_ID, 'processing', 50],
		[TASK_ID, 'a.mp4'],
		'kind',
		['kind', ended],
	]);
	expect(discarded).toEqual(['body']);
});

it('a link that is opened after all is closed', async () => {
	let open: (answer: { ok: true; value: MediaAnswer<string> }) => void = () => undefined;
	const { ports, discarded } = guarded({
		open: async () => await new Promise((resolve) => (open = resolve)),
	});
	expect(await ports.videos.open('https://a.example')).toMatchObject({ ok: false });
	open({ ok: true, value: { status: 200, contentType: 'video/mp4', stream: 'late' } });
	await new Promise(setImmediate);
	expect(discarded).toEqual(['late']);
});

it('an answer that comes too late does not change what was said', async () => {
	let answer: (late: SubmitAnswer) => void = () => undefined;
	const { ports } = guarded({
		submit: async () => await new Promise((resolve) => (answer = resolve)),
	});
	const said = await submit(ports);
	answer({ outcome: 'accepted', taskId: TASK_ID, task: aTaskState() });
	await new Promise(setImmediate);
	expect(said).toMatchObject({ outcome: 'unknown' });
});

describe('a clock', () => {
	const over = (broken: Partial<Clock>): Guard & { inner: FakeClock } => {
		const inner = new FakeClock(0.25);
		const clock: Clock = {
			now: () => inner.now(),
			elapsed: () => inner.elapsed(),
			random: () => inner.random(),
			sleep: async (ms, stop) => await inner.sleep(ms, stop),
			...broken,
		};
		return { ...guardOf(clock, new FakeStop()), inner };
	};

	it('that fails for once stands still for once', () => {
		let fails = false;
		const inner = new FakeClock(0.25);
		const once = (read: () => number) => () => (fails ? throws() : read());
		const { clock } = over({
			now: once(() => inner.now()),
			elapsed: once(() => inner.elapsed()),
			random: once(() => inner.random()),
		});
		inner.spend(5_000);
		const before = [clock.now(), clock.elapsed(), clock.random()];
		expect(before).toEqual([Date.UTC(2026, 0, 1) + 5_000, 5_000, 0.25]);
		fails = true;
		inner.spend(5_000);
		expect([clock.now(), clock.elapsed(), clock.random()]).toEqual(before);
		expect(over({ random: throws }).clock.random()).toBe(0.5);
	});

	it('whose sleep fails ends the item that sleeps', async () => {
		await expect(over({ sleep: throws }).clock.sleep(1_000)).rejects.toThrow('out of order');
	});

	it('whose sleep never ends is woken a minute later', async () => {
		const inner = new FakeClock();
		let sleeps = 0;
		const { clock } = over({
			elapsed: () => inner.elapsed(),
			// The sleeper's own sleep is the first one; the watch's are good.
			async sleep(ms, stop) {
				sleeps += 1;
				if (sleeps === 1) await never();
				await inner.sleep(ms, stop);
			},
		});
		await clock.sleep(5_000);
		expect(inner.elapsed()).toBe(65_000);
	});

	it('is let go of at the end of the run', async () => {
		const { ports, guard, clock } = guarded();
		void ports.client.look(TASK_ID);
		await new Promise(setImmediate);
		guard.end();
		for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
		expect(clock.elapsed()).toBeLessThanOrEqual(30_000);
	});
});
