/**
 * MP4, MOV and their kin (ISO/IEC 14496-12, QuickTime): goes from box to box to the index, wherever
 * it stands, without reading the pictures; through all fragments where the samples come in those.
 */
import { boxAt, boxHeader, type BoxHeader, LARGE_BOX_HEADER_BYTES } from './boxes';
import { Bytes } from './bytes';
import type { Details, MediaFormat } from './facts';
import { FragmentClock } from './fragments';
import { type Movie, movieOf, pictureTrack, type Track } from './moov';
import type { Reader } from './reader';
import { MediaError } from './source';

/** A `moov` of a clip has a few kilobytes; more than this is no index worth keeping, and would hold up n8n while it is read. */
export const MAX_MOOV_BYTES = 4 * 1024 * 1024;
/** Half a minute in one fragment has some 50 kB. */
const MAX_MOOF_BYTES = 1024 * 1024;
const MAX_BOXES = 20_000;
/** Of `moov`: what the length and the tracks stand in. */
const INDEX_BOXES = ['mvhd', 'trak', 'mvex'];

interface Walk {
	movie?: Movie;
	clock?: FragmentClock;
	/** A box goes beyond the end of the file. */
	truncated: boolean;
	/** Not all fragments were seen. */
	partial: boolean;
	/** Of the first `ftyp`, wherever it stands. */
	brand?: string;
	/** A box with samples, whole or not. */
	hasData: boolean;
}

/** Reads a file that begins with a box. */
export async function isoFacts(reader: Reader): Promise<Details> {
	const { movie, clock, truncated, partial, brand, hasData } = await walkBoxes(reader);
	if (movie === undefined) {
		if (truncated) throw new MediaError('truncated', 'it ends before its index');
		throw new MediaError('corrupt', 'it has no index');
	}
	const picture = pictureTrack(movie);
	const sound = movie.tracks.find(({ handler }) => handler === 'soun');
	const track = picture ?? sound;
	if (track === undefined) throw new MediaError('corrupt', 'it holds neither pictures nor sound');
	if (picture !== undefined && picture.width === undefined)
		throw new MediaError('corrupt', 'its pictures have no size');
	if (!hasData && !partial)
		throw new MediaError('corrupt', 'it holds no pictures, only the beginning of a stream');
	const ticks = clock?.ticks(track);
	const fragmentSeconds =
		ticks === undefined || track.timescale === undefined ? undefined : ticks / track.timescale;
	return {
		format: picture === undefined ? 'm4a' : videoFormat(brand),
		...(picture !== undefined && { width: picture.width, height: picture.height }),
		durationSeconds: lengthOf(movie, track, fragmentSeconds, partial),
		hasAudio: sound !== undefined,
		codec: track.codec,
		truncated: reader.size === undefined ? undefined : truncated,
	};
}

function videoFormat(brand: string | undefined): MediaFormat {
	if (brand === undefined || brand === 'qt  ') return 'mov';
	return /^3g[2gp]/.test(brand) ? '3gp' : 'mp4';
}

function lengthOf(
	movie: Movie,
	track: Track,
	fragmentSeconds: number | undefined,
	partial: boolean,
): number | undefined {
	const own = track.durationSeconds;
	if (partial) {
		const known = [fragmentSeconds, own, announced(movie)].filter((value) => value !== undefined);
		return known.length === 0 ? movie.durationSeconds : Math.max(...known);
	}
	if ((fragmentSeconds ?? 0) > (own ?? 0)) return fragmentSeconds;
	return own ?? announced(movie) ?? movie.durationSeconds;
}

/** Length of a fragmented movie as its `mehd` has it, in the movie's ticks; only some writers tell. */
function announced({ fragmented, timescale }: Movie): number | undefined {
	const mehd = fragmented && boxAt(fragmented, 'mehd');
	if (mehd === undefined || mehd.length < 8 || timescale === undefined) return undefined;
	return (mehd.u8(0) === 1 ? mehd.u64(4) : mehd.u32(4)) / timescale;
}

