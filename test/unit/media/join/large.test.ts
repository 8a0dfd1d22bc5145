/** Over 4 GB: clips of a size that nobody keeps in a repository, as a source that makes its bytes up. */
import { boxAt, boxesIn } from '../../../../nodes/WanVideo/media/boxes';
import { Bytes } from '../../../../nodes/WanVideo/media/bytes';
import { filmOf } from '../../../../nodes/WanVideo/media/join/film';
import { readClip } from '../../../../nodes/WanVideo/media/join/readClip';
import { bufferSource } from '../../../../nodes/WanVideo/media/source';
import { bytesOf } from '../corpus';

const MEGABYTE = 1024 * 1024;
const GIGABYTE = 1024 * MEGABYTE;

/** Every byte of a clip tells which clip it is. */
async function* madeUp(clip: number, bytes: number): AsyncGenerator<Uint8Array> {
	const piece = new Uint8Array(MEGABYTE).fill(clip + 1);
	for (let left = bytes; left > 0; left -= piece.length)
		yield await Promise.resolve(piece.subarray(0, Math.min(left, piece.length)));
}

/** A clip whose pictures have so many bytes more, the first one all of them. */
async function clipOf(more: number) {
	const verdict = await readClip(bufferSource(bytesOf('valid/mp4/b-frames.mp4')));
	if (!verdict.ok) throw new Error(verdict.text);
	const { clip } = verdict;
	const { picture } = clip;
	const sizes = picture.sizes.map((size, i) => (i === 0 ? size + more : size));
	const chunks = picture.chunks.map((chunk, i) =>
		i === 0 ? chunk : { ...chunk, offset: chunk.offset + more },
	);
	return { picture: { ...picture, sizes, chunks }, bytes: clip.bytes + more };
}

it('three clips of 2 GB are one film of 6 GB: offsets of 64 bits, every byte at its place', async () => {
	const clip = await clipOf(2 * GIGABYTE);
	const clips = ['item 0', 'item 1', 'item 2'].map((name) => ({ name, clip }));
	const verdict = await filmOf(clips, async () => await Promise.resolve());
	if (!verdict.ok) throw new Error(verdict.problems.join());
	const { film } = verdict;
	let head: Uint8Array | undefined;
	let written = 0;
	/** Where the bytes of each clip begin. */
	const begins: number[] = [];
	const open = async (at: number) => await Promise.resolve(madeUp(at, clip.bytes));
	for await (const part of film.write(open)) {
		head ??= part;
		if (part !== head && part[0] === begins.length + 1) begins.push(written);
		written += part.length;
	}
	expect(written).toBe(film.bytes);
	expect(written).toBeGreaterThan(6 * GIGABYTE);
	const boxes = boxesIn(new Bytes(head ?? new Uint8Array(0)));
	expect(boxes.map(({ type }) => type).slice(0, 2)).toEqual(['ftyp', 'moov']);
	const stbl = boxAt(boxes[1].content, 'trak', 'mdia', 'minf', 'stbl');
	if (stbl === undefined) throw new Error('no table');
	expect(boxAt(stbl, 'stco')).toBeUndefined();
	const co64 = boxAt(stbl, 'co64');
	const offsets = Array.from({ length: co64?.u32(4) ?? 0 }, (_, i) => co64?.u64(8 + 8 * i));
	expect(offsets).toHaveLength(3 * clip.picture.chunks.length);
	expect(offsets.filter((_, i) => i % clip.picture.chunks.length === 0)).toEqual(begins);
	// The size of the payload has 64 bits as well.
	const mdat = (head?.length ?? 0) - 16;
	const view = new DataView((head ?? new Uint8Array(0)).buffer, mdat);
	expect(view.getUint32(0)).toBe(1);
	expect(Number(view.getBigUint64(8))).toBe(film.bytes - mdat);
});
