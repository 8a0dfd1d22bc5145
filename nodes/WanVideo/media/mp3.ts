/**
 * MP3: past ID3 tags and leading rubbish to the first frame; the length from its Xing or VBRI tag
 * where that fits the file, else by going through all frames.
 */
import type { Bytes } from './bytes';
import type { Details } from './facts';
import { type Frame, FRAME_HEADER_BYTES, frameAt } from './mp3Frame';
import { LARGE_BLOCK_BYTES, type Reader } from './reader';
import { MediaError } from './source';

const MAX_ID3_TAGS = 20;
const SEARCH_BYTES = 64 * 1024;
/** Frames in a row that prove a stream; fewer only where the file ends before. */
const PROOF_FRAMES = 4;
/** ID3v1 and APE tags and a last, cut frame may stand behind the bytes that a Xing tag counts. */
const AFTERMATH_BYTES = 4096;

interface Tag {
	frames: number;
	/** Of the whole stream, with the tag's own frame. */
	bytes?: number;
	/** Silence that the encoder put around the sound. */
	extraSamples: number;
}

/** Reads an MP3, or tells by MediaError('unknown') that it is none. */
export async function mp3Facts(reader: Reader): Promise<Details> {
	const { soundAt, window, found } = await soundOf(reader);
	if (found === undefined) {
		if (soundAt > 0 && reader.endsBefore(soundAt + 1))
			throw new MediaError('truncated', 'it ends before its sound begins');
		if (soundAt > 0) throw new MediaError('corrupt', 'it holds no sound');
		throw new MediaError('unknown', 'its format is not known');
	}
	const { at, frame } = found;
	if (frame.layer !== 3) return { format: 'mp2', codec: `mp${frame.layer}` };
	const tag = tagOf(window.part(at, at + frame.bytes), frame);
	const start = soundAt + at;
	const there = reader.size === undefined ? undefined : reader.size - start;
	const soundSeconds = (frames: number, { extraSamples }: Tag) =>
		Math.max(0, frames * frame.samples - extraSamples) / frame.sampleRate;
	if (tag !== undefined && fits(tag, frame, there)) {
		return { codec: 'mp3', durationSeconds: soundSeconds(tag.frames, tag), truncated: false };
	}
	const walk = await walkFrames(reader, tag === undefined ? start : start + frame.bytes, frame);
	const missing = tag?.bytes !== undefined && there !== undefined && tag.bytes > there;
	return {
		codec: 'mp3',
		durationSeconds: walk.seconds,
		truncated: walk.cut || missing,
	};
}

/** Whether MPEG audio begins here, after its tags; of which layer. */
export async function mpegLayer(reader: Reader): Promise<number | undefined> {
	return (await soundOf(reader)).found?.frame.layer;
}

/** The first frame, and the stretch in which it was looked for. */
async function soundOf(reader: Reader) {
	const soundAt = await afterId3(reader, 0);
	const window = await reader.at(soundAt, SEARCH_BYTES + 8192);
	const found = firstFrame(window, reader.endsBefore(soundAt + SEARCH_BYTES + 8193));
	return { soundAt, window, found };
}

/** The position behind all ID3v2 tags at this one. */
export async function afterId3(reader: Reader, from: number): Promise<number> {
	let at = from;
	for (let tags = 0; tags < MAX_ID3_TAGS; tags += 1) {
		const bytes = id3Bytes(await reader.at(at, 10), 0);
		if (bytes === undefined) return at;
		at += bytes;
	}
	throw new MediaError('corrupt', 'it has too many parts');
}

/** Size of the ID3v2 tag at this byte, footer included; its length has 7 bits a byte. */
function id3Bytes(bytes: Bytes, at: number): number | undefined {
	if (bytes.text(at, 3) !== 'ID3' || at + 10 > bytes.length) return undefined;
	const digits = [6, 7, 8, 9].map((i) => bytes.u8(at + i));
	if (digits.some((digit) => digit > 127)) return undefined;
	const content = digits.reduce((sum, digit) => sum * 128 + digit, 0);
	return 10 + content + ((bytes.u8(at + 5) & 0x10) !== 0 ? 10 : 0);
}

