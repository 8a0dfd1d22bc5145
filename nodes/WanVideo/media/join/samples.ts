/**
 * The tables of one track (ISO/IEC 14496-12, 8.6 and 8.7): how long each sample is, how many bytes it
 * has and where they lie. A sample is a picture, or a frame of sound. Counts are held to what the box
 * and the file have room for before any memory is taken.
 */
import { boxAt } from '../boxes';
import type { Bytes } from '../bytes';
import { MediaError } from '../source';
import { incomplete } from './clipIndex';
import { damaged, unfit } from './unfit';

/** Two hours at 60 pictures a second. */
const MAX_SAMPLES = 500_000;
/** Planned at once, well under a millisecond's work; then whoever else is in n8n has a turn. */
export const SAMPLES_IN_A_TURN = 4096;

/** Samples that lie in the file one behind the other. */
export interface Chunk {
	/** Of the file. */
	offset: number;
	/** Position of its first sample. */
	first: number;
	count: number;
}

/** Times are in the track's own ticks. */
export interface Samples {
	count: number;
	/** Bytes of each. */
	sizes: Uint32Array;
	durations: Uint32Array;
	/** From decoding to showing. */
	shifts: Int32Array;
	/** 1 where a player can begin. */
	isWhole: Uint8Array;
	/** In the order of the samples. */
	chunks: Chunk[];
	/** Which of the track's descriptions all of them go by, from 1. */
	entry: number;
}

/** Reads the tables in `stbl`; undefined where the track is empty. Throws MediaError. */
export function samplesOf(stbl: Bytes, fileBytes: number): Samples | undefined {
	const sizes = sizesOf(need(stbl, 'stsz'), fileBytes);
	const count = sizes.length;
	if (count === 0) return undefined;
	const durations = new Uint32Array(count);
	if (fill(durations, need(stbl, 'stts'), 'unsigned') < count) throw damaged();
	const shifts = new Int32Array(count);
	const ctts = boxAt(stbl, 'ctts');
	// Version 0 is unsigned by the standard, yet writers put negative numbers there, and players take them.
	if (ctts !== undefined) fill(shifts, ctts, 'signed');
	return {
		count,
		sizes,
		durations,
		shifts,
		isWhole: wholeOnes(stbl, count),
		...chunksOf(stbl, sizes, fileBytes),
	};
}

/** Content of a box that has to be there. */
export function need(content: Bytes, ...path: string[]): Bytes {
	const found = boxAt(content, ...path);
	if (found === undefined) throw unfit(`its index has no '${path[path.length - 1]}'`);
	return found;
}

/** Rows of a table behind a count, never more than the box has room for. */
export function rowsOf(table: Bytes, rowBytes: number, countAt = 4): number {
	const rows = table.u32(countAt);
	if (rows * rowBytes > table.length - countAt - 4) throw damaged();
	return rows;
}

function sizesOf(stsz: Bytes, fileBytes: number): Uint32Array {
	const same = stsz.u32(4);
	const count = same === 0 ? rowsOf(stsz, 4, 8) : stsz.u32(8);
	if (count > MAX_SAMPLES) throw new MediaError('tooMuch', 'it is too long');
	if (count * same > fileBytes) throw damaged();
	const sizes = new Uint32Array(count).fill(same);
	if (same === 0) for (let i = 0; i < count; i += 1) sizes[i] = stsz.u32(12 + 4 * i);
	return sizes;
}

/** Unrolls rows of count and value (`stts`, `ctts`); returns how many samples they reach. */
function fill(into: Uint32Array | Int32Array, table: Bytes, kind: 'signed' | 'unsigned'): number {
	const rows = rowsOf(table, 8);
	let at = 0;
	for (let row = 0; row < rows && at < into.length; row += 1) {
		const end = Math.min(into.length, at + table.u32(8 + 8 * row));
		const valueAt = 12 + 8 * row;
		into.fill(kind === 'signed' ? table.i32(valueAt) : table.u32(valueAt), at, end);
		at = end;
	}
	return at;
}

/** Without `stss` every sample is one to begin with (8.6.2). */
function wholeOnes(stbl: Bytes, count: number): Uint8Array {
	const stss = boxAt(stbl, 'stss');
	if (stss === undefined) return new Uint8Array(count).fill(1);
	const whole = new Uint8Array(count);
	const rows = rowsOf(stss, 4);
	for (let row = 0; row < rows; row += 1) whole[stss.u32(8 + 4 * row) - 1] = 1;
	return whole;
}

function chunksOf(
	stbl: Bytes,
	sizes: Uint32Array,
	fileBytes: number,
): Pick<Samples, 'chunks' | 'entry'> {
	const stsc = need(stbl, 'stsc');
	const long = boxAt(stbl, 'co64');
	const offsets = long ?? need(stbl, 'stco');
	const total = rowsOf(offsets, long === undefined ? 4 : 8);
	const rows = rowsOf(stsc, 12);
	const chunks: Chunk[] = [];
	let entry: number | undefined;
	let first = 0;
	for (let row = 0; row < rows && first < sizes.length; row += 1) {
		const at = 8 + 12 * row;
		const from = stsc.u32(at);
		const to = row + 1 < rows ? Math.min(stsc.u32(at + 12), total + 1) : total + 1;
		const perChunk = stsc.u32(at + 4);
		entry ??= stsc.u32(at + 8);
		if (entry !== stsc.u32(at + 8)) throw unfit('its coding changes in the middle');
		if (perChunk === 0 || from === 0 || from > to) throw damaged();
		for (let chunk = from; chunk < to && first < sizes.length; chunk += 1) {
			const count = Math.min(perChunk, sizes.length - first);
			const offset = long === undefined ? offsets.u32(4 + chunk * 4) : long.u64(chunk * 8);
			if (offset + bytesOf(sizes, first, count) > fileBytes) throw incomplete();
			chunks.push({ offset, first, count });
			first += count;
		}
	}
	if (first < sizes.length || entry === undefined) throw damaged();
	return { chunks, entry };
}

/** Bytes of `count` samples from `first` on. */
export function bytesOf(sizes: Uint32Array, first: number, count: number): number {
	let bytes = 0;
	for (let i = first; i < first + count; i += 1) bytes += sizes[i];
	return bytes;
}
