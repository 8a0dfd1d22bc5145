// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/**
 * Files that were once judged wrongly, each with the verdict that it must have, and that verdict by every
 * way a file comes: whole in memory, as a stream of known size, in large and small pieces, and over HTTP
 * from hosts with and without ranges.
 */
import { deflateSync } from 'node:zlib';

import { probe } from '../../../nodes/WanVideo/media/probe';
import { bufferSource } from '../../../nodes/WanVideo/media/source';
import { judgeMaterials, type MaterialFacts } from '../../../nodes/WanVideo/wan/judgeMaterials';
import type { Material } from '../../support/imageToVideo';
import { box } from '../../support/tinyMp4';
import { bytesOf, filesIn, probeRemote, probeStream } from './corpus';

const MB = 1024 * 1024;
const caseFile = (name: string) => Buffer.from(bytesOf(`cases/${name}`));

function pngChunk(type: string, content: Uint8Array): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt32BE(content.length);
	head.write(type, 4, 'latin1');
	// No reader of headers looks at the check sum.
	return Buffer.concat([head, content, Buffer.alloc(4)]);
}

/** An RGBA picture of noise that cannot be packed, opaque but for its last rows. */
function pngClearAtItsEnd(width: number, height: number, clearRows: number): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width);
	header.writeUInt32BE(height, 4);
	header.set([8, 6, 0, 0, 0], 8);
	const rows = Buffer.alloc(height * (width * 4 + 1));
	for (let at = 0, noise = 1; at < rows.length; at += 1) {
		noise = (noise * 1103515245 + 12345) & 0x7fffffff;
		rows[at] = noise >> 16;
	}
	for (let y = 0; y < height; y += 1) {
		const row = y * (width * 4 + 1);
		rows[row] = 0;
		for (let x = 0; x < width; x += 1) rows[row + 4 + x * 4] = y < height - clearRows ? 255 : 0;
	}
	const packed = deflateSync(rows, { level: 1 });
	const data: Buffer[] = [];
	for (let at = 0; at < packed.length; at += 65_536)
		data.push(pngChunk('IDAT', packed.subarray(at, at + 65_536)));
	const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
	return Buffer.concat([
		signature,
		pngChunk('IHDR', header),
		...data,
		pngChunk('IEND', Buffer.alloc(0)),
	]);
}

/** A fragmented movie with room between its fragments, so that it takes more than any header. */
function spread(movie: Buffer): Buffer {
	const parts: Buffer[] = [];
	const room = box('free', Buffer.alloc(65_992));
	for (let at = 0; at + 8 <= movie.length; at += movie.readUInt32BE(at)) {
		const part = movie.subarray(at, at + movie.readUInt32BE(at));
		parts.push(...(part.toString('latin1', 4, 8) === 'moof' ? [room, part] : [part]));
	}
	return Buffer.concat(parts);
}

/** Bytes with boxes of these sizes put before. */
const behind = (type: string, file: Buffer) => Buffer.concat([box(type, Buffer.alloc(100)), file]);
const jpeg = () => caseFile('jpeg-zeros-behind.jpg');
const clip = () => Buffer.from(bytesOf('valid/mp4/faststart.mp4'));
const wav = () => caseFile('wav-header-longer.wav');
/** A JPEG with another kind of frame. */
function withFrame(marker: number): Buffer {
	const bytes = jpeg();
	bytes[bytes.indexOf(Buffer.from([0xff, 0xc0])) + 1] = marker;
	return bytes;
}
function rifx(): Buffer {
	const bytes = wav();
	bytes.write('RIFX', 0, 'latin1');
	return bytes;
}
function mini(kind: string): Buffer {
	return Buffer.concat([
		box('ftyp', Buffer.from(`mif3${kind}mif3`, 'latin1')),
		box('mini', Buffer.alloc(300)),
	]);
}
function initSegment(): Buffer {
	const movie = caseFile('mp4-75-fragments.mp4');
	return movie.subarray(0, movie.indexOf('moof') - 4);
}

