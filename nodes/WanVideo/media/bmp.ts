/** BMP: the header of OS/2 and of Windows 3 to 5, pixels bottom-up or top-down. */
import type { Details } from './facts';
import type { Reader } from './reader';
import { MediaError } from './source';

const FILE_HEADER_BYTES = 14;
const OS2_HEADER_BYTES = 12;
const UNCOMPRESSED = 0;
const BIT_FIELDS = [3, 6];
const BITS = [0, 1, 2, 4, 8, 16, 24, 32];

/** Reads a BMP that begins with "BM". */
export async function bmpFacts(reader: Reader): Promise<Details> {
	const file = await reader.need(0, FILE_HEADER_BYTES + 4);
	const headerBytes = file.u32le(FILE_HEADER_BYTES);
	const header = await reader.need(FILE_HEADER_BYTES, Math.min(headerBytes, 124));
	const old = headerBytes === OS2_HEADER_BYTES;
	const width = old ? header.u16le(4) : header.i32le(4);
	// A negative height means that the rows go from top to bottom.
	const height = old ? header.u16le(6) : Math.abs(header.i32le(8));
	const bits = header.u16le(old ? 10 : 14);
	const compression = headerBytes >= 40 ? header.u32le(16) : UNCOMPRESSED;
	if (width <= 0 || height === 0) throw new MediaError('corrupt', 'it has a size of zero');
	if (!BITS.includes(bits)) throw new MediaError('corrupt', 'its header is damaged');
	const rowBytes = Math.ceil((width * bits) / 32) * 4;
	const plain = compression === UNCOMPRESSED || BIT_FIELDS.includes(compression);
	const end = plain ? file.u32le(10) + rowBytes * height : file.u32le(2);
	// Bytes 52 to 55: which bits of a pixel are its alpha.
	const alpha = headerBytes >= 56 && BIT_FIELDS.includes(compression) && header.u32le(52) !== 0;
	return {
		width,
		height,
		transparency: alpha ? 'unknown' : 'none',
		truncated: reader.size === undefined ? undefined : reader.endsBefore(end),
	};
}

/** Whether bytes after "BM" can be a BMP's header: many texts begin like that too. */
export function isBmpHeader(headerBytes: number): boolean {
	return headerBytes === OS2_HEADER_BYTES || (headerBytes >= 16 && headerBytes <= 256);
}
