/** The moving picture of a clip, with all that the film's index needs of it. */
import { type Box, boxesIn } from '../boxes';
import { Bytes } from '../bytes';
import { shown } from '../exif';
import { box } from './boxWriter';
import type { Samples } from './samples';
import { copy, type Track } from './track';
import { damaged, unfit } from './unfit';
import { parameterSets } from './parameterSets';

export type CodecFamily = 'H.264' | 'HEVC' | 'AV1' | 'VP9';

/** Codecs that can be copied: by the name of the description, their family and the box with their settings. */
const CODECS: Readonly<Record<string, { family: CodecFamily; settings: string }>> = {
	avc1: { family: 'H.264', settings: 'avcC' },
	avc3: { family: 'H.264', settings: 'avcC' },
	hvc1: { family: 'HEVC', settings: 'hvcC' },
	hev1: { family: 'HEVC', settings: 'hvcC' },
	av01: { family: 'AV1', settings: 'av1C' },
	vp09: { family: 'VP9', settings: 'vpcC' },
};
/** Bytes of a picture's description before the boxes in it (12.1.3). */
const DESCRIPTION_BYTES = 78;
const MAX_SECONDS = 3 * 3600;
/**
 * Decoders hold back 16 pictures at most (H.264 A.3, HEVC A.4), and so do encoders. A picture shown later
 * than that makes a small file with a broken number a film of hours, whose silence is written out.
 */
const MAX_HELD_BACK = 2 * 16;

/** Times are in the track's ticks, where nothing else is said. */
export interface Picture extends Samples {
	ticks: number;
	/** When each sample is decoded. */
	decode: Float64Array;
	/** When the first picture is shown. */
	first: number;
	/** When the last picture has been shown. */
	end: number;
	/** From the beginning of the clip to its first picture, in seconds. */
	begins: number;
	/** The longest that one picture stays, or is shown later than decoded, in seconds. */
	longestSeconds: number;
	/** Name of the description, e.g. `avc1`. */
	codec: string;
	family: CodecFamily;
	/** The encoder's settings as the description has them. */
	settings: Uint8Array;
	/** The same as they stand in the stream, where the codec can have them there. */
	inStream?: { sets: Uint8Array; lengthBytes: number };
	/** Pixels as shown. */
	width: number;
	height: number;
	/** Pixels as coded. */
	coded: readonly [number, number];
	matrix: Uint8Array;
	/** Width to height of one pixel, e.g. "4:3". */
	pixelShape: string;
	/** The whole description, as a box. */
	description: Uint8Array;
}

/** Understands a picture track. Throws MediaError where it cannot be joined. */
export function pictureOf(track: Track): Picture {
	const { type, content } = track.description;
	if (type === 'encv') throw unfit('it is encrypted');
	const codec = CODECS[type];
	if (codec === undefined) throw unfit(`its pictures are '${type}', which cannot be joined`);
	if (content.length < DESCRIPTION_BYTES) throw damaged();
	const inner = boxesIn(content.part(DESCRIPTION_BYTES));
	const settingsBox = inner.find((one) => one.type === codec.settings);
	if (settingsBox === undefined) throw damaged();
	if (track.isWhole[0] !== 1) throw unfit('it does not begin with a whole picture');
	const settings = copy(settingsBox.content);
	const coded = [content.u16(24), content.u16(26)] as const;
	const inStream = parameterSets(codec.settings, new Bytes(settings));
	return {
		...samplesOnly(track),
		ticks: track.ticks,
		...timesOf(track),
		codec: type,
		family: codec.family,
		settings,
		...(inStream && { inStream }),
		...shown(...coded, isTurned(track.matrix)),
		coded,
		matrix: track.matrix,
		pixelShape: pixelShape(inner),
		description: withoutBitRate(track.description, DESCRIPTION_BYTES),
	};
}

function samplesOnly({
	count,
	sizes,
	durations,
	shifts,
	isWhole,
	chunks,
	entry,
}: Samples): Samples {
	return { count, sizes, durations, shifts, isWhole, chunks, entry };
}

/** The description but for `btrt`, which would be wrong of the whole and differs from clip to clip. */
export function withoutBitRate({ type, content }: Box, fixedBytes: number): Uint8Array {
	const inner = boxesIn(content.part(fixedBytes)).filter((one) => one.type !== 'btrt');
	return box(
		type,
		content.part(0, fixedBytes).raw,
		...inner.map((one) => box(one.type, one.content.raw)),
	);
}

function timesOf(track: Track) {
	const decode = new Float64Array(track.count);
	let first = Infinity;
	let last = -Infinity;
	let end = 0;
	let stays = 0;
	let earliest = Infinity;
	let latest = -Infinity;
	let at = 0;
	for (let i = 0; i < track.count; i += 1) {
		decode[i] = at;
		const shownAt = at + track.shifts[i];
		first = Math.min(first, shownAt);
		// Of the picture shown last; the sum of all durations says nothing about it where they vary.
		if (shownAt > last) [last, end] = [shownAt, shownAt + track.durations[i]];
		stays = Math.max(stays, track.durations[i]);
		earliest = Math.min(earliest, track.shifts[i]);
		latest = Math.max(latest, track.shifts[i]);
		at += track.durations[i];
	}
	const seconds = (end - first) / track.ticks;
	const isTooLong = seconds > MAX_SECONDS || at / track.ticks > MAX_SECONDS;
	if (!(seconds > 0) || isTooLong || latest - earliest > MAX_HELD_BACK * stays)
		throw unfit('its index gives it an impossible length');
	const frame = seconds / track.count;
	const hiddenBefore = (track.start - first) / track.ticks;
	if (hiddenBefore > frame * 0.6 || seconds - track.seconds > frame * 1.6 + 0.002)
		throw unfit(
			'it was cut without being encoded anew, so it holds pictures that are not to be shown',
		);
	return {
		decode,
		first,
		end,
		begins: track.delay + (first - track.start) / track.ticks,
		longestSeconds: Math.max(stays, Math.abs(earliest), Math.abs(latest)) / track.ticks,
	};
}

/** A quarter turn to either side. */
function isTurned(matrix: Uint8Array): boolean {
	const bytes = new Bytes(matrix);
	return bytes.i32(0) === 0 && bytes.i32(4) !== 0;
}

function pixelShape(inner: readonly Box[]): string {
	const pasp = inner.find(({ type }) => type === 'pasp')?.content;
	if (pasp === undefined) return '1:1';
	const [width, height] = [pasp.u32(0), pasp.u32(4)];
	return width === height ? '1:1' : `${width}:${height}`;
}
