/**
 * What the index of an MP4 or MOV (`moov`) says: length, and of each track its kind, size as shown,
 * codec and length. The proof of a delivered video and the reader of clips both come here.
 */
import { boxAt, boxesIn } from './boxes';
import type { Bytes } from './bytes';
import { shown } from './exif';

export interface Track {
	id?: number;
	/** `vide`, `soun` or another handler. */
	handler?: string;
	/** As shown. */
	width?: number;
	height?: number;
	codec?: string;
	/** Ticks in a second. */
	timescale?: number;
	/** As shown, after edits; of the index alone, without fragments. */
	durationSeconds?: number;
	samples: number;
}

export interface Movie {
	/** Ticks in a second, of lengths that belong to no track. */
	timescale?: number;
	/** As the movie's header says. */
	durationSeconds?: number;
	/** Content of `mvex`: the samples come in fragments. */
	fragmented?: Bytes;
	tracks: Track[];
}

const MAX_TRACKS = 64;
const UNKNOWN_DURATION = 0xffffffff;
const CODECS: Readonly<Record<string, string>> = {
	avc1: 'h264',
	avc3: 'h264',
	hvc1: 'hevc',
	hev1: 'hevc',
	av01: 'av1',
	vp09: 'vp9',
	mp4v: 'mpeg4',
	apcn: 'prores',
	apch: 'prores',
	apcs: 'prores',
	apco: 'prores',
	ap4h: 'prores',
	jpeg: 'mjpeg',
	mp4a: 'aac',
};

/** Reads the content of `moov`; what is not there or damaged stays undefined. */
export function movieOf(moov: Bytes): Movie {
	const movie: Movie = { tracks: [] };
	const children = boxesIn(moov);
	for (const { type, content } of children) {
		if (type === 'mvhd') {
			const header = timesOf(content);
			movie.timescale = header?.timescale;
			movie.durationSeconds = header?.durationSeconds;
		}
		if (type === 'mvex') movie.fragmented = content;
	}
	for (const { type, content } of children)
		if (type === 'trak' && movie.tracks.length < MAX_TRACKS)
			movie.tracks.push(trackOf(content, movie.timescale));
	return movie;
}

/** The track to look at: the first with moving pictures; a cover picture is a track of one sample. */
export function pictureTrack({ tracks }: Movie): Track | undefined {
	const pictures = tracks.filter(({ handler }) => handler === 'vide');
	const isStill = ({ codec, samples }: Track) =>
		(codec === 'mjpeg' || codec === 'png ') && samples <= 1;
	return pictures.find((track) => !isStill(track)) ?? pictures[0];
}

function trackOf(trak: Bytes, movieTimescale: number | undefined): Track {
	const tkhd = boxAt(trak, 'tkhd');
	const mdia = boxAt(trak, 'mdia');
	const hdlr = mdia && boxAt(mdia, 'hdlr');
	const mdhd = mdia && boxAt(mdia, 'mdhd');
	const table = mdia && boxAt(mdia, 'minf', 'stbl');
	const handler = hdlr !== undefined && hdlr.length >= 12 ? hdlr.text(8, 4) : undefined;
	const times = mdhd && timesOf(mdhd);
	const sum = (table && sampleTimes(table)) ?? { samples: 0, ticks: 0 };
	const track: Track = { handler, samples: sum.samples, timescale: times?.timescale };
	if (tkhd !== undefined && tkhd.length >= 24) track.id = tkhd.u32(tkhd.u8(0) === 1 ? 20 : 12);
	const entry = table && sampleEntry(table);
	if (entry !== undefined) track.codec = CODECS[entry.type] ?? entry.type;
	if (handler === 'vide') Object.assign(track, pixelsOf(tkhd, entry?.content));
	const fromSamples =
		times !== undefined && sum.ticks > 0 ? sum.ticks / times.timescale : undefined;
	// A header that is far from its own samples was written before the recording ended.
	const header = times?.durationSeconds;
	const headerLies = header === undefined || Math.abs((fromSamples ?? header) - header) > 0.5;
	const media = headerLies ? fromSamples : header;
	const edited = editedSeconds(trak, movieTimescale);
	if (media !== undefined)
		track.durationSeconds = edited === undefined ? media : Math.min(media, edited);
	return track;
}

