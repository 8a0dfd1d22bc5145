/**
 * One film from many MP4 clips, without decoding anything: the index of each clip is read, one new index is
 * made from all of them, and pictures and sound are copied as they are.
 */
import { MediaError } from '../source';
import { differences, type NamedClip } from './alike';
import type { Clip } from './clip';
import { headOf } from './movie';
import { type Layout, layOut } from './layout';
import { timelineOf } from './timeline';

/** About three hours at 60 pictures a second, with sound: some 100 MB of tables at the worst. */
const MAX_SAMPLES = 1_000_000;

export interface Film {
	/** Of the whole file. */
	bytes: number;
	durationSeconds: number;
	width: number;
	height: number;
	hasAudio: boolean;
	/** Second of each clip's first picture. */
	startsAt: number[];
	/**
	 * The file from front to back. `open` gives the bytes of a clip, by its position, from their beginning; each
	 * clip is opened once, read as far as needed and ended.
	 */
	write(open: (clip: number) => Promise<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array>;
}

export type FilmVerdict = { ok: true; film: Film } | { ok: false; problems: string[] };

/**
 * Plans a film from clips that were read before; nothing is written yet. Never throws. `turn` is asked
 * between small pieces of work, so that whoever else waits in the same process has one.
 */
export async function filmOf(
	clips: readonly NamedClip[],
	turn: () => Promise<void>,
): Promise<FilmVerdict> {
	const problems = differences(clips);
	if (problems.length > 0) return { ok: false, problems };
	const all = clips.map(({ clip }) => clip);
	const samples = all.reduce(
		(sum, { picture, sound }) => sum + picture.count + (sound?.count ?? 0),
		0,
	);
	if (samples > MAX_SAMPLES) return { ok: false, problems: ['they are too long together'] };
	try {
		const plan = planOf(all);
		for (;;) {
			const step = plan.next();
			if (step.done === true) return { ok: true, film: step.value };
			await turn();
		}
	} catch (error) {
		const text = error instanceof MediaError ? error.message : 'they cannot be made sense of';
		return { ok: false, problems: [text] };
	}
}

function* planOf(clips: readonly Clip[]): Generator<undefined, Film> {
	const timeline = yield* timelineOf(clips);
	const layout = yield* layOut(clips, timeline);
	const head = yield* headOf(layout);
	const seconds = (tick: number) => Math.round((tick / timeline.ticks) * 1000) / 1000;
	const { width, height } = clips[0].picture;
	return {
		bytes: head.length + layout.payloadBytes,
		durationSeconds: seconds(timeline.ends),
		...{ width, height },
		hasAudio: timeline.sound !== undefined,
		startsAt: timeline.begins.map(seconds),
		write: (open) => write(head, layout, open),
	};
}

async function* write(
	head: Uint8Array,
	layout: Layout,
	open: (clip: number) => Promise<AsyncIterable<Uint8Array>>,
): AsyncGenerator<Uint8Array> {
	yield head;
	for (const clip of layout.clips.keys()) {
		const file = new Forward(await open(clip));
		try {
			for (const part of partsOf(layout, clip)) {
				if ('data' in part) {
					yield part.data;
					continue;
				}
				const end = part.offset + part.bytes;
				while (file.at < end) {
					const piece = await file.next(end - file.at);
					const wanted = piece.subarray(Math.max(0, part.offset - (file.at - piece.length)));
					if (wanted.length > 0) yield wanted;
				}
			}
		} finally {
			await file.close();
		}
	}
}

type Part = { data: Uint8Array } | { offset: number; bytes: number };

/** What one clip brings to the film, in order: stretches of its file, neighbours in one go, and bytes of ours between them. */
function* partsOf(layout: Layout, clip: number): Generator<Part> {
	let open: { offset: number; bytes: number } | undefined;
	for (const piece of layout.pieces(clip)) {
		const data = piece.kind === 'silence' ? silence(layout.silent, piece.frames) : piece.sets;
		if (data !== undefined) {
			if (open !== undefined) yield open;
			open = undefined;
			yield { data };
		}
		if (piece.kind === 'silence') continue;
		if (open !== undefined && open.offset + open.bytes === piece.offset) open.bytes += piece.bytes;
		else {
			if (open !== undefined) yield open;
			open = { offset: piece.offset, bytes: piece.bytes };
		}
	}
	if (open !== undefined) yield open;
}

function silence(frame: Uint8Array, frames: number): Uint8Array {
	const bytes = new Uint8Array(frame.length * frames);
	for (let i = 0; i < frames; i += 1) bytes.set(frame, i * frame.length);
	return bytes;
}

/** Bytes that only go forward. */
class Forward {
	at = 0;
	private readonly chunks: AsyncIterator<Uint8Array>;
	private rest: Uint8Array = new Uint8Array(0);

	constructor(bytes: AsyncIterable<Uint8Array>) {
		this.chunks = bytes[Symbol.asyncIterator]();
	}

	/** The next bytes as they come, at most so many. Throws MediaError at the end. */
	async next(most: number): Promise<Uint8Array> {
		while (this.rest.length === 0) {
			const next = await this.chunks.next();
			if (next.done === true) throw new MediaError('truncated', 'it ended before it should');
			this.rest = next.value;
		}
		const piece = this.rest.subarray(0, most);
		this.rest = this.rest.subarray(piece.length);
		this.at += piece.length;
		return piece;
	}

	async close(): Promise<void> {
		await this.chunks.return?.();
	}
}