function firstFrame(window: Bytes, holdsEnd: boolean): { at: number; frame: Frame } | undefined {
	const { raw } = window;
	for (let at = raw.indexOf(0xff); at >= 0 && at < SEARCH_BYTES; at = raw.indexOf(0xff, at + 1)) {
		const frame = frameAt(window, at);
		if (frame === undefined) continue;
		let frames = 1;
		let next = at + frame.bytes;
		while (frames < PROOF_FRAMES && frameAt(window, next)?.stream === frame.stream) {
			next += frameAt(window, next)?.bytes ?? Infinity;
			frames += 1;
		}
		if (frames >= PROOF_FRAMES) return { at, frame };
		const endsHere = holdsEnd && next + FRAME_HEADER_BYTES > raw.length - 160;
		if (endsHere && (frames >= 2 || at === 0)) return { at, frame };
	}
	return undefined;
}

/** The tag in place of the first frame's sound (Xing/Info of LAME and others, VBRI of Fraunhofer). */
function tagOf(first: Bytes, frame: Frame): Tag | undefined {
	const sideBytes = frame.first ? (frame.mono ? 17 : 32) : frame.mono ? 9 : 17;
	const at = FRAME_HEADER_BYTES + sideBytes;
	if (['Xing', 'Info'].includes(first.text(at, 4)) && first.length >= at + 16) {
		const flags = first.u32(at + 4);
		if ((flags & 1) === 0) return { frames: 0, extraSamples: 0 };
		const bytes = (flags & 2) !== 0 ? first.u32(at + 12) : undefined;
		const lameAt =
			at + 8 + 4 * (flags & 1) + 2 * (flags & 2) + 25 * (flags & 4) + ((flags & 8) >> 1);
		return { frames: first.u32(at + 8), bytes, extraSamples: encoderSilence(first, lameAt) };
	}
	if (first.text(36, 4) === 'VBRI' && first.length >= 54) {
		return { frames: first.u32(50), bytes: first.u32(46), extraSamples: 0 };
	}
	return undefined;
}

/** Delay and padding, 12 bits each, behind the encoder's name. */
function encoderSilence(first: Bytes, at: number): number {
	if (at + 24 > first.length || !/^(LAME|Lav[cf]|GOGO|L3\.9)/.test(first.text(at, 4))) return 0;
	const both = first.u32(at + 20) & 0xffffff;
	return (both >> 12) + (both & 0xfff);
}

/** Whether the tag can be true of this file: joined and cut files keep the tag of their first part. */
function fits(tag: Tag, frame: Frame, there: number | undefined): boolean {
	if (tag.frames === 0) return false;
	if (there === undefined) return true;
	// A tag that does not count bytes may be that of the first of several parts.
	if (tag.bytes === undefined) return false;
	const { bytes } = tag;
	// No frame of layer 3 is shorter than 24 bytes.
	return tag.frames <= there / 24 && Math.abs(bytes - there) <= AFTERMATH_BYTES + frame.bytes;
}

/** Counts the frames to the end of the file, or as far as it can be read, across tags, damage and joints. */
async function walkFrames(reader: Reader, from: number, first: Frame) {
	/** Parts that were joined may differ in their rates. */
	let like = first;
	let seconds = 0;
	let at = from;
	let lost = 0;
	let inStep = true;
	while (lost < SEARCH_BYTES) {
		const reading = reader.at(at, LARGE_BLOCK_BYTES, LARGE_BLOCK_BYTES);
		const bytes = await reading.catch(reader.unlessOver);
		if (bytes === undefined) return { seconds, cut: false };
		const last = bytes.length < LARGE_BLOCK_BYTES;
		// A frame has at most 1,441 bytes, and the next one's header is looked at, too.
		const until = last ? bytes.length : bytes.length - 2048;
		let i = 0;
		while (i < until && lost < SEARCH_BYTES) {
			const tagBytes = bytes.raw[i] === 0x49 ? id3Bytes(bytes, i) : undefined;
			if (tagBytes !== undefined) {
				i += tagBytes;
				continue;
			}
			const frame = frameAt(bytes, i);
			const next = i + (frame?.bytes ?? 0);
			const known = frame?.stream === like.stream;
			if (frame !== undefined && known && next > bytes.length) return { seconds, cut: inStep };
			const goesOn = frame?.layer === 3 && frameAt(bytes, next)?.stream === frame.stream;
			if (goesOn) like = frame;
			inStep = goesOn || (known && (inStep || next === bytes.length));
			if (frame !== undefined && inStep) seconds += frame.samples / frame.sampleRate;
			lost = inStep ? 0 : lost + 1;
			i = inStep ? next : i + 1;
		}
		if (last && i >= bytes.length) break;
		at += i;
	}
	return { seconds, cut: false };
}
