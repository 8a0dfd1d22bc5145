/**
 * One timeline for all clips: pictures without a gap, sound in steps of one AAC frame that never add up
 * to an error. Several edits in place of it are shown wrong by ffmpeg and by Chromium (a seam later they
 * drop pictures, or the sound runs away), so whole frames are dropped or added at the seams.
 */
import { MediaError } from '../source';
import type { Clip } from './clip';
import type { Picture } from './picture';
import { SAMPLES_IN_A_TURN } from './samples';
import { FRAME_SAMPLES, type Sound } from './sound';

/** Above it players are not known to count right. */
const MAX_TICKS = 100_000_000;
/** Where no exact one fits: a picture's time is then right to half a microsecond. */
const ROUND_TICKS = 1_000_000;
const MOST_IN_A_STEP = 2 ** 31;
/** Six hours at 48 kHz. */
const MAX_FRAMES = 1_000_000;

/** Which frames of one clip's sound are heard, and how much silence stands around them, in frames. */
export interface SoundRun {
	before: number;
	/** From `first` to before `last`. */
	first: number;
	last: number;
	after: number;
}

export interface Timeline {
	/** Ticks in a second. */
	ticks: number;
	/** When each clip begins, in ticks. */
	begins: number[];
	ends: number;
	/** How far decoding runs ahead of showing, in ticks. */
	lead: number;
	sound?: {
		kind: Sound;
		/** What the decoder gives before the film begins, in samples of sound. */
		priming: number;
		runs: SoundRun[];
	};
}

/** When a picture of a clip is decoded and when it is shown, in the film's ticks from the clip's beginning. */
export function timesOf(
	{ decode, shifts, first, ticks: own }: Picture,
	ticks: number,
	picture: number,
): { decode: number; show: number } {
	const scale = ticks / own;
	return {
		decode: Math.round(decode[picture] * scale),
		show: Math.round((decode[picture] + shifts[picture] - first) * scale),
	};
}

/** Places clips that fit together, and lets go now and then. Throws MediaError where they are too long. */
export function* timelineOf(clips: readonly Clip[]): Generator<undefined, Timeline> {
	const ticks = ticksFor(clips);
	const begins: number[] = [];
	let ends = 0;
	let lead = 0;
	for (const { picture } of clips) {
		begins.push(ends);
		let last = 0;
		for (let i = 0; i < picture.count; i += 1) {
			const { decode, show } = timesOf(picture, ticks, i);
			// The most of all clips serves all, so that no time goes back.
			lead = Math.max(lead, decode - show);
			last = decode;
			if (i % SAMPLES_IN_A_TURN === 0) yield;
		}
		const length = Math.round((picture.end - picture.first) * (ticks / picture.ticks));
		ends += Math.max(length, last + 1);
	}
	const kind = clips.find(({ sound }) => sound !== undefined)?.sound;
	const timeline = { ticks, begins, ends, lead };
	return kind === undefined ? timeline : { ...timeline, sound: placeSound(clips, timeline, kind) };
}

/** The common multiple of all clips' ticks, so that every time stays exact, where numbers allow it. */
function ticksFor(clips: readonly Clip[]): number {
	const longest = Math.max(...clips.map(({ picture }) => picture.longestSeconds));
	const fits = (ticks: number) => ticks * longest < MOST_IN_A_STEP;
	const common = clips.reduce(
		(multiple, { picture }) =>
			multiple > MAX_TICKS
				? multiple
				: (multiple / commonDivisor(multiple, picture.ticks)) * picture.ticks,
		1,
	);
	if (common <= MAX_TICKS && fits(common)) return common;
	if (fits(ROUND_TICKS)) return ROUND_TICKS;
	throw new MediaError('tooMuch', 'one of their pictures stays for more than half an hour');
}

function commonDivisor(a: number, b: number): number {
	return b === 0 ? a : commonDivisor(b, a % b);
}

/**
 * Slot s of the sound plays at s * 1024 - priming samples. Each clip's frames keep their order in the slots
 * nearest to their own time: at most half a frame away (11 ms at 48 kHz), whatever came before.
 */
function placeSound(
	clips: readonly Clip[],
	{ ticks, begins, ends }: Pick<Timeline, 'ticks' | 'begins' | 'ends'>,
	kind: Sound,
): Timeline['sound'] {
	const { rate } = kind;
	const priming = primingOf(clips[0], rate);
	const sampleAt = (tick: number) => (tick / ticks) * rate + priming;
	const bounds = [...begins, ends].map((tick) => Math.round(sampleAt(tick) / FRAME_SAMPLES));
	bounds[0] = 0;
	bounds[clips.length] = Math.ceil(sampleAt(ends) / FRAME_SAMPLES - 0.01);
	if (bounds[clips.length] > MAX_FRAMES)
		throw new MediaError('tooMuch', 'they are too long together');
	const slots = clips.map(({ sound, picture }, i) => {
		if (sound === undefined) return undefined;
		const wanted = sampleAt(begins[i]) + (sound.delay - picture.begins) * rate - sound.priming;
		const slot = Math.round(wanted / FRAME_SAMPLES);
		// A frame is only right after the one before it (their windows overlap). So the frame before the first
		// one that is heard takes the last slot of the clip before, whose end it fades out.
		const hasOneBefore = bounds[i] - 1 - slot >= 0;
		if (i > 0 && hasOneBefore && bounds[i] - 1 > bounds[i - 1]) bounds[i] -= 1;
		return slot;
	});
	const runs = clips.map(({ sound }, i): SoundRun => {
		const begin = bounds[i];
		const end = Math.max(begin, bounds[i + 1]);
		const slot = slots[i];
		const first = sound === undefined || slot === undefined ? 0 : Math.max(0, begin - slot);
		const last =
			sound === undefined || slot === undefined
				? 0
				: Math.max(first, Math.min(sound.count, end - slot));
		const before = slot !== undefined && last > first ? Math.max(0, slot - begin) : end - begin;
		return { before, first, last, after: end - begin - before - (last - first) };
	});
	return { kind, priming, runs };
}

/** So that the first clip's sound is exactly in time; frames before the first picture only prepare the decoder. */
function primingOf({ sound, picture }: Clip, rate: number): number {
	if (sound === undefined) return 0;
	const ahead = sound.priming - (sound.delay - picture.begins) * rate;
	const rest = ((ahead % FRAME_SAMPLES) + FRAME_SAMPLES) % FRAME_SAMPLES;
	return Math.round(Math.min(Math.max(ahead, rest), rest + 2 * FRAME_SAMPLES));
}
