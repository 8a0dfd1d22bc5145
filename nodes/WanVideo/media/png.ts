/** PNG (ISO/IEC 15948): header and chunks up to the picture's data, then whether it really shows through. */
import type { Details, Transparency } from './facts';
import { showsThrough } from './pngPixels';
import type { PngHeader } from './pngRows';
import type { Reader } from './reader';
import { MediaError } from './source';

const SIGNATURE_BYTES = 8;
/** Length and type before a chunk's content, CRC after it. */
const CHUNK_HEADER_BYTES = 8;
const CHUNK_EXTRA_BYTES = 12;
const MAX_CHUNKS = 5000;
const MAX_SIDE = 0x7fffffff;
/** Bit depths that each colour type may have. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
	0: [1, 2, 4, 8, 16],
	2: [8, 16],
	3: [1, 2, 4, 8],
	4: [8, 16],
	6: [8, 16],
};

/** Reads a PNG that begins with its signature. */
export async function pngFacts(reader: Reader): Promise<Details> {
	let at = SIGNATURE_BYTES;
	let header: PngHeader | undefined;
	let animated = false;
	/** Apple's own kind, which hardly anything else can decode. */
	let apple = false;
	for (let count = 0; count < MAX_CHUNKS; count += 1) {
		const chunk = await reader.need(at, CHUNK_HEADER_BYTES);
		const length = chunk.u32(0);
		const type = chunk.text(4, 4);
		if (length > MAX_SIDE) throw new MediaError('corrupt', 'a part of it has an impossible size');
		if (type === 'CgBI') apple = true;
		else if (header === undefined) header = await readHeader(reader, at, type, length);
		if (type === 'acTL') animated = true;
		if (type === 'tRNS' && header !== undefined)
			header.clear = await reader.need(at + CHUNK_HEADER_BYTES, Math.min(length, 256));
		if (type === 'IEND') break;
		if (type === 'IDAT' && header !== undefined) {
			const { width, height } = header;
			const transparency = apple ? 'unknown' : await transparencyOf(reader, at, header);
			const truncated = await lacksEnd(reader, at);
			return { width, height, transparency, animated, truncated };
		}
		at += CHUNK_EXTRA_BYTES + length;
	}
	throw new MediaError('corrupt', 'it holds no picture');
}

async function readHeader(
	reader: Reader,
	at: number,
	type: string,
	length: number,
): Promise<PngHeader> {
	if (type !== 'IHDR' || length !== 13) {
		throw new MediaError('corrupt', 'its header is missing');
	}
	const content = await reader.need(at + CHUNK_HEADER_BYTES, length);
	const [width, height] = [content.u32(0), content.u32(4)];
	const [depth, colourType] = [content.u8(8), content.u8(9)];
	if (width === 0 || height === 0) throw new MediaError('corrupt', 'it has a size of zero');
	if (width > MAX_SIDE || height > MAX_SIDE || DEPTHS[colourType]?.includes(depth) !== true) {
		throw new MediaError('corrupt', 'its header is damaged');
	}
	return { width, height, depth, colourType, interlaced: content.u8(12) === 1 };
}

async function transparencyOf(
	reader: Reader,
	dataAt: number,
	header: PngHeader,
): Promise<Transparency> {
	const hasChannel = header.colourType === 4 || header.colourType === 6;
	if (!hasChannel && header.clear === undefined) return 'none';
	const visible = await showsThrough(reader, dataAt, header);
	if (visible === undefined) return 'unknown';
	return visible ? 'visible' : 'opaqueChannel';
}

/** The end chunk stands last; where it is not among the last bytes, the picture is cut off. */
async function lacksEnd(reader: Reader, from: number): Promise<boolean | undefined> {
	const tail = await reader.tail(from);
	if (tail === undefined) return undefined;
	for (let at = tail.length - 8; at >= 0; at -= 1)
		if (tail.raw[at] === 0x49 && tail.text(at, 4) === 'IEND') return false;
	return true;
}
