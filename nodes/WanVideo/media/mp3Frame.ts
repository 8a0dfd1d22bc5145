/** One frame of MPEG audio (ISO/IEC 11172-3, 13818-3 and the unofficial 2.5): its four bytes of header. */
import type { Bytes } from './bytes';

export interface Frame {
	bytes: number;
	samples: number;
	sampleRate: number;
	/** 1, 2 or 3; MP3 is layer 3. */
	layer: number;
	mono: boolean;
	/** MPEG 1, not 2 or 2.5. */
	first: boolean;
	/** The same for all frames of one stream. */
	stream: number;
}

/** Kilobits a second by the header's four bits, for MPEG 1 and for 2 and 2.5; by layer. */
const RATES_1: Readonly<Record<number, readonly number[]>> = {
	1: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
	2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
	3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
};
const RATES_2: Readonly<Record<number, readonly number[]>> = {
	1: [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
	2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
	3: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const SAMPLE_RATES = [44100, 48000, 32000];

export const FRAME_HEADER_BYTES = 4;

/** The frame that begins at this byte, if one does. Free-format frames count as none. */
export function frameAt(bytes: Bytes, at: number): Frame | undefined {
	const { raw } = bytes;
	if (at + FRAME_HEADER_BYTES > raw.length || raw[at] !== 0xff) return undefined;
	if ((raw[at + 1] & 0xe0) !== 0xe0) return undefined;
	const version = (raw[at + 1] >> 3) & 3;
	const layer = 4 - ((raw[at + 1] >> 1) & 3);
	const sampleRateIndex = (raw[at + 2] >> 2) & 3;
	if (version === 1 || layer === 4 || sampleRateIndex === 3 || (raw[at + 3] & 3) === 2)
		return undefined;
	const first = version === 3;
	const kilobits = (first ? RATES_1 : RATES_2)[layer][(raw[at + 2] >> 4) - 1];
	if (kilobits === undefined) return undefined;
	const sampleRate = SAMPLE_RATES[sampleRateIndex] >> (first ? 0 : version === 2 ? 1 : 2);
	const samples = layer === 1 ? 384 : layer === 2 || first ? 1152 : 576;
	const padding = (raw[at + 2] >> 1) & 1;
	const slots = Math.floor((samples / 8) * ((kilobits * 1000) / sampleRate));
	return {
		bytes:
			layer === 1
				? (Math.floor((12 * kilobits * 1000) / sampleRate) + padding) * 4
				: slots + padding,
		samples,
		sampleRate,
		layer,
		mono: raw[at + 3] >> 6 === 3,
		first,
		stream: (version << 8) | (layer << 4) | sampleRateIndex,
	};
}
