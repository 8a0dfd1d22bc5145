/** One track of a clip: its samples, its description, and which part of it is shown (ISO/IEC 14496-12). */
import { boxAt, type Box, boxesIn } from '../boxes';
import type { Bytes } from '../bytes';
import { need, rowsOf, type Samples, samplesOf } from './samples';
import { damaged, unfit } from './unfit';

/** Which part of a track is shown, and when (8.6.6). */
export interface Shown {
	/** Where the shown part begins, in the track's ticks. */
	start: number;
	/** Of the shown part; Infinity: to the end. */
	seconds: number;
	/** Nothing of the track comes before it, in seconds. */
	delay: number;
}

export interface Track extends Samples, Shown {
	/** Ticks in a second. */
	ticks: number;
	/** The entry of `stsd`: the codec's name and its own header. */
	description: Box;
	/** 36 bytes: how the picture is turned. */
	matrix: Uint8Array;
}

/** Reads the content of a `trak`; undefined where it is empty. Throws MediaError. */
export function trackOf(
	trak: Bytes,
	{ movieTicks, fileBytes }: { movieTicks: number; fileBytes: number },
): Track | undefined {
	const mdhd = need(trak, 'mdia', 'mdhd');
	const ticks = mdhd.u32(mdhd.u8(0) === 1 ? 20 : 12);
	if (ticks === 0) throw damaged();
	const stbl = need(trak, 'mdia', 'minf', 'stbl');
	const samples = samplesOf(stbl, fileBytes);
	if (samples === undefined) return undefined;
	const description = descriptions(stbl)[samples.entry - 1];
	if (description === undefined) throw damaged();
	const tkhd = need(trak, 'tkhd');
	const matrixAt = tkhd.u8(0) === 1 ? 52 : 40;
	return {
		...samples,
		ticks,
		description,
		matrix: copy(tkhd.part(matrixAt, matrixAt + 36)),
		...shownPart(trak, movieTicks),
	};
}

/** `vide`, `soun` or another handler. */
export function handlerOf(trak: Bytes): string {
	return need(trak, 'mdia', 'hdlr').text(8, 4);
}

/** The entries of `stsd`. */
export function descriptions(stbl: Bytes): Box[] {
	return boxesIn(need(stbl, 'stsd').part(8));
}

/** What is kept must not hold the whole index in memory. */
export function copy({ raw }: Bytes): Uint8Array {
	return Uint8Array.from(raw);
}

function shownPart(trak: Bytes, movieTicks: number): Shown {
	const elst = boxAt(trak, 'edts', 'elst');
	const shown: Shown = { start: 0, seconds: Infinity, delay: 0 };
	if (elst === undefined) return shown;
	const isLong = elst.u8(0) === 1;
	const rowBytes = isLong ? 20 : 12;
	const rows = rowsOf(elst, rowBytes);
	let edits = 0;
	for (let row = 0; row < rows; row += 1) {
		const at = 8 + rowBytes * row;
		const length = isLong ? elst.u64(at) : elst.u32(at);
		const start = isLong ? elst.i64(at + 8) : elst.i32(at + 4);
		if (elst.u32(at + rowBytes - 4) !== 0x10000) throw unfit('it is played at another speed');
		if (start >= 0) {
			edits += 1;
			if (edits > 1) throw unfit('it was cut in an editor without being encoded anew');
			shown.start = start;
			// 0: to the end, a habit of writers that did not know the length yet.
			shown.seconds = length === 0 ? Infinity : length / movieTicks;
		} else if (edits === 0) shown.delay += length / movieTicks;
	}
	return shown;
}
