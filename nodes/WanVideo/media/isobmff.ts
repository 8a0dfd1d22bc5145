/**
 * MP4, MOV and their kin (ISO/IEC 14496-12, QuickTime): goes from box to box to the index, wherever
 * it stands, without reading the pictures; through all fragments where the samples come in those.
 */
import { boxAt, boxHeader, type BoxHeader, LARGE_BOX_HEADER_BYTES } from './boxes';
import type { Details, MediaFormat } from './facts';
import { FragmentClock } from './fragments';
import { type Movie, movieOf, pictureTrack } from './moov';
import type { Reader } from './reader';
import { MediaError } from './source';

/** A `moov` of a clip has a few kilobytes; more than this is no index worth keeping. */
export const MAX_MOOV_BYTES = 32 * 1024 * 1024;
const MAX_MOOF_BYTES = 4 * 1024 * 1024;
const MAX_BOXES = 20_000;

interface Walk {
	movie?: Movie;
	clock?: FragmentClock;
	/** A box goes beyond the end of the file. */
	truncated: boolean;
	/** Not all fragments were seen. */
	partial: boolean;
}

/** Reads a file that begins with a box; `major` is its brand, if it names one. */
export async function isoFacts(reader: Reader, major: string | undefined): Promise<Details> {
	const { movie, clock, truncated, partial } = await walkBoxes(reader);
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
	const ticks = partial ? undefined : clock?.ticks(track);
	const fragmentSeconds =
		ticks === undefined || track.timescale === undefined ? undefined : ticks / track.timescale;
	return {
		format: picture === undefined ? 'm4a' : videoFormat(major),
		...(picture !== undefined && { width: picture.width, height: picture.height }),
		durationSeconds:
			(fragmentSeconds ?? 0) > (track.durationSeconds ?? 0)
				? fragmentSeconds
				: (track.durationSeconds ?? announced(movie) ?? movie.durationSeconds),
		hasAudio: sound !== undefined,
		codec: track.codec,
		truncated: reader.size === undefined ? undefined : truncated,
	};
}

function videoFormat(major: string | undefined): MediaFormat {
	if (major === undefined || major === 'qt  ') return 'mov';
	return /^3g[2gp]/.test(major) ? '3gp' : 'mp4';
}

/** Length of a fragmented movie as its `mehd` has it, in the movie's ticks; only some writers tell. */
function announced({ fragmented, timescale }: Movie): number | undefined {
	const mehd = fragmented && boxAt(fragmented, 'mehd');
	if (mehd === undefined || mehd.length < 8 || timescale === undefined) return undefined;
	return (mehd.u8(0) === 1 ? mehd.u64(4) : mehd.u32(4)) / timescale;
}

async function walkBoxes(reader: Reader): Promise<Walk> {
	const walk: Walk = { truncated: false, partial: false };
	let hasData = false;
	let at = 0;
	for (let count = 0; count < MAX_BOXES; count += 1) {
		const header = await headerAt(reader, at, walk);
		if (header === undefined) break;
		const end = at + header.bytes;
		if (header.bytes !== Infinity && reader.endsBefore(end)) walk.truncated = true;
		if (header.type === 'mdat') hasData = true;
		if (header.type === 'moov' && walk.movie === undefined) {
			walk.movie = movieOf(await contentOf(reader, at, header, MAX_MOOV_BYTES));
			walk.clock = walk.movie.fragmented && new FragmentClock(walk.movie.fragmented);
		}
		if (header.type === 'moof' && walk.clock !== undefined && !walk.truncated)
			walk.clock.add(await contentOf(reader, at, header, MAX_MOOF_BYTES));
		if (hasData && walk.movie !== undefined && walk.clock === undefined) break;
		if (header.bytes === Infinity) break;
		at = end;
	}
	if (!hasData) walk.truncated = true;
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

async function contentOf(reader: Reader, at: number, header: BoxHeader, maxBytes: number) {
	const start = at + header.headerBytes;
	const toTheEnd = (reader.size ?? start + maxBytes) - start;
	const bytes = header.bytes === Infinity ? toTheEnd : header.bytes - header.headerBytes;
	if (reader.endsBefore(start + bytes)) throw new MediaError('truncated', 'its index is cut off');
	if (bytes > maxBytes) throw new MediaError('tooMuch', 'its index is too large');
	return header.bytes === Infinity ? reader.at(start, bytes) : reader.need(start, bytes);
}
