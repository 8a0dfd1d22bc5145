/** A large clip passes through a stream: what is held of it at any moment stays small. */
import { probe } from '../../../nodes/WanVideo/media/probe';
import { streamSource } from '../../../nodes/WanVideo/media/source';
import { moov } from '../../support/tinyMp4';
import { bytesOf } from './corpus';

const CHUNK_BYTES = 64 * 1024;
const CLIP_BYTES = 95_000_000;
const MAX_KEPT_BYTES = 1_000_000;

/** A 95 MB clip with its index at the end, made as it is read. */
function largeClip() {
	const ftyp = Buffer.from('\0\0\0\x10ftypisom\0\0\0\0', 'latin1');
	const index = moov({ width: 1920, height: 1080, durationSeconds: 10, audio: true });
	const dataHeader = Buffer.alloc(8);
	dataHeader.writeUInt32BE(CLIP_BYTES - ftyp.length - index.length, 0);
	dataHeader.write('mdat', 4, 'latin1');
	const front = Buffer.concat([ftyp, dataHeader]);
	const data = CLIP_BYTES - front.length - index.length;
	return {
		size: CLIP_BYTES,
		*pieces() {
			yield front;
			for (let left = data; left > 0; left -= CHUNK_BYTES)
				yield Buffer.alloc(Math.min(CHUNK_BYTES, left), 0x5a);
			yield index;
		},
	};
}

/** Probes pieces as a stream and notes the most that was kept at once. */
async function probeNoting(pieces: Iterable<Uint8Array>, size?: number) {
	const seen = { kept: 0, bytes: 0 };
	async function* chunks() {
		for (const piece of pieces) {
			seen.kept = Math.max(seen.kept, source.keptBytes);
			seen.bytes += piece.length;
			yield await Promise.resolve(piece);
		}
	}
	const source = streamSource(chunks(), size);
	const verdict = await probe(source);
	seen.kept = Math.max(seen.kept, source.keptBytes);
	await source.close();
	return { verdict, ...seen };
}

it.each([
	['told', CLIP_BYTES],
	['not told', undefined],
])(
	'a 95 MB clip with its index at the end, its size %s, keeps under 1 MB',
	async (_label, size) => {
		const { verdict, kept, bytes } = await probeNoting(largeClip().pieces(), size);
		expect(verdict).toMatchObject({
			ok: true,
			facts: { format: 'mp4', width: 1920, height: 1080, hasAudio: true },
		});
		expect(bytes).toBe(CLIP_BYTES);
		expect(kept).toBeLessThanOrEqual(MAX_KEPT_BYTES);
	},
);

it('15 MB of sound without a tag, read frame by frame, keeps under 1 MB', async () => {
	const sound = bytesOf('valid/mp3/cbr-bare.mp3');
	const times = Math.ceil(15_000_000 / sound.length);
	const { verdict, kept } = await probeNoting(
		Array<Uint8Array>(times).fill(sound),
		times * sound.length,
	);
	expect(verdict).toMatchObject({ ok: true, facts: { format: 'mp3', truncated: false } });
	expect(kept).toBeLessThanOrEqual(MAX_KEPT_BYTES);
});

it('a clip with its index in front is left as soon as the index is read', async () => {
	const front = Buffer.from(bytesOf('valid/mp4/faststart.mp4'));
	const mdatAt = front.indexOf('mdat') - 4;
	front.writeUInt32BE(CLIP_BYTES - mdatAt, mdatAt);
	function* pieces() {
		yield front;
		for (;;) yield new Uint8Array(CHUNK_BYTES);
	}
	const { verdict, bytes } = await probeNoting(pieces(), CLIP_BYTES);
	expect(verdict).toMatchObject({ ok: true, facts: { format: 'mp4', truncated: false } });
	expect(bytes).toBeLessThan(300_000);
});
