/** The way to the index of an MP4 clip: from box to box (ISO/IEC 14496-12, 4.2), nothing else is kept. */
import { boxHeader, LARGE_BOX_HEADER_BYTES } from '../boxes';
import type { Bytes } from '../bytes';
import { Reader } from '../reader';
import { recognise, SNIFF_BYTES } from '../recognise';
import { type ByteSource, MediaError } from '../source';
import { damaged, unfit } from './unfit';

/** An hour of video has about 3 MB. */
const MAX_INDEX_BYTES = 8 * 1024 * 1024;
const MAX_BOXES = 2_000;
/** Read at once on the way: the index is told from the pictures by its first bytes. */
const HEADER_BLOCK_BYTES = 4096;

export interface ClipIndex {
	/** Content of `moov`. */
	moov: Bytes;
	/** Bytes of the whole file. */
	fileBytes: number;
}

/** Reads a file up to its index; to its end where its size is not known. Throws MediaError. */
export async function clipIndex(source: ByteSource): Promise<ClipIndex> {
	const reader = new Reader(source);
	await expectMp4(reader);
	let moov: Bytes | undefined;
	let at = 0;
	for (let boxes = 0; ; boxes += 1) {
		if (boxes > MAX_BOXES) throw unfit('it is cut into too many parts');
		const header = boxHeader(await reader.at(at, LARGE_BOX_HEADER_BYTES, HEADER_BLOCK_BYTES));
		if (header === undefined) break;
		const { type, bytes, headerBytes } = header;
		if (bytes < headerBytes) throw damaged();
		const end = at + bytes;
		if (bytes !== Infinity && reader.endsBefore(end)) throw incomplete();
		if (type === 'moof') throw fragmented();
		if (type === 'moov' && moov === undefined) {
			const toTheEnd = (reader.size ?? at + headerBytes + MAX_INDEX_BYTES) - at;
			const content = Math.min(bytes, toTheEnd) - headerBytes;
			if (content > MAX_INDEX_BYTES) throw new MediaError('tooMuch', 'its index is too large');
			const start = at + headerBytes;
			moov =
				bytes === Infinity ? await reader.at(start, content) : await reader.need(start, content);
		}
		if (bytes === Infinity || (moov !== undefined && reader.size !== undefined)) break;
		at = end;
	}
	// A file that is no more than it says shows its size only when it has been read to the end.
	const { size } = reader;
	if (moov === undefined) throw size === undefined ? damaged() : incomplete();
	if (size === undefined) throw new MediaError('unreadable', 'its size is not known');
	return { moov, fileBytes: size };
}

export function incomplete(): MediaError {
	return new MediaError('truncated', 'it is not complete');
}

export function fragmented(): MediaError {
	return unfit('it is a fragmented MP4, whose pictures stand in many small indexes');
}

async function expectMp4(reader: Reader): Promise<void> {
	const head = await reader.at(0, SNIFF_BYTES, HEADER_BLOCK_BYTES);
	if (head.length === 0) throw new MediaError('empty', 'it is empty');
	const known = recognise(head);
	// QuickTime describes its sound in another way.
	if (known?.format === 'mov' || known?.brand === 'qt  ')
		throw unfit('it is a QuickTime film (MOV), not an MP4');
	if (known?.format === 'mp4') return;
	if (known?.format === 'text' || known?.format === 'html')
		throw unfit('it is a web page or other text, not a video');
	const format = known?.format === 'office' ? 'zip' : known?.format;
	throw unfit(format === undefined ? 'it is not an MP4' : `it is ${format}, not MP4`);
}
