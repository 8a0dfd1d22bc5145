// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** Damaged and hostile tables: each clip is refused in words or joined, the film is no larger than its clips, and little is read or held. */
import { type FilmVerdict, filmOf } from '../../../../nodes/WanVideo/media/join/film';
import { piecesOf } from '../../../../nodes/WanVideo/media/join/order';
import { readClip } from '../../../../nodes/WanVideo/media/join/readClip';
import { MediaError, streamSource } from '../../../../nodes/WanVideo/media/source';
import { bytesOf, filesIn, inChunks } from '../corpus';

const GOOD = Buffer.from(bytesOf('valid/mp4/faststart.mp4'));
const BEHIND = Buffer.from(bytesOf('valid/mp4/moov-last.mp4'));
const B_FRAMES = Buffer.from(bytesOf('valid/mp4/b-frames.mp4'));
/** Of a film's index: some 20 for each sample, of which a small file cannot have more than bytes. */
const MOST_INDEX_BYTES = 200_000;
/**
 * Silence is as long as the pictures say that they stay, which can be hours: a frame of it has 5 bytes and 4
 * in the index (stereo), of 48,000 samples in a second.
 */
const SILENCE_BYTES_A_SECOND = (48_000 / 1024) * 10;

const goodClip = readClip(streamSource(inChunks(GOOD, 4096), GOOD.length));

async function planWith(bytes: Uint8Array, size?: number): Promise<FilmVerdict> {
	const verdict = await readClip(streamSource(inChunks(bytes, 4096), size));
	if (!verdict.ok) return { ok: false, problems: [verdict.text] };
	const good = await goodClip;
	if (!good.ok) throw new Error(good.text);
	return await filmOf(
		[
			{ name: 'item 0', clip: good.clip },
			{ name: 'item 1', clip: verdict.clip },
		],
		async () => await Promise.resolve(),
	);
}

/** Joins a good clip and this one: the words of the refusal, or "joined". */
async function attempt(
	bytes: Uint8Array,
	size: number | undefined = bytes.length,
): Promise<string> {
	const verdict = await planWith(bytes, size);
	if (!verdict.ok) return verdict.problems.join('. ');
	let written = 0;
	const open = async (clip: number) =>
		await Promise.resolve(inChunks(clip === 0 ? GOOD : bytes, 4096));
	try {
		for await (const part of verdict.film.write(open)) written += part.length;
	} catch (error) {
		expect(error).toBeInstanceOf(MediaError);
		return (error as MediaError).message;
	}
	expect(written).toBe(verdict.film.bytes);
	const silence = verdict.film.durationSeconds * SILENCE_BYTES_A_SECOND;
	expect(written).toBeLessThan(GOOD.length + bytes.length + MOST_INDEX_BYTES + silence);
	return 'joined';
}

const typeAt = (bytes: Buffer, type: string, nth = 0) => {
	let at = -1;
	for (let i = 0; i <= nth; i += 1) at = bytes.indexOf(type, at + 1);
	return at;
};
/** Writes numbers of 32 bits at a distance from the name of a box. */
function patched(type: string, ...edits: Array<[number, number]>): Buffer {
	const copy = Buffer.from(GOOD);
	for (const [at, value] of edits) copy.writeUInt32BE(value >>> 0, typeAt(GOOD, type) + at);
	return copy;
}
/** The fourth row of `ctts` is a picture that is shown this much later, and the edit goes on to the end. */
function laterShown(seconds: number): Buffer {
	const ticks = B_FRAMES.readUInt32BE(typeAt(B_FRAMES, 'mdhd') + 16);
	const copy = Buffer.from(B_FRAMES);
	copy.writeUInt32BE(seconds * ticks, typeAt(B_FRAMES, 'ctts') + 12 + 8 * 3 + 4);
	copy.writeUInt32BE(0, typeAt(B_FRAMES, 'elst') + 12);
	return copy;
}
const MOST = 0xffffffff;
const eightByteBoxes = Buffer.concat([
	GOOD.subarray(0, GOOD.readUInt32BE(0)),
	Buffer.alloc(8 * 100_000, Buffer.from([0, 0, 0, 8, 102, 114, 101, 101])),
]);

