/**
 * The downloads of a run, a few at a time: how many are under way together, in which order, and that
 * a place is free again whatever becomes of a download. Driven by deliver(), as in a run.
 */
import fc from 'fast-check';

import { deliver, type Delivery } from '../../../nodes/WanVideo/generation/deliver';
import { fewAtATime } from '../../../nodes/WanVideo/generation/downloads';
import type { VideoPort } from '../../../nodes/WanVideo/generation/ports';
import { mp4Proof } from '../../../nodes/WanVideo/media/mp4';
import { aCompletedState } from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';
import { type FakeBody, type FakeFile, FakeVideos, type MediaPlan } from '../../support/fakeVideos';

const FETCH_MS = 1_000;

/** A media host whose downloads take a second, half of it to open; counts how many are under way together. */
class Transfers {
	readonly clock = new FakeClock();
	readonly stop = new FakeStop();
	readonly videos: FakeVideos;
	/** Downloads under way at each opening, itself included. */
	readonly together: number[] = [];
	/** Virtual moments of the openings. */
	readonly openedAtMs: number[] = [];
	private underWay = 0;

	constructor(
		plans: MediaPlan[] = [{}],
		private readonly storeBuffers: () => boolean = () => false,
	) {
		this.videos = new FakeVideos(plans);
	}

	private readonly slow: VideoPort<FakeFile, FakeBody> = {
		open: async (url) => {
			this.underWay += 1;
			this.together.push(this.underWay);
			this.openedAtMs.push(this.clock.elapsed());
			await this.clock.sleep(FETCH_MS / 2);
			const answer = await this.videos.open(url);
			if (!answer.ok) this.underWay -= 1;
			return answer;
		},
		keep: async (stream, fileName, proof) => {
			await this.clock.sleep(FETCH_MS / 2);
			this.underWay -= 1;
			return await this.videos.keep(stream, fileName, proof);
		},
		discard: () => {
			this.underWay -= 1;
			this.videos.discard();
		},
		buffers: () => this.storeBuffers(),
	};

	port(atOnce = 4): VideoPort<FakeFile, FakeBody> {
		return fewAtATime(this.slow, { atOnce, stop: this.stop });
	}

	/** Delivers several videos, all asked for in the same moment. */
	async deliver(
		count: number,
		videos: VideoPort<FakeFile, FakeBody> = this.port(),
	): Promise<Array<Delivery<FakeFile>>> {
		const { clock, stop } = this;
		return await Promise.all(
			Array.from({ length: count }, async (_, index) => {
				const videoUrl = urlOf(index);
				const look = async () =>
					await Promise.resolve({ ok: true as const, value: aCompletedState(videoUrl) });
				return await deliver({ fileName: 'cat.mp4', videoUrl }, { videos, look, clock, stop });
			}),
		);
	}
}

const urlOf = (index: number) => `https://media.example.com/${index}.mp4`;
const ends = (deliveries: Array<Delivery<FakeFile>>) => deliveries.map(({ end }) => end);
const delivered = (count: number) => Array<string>(count).fill('delivered');

describe('ten downloads', () => {
	it('into a store that streams to disk: the first alone, then four together', async () => {
		const transfers = new Transfers();
		expect(ends(await transfers.deliver(10))).toEqual(delivered(10));
		expect(transfers.together.slice(0, 5)).toEqual([1, 1, 2, 3, 4]);
		expect(Math.max(...transfers.together)).toBe(4);
		// One, then nine in rounds of four.
		expect(transfers.clock.elapsed()).toBe(4 * FETCH_MS);
	});

	it('into a store that buffers whole files: one at a time', async () => {
		const transfers = new Transfers([{}], () => true);
		expect(ends(await transfers.deliver(10))).toEqual(delivered(10));
		expect(Math.max(...transfers.together)).toBe(1);
		expect(transfers.clock.elapsed()).toBe(10 * FETCH_MS);
	});

	it('go one at a time as soon as the store is seen to buffer', async () => {
		let kept = 0;
		const transfers = new Transfers([{}], () => (kept += 1) > 1);
		await transfers.deliver(10);
		expect(Math.max(...transfers.together.slice(5))).toBeLessThanOrEqual(4);
		expect(transfers.together.at(-1)).toBe(1);
	});

	it('begin in the order in which they were asked for', async () => {
		const transfers = new Transfers();
		await transfers.deliver(10);
		expect(transfers.videos.opened).toEqual(Array.from({ length: 10 }, (_, index) => urlOf(index)));
	});

	it.each([0, 1, 2])('with room for %i go on all the same', async (atOnce) => {
		const transfers = new Transfers();
		expect(ends(await transfers.deliver(5, transfers.port(atOnce)))).toEqual(delivered(5));
		expect(Math.max(...transfers.together)).toBe(Math.max(1, atOnce));
	});
});

