/** Lengths of the tracks of a fragmented MP4: what its `moof` boxes add up to (ISO/IEC 14496-12, 8.8). */
import { boxAt, boxesIn } from './boxes';
import type { Bytes } from './bytes';

const ENTRY_FLAGS = [0x100, 0x200, 0x400, 0x800];
/** A run whose samples have no entries of their own may not claim more than this many. */
const MAX_UNLISTED_SAMPLES = 1_000_000;

/** Writers that interleave begin a new run with each turn. */
const MAX_RUNS = 20_000;

/** Adds up fragments as they come; ticks are in the track's timescale. */
export class FragmentClock {
	/** Where each track begins and its next fragment would, in ticks, by the track's ID. */
	private readonly starts = new Map<number, number>();
	private readonly ends = new Map<number, number>();
	private readonly defaults = new Map<number, number>();

	/** @param mvex content of the box of that name, with each track's default length of a sample */
	constructor(mvex: Bytes) {
		for (const { type, content } of boxesIn(mvex))
			if (type === 'trex' && content.length >= 20)
				this.defaults.set(content.u32(4), content.u32(12));
	}

	/** Takes the content of one `moof`. */
	add(moof: Bytes): void {
		for (const { type, content } of boxesIn(moof)) if (type === 'traf') this.addTrack(content);
	}

	/**
	 * Ticks of all of the track's fragments, if there were any: a piece of a live stream does not begin
	 * at 0. Where the index itself has samples of the track, they begin at 0.
	 */
	ticks({ id, samples }: { id?: number; samples: number }): number | undefined {
		const end = id === undefined ? undefined : this.ends.get(id);
		if (id === undefined || end === undefined) return undefined;
		return samples > 0 ? end : end - (this.starts.get(id) ?? 0);
	}

	private addTrack(traf: Bytes): void {
		const tfhd = boxAt(traf, 'tfhd');
		if (tfhd === undefined || tfhd.length < 8) return;
		const id = tfhd.u32(4);
		const sampleTicks = defaultTicks(tfhd) ?? this.defaults.get(id) ?? 0;
		const tfdt = boxAt(traf, 'tfdt');
		let end = (tfdt && startOf(tfdt)) ?? this.ends.get(id) ?? 0;
		this.starts.set(id, Math.min(end, this.starts.get(id) ?? end));
		for (const { type, content } of boxesIn(traf, MAX_RUNS))
			if (type === 'trun') end += runTicks(content, sampleTicks);
		this.ends.set(id, Math.max(end, this.ends.get(id) ?? 0));
	}
}

function startOf(tfdt: Bytes): number | undefined {
	if (tfdt.length >= 12 && tfdt.u8(0) === 1) return tfdt.u64(4);
	return tfdt.length >= 8 ? tfdt.u32(4) : undefined;
}

function defaultTicks(tfhd: Bytes): number | undefined {
	const flags = tfhd.u32(0);
	const at = 8 + ((flags & 1) !== 0 ? 8 : 0) + ((flags & 2) !== 0 ? 4 : 0);
	return (flags & 8) !== 0 && at + 4 <= tfhd.length ? tfhd.u32(at) : undefined;
}

function runTicks(trun: Bytes, sampleTicks: number): number {
	if (trun.length < 8) return 0;
	const flags = trun.u32(0);
	const samples = trun.u32(4);
	const first = 8 + ((flags & 1) !== 0 ? 4 : 0) + ((flags & 4) !== 0 ? 4 : 0);
	const entryBytes = 4 * ENTRY_FLAGS.filter((flag) => (flags & flag) !== 0).length;
	const listed =
		entryBytes === 0
			? Math.min(samples, MAX_UNLISTED_SAMPLES)
			: Math.min(samples, Math.max(0, Math.floor((trun.length - first) / entryBytes)));
	if ((flags & ENTRY_FLAGS[0]) === 0) return listed * sampleTicks;
	let ticks = 0;
	for (let sample = 0; sample < listed; sample += 1) ticks += trun.u32(first + sample * entryBytes);
	return ticks;
}
