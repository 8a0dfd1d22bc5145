/** Where everything stands in the film: the samples and chunks of its two tracks, and how many bytes it has. */
import { silentFrame } from './aac';
import { concatenated, letters, Table } from './boxWriter';
import type { Clip } from './clip';
import { piecesOf, type Silence, type Stretch } from './order';
import { SAMPLES_IN_A_TURN } from './samples';
import type { Timeline } from './timeline';

/** Samples that stand one behind the other, in the order of the track. */
export interface FilmTrack {
	sizes: Table;
	/** Where each chunk begins, counted from the first byte behind the index. */
	offsets: number[];
	/** From which chunk on, from 1, how many samples each has, and which description it goes by, from 1 (8.7.4). */
	chunks: Table;
}

export interface Layout {
	clips: readonly Clip[];
	timeline: Timeline;
	/** The picture track's descriptions, as boxes. */
	descriptions: Uint8Array[];
	picture: FilmTrack;
	sound: FilmTrack;
	/** One frame of silence; empty where none is needed. */
	silent: Uint8Array;
	/** Bytes behind the index. */
	payloadBytes: number;
	/** The pieces of one clip, by its position. */
	pieces(clip: number): Generator<Stretch | Silence>;
}

/** Lays out clips that fit together, and lets go now and then. */
export function* layOut(clips: readonly Clip[], timeline: Timeline): Generator<undefined, Layout> {
	const { sound: heard } = timeline;
	const { descriptions, entryOf } = describe(clips);
	const silent = (heard && silentFrame(heard.kind)) ?? new Uint8Array(0);
	const picture = new Placed();
	const sound = new Placed();
	const pieces = (clip: number) => {
		const { inStream } = clips[clip].picture;
		const sets = descriptions.length > 1 ? inStream?.sets : undefined;
		return piecesOf(clips[clip], heard?.runs[clip], sets);
	};
	let at = 0;
	let samples = 0;
	for (const clip of clips.keys()) {
		for (const piece of pieces(clip)) {
			if (piece.kind === 'silence') {
				for (let frame = 0; frame < piece.frames; frame += 1) sound.sizes.add(silent.length);
				sound.addChunk(at, piece.frames, 1);
				at += piece.frames * silent.length;
				samples += piece.frames;
			} else {
				const isPicture = piece.kind === 'picture';
				const target = isPicture ? picture : sound;
				const { sizes } = isPicture ? clips[clip].picture : (clips[clip].sound ?? { sizes: [] });
				const extra = piece.sets?.length ?? 0;
				for (let i = 0; i < piece.count; i += 1)
					target.sizes.add(sizes[piece.first + i] + (i === 0 ? extra : 0));
				target.addChunk(at, piece.count, isPicture ? entryOf[clip] : 1);
				at += piece.bytes + extra;
				samples += piece.count;
			}
			if (samples >= SAMPLES_IN_A_TURN) {
				samples = 0;
				yield;
			}
		}
	}
	return { clips, timeline, descriptions, picture, sound, silent, payloadBytes: at, pieces };
}

class Placed implements FilmTrack {
	readonly sizes = new Table();
	readonly offsets: number[] = [];
	readonly chunks = new Table();
	private count?: number;
	private entry?: number;

	addChunk(offset: number, count: number, entry: number): void {
		this.offsets.push(offset);
		if (count === this.count && entry === this.entry) return;
		for (const number of [this.offsets.length, count, entry]) this.chunks.add(number);
		this.count = count;
		this.entry = entry;
	}
}

/**
 * One description for each set of encoder settings. QuickTime goes by it; most others keep to the first and
 * take what stands in the stream, so there it is written as well.
 */
function describe(clips: readonly Clip[]): { descriptions: Uint8Array[]; entryOf: number[] } {
	const known = new Map<string, number>();
	const descriptions: Uint8Array[] = [];
	const entryOf = clips.map(({ picture: { settings, description } }) => {
		const key = settings.join(' ');
		const entry = known.get(key) ?? descriptions.push(description);
		known.set(key, entry);
		return entry;
	});
	// One name for all, or ffmpeg and with it Chromium take them for other codecs; QuickTime knows no 'hev1'.
	const names = clips.map(({ picture }) => picture.codec);
	const name = names.find((one) => one.endsWith('c1')) ?? names[0];
	const named = descriptions.map((bytes) =>
		concatenated([bytes.subarray(0, 4), letters(name), bytes.subarray(8)]),
	);
	return { descriptions: named, entryOf };
}