describe('a place is free again', () => {
	const broken: Array<[string, MediaPlan]> = [
		['a link that cannot be opened', { unopened: 'no route' }],
		['a refused link', { status: 403 }],
		['a page instead of a video', { contentType: 'text/html' }],
		['a broken transfer', { breaks: 'reset' }],
		['a file that is no video', { bytes: new Uint8Array(64) }],
	];

	it.each(broken)('after %s, also when it is the first', async (_label, plan) => {
		const transfers = new Transfers([plan, plan, plan, {}]);
		expect(ends(await transfers.deliver(8))).toEqual(delivered(8));
	});

	it('at once when the opening fails: the next one does not wait for anything', async () => {
		const transfers = new Transfers([{ unopened: 'no route' }, {}]);
		const port = transfers.port();
		const [first, second] = [port.open(urlOf(0)), port.open(urlOf(1))];
		expect([(await first).ok, (await second).ok]).toEqual([false, true]);
		expect(transfers.openedAtMs).toEqual([0, FETCH_MS / 2]);
	});

	it('when the store throws, which it should not', async () => {
		const stream = {};
		const throwing: VideoPort<string, object> = {
			open: async () =>
				await Promise.resolve({
					ok: true,
					value: { status: 200, contentType: 'video/mp4', stream },
				}),
			keep: async () => await Promise.reject(new Error('the disk is full')),
			discard: () => {
				throw new Error('destroyed already');
			},
			buffers: () => false,
		};
		const port = fewAtATime(throwing, { atOnce: 4, stop: new FakeStop() });
		await port.open('a');
		await expect(port.keep(stream, 'cat.mp4', mp4Proof())).rejects.toThrow('the disk is full');
		await port.open('b');
		expect(() => port.discard(stream)).toThrow('destroyed already');
		expect((await port.open('c')).ok).toBe(true);
	});

	it('when opening throws', async () => {
		let opens = 0;
		const throwing: VideoPort<string, string> = {
			open: async () => {
				opens += 1;
				return await Promise.reject(new Error('a defect'));
			},
			keep: async () => await Promise.resolve({ ok: true, value: 'file' }),
			discard: () => undefined,
			buffers: () => false,
		};
		const port = fewAtATime(throwing, { atOnce: 4, stop: new FakeStop() });
		const results = await Promise.allSettled(
			['a', 'b', 'c'].map(async (url) => await port.open(url)),
		);
		expect([opens, results.map(({ status }) => status)]).toEqual([3, Array(3).fill('rejected')]);
	});

	it('once only: a stream that is kept and discarded leaves no second place', async () => {
		const transfers = new Transfers([{}], () => true);
		const port = transfers.port();
		const opened = await port.open(urlOf(0));
		if (!opened.ok) throw new Error(opened.reason);
		await port.keep(opened.value.stream, 'cat.mp4', mp4Proof());
		port.discard(opened.value.stream);
		const before = transfers.openedAtMs.length;
		await Promise.all([
			port.open(urlOf(1)),
			Promise.race([port.open(urlOf(2)), transfers.clock.sleep(9_000)]),
		]);
		expect(transfers.openedAtMs.length - before).toBe(1);
	});

	it('after any mixture of good and bad downloads', async () => {
		const plan = fc.constantFrom<MediaPlan>({}, {}, ...broken.map(([, bad]) => bad));
		await fc.assert(
			fc.asyncProperty(
				fc.array(plan, { minLength: 1, maxLength: 30 }),
				fc.integer({ min: 1, max: 12 }),
				fc.boolean(),
				async (plans, count, buffers) => {
					const transfers = new Transfers([...plans, {}], () => buffers);
					const port = transfers.port();
					// FakeClock throws when a run hangs; here a hang would leave the promise open for ever.
					expect(await transfers.deliver(count, port)).toHaveLength(count);
					expect(Math.max(...transfers.together)).toBeLessThanOrEqual(buffers ? 1 : 4);
					// All places are there again.
					expect(await transfers.deliver(1, port)).toHaveLength(1);
				},
			),
			{ numRuns: 60, seed: 27 },
		);
	});
});

describe('Stop', () => {
	it('lets the line go: no further link is opened', async () => {
		const transfers = new Transfers();
		transfers.clock.at(1_200, () => transfers.stop.press());
		const outcomes = ends(await transfers.deliver(10));
		// One before, four under way at the Stop; what becomes of those is the host's business.
		expect(outcomes).toEqual([...delivered(5), ...Array<string>(5).fill('stopped')]);
		expect(transfers.videos.opened).toHaveLength(5);
	});
});
