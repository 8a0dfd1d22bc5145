/** WEBP (RFC 9649): lossy, lossless and extended, animated ones, and the EXIF rotation at the end. */
import { isTurned, shown } from './exif';
import type { Details } from './facts';
import type { Reader } from './reader';
import { MediaError } from './source';

const FIRST_CHUNK_AT = 12;
const MAX_CHUNKS = 1000;
const EXIF_FLAG = 0x08;
const ALPHA_FLAG = 0x10;
const ANIMATION_FLAG = 0x02;

/** Reads a RIFF file of the form WEBP. */
export async function webpFacts(reader: Reader): Promise<Details> {
	const riffEnd = 8 + (await reader.need(0, FIRST_CHUNK_AT)).u32le(4);
	const first = await reader.need(FIRST_CHUNK_AT, 18);
	const type = first.text(0, 4);
	const truncated = reader.size === undefined ? undefined : reader.endsBefore(riffEnd);
	if (type === 'VP8 ') {
		if (first.u24le(11) !== 0x2a019d) throw new MediaError('corrupt', 'its picture is damaged');
		const [width, height] = [first.u16le(14) & 0x3fff, first.u16le(16) & 0x3fff];
		return sized({ width, height, transparency: 'none', animated: false, codec: 'vp8', truncated });
	}
	if (type === 'VP8L') {
		if (first.u8(8) !== 0x2f) throw new MediaError('corrupt', 'its picture is damaged');
		const bits = first.u32le(9);
		const [width, height] = [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
		const transparency = ((bits >>> 28) & 1) === 1 ? 'unknown' : 'none';
		return sized({ width, height, transparency, animated: false, codec: 'vp8l', truncated });
	}
	if (type !== 'VP8X') throw new MediaError('corrupt', 'it holds no picture');
	const flags = first.u8(8);
	const walk = await walkChunks(reader, riffEnd, (flags & EXIF_FLAG) !== 0);
	if (walk.codec === undefined && truncated === false)
		throw new MediaError('corrupt', 'it holds no picture');
	return {
		...shown(first.u24le(12) + 1, first.u24le(15) + 1, walk.turned),
		transparency: (flags & ALPHA_FLAG) === 0 ? 'none' : 'unknown',
		animated: (flags & ANIMATION_FLAG) !== 0,
		codec: walk.codec,
		truncated,
	};
}

function sized(details: Details): Details {
	if (details.width === 0 || details.height === 0)
		throw new MediaError('corrupt', 'it has a size of zero');
	return details;
}

/** Finds the picture and, where the header announces it, the EXIF chunk that comes after. */
async function walkChunks(reader: Reader, riffEnd: number, hasExif: boolean) {
	let codec: string | undefined;
	let at = FIRST_CHUNK_AT;
	for (let count = 0; count < MAX_CHUNKS && at < riffEnd; count += 1) {
		const chunk = await reader.at(at, 8);
		if (chunk.length < 8) break;
		const [type, length] = [chunk.text(0, 4), chunk.u32le(4)];
		if (type === 'VP8 ' || type === 'ANMF') codec ??= 'vp8';
		if (type === 'VP8L') codec ??= 'vp8l';
		if (type === 'EXIF') {
			const content = await reader.at(at + 8, length);
			// Some writers keep JPEG's prefix.
			const tiff = content.text(0, 6) === 'Exif\0\0' ? content.part(6) : content;
			return { codec, turned: isTurned(tiff) };
		}
		if (codec !== undefined && !hasExif) break;
		at += 8 + length + (length & 1);
	}
	return { codec, turned: false };
}
