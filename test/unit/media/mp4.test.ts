/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** The proof that bytes are a whole MP4: real files cut in every way, odd shapes by hand, and noise. ffprobe is the judge of facts. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import fc from 'fast-check';
import { locate } from '../../../sandbox/programs';
import { z } from 'zod';

import { type Mp4Verdict, mp4Proof } from '../../../nodes/WanVideo/media/mp4';
import { box, ftyp, largeBox, moov, openBox, tinyMp4 } from '../../support/tinyMp4';
import { runs } from '../../support/thorough';

const ROOT = resolve(__dirname, '../../..');
const FILES = ['examples/media/clip.mp4', 'sandbox/sample.mp4'].filter((file) =>
	existsSync(join(ROOT, file)),
);
const bytesOf = (file: string) => readFileSync(join(ROOT, file));

/** The verdict over bytes that arrive in chunks of this size. */
function verdict(bytes: Uint8Array, chunkBytes = bytes.length): Mp4Verdict {
	const proof = mp4Proof();
	for (let at = 0; at < bytes.length; at += chunkBytes)
		proof.push(bytes.subarray(at, at + chunkBytes));
	return proof.end();
}

const probed = z.object({
	format: z.object({ duration: z.coerce.number() }),
	streams: z.array(
		z.object({
			codec_type: z.string(),
			width: z.number().optional(),
			height: z.number().optional(),
		}),
	),
});

const runProgram = promisify(execFile);

async function probe(file: string) {
	const options = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', join(ROOT, file)];
	const { stdout } = await runProgram(locate('ffprobe'), options, { encoding: 'utf8' });
	const { format, streams } = probed.parse(JSON.parse(stdout));
	const picture = streams.find(({ codec_type }) => codec_type === 'video');
	return {
		durationSeconds: format.duration,
		width: picture?.width,
		height: picture?.height,
		hasAudio: streams.some(({ codec_type }) => codec_type === 'audio'),
	};
}

describe('real files', () => {
	it('are there', () => {
		expect(FILES).toContain('examples/media/clip.mp4');
	});

	it.each(FILES)('%s: size, length and sound are those of ffprobe', async (file) => {
		const found = verdict(bytesOf(file));
		const expected = await probe(file);
		expect(found).toMatchObject({ whole: true, bytes: bytesOf(file).length });
		const facts = found.whole ? found.facts : undefined;
		expect(facts).toMatchObject({
			width: expected.width,
			height: expected.height,
			hasAudio: expected.hasAudio,
		});
		expect(Math.abs((facts?.durationSeconds ?? 0) - expected.durationSeconds)).toBeLessThan(0.06);
	});

	it.each(FILES)('%s: the same in chunks of any size', (file) => {
		const bytes = bytesOf(file);
		const whole = verdict(bytes);
		for (const chunkBytes of [1, 2, 7, 8, 9, 4096, 65_536])
			expect(verdict(bytes, chunkBytes)).toEqual(whole);
	});

	it.each(FILES)('%s: cut anywhere it is not whole', (file) => {
		const bytes = bytesOf(file);
		const step = Math.max(1, Math.floor(bytes.length / 4000));
		const wrong: number[] = [];
		for (let length = 0; length < bytes.length; length += step)
			if (verdict(bytes.subarray(0, length)).whole) wrong.push(length);
		for (let missing = 1; missing <= 200; missing += 1)
			if (verdict(bytes.subarray(0, bytes.length - missing)).whole) wrong.push(-missing);
		expect(wrong).toEqual([]);
	});
});

const mdat = box('mdat', Buffer.alloc(64, 7));
const SHAPES: Array<[string, Buffer]> = [
	['header first', tinyMp4()],
	['header last', Buffer.concat([ftyp, mdat, moov()])],
	['a 64-bit size of the data', Buffer.concat([ftyp, moov(), largeBox('mdat', Buffer.alloc(64))])],
	[
		'a 64-bit size of the header',
		Buffer.concat([ftyp, largeBox('moov', moov().subarray(8)), mdat]),
	],
	[
		'free space between',
		Buffer.concat([ftyp, box('free', Buffer.alloc(9)), moov(), box('free'), mdat]),
	],
	[
		'fragments',
		Buffer.concat([ftyp, moov(), box('moof', Buffer.alloc(20)), mdat, box('moof'), mdat]),
	],
];

