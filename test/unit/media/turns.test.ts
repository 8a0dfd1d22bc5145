// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** No reader holds n8n's event loop: counted in steps and bytes, so that no slow machine makes it red and no fast one green. */
import { deflateSync } from 'node:zlib';

import { Bytes } from '../../../nodes/WanVideo/media/bytes';
import type { Clip } from '../../../nodes/WanVideo/media/join/clip';
import { filmOf } from '../../../nodes/WanVideo/media/join/film';
import { readClip } from '../../../nodes/WanVideo/media/join/readClip';
import { RowScan } from '../../../nodes/WanVideo/media/pngRows';
import { probe } from '../../../nodes/WanVideo/media/probe';
import { bufferSource } from '../../../nodes/WanVideo/media/source';
import { box } from '../../support/tinyMp4';
import { bytesOf } from './corpus';

afterEach(() => void jest.restoreAllMocks());

const MEGABYTES = (count: number) => count * 1024 * 1024;
const EMPTY_BOXES = Buffer.alloc(MEGABYTES(3), Buffer.from([0, 0, 0, 8, 102, 114, 101, 101]));
const inTables = (content: Buffer) => box('trak', box('mdia', box('minf', box('stbl', content))));
const FILE = Buffer.from(bytesOf('valid/mp4/faststart.mp4'));
const ftyp = FILE.subarray(0, FILE.readUInt32BE(0));
const mdat = box('mdat', Buffer.alloc(100));
const film = (...moov: Uint8Array[]) => Buffer.concat([ftyp, box('moov', ...moov), mdat]);

/** How many numbers are read of it. */
async function steps(bytes: Uint8Array): Promise<number> {
	const u32 = jest.spyOn(Bytes.prototype, 'u32');
	await probe(bufferSource(bytes));
	const { length } = u32.mock.calls;
	u32.mockRestore();
	return length;
}

it.each([
	['in the index', film(EMPTY_BOXES)],
	['in a track', film(box('trak', EMPTY_BOXES))],
	['in the tables of a track', film(inTables(EMPTY_BOXES))],
	[
		'in the tables of sixty tracks',
		film(...Array.from({ length: 60 }, () => inTables(EMPTY_BOXES.subarray(0, 48_000)))),
	],
	[
		'in fragments',
		Buffer.concat([film(box('mvex', EMPTY_BOXES)), box('moof', EMPTY_BOXES.subarray(0, 900_000))]),
	],
])('a hundred thousand empty boxes %s are not walked', async (_, bytes) => {
	expect(await steps(bytes)).toBeLessThan(100_000);
});

/** A PNG with a channel for transparency that is opaque, so that every pixel is looked at. */
function opaque(side: number): Buffer {
	const chunk = (type: string, data: Buffer) => {
		const head = Buffer.alloc(8);
		head.writeUInt32BE(data.length);
		head.write(type, 4);
		return Buffer.concat([head, data, Buffer.alloc(4)]);
	};
	const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0]);
	header.writeUInt32BE(side, 0);
	header.writeUInt32BE(side, 4);
	const rows = Buffer.alloc(side * (side * 4 + 1), 255);
	for (let y = 0; y < side; y += 1) rows[y * (side * 4 + 1)] = 0;
	return Buffer.concat([
		Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(rows, { level: 1 })),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

it('the pixels of a large PNG come in small pieces, with n8n having its turn between them', async () => {
	let inTurn = 0;
	let most = 0;
	let all = 0;
	// oxlint-disable-next-line typescript/unbound-method -- called with its own `this`
	const { push } = RowScan.prototype;
	jest.spyOn(RowScan.prototype, 'push').mockImplementation(function (this: RowScan, bytes) {
		inTurn += bytes.length;
		all += bytes.length;
		most = Math.max(most, inTurn);
		return push.call(this, bytes);
	});
	let over = false;
	const turn = () => {
		inTurn = 0;
		if (!over) setImmediate(turn);
	};
	turn();
	const verdict = await probe(bufferSource(opaque(2000)));
	over = true;
	expect(verdict).toMatchObject({ ok: true, facts: { transparency: 'opaqueChannel' } });
	expect(all).toBe(2000 * 8001);
	expect(most).toBeLessThan(128 * 1024);
});

it('an index over 4 MB is read where covers and notes make it large', async () => {
	const [moovAt, moovBytes] = [
		FILE.indexOf('moov') - 4,
		FILE.readUInt32BE(FILE.indexOf('moov') - 4),
	];
	const index = FILE.subarray(moovAt + 8, moovAt + moovBytes);
	const cover = box('udta', Buffer.alloc(MEGABYTES(5)));
	const rest = FILE.subarray(moovAt + moovBytes);
	const large = Buffer.concat([ftyp, box('moov', cover, index), rest]);
	const plain = await probe(bufferSource(FILE));
	expect(plain.ok).toBe(true);
	expect(await probe(bufferSource(large))).toEqual({
		ok: true,
		facts: { ...(plain.ok && plain.facts), bytes: large.length },
	});
});

describe('planning a film', () => {
	let inTurn = 0;
	let most = 0;
	let all = 0;
	/** Counts what is read of a table. */
	const counted = <Table extends object>(table: Table): Table =>
		new Proxy(table, {
			get: (target, key): unknown => {
				if (typeof key === 'string' && /^\d/.test(key)) {
					inTurn += 1;
					all += 1;
					most = Math.max(most, inTurn);
				}
				return Reflect.get(target, key);
			},
		});
	const tables = <Track extends Pick<Clip['picture'], 'sizes' | 'chunks' | 'isWhole'>>(
		track: Track,
	): Track => ({
		...track,
		sizes: counted(track.sizes),
		chunks: counted(track.chunks),
		isWhole: counted(track.isWhole),
	});
	const seen = ({ picture, sound, bytes }: Clip): Clip => ({
		picture: {
			...tables(picture),
			decode: counted(picture.decode),
			shifts: counted(picture.shifts),
		},
		...(sound && { sound: tables(sound) }),
		bytes,
	});

	/** The same pictures so many times. */
	function longer(clip: Clip, count: number): Clip {
		const { picture } = clip;
		const end = picture.first + (picture.end - picture.first) * (count / picture.count);
		const inChunk = 500;
		const chunks = Array.from({ length: count / inChunk }, (_, i) => ({
			offset: i * inChunk * 10,
			first: i * inChunk,
			count: inChunk,
		}));
		const step = picture.decode[1];
		return {
			picture: {
				...picture,
				...{ count, end, chunks },
				sizes: new Uint32Array(count).fill(10),
				decode: Float64Array.from({ length: count }, (_, i) => i * step),
				shifts: new Int32Array(count),
				isWhole: new Uint8Array(count).fill(1),
			},
			bytes: count * 10,
		};
	}

	it.each(['of a thousand clips', 'of two clips of an hour'])('%s comes in turns', async (kind) => {
		const verdict = await readClip(bufferSource(FILE));
		if (!verdict.ok) throw new Error(verdict.text);
		const { clip } = verdict;
		const clips =
			kind === 'of a thousand clips'
				? Array.from({ length: 1000 }, () => seen(clip))
				: [seen(longer(clip, 90_000)), seen(longer(clip, 90_000))];
		[inTurn, most, all] = [0, 0, 0];
		const film = await filmOf(
			clips.map((one, i) => ({ name: `item ${i}`, clip: one })),
			async () => {
				inTurn = 0;
				await Promise.resolve();
			},
		);
		expect(film).toMatchObject({ ok: true });
		expect(all).toBeGreaterThan(200_000);
		expect(most).toBeLessThan(50_000);
	});
});
