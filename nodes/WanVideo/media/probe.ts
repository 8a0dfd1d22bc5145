/**
 * What a file is and what its header says: recognises the format by its bytes and hands over to the
 * reader of that format. Whatever the bytes are, the answer is a verdict.
 */
import { bmpFacts } from './bmp';
import type { Bytes } from './bytes';
import { pdfFacts, zipFacts } from './document';
import { type Details, KINDS, type MediaFacts, type MediaFormat } from './facts';
import { isoFacts } from './isobmff';
import { jpegFacts } from './jpeg';
import { afterId3, mp3Facts, mpegLayer } from './mp3';
import { pngFacts } from './png';
import { Reader } from './reader';
import { recognise, type Recognised, SNIFF_BYTES } from './recognise';
import { type ByteSource, MediaError, type MediaReason, partSource } from './source';
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
	mp4: isoFacts,
	mov: isoFacts,
	pdf: pdfFacts,
	zip: zipFacts,
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

/** The format alone, by as few bytes as that takes; undefined where they do not tell it. Never throws. */
export async function formatOf(source: ByteSource): Promise<MediaFormat | undefined> {
	try {
		const reader = new Reader(source);
		const head = await reader.at(0, SNIFF_BYTES);
		const found = recognisedIn(head, reader) ?? (await behindId3(source, reader));
		if (found?.recognised.brand === 'qt  ') return 'mov';
		if (found !== undefined) return found.recognised.format;
		return (await mpegLayer(reader)) === 3 ? 'mp3' : undefined;
	} catch {
		return undefined;
	}
}

async function factsOf(source: ByteSource): Promise<MediaFacts> {
	const whole = new Reader(source);
	const head = await whole.at(0, SNIFF_BYTES);
	if (head.length === 0) throw new MediaError('empty', 'it is empty');
	// MP3 has no mark of its own; what nothing else claims is searched for its frames.
	const { recognised, reader } = recognisedIn(head, whole) ??
		(await behindId3(source, whole)) ?? { recognised: { format: 'mp3' as const }, reader: whole };
	const details = await READERS[recognised.format]?.(reader, recognised);
	const format = details?.format ?? recognised.format;
	const { size: bytes } = whole;
	const partly = reader.gaveUp;
	return {
		...{ format, kind: KINDS[format], ...details },
		...(bytes !== undefined && { bytes }),
		...(partly !== undefined && { partly }),
	};
}

interface Found {
	recognised: Recognised;
	reader: Reader;
}

function recognisedIn(head: Bytes, reader: Reader): Found | undefined {
	const recognised = recognise(head);
	return recognised && { recognised, reader };
}

/** Sound of other kinds behind the tags that belong to MP3: some programs write them before everything. */
async function behindId3(source: ByteSource, whole: Reader): Promise<Found | undefined> {
	const at = await afterId3(whole, 0);
	if (at === 0) return undefined;
	const reader = new Reader(partSource(source, at));
	const found = recognisedIn(await reader.at(0, SNIFF_BYTES), reader);
	return found !== undefined && KINDS[found.recognised.format] === 'audio' ? found : undefined;
}