it.each([
	['nothing', Buffer.alloc(0), /empty/],
	['a web page', Buffer.from('<html>not found</html>'), /web page/],
	[
		'zeros',
		Buffer.concat([GOOD.subarray(0, 32), Buffer.alloc(1_000_000)]),
		/too (much|many)|damaged|complete|index/,
	],
	['very many boxes', eightByteBoxes, /too (much|many)/],
	['a cut index', GOOD.subarray(0, 600), /not complete/],
	['cut pictures', GOOD.subarray(0, GOOD.length - 500), /not complete/],
	[
		'no index any more',
		BEHIND.subarray(0, typeAt(BEHIND, 'moov') - 4),
		/not complete|damaged|index/,
	],
	['an index of 4 GB', patched('moov', [-4, MOST]), /not complete/],
	['a track without a size', patched('trak', [-4, 7]), /no moving pictures|damaged/],
	['4 billion samples', patched('stsz', [12, MOST]), /damaged/],
	['4 billion samples of one byte', patched('stsz', [8, 1], [12, MOST]), /too long/],
	['many samples of one size', patched('stsz', [8, 1000], [12, 99_999]), /damaged/],
	['a sample of 4 GB', patched('stsz', [16, MOST]), /not complete/],
	['4 billion rows of times', patched('stts', [8, MOST]), /damaged/],
	['a picture of 49 days', patched('stts', [16, MOST]), /impossible length/],
	['pictures without a length', patched('stts', [16, 0]), /impossible length|not to be shown/],
	['4 billion rows of chunks', patched('stsc', [8, MOST]), /damaged/],
	['no samples in a chunk', patched('stsc', [16, 0]), /damaged/],
	['a description that is not there', patched('stsc', [20, 9]), /damaged|coding changes/],
	['4 billion chunks', patched('stco', [8, MOST]), /damaged/],
	['a chunk outside', patched('stco', [12, 0xfffffff0]), /not complete/],
	[
		'a chunk over the others',
		patched('stco', [12, typeAt(GOOD, 'mdat') + 600]),
		/order|complete|joined/,
	],
	['4 billion edits', patched('elst', [8, MOST]), /damaged/],
	['a picture shown an hour after its turn', laterShown(3600), /impossible length/],
	['an edit far behind', patched('elst', [16, 2_000_000_000]), /not to be shown/],
	['49 days of nothing first', patched('elst', [12, MOST], [16, MOST]), /joined|shown/],
	['no ticks in a second', patched('mdhd', [16, 0]), /damaged/],
	['4 billion ticks in a second', patched('mdhd', [16, MOST]), /.+/],
	['a prime of ticks', patched('mdhd', [16, 99_999_989]), /.+/],
] as Array<[string, Buffer, RegExp]>)('%s', async (_, bytes, words) => {
	expect(await attempt(bytes)).toMatch(words);
	// A store that does not tell the size gives no other end than words.
	expect(await attempt(bytes, undefined)).not.toBe('');
});

it('the sizes in front of what an edit shows are not added up for each chunk', async () => {
	const good = await goodClip;
	if (!good.ok || good.clip.sound === undefined) throw new Error('It has a sound');
	const { picture, sound } = good.clip;
	let reads = 0;
	const sizes = new Proxy(sound.sizes, {
		get(target, name) {
			reads += 1;
			return Reflect.get(target, name, target) as unknown;
		},
	});
	for (const first of [0, sizes.length - 1, 1_000_000]) {
		reads = 0;
		const run = { before: 0, first, last: first + 1, after: 0 };
		const pieces = [...piecesOf({ picture, sound: { ...sound, sizes } }, run, undefined)];
		const sounds = pieces.filter(({ kind }) => kind === 'sound');
		expect(sounds).toHaveLength(first < sound.sizes.length ? 1 : 0);
		expect(reads).toBeLessThanOrEqual(sound.sizes.length + 1);
	}
});

it.each([...filesIn('valid'), ...filesIn('invalid'), ...filesIn('hostile')])(
	'%s ends in words or in a film',
	async (name) => {
		expect(await attempt(bytesOf(name))).not.toBe('');
	},
);

/** Numbers in [0, below), the same for the same seed (mulberry32). */
function dice(seed: number) {
	let state = seed >>> 0;
	return (below: number) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}

it('indexes with a few numbers changed, from a seed', async () => {
	const roll = dice(Number(process.env.FUZZ_SEED ?? 16));
	const runs = Number(process.env.JOIN_FUZZ_RUNS ?? 1_500);
	const hurting = [0, 1, 0x7fffffff, 0x80000000, MOST, 0xfffffff0, 8, 65_536];
	const ends = { joined: 0, refused: 0 };
	for (let run = 0; run < runs; run += 1) {
		const bytes = Buffer.from([GOOD, BEHIND, B_FRAMES][roll(3)]);
		const moov = typeAt(bytes, 'moov');
		const room = bytes.readUInt32BE(moov - 4) - 12;
		for (let changes = roll(4) + 1; changes > 0; changes -= 1) {
			const at = moov + 4 + roll(room);
			if (roll(2) === 0) bytes[at] = roll(256);
			else bytes.writeUInt32BE(hurting[roll(hurting.length)], Math.min(at, bytes.length - 4));
		}
		const end = await attempt(bytes);
		ends[end === 'joined' ? 'joined' : 'refused'] += 1;
	}
	expect(ends.joined).toBeGreaterThan(runs / 10);
	expect(ends.refused).toBeGreaterThan(runs / 10);
}, 120_000);
