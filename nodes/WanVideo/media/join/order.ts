/** In which order the bytes of the clips go into the film: of each clip as they lie in its file, which is read once, from front to back. */
import type { Clip } from './clip';
import { bytesOf, type Samples } from './samples';
import type { SoundRun } from './timeline';

/** Samples of one track that are copied in one go. */
export interface Stretch {
	kind: 'picture' | 'sound';
	/** Of the clip's file. */
	offset: number;
	bytes: number;
	/** Position of its first sample in its track. */
	first: number;
	count: number;
	/** What is written before it: the encoder's settings, where clips have different ones. */
	sets?: Uint8Array;
}

/** Frames of silence. */
export interface Silence {
	kind: 'silence';
	frames: number;
}

/** All of one clip. `sets`: settings to be written before each picture that a player can begin with. */
export function* piecesOf(
	{ picture, sound }: Omit<Clip, 'bytes'>,
	run: SoundRun | undefined,
	sets: Uint8Array | undefined,
): Generator<Stretch | Silence> {
	if (run !== undefined && run.before > 0) yield { kind: 'silence', frames: run.before };
	const pictures = stretches('picture', picture, { from: 0, to: picture.count, sets });
	const sounds =
		run !== undefined && sound !== undefined
			? stretches('sound', sound, { from: run.first, to: run.last })
			: [][Symbol.iterator]();
	// Each track stands in order, so that the nearer of the two is always the next.
	let one = pictures.next();
	let other: IteratorResult<Stretch> = sounds.next();
	for (;;) {
		if (one.done !== true && (other.done === true || one.value.offset <= other.value.offset)) {
			yield one.value;
			one = pictures.next();
		} else if (other.done !== true) {
			yield other.value;
			other = sounds.next();
		} else break;
	}
	if (run !== undefined && run.after > 0) yield { kind: 'silence', frames: run.after };
}

/** The samples `from` to before `to`, in as few stretches as they lie in. */
function* stretches(
	kind: Stretch['kind'],
	{ chunks, sizes, isWhole }: Pick<Samples, 'chunks' | 'sizes' | 'isWhole'>,
	{ from, to, sets }: { from: number; to: number; sets?: Uint8Array | undefined },
): Generator<Stretch, undefined> {
	for (const { offset, first, count } of chunks) {
		const begin = Math.max(first, from);
		const end = Math.min(first + count, to);
		// An edit may begin 49 days behind the last sample: what lies before it is not added up for each chunk.
		if (begin >= end) continue;
		let at = offset + bytesOf(sizes, first, begin - first);
		for (let sample = begin; sample < end; ) {
			const begins = sets !== undefined && isWhole[sample] === 1;
			let last = sample + 1;
			while (last < end && (sets === undefined || isWhole[last] !== 1)) last += 1;
			const bytes = bytesOf(sizes, sample, last - sample);
			yield {
				kind,
				offset: at,
				bytes,
				first: sample,
				count: last - sample,
				...(begins && { sets }),
			};
			at += bytes;
			sample = last;
		}
	}
}

/** Whether the file can be read once from front to back: no bytes are used twice, and each track stands in order. */
export function standsInOrder(clip: Omit<Clip, 'bytes'>): boolean {
	const all = { first: 0, last: clip.sound?.sizes.length ?? 0, before: 0, after: 0 };
	let end = 0;
	for (const piece of piecesOf(clip, all, undefined)) {
		if (piece.kind === 'silence') continue;
		if (piece.offset < end) return false;
		end = piece.offset + piece.bytes;
	}
	return true;
}
