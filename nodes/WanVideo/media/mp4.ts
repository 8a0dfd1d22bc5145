/**
 * Proof that a stream of bytes is a whole MP4, and what its header says, while it passes by.
 * Boxes are walked as they come; only `moov` is kept, so memory stays small whatever the file's size
 * (ISO/IEC 14496-12).
 */
import { BOX_HEADER_BYTES, boxHeader, LARGE_BOX_HEADER_BYTES } from './boxes';
import { Bytes } from './bytes';
import { MAX_MOOV_BYTES } from './isobmff';
import { movieOf, pictureTrack } from './moov';

export interface Mp4Facts {
	/** Pixels as shown, after rotation. */
	width?: number;
	height?: number;
	durationSeconds?: number;
	hasAudio: boolean;
}

export type Mp4Verdict =
	| { whole: true; bytes: number; facts: Mp4Facts }
	| { whole: false; bytes: number; reason: string };

export interface Mp4Proof {
	push(chunk: Uint8Array): void;
	/** Whether the first bytes are those of an MP4: its type, and the beginning of what follows. */
	hasBegun(): boolean;
	/** Why this is no MP4, whatever follows. */
	contrary(): string | undefined;
	/** The verdict over all bytes pushed so far. */
	end(): Mp4Verdict;
}

const MAX_FTYP_BYTES = 4096;
/** More than 30 uncompressed pictures of 1920 x 1080 a second: no video of its length is larger. */
const MOST_BYTES_PER_SECOND = 120_000_000;
const MOST_BESIDES_BYTES = 64_000_000;
/** While its length is not known. */
const MOST_BYTES = 600_000_000;

/** Starts a proof of a file of which its host announced so many bytes, if it did. Never throws, whatever the bytes are. */
export function mp4Proof(announcedBytes = 0): Mp4Proof {
	const seen = new Set<string>();
	let header = new Uint8Array(0);
	let box: { type: string; left: number; moov?: Uint8Array[] } | undefined;
	let facts: Mp4Facts = { hasAudio: false };
	let mostBytes = MOST_BYTES;
	let bytes = 0;
	let reason: string | undefined;

	/** Takes what belongs to the current box or header; returns how many bytes it took. */
	function take(chunk: Uint8Array): number {
		if (box !== undefined) {
			const taken = chunk.subarray(0, Math.min(chunk.length, box.left));
			// A copy: the chunk may be a Buffer that is written over later (and whose slice() is a view).
			box.moov?.push(new Uint8Array(taken));
			box.left -= taken.length;
			if (box.left === 0) close();
			return taken.length;
		}
		const wanted = header.length < BOX_HEADER_BYTES ? BOX_HEADER_BYTES : LARGE_BOX_HEADER_BYTES;
		const taken = chunk.subarray(0, wanted - header.length);
		header = joined([header, taken]);
		if (header.length === wanted) open();
		return taken.length;
	}

	function open(): void {
		const found = boxHeader(new Bytes(header));
		// A 64-bit size needs a longer header.
		if (found === undefined) return;
		const { type, bytes: boxBytes, headerBytes } = found;
		const isTooLongType = type === 'ftyp' && boxBytes > MAX_FTYP_BYTES;
		if (seen.size === 0 && (type !== 'ftyp' || isTooLongType))
			reason = 'it does not begin like an MP4';
		else if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) reason = 'a part of it has no name';
		else if (boxBytes < headerBytes) reason = 'a part of it has an impossible size';
		else if (type === 'moov' && boxBytes !== Infinity && boxBytes > MAX_MOOV_BYTES)
			reason = 'its header is too large';
		seen.add(type);
		box = {
			type,
			left: boxBytes - headerBytes,
			...(type === 'moov' && boxBytes !== Infinity && { moov: [] }),
		};
		header = new Uint8Array(0);
		if (box.left === 0) close();
	}

	function close(): void {
		if (box?.moov !== undefined) {
			facts = moovFacts(joined(box.moov));
			const { durationSeconds } = facts;
			if (durationSeconds !== undefined)
				mostBytes = MOST_BESIDES_BYTES + durationSeconds * MOST_BYTES_PER_SECOND;
		}
		box = undefined;
	}

	return {
		push(chunk) {
			bytes += chunk.length;
			let rest = chunk;
			while (reason === undefined && rest.length > 0) rest = rest.subarray(take(rest));
			const promised =
				bytes - rest.length + (box !== undefined && box.left !== Infinity ? box.left : 0);
			if (Math.max(promised, announcedBytes, bytes) > mostBytes)
				reason ??= 'it is larger than a video of its length can be';
		},
		hasBegun: () => reason === undefined && seen.size > 1,
		contrary: () => reason,
		end() {
			const cut = header.length > 0 || (box !== undefined && box.left !== Infinity);
			const verdict =
				reason ??
				(bytes === 0 ? 'it is empty' : undefined) ??
				(cut ? 'it ends too early' : undefined) ??
				(seen.has('moov') && seen.has('mdat') ? undefined : 'it holds no video');
			if (verdict !== undefined) return { whole: false, bytes, reason: verdict };
			return { whole: true, bytes, facts };
		},
	};
}

/** Size, length and sound from the bytes inside `moov`; what is not there stays undefined. */
function moovFacts(moov: Uint8Array): Mp4Facts {
	const movie = movieOf(new Bytes(moov));
	const picture = pictureTrack(movie);
	const facts: Mp4Facts = { hasAudio: movie.tracks.some(({ handler }) => handler === 'soun') };
	const durationSeconds = movie.durationSeconds ?? picture?.durationSeconds;
	if (durationSeconds !== undefined)
		facts.durationSeconds = Math.round(durationSeconds * 1000) / 1000;
	if (picture?.width !== undefined) facts.width = picture.width;
	if (picture?.height !== undefined) facts.height = picture.height;
	return facts;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
