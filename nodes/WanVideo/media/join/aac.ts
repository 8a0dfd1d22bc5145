/** What an AAC stream is, from its description, and a frame of silence of the same kind (ISO/IEC 14496-1, 14496-3). */
import type { Bytes } from '../bytes';
import { damaged, unfit } from './unfit';

/** By the index in the AudioSpecificConfig (14496-3, 1.6.3.4). */
const RATES = [
	96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
	7_350,
];
const LOW_COMPLEXITY = 2;
/** Object types of MPEG-4 AAC and MPEG-2 AAC LC; other sound has this description too. */
const AAC_TYPES = [0x40, 0x67];
const SOUND_NAMES: Readonly<Record<number, string>> = { 0x69: 'MP3', 0x6b: 'MP3', 0xa5: 'AC-3' };

export interface AacKind {
	/** Samples in a second, of the stream itself. */
	rate: number;
	channels: number;
	/** Audio object type; 2 is plain AAC. */
	objectType: number;
}

/** Reads `esds`. Throws MediaError for what is not AAC in frames of 1024 samples. */
export function aacKind(esds: Bytes): AacKind {
	const config = audioConfig(esds);
	const objectType = config.u8(0) >> 3;
	const rate = RATES[((config.u8(0) & 7) << 1) | (config.u8(1) >> 7)];
	const channels = (config.u8(1) >> 3) & 15;
	const shortFrames = objectType === LOW_COMPLEXITY && (config.u8(1) & 4) !== 0;
	// Channels 0: told in a table of its own.
	if (rate === undefined || channels === 0 || shortFrames)
		throw unfit('its sound is an unusual kind of AAC');
	return { rate, channels, objectType };
}

/** The AudioSpecificConfig: descriptors 3 > 4 > 5 (14496-1, 7.2.6), their lengths in 7 bits a byte. */
function audioConfig(esds: Bytes): Bytes {
	let at = 4;
	const open = (tag: number): number => {
		if (esds.u8(at) !== tag) throw damaged();
		at += 1;
		let length = 0;
		for (let i = 0; i < 4; i += 1) {
			const byte = esds.u8(at);
			at += 1;
			length = (length << 7) | (byte & 0x7f);
			if ((byte & 0x80) === 0) break;
		}
		return length;
	};
	open(3);
	const flags = esds.u8(at + 2);
	at += 3 + ((flags & 0x80) !== 0 ? 2 : 0) + ((flags & 0x20) !== 0 ? 2 : 0);
	if ((flags & 0x40) !== 0) at += 1 + esds.u8(at);
	open(4);
	const type = esds.u8(at);
	if (!AAC_TYPES.includes(type))
		throw unfit(`its sound is ${SOUND_NAMES[type] ?? 'of another kind'}, not AAC`);
	at += 13;
	const length = open(5);
	if (length < 2 || at + 2 > esds.length) throw damaged();
	return esds.part(at, at + length);
}

/** Elements that a channel configuration is made of, in their order (14496-3, table 1.19). */
const SINGLE = 0;
const PAIR = 1;
const LOW = 3;
const ELEMENTS: ReadonlyArray<readonly number[]> = [
	[],
	[SINGLE],
	[PAIR],
	[SINGLE, PAIR],
	[SINGLE, PAIR, SINGLE],
	[SINGLE, PAIR, PAIR],
	[SINGLE, PAIR, PAIR, LOW],
	[SINGLE, PAIR, PAIR, PAIR, LOW],
];
const END = 7;

/**
 * One frame of silence (14496-3, 4.4.2): every element of the channels, none with a spectrum. Undefined
 * where it would not be the same kind of AAC.
 */
export function silentFrame({ channels, objectType }: AacKind): Uint8Array | undefined {
	const elements = objectType === LOW_COMPLEXITY ? ELEMENTS[channels] : undefined;
	if (elements === undefined) return undefined;
	const written = new Map<number, number>();
	let bits = '';
	for (const element of elements) {
		const tag = written.get(element) ?? 0;
		written.set(element, tag + 1);
		// A long window without bands; of each channel its gain, and no pulses, noise shaping or gain control.
		const window = '0'.repeat(11);
		const channel = '0'.repeat(11);
		bits += binary(element, 3) + binary(tag, 4);
		bits += element === PAIR ? `1${window}00${channel}${channel}` : `00000000${window}000`;
	}
	bits += binary(END, 3);
	const bytes = bits.match(/.{1,8}/g) ?? [];
	return Uint8Array.from(bytes, (byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}

function binary(number: number, bits: number): string {
	return number.toString(2).padStart(bits, '0');
}
