/** JPEG (ITU-T T.81): segments up to the frame header, the EXIF rotation on the way, and the end marker. */
import { isTurned, shown } from './exif';
import type { Details } from './facts';
import type { Reader } from './reader';
import { MediaError } from './source';

const MAX_SEGMENTS = 2000;
const MAX_FILL_BYTES = 4096;
const LONG_TAIL_BYTES = 16 * 1024;

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
const JPEG_LS = 0xf7;
/** Frames of lossless pictures: SOF3, 7, 11 and 15. */
const LOSSLESS = new Set([0xc3, 0xc7, 0xcb, 0xcf]);
/** What follows 0xFF in a picture besides restart markers: a plain 0xFF, fill, tables, the next scan. */
const WITHIN_PICTURE = new Set([0x00, 0xff, 0xc4, START_OF_SCAN, 0xdb, 0xdd]);

/** Reads a JPEG that begins with its start marker. */
export async function jpegFacts(reader: Reader): Promise<Details> {
	let turned = false;
	let at = 2;
	for (let segment = 0; segment < MAX_SEGMENTS; segment += 1) {
		at = await markerAt(reader, at);
		const marker = (await reader.need(at, 2)).u8(1);
		if (standsAlone(marker)) {
			at += 2;
			continue;
		}
		if (marker === END_OF_IMAGE || marker === START_OF_SCAN) break;
		const length = (await reader.need(at + 2, 2)).u16(0);
		if (length < 2) throw new MediaError('corrupt', 'a part of it has an impossible size');
		if (marker === APP1) {
			const app = await reader.at(at + 4, length - 2);
			if (app.text(0, 6) === 'Exif\0\0') turned ||= isTurned(app.part(6));
		}
		if (marker === JPEG_LS) return { format: 'jpeg-ls' };
		if (LOSSLESS.has(marker)) return { format: 'lossless jpeg' };
		if (isFrame(marker)) {
			const frame = await reader.need(at + 4, 6);
			const [width, height] = [frame.u16(3), frame.u16(1)];
			if (width === 0 || height === 0) throw new MediaError('corrupt', 'it has a size of zero');
			const truncated = await lacksEnd(reader, at + 2 + length);
			const codec = marker === 0xc2 || marker === 0xca ? 'progressive' : 'baseline';
			return { ...shown(width, height, turned), transparency: 'none', codec, truncated };
		}
		at += 2 + length;
	}
	throw new MediaError('corrupt', 'it holds no picture');
}

/** The position of the next marker's 0xFF, past fill bytes and the few stray ones that all decoders pass over. */
async function markerAt(reader: Reader, from: number): Promise<number> {
	const bytes = await reader.at(from, MAX_FILL_BYTES);
	if (bytes.length < 2) throw new MediaError('truncated', 'it ends before its picture begins');
	const { raw } = bytes;
	for (let at = raw.indexOf(0xff); at >= 0 && at + 1 < raw.length; at = raw.indexOf(0xff, at + 1))
		if (raw[at + 1] !== 0xff && raw[at + 1] !== 0) return from + at;
	if (bytes.length < MAX_FILL_BYTES) throw new MediaError('truncated', 'it ends too early');
	throw new MediaError('corrupt', 'it is damaged before its picture');
}

function standsAlone(marker: number): boolean {
	return marker === 0xd8 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** SOF0 to SOF15; three numbers of that row are tables. */
function isFrame(marker: number): boolean {
	return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/**
 * Whether the file stops inside its picture: the last bytes hold no end marker, and nothing but
 * compressed data, in which 0xFF is always followed by one of a few (T.81 B.1.1.2). Phones append
 * whole videos behind the end marker; their bytes give themselves away.
 */
async function lacksEnd(reader: Reader, from: number): Promise<boolean | undefined> {
	const raw = (await reader.tail(from))?.raw;
	if (raw === undefined) return undefined;
	// Compressed data of this length has some; what has none was appended.
	if (raw.length >= LONG_TAIL_BYTES && !raw.includes(0xff)) return false;
	for (let at = raw.indexOf(0xff); at >= 0; at = raw.indexOf(0xff, at + 1)) {
		const next = raw[at + 1];
		if (next !== undefined && !WITHIN_PICTURE.has(next) && !standsAlone(next)) return false;
	}
	return true;
}
