/**
 * What a file is and what its header says: recognises the format by its bytes and hands over to the
 * reader of that format. Whatever the bytes are, the answer is a verdict.
 */
import { bmpFacts } from './bmp';
import { type Details, KINDS, type MediaFacts, type MediaFormat } from './facts';
import { isoFacts } from './isobmff';
import { jpegFacts } from './jpeg';
import { mp3Facts } from './mp3';
import { pngFacts } from './png';
import { Reader } from './reader';
import { recognise, type Recognised, SNIFF_BYTES } from './recognise';
import { type ByteSource, MediaError, type MediaReason } from './source';
import { wavFacts } from './wav';
import { webpFacts } from './webp';

export type { MediaFacts, MediaFormat, MediaKind, Transparency } from './facts';

export type MediaVerdict =
	| { ok: true; facts: MediaFacts }
	| { ok: false; reason: MediaReason; text: string };

type FormatReader = (reader: Reader, recognised: Recognised) => Promise<Details>;

/** Formats that are read further than their name. */
const READERS: Partial<Record<MediaFormat, FormatReader>> = {
	jpeg: jpegFacts,
	png: pngFacts,
	bmp: bmpFacts,
	webp: webpFacts,
	wav: wavFacts,
	mp3: mp3Facts,
	mp4: (reader, { brand }) => isoFacts(reader, brand),
	mov: (reader) => isoFacts(reader, undefined),
};

/** Never throws, whatever the bytes are. */
export async function probe(source: ByteSource): Promise<MediaVerdict> {
	try {
		return { ok: true, facts: await factsOf(source) };
	} catch (error) {
		if (error instanceof MediaError)
			return { ok: false, reason: error.reason, text: error.message };
		return { ok: false, reason: 'corrupt', text: 'it cannot be made sense of' };
	}
}

async function factsOf(source: ByteSource): Promise<MediaFacts> {
	const reader = new Reader(source);
	const head = await reader.at(0, SNIFF_BYTES);
	if (head.length === 0) throw new MediaError('empty', 'it is empty');
	// MP3 has no mark of its own; what nothing else claims is searched for its frames.
	const recognised = recognise(head) ?? { format: 'mp3' as const };
	const details = await READERS[recognised.format]?.(reader, recognised);
	const format = details?.format ?? recognised.format;
	const { size: bytes } = reader;
	return { format, kind: KINDS[format], ...details, ...(bytes !== undefined && { bytes }) };
}
