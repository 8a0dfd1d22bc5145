// @thorough
/** Files made to harm: each ends with a verdict after few reads, all of them inside the file. */
import { probe } from '../../../nodes/WanVideo/media/probe';
import { MediaError, streamSource } from '../../../nodes/WanVideo/media/source';
import { bytesOf, filesIn, inChunks, watched } from './corpus';

const HOSTILE = filesIn('hostile');
const MAX_READS = 400;
/** A reader may look at its blocks again, but not at the file over and over. */
const MAX_TIMES_READ = 3;
const MAX_BLOCK_BYTES = 128 * 1024;

it('there are many', () => {
	expect(HOSTILE.length).toBeGreaterThanOrEqual(100);
});

describe('every hostile and every cut file', () => {
	it.each([...HOSTILE, ...filesIn('invalid')])(
		'%s: a verdict, few reads, none outside',
		async (name) => {
			const bytes = bytesOf(name);
			const source = watched(bytes);
			const verdict = await probe(source);
			if (!verdict.ok) expect(verdict.text).not.toBe('');
			expect(source.outside).toEqual([]);
			expect(source.reads).toBeLessThanOrEqual(MAX_READS);
			expect(source.bytesRead).toBeLessThanOrEqual(
				bytes.length * MAX_TIMES_READ + 4 * MAX_BLOCK_BYTES,
			);
		},
	);
});

describe('verdicts', () => {
	it.each([
		['mp4-plain.mp4', { ok: true, facts: { width: 320, height: 240, durationSeconds: 2 } }],
		['mp4-moov-of-4-gb.mp4', { ok: false, reason: 'truncated' }],
		['mp4-box-of-zero.mp4', { ok: false, reason: 'corrupt' }],
		['mp4-no-moov.mp4', { ok: false, reason: 'corrupt' }],
		['mp4-stts-count.mp4', { ok: true, facts: { durationSeconds: 2 } }],
		['mp4-many-tracks.mp4', { ok: true, facts: { durationSeconds: 2 } }],
		['png-bomb.png', { ok: true, facts: { transparency: 'opaqueChannel' } }],
		['png-bomb-huge-size.png', { ok: true, facts: { transparency: 'unknown' } }],
		['png-bomb-of-zeros.png', { ok: true, facts: { transparency: 'visible' } }],
		['png-no-zlib.png', { ok: true, facts: { transparency: 'unknown' } }],
		['png-too-few-rows.png', { ok: true, facts: { transparency: 'unknown' } }],
		['png-rubbish-after-zlib.png', { ok: true, facts: { transparency: 'opaqueChannel' } }],
		['png-endless-chunks.png', { ok: false, reason: 'corrupt' }],
		['jpeg-endless-segments.jpg', { ok: false, reason: 'corrupt' }],
		['jpeg-size-zero.jpg', { ok: false, reason: 'corrupt' }],
		['jpeg-exif-endless.jpg', { ok: true, facts: { width: 300, height: 200 } }],
		['mp3-all-ff.mp3', { ok: false, reason: 'unknown' }],
		['mp3-xing-huge.mp3', { ok: true, facts: { format: 'mp3' } }],
		['wav-rate-zero.wav', { ok: false, reason: 'corrupt' }],
		['zeros.bin', { ok: false, reason: 'unknown' }],
		['noise.bin', { ok: false, reason: 'unknown' }],
	])('of %s', async (name, verdict) => {
		expect(await probe(watched(bytesOf(`hostile/${name}`)))).toMatchObject(verdict);
	});
});

describe('sources that misbehave', () => {
	const clip = bytesOf('valid/mp4/moov-last.mp4');
	const failing = (failure: Error) => ({ size: 1000, read: () => Promise.reject(failure) });

	it('one that fails is unreadable, with what it said', async () => {
		const verdict = await probe(failing(new Error('connection reset')));
		expect(verdict).toMatchObject({ ok: false, reason: 'unreadable' });
		expect(verdict.ok ? '' : verdict.text).toMatch(/connection reset/);
	});

	it('one that has its own reason is believed', async () => {
		const verdict = await probe(failing(new MediaError('tooMuch', 'more than 64 KB')));
		expect(verdict).toEqual({ ok: false, reason: 'tooMuch', text: 'more than 64 KB' });
	});

	it('one that gives more than asked is cut down, one that gives less has ended', async () => {
		const known = await probe(watched(clip));
		const generous = {
			size: clip.length,
			read: (start: number) => Promise.resolve(clip.subarray(start)),
		};
		expect(await probe(generous)).toEqual(known);
		const stingy = {
			size: clip.length,
			read: (start: number, length: number) =>
				Promise.resolve(clip.subarray(start, start + Math.min(length, 100))),
		};
		expect(await probe(stingy)).toMatchObject({ ok: false, reason: 'truncated' });
	});

	it.each([NaN, -1, Infinity])('a size of %d counts as not known', async (size) => {
		const source = { ...watched(clip), size };
		expect(await probe(source)).toMatchObject({ ok: true, facts: { format: 'mp4', width: 256 } });
	});

	it('a picture whose pixels may not be read keeps its other facts', async () => {
		const bytes = bytesOf('valid/png/late-trns.png');
		const whole = bytesOf('valid/png/rgba-opaque.png');
		const limited = {
			size: whole.length,
			read: (start: number, length: number) =>
				start > 0
					? Promise.reject(new MediaError('tooMuch', 'enough'))
					: Promise.resolve(whole.subarray(start, Math.min(start + length, 600))),
		};
		expect(bytes.length).toBeGreaterThan(0);
		expect(await probe(limited)).toMatchObject({ ok: true, facts: { transparency: 'unknown' } });
	});

	it('a stream that breaks off is unreadable', async () => {
		async function* breaking() {
			yield* inChunks(clip.subarray(0, 2000), 500);
			throw new Error('socket hang up');
		}
		const source = streamSource(breaking(), clip.length);
		expect(await probe(source)).toMatchObject({ ok: false, reason: 'unreadable' });
		await source.close();
	});

	it('a stream is closed once its verdict is there, and reads nothing after', async () => {
		let closed = false;
		async function* endless() {
			try {
				yield* inChunks(bytesOf('valid/mp4/faststart.mp4'), 4096);
				for (;;) yield await Promise.resolve(new Uint8Array(4096));
			} finally {
				closed = true;
			}
		}
		const source = streamSource(endless());
		expect(await probe(source)).toMatchObject({ ok: true });
		await source.close();
		expect(closed).toBe(true);
		expect((await source.read(10_000_000, 10)).length).toBe(0);
	});
});
