/** Bringing a video in: only a proven one counts; a broken one is fetched again with a fresh link, what passes by itself for minutes. */
import type { Answer } from '../../../nodes/WanVideo/evolink/client';
import type { TaskState } from '../../../nodes/WanVideo/evolink/taskState';
import { deliver, type Delivery } from '../../../nodes/WanVideo/generation/deliver';
import { aCompletedState, aFailure, VIDEO_URL } from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';
import { type FakeFile, FakeVideos, type MediaPlan } from '../../support/fakeVideos';
import { tinyMp4 } from '../../support/tinyMp4';

const FRESH_URL = 'https://media.example.com/fresh.mp4';
const HOUR_MS = 3_600_000;
const video = tinyMp4({ width: 1280, height: 720, durationSeconds: 5, audio: true });
const ok = (value: TaskState): Answer<TaskState> => ({ ok: true, value });

class Transfer {
	readonly clock = new FakeClock();
	readonly stop = new FakeStop();
	readonly videos: FakeVideos;
	looks = 0;
	look: Answer<TaskState> = ok(aCompletedState(FRESH_URL));

	constructor(plans: MediaPlan[], onOpen?: (transfer: Transfer) => void) {
		this.videos = new FakeVideos(plans, () => onOpen?.(this));
	}

	/** `hoursOld`: how long ago the task was known to be running still. */
	async go(hoursOld?: number, leftMs?: number): Promise<Delivery<FakeFile>> {
		const { clock, stop, videos } = this;
		return await deliver(
			{
				fileName: 'cat.mp4',
				videoUrl: VIDEO_URL,
				...(leftMs !== undefined && { leftMs }),
				...(hoursOld !== undefined && { completedAfter: clock.now() - hoursOld * HOUR_MS }),
			},
			{
				...{ videos, clock, stop },
				look: async () => {
					this.looks += 1;
					await Promise.resolve();
					return this.look;
				},
			},
		);
	}
}

describe('a good video', () => {
	it('is delivered at once, with its facts and without another look', async () => {
		const transfer = new Transfer([{ bytes: video, contentLength: video.length }]);
		expect(await transfer.go()).toEqual({
			end: 'delivered',
			file: { fileName: 'cat.mp4', bytes: video.length },
			facts: { width: 1280, height: 720, durationSeconds: 5, hasAudio: true },
			videoUrl: VIDEO_URL,
		});
		expect([transfer.looks, transfer.videos.opened]).toEqual([0, [VIDEO_URL]]);
	});

	it.each([
		['no length', {}],
		['no type', { contentType: '' }],
		['application/octet-stream', { contentType: 'application/octet-stream' }],
		['binary/octet-stream', { contentType: 'binary/octet-stream' }],
		['text/html', { contentType: 'text/html' }],
		['application/json', { contentType: 'application/json' }],
		['the length of a packed file', { contentLength: video.length - 9 }],
	])('is taken from a host that gives %s', async (_label, head) => {
		expect((await new Transfer([{ bytes: video, ...head }]).go()).end).toBe('delivered');
	});
});

/** What the first try meets | a word of the reason when it never gets better: what may pass within minutes. */
const PASSING: Array<[string, MediaPlan, RegExp]> = [
	['a link that cannot be opened', { unopened: 'the connection was refused' }, /refused/],
	[
		'a broken transfer',
		{ bytes: video.subarray(0, 300), breaks: 'the connection was reset' },
		/reset/,
	],
	['status 403', { status: 403 }, /403/],
	['status 404', { status: 404 }, /404/],
	['status 500', { status: 500 }, /500/],
	['status 503', { status: 503 }, /503/],
	['status 429', { status: 429 }, /429/],
];

