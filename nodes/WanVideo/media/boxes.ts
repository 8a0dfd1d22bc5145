/** The boxes that MP4 and QuickTime files are made of (ISO/IEC 14496-12, 4.2). */
import type { Bytes } from './bytes';

export const BOX_HEADER_BYTES = 8;
/** With a 64-bit size. */
export const LARGE_BOX_HEADER_BYTES = 16;
/** An index is a few boxes deep and wide. Of more only the first are looked at: a few megabytes of empty boxes would hold up n8n. */
const MAX_CHILDREN = 256;

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

/** The boxes inside a box, up to the first that is damaged. `most`: where there may really be many. */
export function boxesIn(content: Bytes, most = MAX_CHILDREN): Box[] {
	const found: Box[] = [];
	walk(content, most, (at, from, end) => {
		found.push({ type: content.text(at + 4, 4), content: content.part(from, end) });
		return false;
	});
	return found;
}

/** Goes from box to box until `see` has what it wants; gives where each begins, its content begins, and it ends. */
function walk(
	content: Bytes,
	most: number,
	see: (at: number, from: number, end: number) => boolean,
): void {
	for (let at = 0, count = 0; count < most && at + BOX_HEADER_BYTES <= content.length; count += 1) {
		const size = content.u32(at);
		const headerBytes = size === 1 ? LARGE_BOX_HEADER_BYTES : BOX_HEADER_BYTES;
		if (at + headerBytes > content.length) return;
		const bytes = size === 0 ? content.length - at : size === 1 ? content.u64(at + 8) : size;
		const end = at + bytes;
		if (bytes < headerBytes || end > content.length) return;
		if (see(at, at + headerBytes, end)) return;
		at = end;
	}
}

/** Content of the box at this path of types, if it is there. */
export function boxAt(content: Bytes, ...path: string[]): Bytes | undefined {
	let inner: Bytes | undefined = content;
	for (const type of path) {
		if (inner === undefined) break;
		inner = firstOf(type, inner);
	}
	return inner;
}

function firstOf(type: string, content: Bytes): Bytes | undefined {
	const letters = [...type].reduce((code, letter) => code * 256 + letter.charCodeAt(0), 0);
	let found: Bytes | undefined;
	walk(content, MAX_CHILDREN, (at, from, end) => {
		if (content.u32(at + 4) !== letters) return false;
		found = content.part(from, end);
		return true;
	});
	return found;
}