interface Case {
	field: Material;
	make: () => Buffer;
	/** What is refused, if anything; every way says it. */
	refused?: RegExp;
	/** What is hinted. */
	hint?: RegExp;
	facts?: Partial<MaterialFacts>;
	/** Over HTTP a hint may stand for what is too far into the file. */
	orHint?: RegExp;
}

const CASES: Record<string, Case> = {
	'a WAV whose header promises more': {
		...{ field: 'drivingAudio', make: wav, facts: { durationSeconds: 12 } },
		hint: /seems to be cut off/,
	},
	'a WAV of open size': {
		...{ field: 'drivingAudio', make: () => caseFile('wav-open-40s.wav') },
		refused: /is 40 s long/,
	},
	'an MP3 joined from a short and a long part': {
		...{ field: 'drivingAudio', make: () => caseFile('mp3-joined-1.5s+20s.mp3') },
		facts: { durationSeconds: expect.closeTo(21.6, 1) as number },
	},
	'an MP3 joined from two parts': {
		...{ field: 'drivingAudio', make: () => caseFile('mp3-joined-2x16s.mp3') },
		refused: /is 32\.\d+ s long/,
	},
	'an MP3 joined from parts of two sample rates': {
		field: 'drivingAudio',
		make: () => Buffer.concat([caseFile('mp3-joined-1.5s+20s.mp3'), caseFile('mp3-44100-12s.mp3')]),
		refused: /is 33\.\d+ s long/,
	},
	'a JPEG of 21 MB': {
		field: 'firstFrame',
		make: () => Buffer.concat([jpeg(), Buffer.alloc(21 * MB)]),
		refused: /has 21\.1 MB/,
	},
	'a fragmented MP4 of 15 s over 5 MB': {
		...{ field: 'clip', make: () => spread(caseFile('mp4-75-fragments.mp4')) },
		refused: /is (at least )?1\d(\.\d+)? s long/,
	},
	'a PNG that is clear after 4 MB': {
		...{ field: 'firstFrame', make: () => pngClearAtItsEnd(1250, 1180, 30) },
		refused: /transparent parts/,
	},
	'a PNG that is clear after 10 MB': {
		...{ field: 'firstFrame', make: () => pngClearAtItsEnd(1800, 1800, 3) },
		refused: /transparent parts/,
		orHint: /could not be checked to the end/,
	},
	'a PNG that is clear from its first pixel, and huge': {
		...{ field: 'firstFrame', make: () => caseFile('png-8000-16bit-all-clear.png') },
		refused: /transparent parts/,
	},
	'a JPEG with stray bytes': {
		...{ field: 'firstFrame', make: () => caseFile('jpeg-two-bytes-before-marker.jpg') },
		facts: { width: 320, height: 320 },
	},
	'a JPEG with much behind it': { field: 'firstFrame', make: jpeg, facts: { truncated: false } },
	'FLAC behind ID3': {
		...{ field: 'drivingAudio', make: () => caseFile('id3-before.flac') },
		refused: /of the format FLAC/,
	},
	'AAC behind ID3': {
		...{ field: 'drivingAudio', make: () => caseFile('id3-before.aac') },
		refused: /of the format AAC/,
	},
	'a WAV behind ID3': {
		...{ field: 'drivingAudio', make: () => caseFile('id3-before.wav') },
		facts: { format: 'wav', durationSeconds: 12 },
		hint: /seems to be cut off/,
	},
	'H.264 with the brand of 3GP': {
		...{ field: 'clip', make: () => caseFile('mp4-brand-3gp4.mp4') },
		hint: /marked as the older 3GP/,
	},
	'a uuid box before the brand': {
		...{ field: 'clip', make: () => behind('uuid', clip()), facts: { format: 'mp4' } },
	},
	'a udta box before the brand': {
		...{ field: 'clip', make: () => behind('udta', clip()), facts: { format: 'mp4' } },
	},
	RIFX: { field: 'drivingAudio', make: rifx, refused: /of the format RIFX/ },
	'a small HEIF': { field: 'firstFrame', make: () => mini('heic'), refused: /of the format HEIC/ },
	'a small AVIF': { field: 'firstFrame', make: () => mini('avif'), refused: /of the format AVIF/ },
	'the beginning of a stream': { field: 'clip', make: initSegment, refused: /no pictures/ },
	'a lossless JPEG': { field: 'firstFrame', make: () => withFrame(0xc3), refused: /LOSSLESS JPEG/ },
	'a JPEG-LS': { field: 'firstFrame', make: () => withFrame(0xf7), refused: /JPEG-LS/ },
};