/** What hardly passes. */
const LASTING: Array<[string, MediaPlan, RegExp]> = [
	[
		'a length that does not match',
		{ bytes: video, contentLength: video.length + 9 },
		/of \d+ bytes/,
	],
	['a truncated file', { bytes: video.subarray(0, video.length - 1) }, /ends too early/],
	[
		'a truncated file of the right length',
		{ bytes: video.subarray(0, 400), contentLength: 400 },
		/too early/,
	],
	[
		'an error page with status 200',
		{ bytes: Buffer.from('<html>'), contentType: 'text/html' },
		/text\/html/,
	],
	[
		'an error page that calls itself a video',
		{ bytes: Buffer.from('<html>Sorry</html>') },
		/not begin like an MP4/,
	],
	['an error in JSON', { bytes: Buffer.from('{}'), contentType: 'application/json' }, /json/],
	[
		'an XML error of a store',
		{ bytes: Buffer.from('<E/>'), contentType: 'application/xml' },
		/xml/,
	],
	['an empty body', { bytes: Buffer.alloc(0) }, /empty/],
	['half a file as 206', { status: 206, bytes: video }, /206/],
	['status 410', { status: 410 }, /410/],
];

describe('a bad transfer', () => {
	it.each([...PASSING, ...LASTING])('is done again with a fresh link: %s', async (_label, plan) => {
		const transfer = new Transfer([plan, { bytes: video }]);
		expect(await transfer.go(1)).toMatchObject({ end: 'delivered', videoUrl: FRESH_URL });
		expect(transfer.videos.opened).toEqual([VIDEO_URL, FRESH_URL]);
	});

	it.each(LASTING)(
		'is given up after four tries, with link and reason: %s',
		async (_label, plan, reason) => {
			const transfer = new Transfer([plan]);
			const delivery = await transfer.go(1);
			expect(delivery).toMatchObject({ end: 'undelivered', expired: false, videoUrl: FRESH_URL });
			expect(delivery.end === 'undelivered' && delivery.reason).toMatch(reason);
			expect(transfer.videos.opened).toHaveLength(4);
			expect(transfer.clock.sleeps).toEqual([1000, 3000, 9000]);
		},
	);

	it.each(PASSING)('is given minutes, and ends: %s', async (_label, plan, reason) => {
		const transfer = new Transfer([plan]);
		const delivery = await transfer.go(1);
		expect(delivery).toMatchObject({ end: 'undelivered', expired: false, notStored: false });
		expect(delivery.end === 'undelivered' && delivery.reason).toMatch(reason);
		expect(transfer.clock.elapsed()).toBeGreaterThan(4 * 60_000);
		expect(transfer.clock.elapsed()).toBeLessThanOrEqual(5 * 60_000);
		expect(transfer.videos.opened.length).toBeLessThanOrEqual(14);
	});

	it.each(PASSING)('is delivered when it passes after 150 seconds: %s', async (_label, plan) => {
		const transfer = new Transfer([...Array<MediaPlan>(8).fill(plan), { bytes: video }]);
		expect(await transfer.go(0)).toMatchObject({ end: 'delivered' });
		expect(transfer.clock.elapsed()).toBeGreaterThan(110_000);
	});

	it.each([
		[60_000, 50_000, 60_000],
		[0, 13_000, 13_000],
		[-1, 13_000, 13_000],
	])('has no more minutes than the time-out leaves: %d ms', async (leftMs, least, most) => {
		const transfer = new Transfer([{ status: 503 }]);
		expect(await transfer.go(1, leftMs)).toMatchObject({ end: 'undelivered' });
		expect(transfer.clock.elapsed()).toBeLessThanOrEqual(most);
		expect(transfer.clock.elapsed()).toBeGreaterThanOrEqual(Math.min(least, 13_000));
	});

	it.each([
		['behind other downloads for longer than all patience', 400_000, undefined],
		['behind them where the time-out leaves little', 60_000, 0],
	])('that began %s is made again', async (_label, ms, leftMs) => {
		let isFirst = true;
		const transfer = new Transfer([{ status: 503 }, { bytes: video }], ({ clock }) => {
			if (isFirst) clock.spend(ms);
			isFirst = false;
		});
		expect(await transfer.go(1, leftMs)).toMatchObject({ end: 'delivered', videoUrl: FRESH_URL });
	});

	it('has its tries though each of them stands in line for longer than all patience', async () => {
		const bad = { status: 503 };
		const spend = ({ clock }: { clock: { spend(ms: number): void } }) => clock.spend(400_000);
		const third = new Transfer([bad, bad, { bytes: video }], spend);
		expect(await third.go()).toMatchObject({ end: 'delivered' });
		const never = new Transfer([bad], spend);
		expect(await never.go()).toMatchObject({ end: 'undelivered' });
		expect(never.videos.opened).toHaveLength(4);
	});

	it('of which the store is the trouble is told as that, at once', async () => {
		const transfer = new Transfer([{ unstored: "the disk of n8n's files is full" }]);
		expect(await transfer.go(1)).toMatchObject({
			...{ end: 'undelivered', expired: false, notStored: true },
			reason: "the disk of n8n's files is full",
		});
		expect([transfer.videos.opened.length, transfer.looks]).toEqual([1, 0]);
	});

	it('keeps the old link when EvoLink cannot be asked', async () => {
		const transfer = new Transfer([{ status: 500 }, { bytes: video }]);
		transfer.look = { ok: false, failure: aFailure() };
		expect(await transfer.go()).toMatchObject({ end: 'delivered', videoUrl: VIDEO_URL });
	});

	it('ends bodies that it does not want', async () => {
		const transfer = new Transfer([{ status: 403 }, { status: 500 }, { bytes: video }]);
		await transfer.go(1);
		expect(transfer.videos.discarded).toBe(2);
	});
});

