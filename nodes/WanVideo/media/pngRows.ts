/**
 * The rows of a PNG (ISO/IEC 15948, 8 and 9): put together from inflated bytes, unfiltered, and
 * searched for a pixel that is not opaque. Two rows are kept, whatever the picture's size.
 */
import type { Bytes } from './bytes';
import { MediaError } from './source';

export interface PngHeader {
	width: number;
	height: number;
	depth: number;
	colourType: number;
	interlaced: boolean;
	/** Content of tRNS: alphas of the palette, or the one colour that is clear. */
	clear?: Bytes;
}

const GREY = 0;
const RGB = 2;
const PALETTE = 3;
const GREY_ALPHA = 4;
const RGB_ALPHA = 6;
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** First column, first row, and the steps of Adam7's seven pictures. */
const ADAM7 = [
	[0, 0, 8, 8],
	[4, 0, 8, 8],
	[0, 4, 4, 8],
	[2, 0, 4, 4],
	[0, 2, 2, 4],
	[1, 0, 2, 2],
	[0, 1, 1, 2],
] as const;

/** Puts inflated bytes together to rows, undoes their filters and looks for a clear pixel. */
export class RowScan {
	readonly longestRowBytes: number;
	private readonly passes: Array<{ width: number; rows: number; rowBytes: number }>;
	private readonly isClear: (row: Uint8Array, width: number) => boolean;
	private readonly pixelBytes: number;
	private readonly wanted: Wanted;
	private pass = 0;
	private rowsDone = 0;
	/** The filter's number, then the row. */
	private row = new Uint8Array(0);
	private filled = 0;
	private above = new Uint8Array(0);

	constructor(header: PngHeader) {
		const { width, height, interlaced } = header;
		const bits = (SAMPLES[header.colourType] ?? 1) * header.depth;
		this.pixelBytes = Math.max(1, bits >> 3);
		this.wanted = wantedBytes(header, this.pixelBytes);
		const pictures = interlaced
			? ADAM7.map(([x, y, dx, dy]) => [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)])
			: [[width, height]];
		this.passes = pictures
			.filter(([columns, rows]) => columns > 0 && rows > 0)
			.map(([columns, rows]) => ({
				width: columns,
				rows,
				rowBytes: Math.ceil((columns * bits) / 8),
			}));
		this.longestRowBytes = Math.max(...this.passes.map(({ rowBytes }) => rowBytes));
		this.isClear = clearPixelTest(header);
	}

	/** True: a pixel shows through. False: all rows are in and none does. */
	push(bytes: Uint8Array): boolean | undefined {
		for (let at = 0; at < bytes.length; ) {
			const { width, rows, rowBytes } = this.passes[this.pass];
			if (this.rowsDone === 0 && this.filled === 0) {
				this.row = new Uint8Array(rowBytes + 1);
				this.above = new Uint8Array(rowBytes);
			}
			const part = bytes.subarray(at, at + rowBytes + 1 - this.filled);
			this.row.set(part, this.filled);
			this.filled += part.length;
			at += part.length;
			if (this.filled < rowBytes + 1) continue;
			const row = this.row.subarray(1);
			if (this.row[0] > 4) throw new MediaError('corrupt', 'its picture is damaged');
			unfilter(this.row[0], row, this.above, this.pixelBytes, this.wanted);
			if (this.isClear(row, width)) return true;
			this.above.set(row);
			this.filled = 0;
			this.rowsDone += 1;
			if (this.rowsDone < rows) continue;
			this.rowsDone = 0;
			this.pass += 1;
			if (this.pass === this.passes.length) return false;
		}
		return undefined;
	}
}

/** Which bytes of a row have to be unfiltered: `step` apart from each of `offsets` on. */
interface Wanted {
	offsets: readonly number[];
	step: number;
}

/** Filters know no colours, only the same byte of the pixel before: with a channel for transparency that one will do. */
function wantedBytes({ colourType, depth }: PngHeader, pixelBytes: number): Wanted {
	if (colourType !== GREY_ALPHA && colourType !== RGB_ALPHA) return { offsets: [0], step: 1 };
	const alpha = pixelBytes - depth / 8;
	return { offsets: depth === 16 ? [alpha, alpha + 1] : [alpha], step: pixelBytes };
}

/** The five filters: none, left, above, mean of both, Paeth. */
function unfilter(
	filter: number,
	row: Uint8Array,
	above: Uint8Array,
	pixelBytes: number,
	{ offsets, step }: Wanted,
): void {
	if (filter === 0) return;
	for (const offset of offsets) {
		for (let i = offset; i < row.length; i += step) {
			const isFirst = i < pixelBytes;
			const left = isFirst ? 0 : row[i - pixelBytes];
			if (filter === 1) row[i] += left;
			else if (filter === 2) row[i] += above[i];
			else if (filter === 3) row[i] += (left + above[i]) >> 1;
			else row[i] += paeth(left, above[i], isFirst ? 0 : above[i - pixelBytes]);
		}
	}
}

/** Whichever of the three is nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
	const toLeft = distance(above, corner);
	const toAbove = distance(left, corner);
	const toCorner = distance(left + above, corner + corner);
	if (toLeft <= toAbove && toLeft <= toCorner) return left;
	return toAbove <= toCorner ? above : corner;
}

function distance(a: number, b: number): number {
	return a > b ? a - b : b - a;
}

function clearPixelTest(header: PngHeader): (row: Uint8Array, width: number) => boolean {
	const { colourType, depth, clear } = header;
	const sampleBytes = depth / 8;
	if (colourType === PALETTE) {
		const alphas = clear?.raw ?? new Uint8Array(0);
		return anySample(depth, (index) => index < alphas.length && alphas[index] !== 255);
	}
	if (colourType === GREY) {
		const key = clear !== undefined && clear.length >= 2 ? clear.u16(0) : -1;
		return anySample(depth, (value) => value === key);
	}
	if (colourType === RGB) {
		const step = 3 * sampleBytes;
		const key = [...(clear?.raw ?? [])].filter((_, i) => depth === 16 || i % 2 === 1);
		return (row) => {
			if (key.length < step) return false;
			for (let at = 0; at < row.length; at += step) {
				let same = 0;
				while (same < step && row[at + same] === key[same]) same += 1;
				if (same === step) return true;
			}
			return false;
		};
	}
	const step = (colourType === GREY_ALPHA ? 2 : 4) * sampleBytes;
	return (row) => {
		for (let at = step - sampleBytes; at < row.length; at += step)
			if (row[at] !== 255 || row[at + sampleBytes - 1] !== 255) return true;
		return false;
	};
}

/** Whether any sample of a row with one sample a pixel passes the test. */
function anySample(depth: number, test: (value: number) => boolean) {
	return (row: Uint8Array, width: number): boolean => {
		for (let x = 0; x < width; x += 1) {
			const at = (x * depth) >> 3;
			const value =
				depth === 16
					? (row[x * 2] << 8) | row[x * 2 + 1]
					: (row[at] >> (8 - depth - ((x * depth) & 7))) & ((1 << depth) - 1);
			if (test(value)) return true;
		}
		return false;
	};
}
