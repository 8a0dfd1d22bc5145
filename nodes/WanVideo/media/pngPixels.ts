/**
 * Whether any pixel of a PNG shows through. The picture is inflated by the runtime's own
 * DecompressionStream, within limits, and looked at row by row; it is left at the first such pixel.
 */
import { type PngHeader, RowScan } from './pngRows';
import { LARGE_BLOCK_BYTES, type Reader } from './reader';

const PALETTE = 3;
/** 8000 x 8000 pixels with 8 bits of red, green, blue and alpha, and some more; takes about a second. */
const MAX_INFLATED_BYTES = 300_000_000;
const MAX_ROW_BYTES = 4 * 1024 * 1024;
const CHUNK_EXTRA_BYTES = 12;
/** Undefined where it cannot be told: damaged, cut off, too large, or more than may be read. */
export async function showsThrough(
	reader: Reader,
	dataAt: number,
	header: PngHeader,
): Promise<boolean | undefined> {
	const { colourType, clear } = header;
	if (colourType === PALETTE && clear?.raw.every((alpha) => alpha === 255) === true) return false;
	const scan = new RowScan(header);
	if (scan.longestRowBytes > MAX_ROW_BYTES) return undefined;
	const inflate = new DecompressionStream('deflate');
	const feeding = feed(reader, dataAt, inflate.writable.getWriter());
	const rows: ReadableStreamDefaultReader<Uint8Array> = inflate.readable.getReader();
	let visible: boolean | undefined;
	let inflated = 0;
	try {
		// However much there is: a clear pixel among the first decides.
		while (visible === undefined && inflated <= MAX_INFLATED_BYTES) {
			const { done, value } = await rows.read();
			if (done) break;
			inflated += value.length;
			visible = scan.push(value);
		}
	} catch {
		// Damaged data: what was decided before it stands, nothing else does.
	}
	await rows.cancel().catch(() => {});
	await feeding;
	return visible;
}

/** Hands the content of all IDAT chunks to the inflater; ends when the inflater has enough. */
async function feed(
	reader: Reader,
	dataAt: number,
	writer: WritableStreamDefaultWriter,
): Promise<void> {
	try {
		for (let at = dataAt; ; ) {
			const chunk = await reader.at(at, 8, LARGE_BLOCK_BYTES);
			if (chunk.length < 8 || chunk.text(4, 4) !== 'IDAT') break;
			const end = at + 8 + chunk.u32(0);
			for (let from = at + 8; from < end; ) {
				const length = Math.min(LARGE_BLOCK_BYTES, end - from);
				const content = await reader.at(from, length, LARGE_BLOCK_BYTES);
				if (content.length === 0) break;
				await writer.write(content.raw.slice());
				from += content.length;
			}
			at = end + CHUNK_EXTRA_BYTES - 8;
		}
		await writer.close();
	} catch (error) {
		await writer.abort(error).catch(() => {});
	}
}