describe('shapes', () => {
	it.each(SHAPES)('%s: whole, and cut at every byte not whole', (_label, bytes) => {
		expect(verdict(bytes)).toMatchObject({ whole: true, bytes: bytes.length });
		expect(verdict(bytes, 1)).toEqual(verdict(bytes));
	});

	it.each(SHAPES.slice(0, 4))('%s: cut at every byte it is never whole', (_label, bytes) => {
		const wrong: number[] = [];
		for (let length = 0; length < bytes.length; length += 1)
			if (verdict(bytes.subarray(0, length), 5).whole) wrong.push(length);
		expect(wrong).toEqual([]);
	});

	it.each([
		[
			'data to the end of the file',
			Buffer.concat([ftyp, moov(), openBox('mdat', Buffer.alloc(50))]),
		],
		[
			'header to the end of the file',
			Buffer.concat([ftyp, mdat, openBox('moov', moov().subarray(8))]),
		],
	])('%s (size 0) counts as whole: only its length can tell', (_label, bytes) => {
		expect(verdict(bytes)).toMatchObject({ whole: true });
	});

	it.each([
		['nothing', Buffer.alloc(0), /empty/],
		['a page', Buffer.from('<!doctype html><p>Sorry'), /not begin like an MP4/],
		['a JPEG', Buffer.from('ffd8ffe000104a46494600010100', 'hex'), /not begin/],
		['only a type', ftyp, /no video/],
		['no data', Buffer.concat([ftyp, moov()]), /no video/],
		['no header', Buffer.concat([ftyp, mdat]), /no video/],
		['no type', Buffer.concat([moov(), mdat]), /not begin/],
		['seven bytes', ftyp.subarray(0, 7), /too early/],
		[
			'half a large header',
			Buffer.concat([ftyp, largeBox('mdat', Buffer.alloc(9)).subarray(0, 12)]),
			/too early/,
		],
		[
			'a size below its header',
			Buffer.concat([ftyp, Buffer.from('000000046d6f6f76', 'hex')]),
			/impossible size/,
		],
		[
			'a 64-bit size below its header',
			Buffer.concat([ftyp, Buffer.from('000000016d6461740000000000000008', 'hex')]),
			/impossible size/,
		],
		[
			'a 64-bit size of 0',
			Buffer.concat([ftyp, moov(), Buffer.from('000000016d6461740000000000000000', 'hex')]),
			/impossible size/,
		],
		[
			'a header of 4 GB',
			Buffer.concat([ftyp, Buffer.from('ffffffff6d6f6f76', 'hex')]),
			/too large/,
		],
		['bytes after the end', Buffer.concat([tinyMp4(), Buffer.from('<html>')]), /too early/],
	])('%s is told by its reason', (_label, bytes, reason) => {
		const found = verdict(bytes);
		expect(found.whole).toBe(false);
		expect(found.whole ? '' : found.reason).toMatch(reason);
		expect(found.bytes).toBe(bytes.length);
	});
});

describe('facts', () => {
	it.each([
		['sound', { audio: true }, { hasAudio: true }],
		['no sound', {}, { hasAudio: false, width: 1280, height: 720, durationSeconds: 5 }],
		['a turned picture', { width: 1280, height: 720, turned: true }, { width: 720, height: 1280 }],
		['a 64-bit length', { durationSeconds: 15, longDuration: true }, { durationSeconds: 15 }],
	])('tell %s', (_label, movie, facts) => {
		expect(verdict(tinyMp4(movie))).toMatchObject({ whole: true, facts });
	});

	it('leave out what is not there', () => {
		const bare = Buffer.concat([ftyp, box('moov'), mdat]);
		expect(verdict(bare)).toEqual({ whole: true, bytes: bare.length, facts: { hasAudio: false } });
	});

	it('leave out a length of 0, which a fragmented file has', () => {
		const found = verdict(tinyMp4({ durationSeconds: 0 }));
		expect(found.whole && found.facts.durationSeconds).toBeUndefined();
	});
});

describe('noise', () => {
	it('of random bytes never throws and is never whole', () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ maxLength: 400 }),
				fc.integer({ min: 1, max: 50 }),
				(bytes, chunk) => {
					expect(verdict(bytes, chunk).whole).toBe(false);
				},
			),
			{ numRuns: runs(500), seed: 27 },
		);
	});

	it('in any one byte of a good file never throws, and facts stay sane', () => {
		const good = tinyMp4({ audio: true });
		for (let at = 0; at < good.length; at += 1)
			for (const value of [0x00, 0x01, 0x7f, 0xff]) {
				const bytes = Buffer.from(good);
				bytes[at] = value;
				const found = verdict(bytes, 64);
				if (!found.whole) continue;
				const { durationSeconds = 0 } = found.facts;
				expect(Number.isFinite(durationSeconds)).toBe(true);
				expect(durationSeconds).toBeGreaterThanOrEqual(0);
			}
	});

	it('does not keep what passes by: a chunk that is written over later changes nothing', () => {
		const good = tinyMp4();
		const expected = verdict(good);
		const proof = mp4Proof();
		const chunk = Buffer.alloc(16);
		for (let at = 0; at < good.length; at += 16) {
			const length = good.copy(chunk, 0, at, at + 16);
			proof.push(chunk.subarray(0, length));
		}
		expect(proof.end()).toEqual(expected);
	});
});