describe('an expired link', () => {
	it.each([401, 403, 404, 410])('is told as such after its day, with status %i', async (status) => {
		const delivery = await new Transfer([{ status }]).go(25);
		expect(delivery).toMatchObject({ end: 'undelivered', expired: true });
	});

	it.each([
		['within its day', { status: 403 }, 23],
		['of unknown age', { status: 403 }, undefined],
		['by a server error', { status: 500 }, 25],
		['by a broken transfer', { unopened: 'reset' }, 25],
	])('is not suspected %s', async (_label, plan: MediaPlan, hoursOld) => {
		expect(await new Transfer([plan]).go(hoursOld)).toMatchObject({ expired: false });
	});

	it('is asked for afresh once before the video is given up: EvoLink may have signed a new one', async () => {
		const transfer = new Transfer([{ status: 403 }, { bytes: video }]);
		expect(await transfer.go(25)).toMatchObject({ end: 'delivered', videoUrl: FRESH_URL });
	});
});

describe('Stop', () => {
	it('before the transfer opens nothing', async () => {
		const transfer = new Transfer([{ bytes: video }]);
		transfer.stop.press();
		expect((await transfer.go()).end).toBe('stopped');
		expect(transfer.videos.opened).toEqual([]);
	});

	it('that breaks a transfer is no failure', async () => {
		const transfer = new Transfer([{ unopened: 'the request was stopped' }], ({ stop }) =>
			stop.press(),
		);
		expect((await transfer.go()).end).toBe('stopped');
		expect(transfer.videos.opened).toHaveLength(1);
	});

	it('between two tries asks and opens nothing more', async () => {
		const transfer = new Transfer([{ status: 500 }]);
		transfer.clock.at(500, () => transfer.stop.press());
		expect((await transfer.go()).end).toBe('stopped');
		expect([transfer.looks, transfer.clock.elapsed()]).toEqual([0, 500]);
	});

	it('during a transfer that comes through anyway still gives the file', async () => {
		const transfer = new Transfer([{ bytes: video }], ({ stop }) => stop.press());
		expect((await transfer.go()).end).toBe('delivered');
	});
});