/** Every way in which bytes come. */
const WAYS: Record<string, (bytes: Buffer) => ReturnType<typeof probe>> = {
	'a buffer': async (bytes) => await probe(bufferSource(bytes)),
	'a file of an item': async (bytes) => await probeStream(bytes, 4096),
	'a file in large pieces': async (bytes) => await probeStream(bytes, 1_000_000),
	'a URL': async (bytes) => (await probeRemote(bytes, { ranges: true })).verdict,
	'a URL whose host ignores ranges': async (bytes) =>
		(await probeRemote(bytes, { ranges: false })).verdict,
};

/** What a user is told: facts, problems and hints. */
async function told(way: string, bytes: Buffer, field: Material) {
	const verdict = await WAYS[way](bytes);
	if (!verdict.ok) return { problems: [`is no file: ${verdict.text}`], hints: [] as string[] };
	const { problems, hints } = judgeMaterials({ [field]: verdict.facts }, 5);
	return { facts: verdict.facts, problems: problems.map(({ text }) => text), hints };
}

describe.each(Object.keys(WAYS))('as %s', (way) => {
	it.each(Object.entries(CASES))('%s', async (_name, one) => {
		const { problems, hints, facts } = await told(way, one.make(), one.field);
		const isFar = way.includes('URL') && one.orHint !== undefined;
		if (isFar && problems.length === 0) {
			expect(hints).toContainEqual(expect.stringMatching(one.orHint ?? /^$/));
			return;
		}
		const own = problems.filter((text) => !/longer than 'Duration'/.test(text));
		expect(own).toEqual(one.refused === undefined ? [] : [expect.stringMatching(one.refused)]);
		if (one.facts !== undefined) expect(facts).toMatchObject(one.facts);
		const ours = hints.filter((hint) => !/silent|cuts it|channel for/.test(hint));
		expect(ours).toEqual(one.hint === undefined ? [] : [expect.stringMatching(one.hint)]);
	});
});

describe('the whole corpus', () => {
	const FILES = [...filesIn('valid'), ...filesIn('invalid'), ...filesIn('cases')];

	it.each(Object.keys(WAYS).slice(1))('is judged as %s like in memory', async (way) => {
		const different: string[] = [];
		for (const name of FILES) {
			const bytes = Buffer.from(bytesOf(name));
			const [a, b] = [await WAYS['a buffer'](bytes), await WAYS[way](bytes)];
			if (JSON.stringify(a) !== JSON.stringify(b)) different.push(name);
		}
		expect(different).toEqual([]);
	});
});

describe('over HTTP', () => {
	it.each(Object.entries(CASES))('%s: at most eight requests', async (_name, { make }) => {
		const { requests, sent } = await probeRemote(make(), { ranges: true });
		expect(requests).toBeLessThanOrEqual(8);
		expect(sent).toBeLessThan(9 * MB);
	});

	it('a PNG of 5 MB from a host without ranges is asked for once', async () => {
		const bytes = pngClearAtItsEnd(1250, 1180, 30);
		const { requests, sent } = await probeRemote(bytes, { ranges: false });
		expect([requests, sent <= bytes.length]).toEqual([1, true]);
	});
});

it('a clip of 120 s is told to be cut, and nothing that cannot be done', () => {
	const facts = { format: 'mp4', width: 640, height: 480, durationSeconds: 120 };
	const { problems } = judgeMaterials({ clip: facts }, 5);
	expect(problems.map(({ text }) => text)).toEqual([
		expect.stringMatching(/is 120 s long.*Cut it/),
	]);
});
