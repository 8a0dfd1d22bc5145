/** WAV (RIFF and its 64-bit kin RF64/BW64): the format, and the length from the bytes of sound there are. */
import type { Bytes } from './bytes';
import type { Details } from './facts';
import type { Reader } from './reader';
import { MediaError } from './source';

const FIRST_CHUNK_AT = 12;
const MAX_CHUNKS = 1000;
const EXTENSIBLE = 0xfffe;
const CODECS: Readonly<Record<number, string>> = {
	1: 'pcm',
	2: 'adpcm',
	3: 'float',
	6: 'alaw',
	7: 'mulaw',
	0x11: 'ima-adpcm',
	0x55: 'mp3',
};
/** Codecs whose blocks are one moment of all channels. */
const PLAIN = ['pcm', 'float', 'alaw', 'mulaw'];
/** Programs that write to a pipe cannot come back for the size; they leave one of the highest. */
const OPEN_SIZE = 0x7fff0000;

interface Format {
	codec: string;
	sampleRate: number;
	bytesPerSecond: number;
	blockBytes: number;
}

/** Reads a RIFF, RF64 or BW64 file of the form WAVE. */
export async function wavFacts(reader: Reader): Promise<Details> {
	let format: Format | undefined;
	let samples: number | undefined;
	let longDataBytes: number | undefined;
	let at = FIRST_CHUNK_AT;
	for (let count = 0; count < MAX_CHUNKS; count += 1) {
		const chunk = await reader.at(at, 8);
		if (chunk.length < 8) throw new MediaError('truncated', 'it ends before its sound begins');
		const [type, length] = [chunk.text(0, 4), chunk.u32le(4)];
		const content = at + 8;
		if (type === 'ds64') longDataBytes = (await reader.need(content, 16)).u64le(8);
		if (type === 'fmt ') format = formatOf(await reader.need(content, Math.min(length, 40)));
		if (type === 'fact' && length >= 4) samples = (await reader.need(content, 4)).u32le(0);
		if (type === 'data') {
			if (format === undefined) throw new MediaError('corrupt', 'its format is not told');
			const declared = length === 0xffffffff ? (longDataBytes ?? length) : length;
			return { ...lengthOf(reader, content, declared, format, samples), codec: format.codec };
		}
		at = content + length + (length & 1);
	}
	throw new MediaError('corrupt', 'it has too many parts');
}

function formatOf(content: Bytes): Format {
	const tag = content.u16le(0);
	const real = tag === EXTENSIBLE && content.length >= 26 ? content.u16le(24) : tag;
	const format = {
		codec: CODECS[real] ?? `wav-${real}`,
		sampleRate: content.u32le(4),
		bytesPerSecond: content.u32le(8),
		blockBytes: content.u16le(12),
	};
	if (content.u16le(2) === 0 || format.sampleRate === 0 || format.blockBytes === 0) {
		throw new MediaError('corrupt', 'its format is damaged');
	}
	return format;
}

function lengthOf(
	reader: Reader,
	dataAt: number,
	declared: number,
	format: Format,
	samples: number | undefined,
): Details {
	const there = reader.size === undefined ? undefined : Math.max(0, reader.size - dataAt);
	const open = (declared >= OPEN_SIZE && declared <= 0xffffffff) || declared === 0;
	const toTheEnd = open && (there === undefined || there < declared || declared === 0);
	const truncated = there === undefined ? undefined : !toTheEnd && declared > there;
	const bytes = toTheEnd ? there : Math.min(declared, there ?? declared);
	return { durationSeconds: seconds(bytes, format, truncated ? undefined : samples), truncated };
}

function seconds(bytes: number | undefined, format: Format, samples?: number): number | undefined {
	const { codec, sampleRate, blockBytes, bytesPerSecond } = format;
	if (bytes === undefined) return undefined;
	if (PLAIN.includes(codec)) return Math.floor(bytes / blockBytes) / sampleRate;
	// Compressed: the fact chunk counts samples; else the mean rate.
	if (samples !== undefined && samples > 0) return samples / sampleRate;
	return bytesPerSecond === 0 ? undefined : bytes / bytesPerSecond;
}
