/** The boxes that MP4 and QuickTime files are made of (ISO/IEC 14496-12, 4.2). */
import type { Bytes } from './bytes';

export const BOX_HEADER_BYTES = 8;
/** With a 64-bit size. */
export const LARGE_BOX_HEADER_BYTES = 16;
/** An index is a few boxes deep and wide; more is no index. */
const MAX_CHILDREN = 20_000;

export interface BoxHeader {
	type: string;
	/** Whole box; Infinity means to the end of what holds it. */
	bytes: number;
	headerBytes: number;
}

export interface Box {
	type: string;
	content: Bytes;
}

/** The header at this byte; undefined where more bytes are needed. Its size may still be impossible. */
export function boxHeader(bytes: Bytes, at = 0): BoxHeader | undefined {
	if (at + BOX_HEADER_BYTES > bytes.length) return undefined;
	const type = bytes.text(at + 4, 4);
	const size = bytes.u32(at);
	if (size === 0) return { type, bytes: Infinity, headerBytes: BOX_HEADER_BYTES };
	if (size !== 1) return { type, bytes: size, headerBytes: BOX_HEADER_BYTES };
	if (at + LARGE_BOX_HEADER_BYTES > bytes.length) return undefined;
	return { type, bytes: bytes.u64(at + 8), headerBytes: LARGE_BOX_HEADER_BYTES };
}

/** The boxes inside a box, up to the first that is damaged. */
export function boxesIn(content: Bytes): Box[] {
	const found: Box[] = [];
	for (let at = 0; found.length < MAX_CHILDREN; ) {
		const header = boxHeader(content, at);
		if (header === undefined || header.bytes < header.headerBytes) break;
		const end = Math.min(at + header.bytes, header.bytes === Infinity ? content.length : Infinity);
		if (end > content.length) break;
		found.push({ type: header.type, content: content.part(at + header.headerBytes, end) });
		at = end;
	}
	return found;
}

/** Content of the box at this path of types, if it is there. */
export function boxAt(content: Bytes, ...path: string[]): Bytes | undefined {
	let inner: Bytes | undefined = content;
	for (const type of path) {
		if (inner === undefined) break;
		inner = boxesIn(inner).find((box) => box.type === type)?.content;
	}
	return inner;
}