/** Timescale and length of `mvhd` and `mdhd`, which begin alike. */
function timesOf(content: Bytes): { timescale: number; durationSeconds?: number } | undefined {
	if (content.length < 20) return undefined;
	const long = content.u8(0) === 1;
	if (long && content.length < 32) return undefined;
	const timescale = content.u32(long ? 20 : 12);
	const duration = long ? content.u64(24) : content.u32(16);
	if (timescale === 0) return undefined;
	// 0: the length stands in the fragments; all ones: not known.
	const known = duration !== 0 && duration < (long ? 2 ** 63 : UNKNOWN_DURATION);
	return { timescale, ...(known && { durationSeconds: duration / timescale }) };
}

/** Number and length of all samples (`stts`), with no more entries than the box has room for. */
function sampleTimes(table: Bytes): { samples: number; ticks: number } | undefined {
	const stts = boxAt(table, 'stts');
	if (stts === undefined || stts.length < 8) return undefined;
	const entries = Math.min(stts.u32(4), Math.floor((stts.length - 8) / 8));
	const sum = { samples: 0, ticks: 0 };
	for (let entry = 0; entry < entries; entry += 1) {
		const samples = stts.u32(8 + entry * 8);
		sum.samples += samples;
		sum.ticks += samples * stts.u32(12 + entry * 8);
	}
	return sum;
}

/** The first entry of `stsd`: the codec's name and its own header. */
function sampleEntry(table: Bytes) {
	const stsd = boxAt(table, 'stsd');
	return stsd === undefined || stsd.length < 16 ? undefined : boxesIn(stsd.part(8))[0];
}

/** How much of the track's media is shown (`elst`); empty edits only delay it. */
function editedSeconds(trak: Bytes, movieTimescale: number | undefined): number | undefined {
	const elst = boxAt(trak, 'edts', 'elst');
	if (elst === undefined || elst.length < 8 || movieTimescale === undefined) return undefined;
	const long = elst.u8(0) === 1;
	const entryBytes = long ? 20 : 12;
	const entries = Math.min(elst.u32(4), Math.floor((elst.length - 8) / entryBytes));
	let ticks = 0;
	for (let entry = 0; entry < entries; entry += 1) {
		const at = 8 + entry * entryBytes;
		const mediaTime = long ? elst.i64(at + 8) : elst.i32(at + 4);
		if (mediaTime >= 0) ticks += long ? elst.u64(at) : elst.u32(at);
	}
	return ticks > 0 ? ticks / movieTimescale : undefined;
}

/** Sides from the codec's header, else the track's, turned by the track's matrix. */
function pixelsOf(tkhd: Bytes | undefined, entry: Bytes | undefined) {
	let [width, height] = [0, 0];
	let turned = false;
	if (entry !== undefined && entry.length >= 28) [width, height] = [entry.u16(24), entry.u16(26)];
	const matrixAt = tkhd !== undefined && tkhd.length > 0 && tkhd.u8(0) === 1 ? 52 : 40;
	if (tkhd !== undefined && tkhd.length >= matrixAt + 44) {
		turned = tkhd.i32(matrixAt) === 0 && tkhd.i32(matrixAt + 4) !== 0;
		// 16.16 fixed point.
		if (width === 0 || height === 0)
			[width, height] = [tkhd.u32(matrixAt + 36) / 65_536, tkhd.u32(matrixAt + 40) / 65_536];
	}
	return width > 0 && height > 0 ? shown(Math.round(width), Math.round(height), turned) : {};
}
