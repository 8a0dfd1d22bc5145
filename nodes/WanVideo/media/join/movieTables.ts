/** The tables of the film's two tracks (ISO/IEC 14496-12, 8.5 to 8.7, 8.9). */
import { fullBox, letters, Runs, Table, tableBox, u16s, u32s, u64s } from './boxWriter';
import type { FilmTrack, Layout } from './layout';
import { SAMPLES_IN_A_TURN } from './samples';
import { FRAME_SAMPLES } from './sound';
import { timesOf } from './timeline';

/** Where the first byte behind the head stands, and whether offsets take 64 bits. */
export interface Base {
	base: number;
	isWide: boolean;
}

/** All but where the chunks stand. Lets go now and then. */
export function* pictureTables(layout: Layout): Generator<undefined, Uint8Array[]> {
	const { clips, descriptions, picture, timeline } = layout;
	const { begins, ends, lead, ticks } = timeline;
	/** How long each picture stays in the decoder, how much later it is shown, and which are whole. */
	const durations = new Runs();
	const shifts = new Runs();
	const whole = new Table();
	let shifted = false;
	let count = 0;
	for (const [clip, { picture: own }] of clips.entries()) {
		let times = timesOf(own, ticks, 0);
		for (let i = 0; i < own.count; i += 1) {
			const isLast = i + 1 === own.count;
			const next = isLast ? undefined : timesOf(own, ticks, i + 1);
			const until = next?.decode ?? (begins[clip + 1] ?? ends) - begins[clip];
			durations.add(until - times.decode);
			const shift = times.show - times.decode + lead;
			shifts.add(shift);
			shifted ||= shift !== 0;
			count += 1;
			if (own.isWhole[i] === 1) whole.add(count);
			times = next ?? times;
			if (count % SAMPLES_IN_A_TURN === 0) yield;
		}
	}
	return [
		fullBox('stsd', {}, u32s(descriptions.length), ...descriptions),
		tableBox('stts', durations.rows, 2),
		...(shifted ? [tableBox('ctts', shifts.rows, 2)] : []),
		...(whole.length < count ? [tableBox('stss', whole, 1)] : []),
		...sizeTables(picture),
	];
}

/** All but where the chunks stand. */
export function soundTables({ timeline, sound }: Layout): Uint8Array[] {
	const description = timeline.sound?.kind.description ?? new Uint8Array(0);
	const count = sound.sizes.length;
	return [
		fullBox('stsd', {}, u32s(1), description),
		fullBox('stts', {}, u32s(1, count, FRAME_SAMPLES)),
		...sizeTables(sound),
		// A frame is only right after the one before it (10.1): -1.
		fullBox('sgpd', { version: 1 }, letters('roll'), u32s(2, 1), u16s(0xffff)),
		fullBox('sbgp', {}, letters('roll'), u32s(1, count, 1)),
	];
}

function sizeTables({ sizes, chunks }: FilmTrack): Uint8Array[] {
	const sizeTable = fullBox('stsz', {}, u32s(0, sizes.length), sizes.bytes);
	return [sizeTable, tableBox('stsc', chunks, 3)];
}

/** Where the chunks stand in the file. */
export function offsetTable({ offsets }: FilmTrack, { base, isWide }: Base): Uint8Array {
	if (isWide) {
		const absolute = offsets.map((offset) => base + offset);
		return fullBox('co64', {}, u32s(absolute.length), u64s(absolute));
	}
	const table = new Table();
	for (const offset of offsets) table.add(base + offset);
	return tableBox('stco', table, 1);
}