async function walkBoxes(reader: Reader): Promise<Walk> {
	const walk: Walk = { truncated: false, partial: false, hasData: false };
	let at = 0;
	for (let count = 0; count < MAX_BOXES; count += 1) {
		const header = await headerAt(reader, at, walk);
		if (header === undefined) break;
		const end = at + header.bytes;
		if (header.bytes !== Infinity && reader.endsBefore(end)) walk.truncated = true;
		if (header.type === 'mdat' || header.type === 'moof') walk.hasData = true;
		if (header.type === 'ftyp' && header.headerBytes === 8)
			walk.brand ??= (await reader.need(at + header.headerBytes, 4)).text(0, 4);
		if (header.type === 'moov' && walk.movie === undefined) {
			walk.movie = movieOf(await indexOf(reader, at, header));
			walk.clock = walk.movie.fragmented && new FragmentClock(walk.movie.fragmented);
		}
		if (header.type === 'moof' && walk.clock !== undefined && !walk.truncated) {
			const moof = await contentOf(reader, at, header, MAX_MOOF_BYTES).catch(reader.unlessOver);
			if (moof !== undefined) walk.clock.add(moof);
		}
		if (reader.gaveUp !== undefined && walk.movie !== undefined) {
			walk.partial = true;
			break;
		}
		if (walk.hasData && walk.movie !== undefined && walk.clock === undefined) break;
		if (header.bytes === Infinity) break;
		at = end;
	}
	if (!walk.hasData) walk.truncated = true;
	return walk;
}

/** The next box; undefined at the end, and where only rubbish follows an index. */
async function headerAt(reader: Reader, at: number, walk: Walk): Promise<BoxHeader | undefined> {
	const next = () => reader.at(at, LARGE_BOX_HEADER_BYTES);
	const bytes = walk.movie === undefined ? await next() : await next().catch(() => undefined);
	if (bytes === undefined) {
		// A file of very many fragments: what the index says has to do.
		walk.partial = true;
		return undefined;
	}
	const header = boxHeader(bytes);
	if (header === undefined) {
		if (bytes.length > 0) walk.truncated = true;
		return undefined;
	}
	const sane = header.bytes >= header.headerBytes && /^[\x20-\x7e\xa9]{4}$/.test(header.type);
	if (sane) return header;
	if (walk.movie === undefined) throw new MediaError('corrupt', 'it is damaged before its index');
	return undefined;
}

/**
 * The content of `moov`; of a larger one what tells of the tracks, without covers and notes (`udta`, `meta`), which
 * some editors fill with megabytes.
 */
async function indexOf(reader: Reader, at: number, header: BoxHeader): Promise<Bytes> {
	const end = at + header.bytes;
	const isSmall = header.bytes - header.headerBytes <= MAX_MOOV_BYTES;
	if (isSmall || end === Infinity || reader.endsBefore(end))
		return await contentOf(reader, at, header, MAX_MOOV_BYTES);
	const parts: Uint8Array[] = [];
	let kept = 0;
	for (let from = at + header.headerBytes; from < end; ) {
		const child = boxHeader(await reader.at(from, LARGE_BOX_HEADER_BYTES));
		if (child === undefined || child.bytes < child.headerBytes || from + child.bytes > end) break;
		if (INDEX_BOXES.includes(child.type)) {
			kept += child.bytes;
			if (kept > MAX_MOOV_BYTES) throw new MediaError('tooMuch', 'its index is too large');
			parts.push((await reader.need(from, child.bytes)).raw.slice());
		}
		from += child.bytes;
	}
	return new Bytes(concatenated(parts));
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

async function contentOf(reader: Reader, at: number, header: BoxHeader, maxBytes: number) {
	const start = at + header.headerBytes;
	const toTheEnd = (reader.size ?? start + maxBytes) - start;
	const bytes = header.bytes === Infinity ? toTheEnd : header.bytes - header.headerBytes;
	if (reader.endsBefore(start + bytes)) throw new MediaError('truncated', 'its index is cut off');
	if (bytes > maxBytes) throw new MediaError('tooMuch', 'its index is too large');
	return header.bytes === Infinity ? reader.at(start, bytes) : reader.need(start, bytes);
}
