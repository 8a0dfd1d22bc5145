/**
 * Proof that a stream of bytes is a whole MP4, and what its header says, while it passes by.
 * Boxes are walked as they come; only `moov` is kept, so memory stays small whatever the file's size
 * (ISO/IEC 14496-12: boxes, mvhd, tkhd, hdlr).
 */

export interface Mp4Facts {
	/** Pixels as shown, after rotation. */
	width?: number;
	height?: number;
	durationSeconds?: number;
	hasAudio: boolean;
}

export type Mp4Verdict =
	| { whole: true; bytes: number; facts: Mp4Facts }
	| { whole: false; bytes: number; reason: string };

export interface Mp4Proof {
	push(chunk: Uint8Array): void;
	/** The verdict over all bytes pushed so far. */
	end(): Mp4Verdict;
}

/** A `moov` of a 15 s video has a few kilobytes; more than this is no header worth keeping. */
const MOOV_LIMIT_BYTES = 32 * 1024 * 1024;
const HEADER_BYTES = 8;
const LARGE_HEADER_BYTES = 16;

/** Starts a proof. Never throws, whatever the bytes are. */
export function mp4Proof(): Mp4Proof {
	const seen = new Set<string>();
	let header = new Uint8Array(0);
	let box: { type: string; left: number; moov?: Uint8Array[] } | undefined;
	let moov: Uint8Array | undefined;
	let bytes = 0;
	let reason: string | undefined;

	/** Takes what belongs to the current box or header; returns how many bytes it took. */
	function take(chunk: Uint8Array): number {
		if (box !== undefined) {
			const taken = chunk.subarray(0, Math.min(chunk.length, box.left));
			box.moov?.push(taken.slice());
			box.left -= taken.length;
			if (box.left === 0) close();
			return taken.length;
		}
		const wanted = header.length < HEADER_BYTES ? HEADER_BYTES : LARGE_HEADER_BYTES;
		const taken = chunk.subarray(0, wanted - header.length);
		header = joined([header, taken]);
		if (header.length === wanted) open();
		return taken.length;
	}

	function open(): void {
		const view = viewOf(header);
		const type = boxType(view, 4);
		let size = view.getUint32(0);
		if (size === 1) {
			if (header.length < LARGE_HEADER_BYTES) return;
			size = Number(view.getBigUint64(8));
		}
		if (seen.size === 0 && type !== 'ftyp') reason = 'it does not begin like an MP4';
		else if (size !== 0 && size < header.length) reason = 'a part of it has an impossible size';
		else if (type === 'moov' && size > MOOV_LIMIT_BYTES) reason = 'its header is too large';
		seen.add(type);
		// Size 0 means "to the end of the file".
		box = {
			type,
			left: size === 0 ? Infinity : size - header.length,
			...(type === 'moov' && size !== 0 && { moov: [] }),
		};
		header = new Uint8Array(0);
		if (box.left === 0) close();
	}

	function close(): void {
		if (box?.moov !== undefined) moov = joined(box.moov);
		box = undefined;
	}

	return {
		push(chunk) {
			bytes += chunk.length;
			let rest = chunk;
			while (reason === undefined && rest.length > 0) rest = rest.subarray(take(rest));
		},
		end() {
			const cut = header.length > 0 || (box !== undefined && box.left !== Infinity);
			const verdict =
				reason ??
				(bytes === 0 ? 'it is empty' : undefined) ??
				(cut ? 'it ends too early' : undefined) ??
				(seen.has('moov') && seen.has('mdat') ? undefined : 'it holds no video');
			if (verdict !== undefined) return { whole: false, bytes, reason: verdict };
			return {
				whole: true,
				bytes,
				facts: moov === undefined ? { hasAudio: false } : moovFacts(moov),
			};
		},
	};
}

/** Size, length and sound from the bytes inside `moov`; what is not there stays undefined. */
function moovFacts(moov: Uint8Array): Mp4Facts {
	const facts: Mp4Facts = { hasAudio: false };
	for (const child of boxes(moov)) {
		if (child.type === 'mvhd') facts.durationSeconds = movieSeconds(child.content);
		if (child.type !== 'trak') continue;
		const parts = boxes(child.content);
		const handler = handlerOf(parts.find(({ type }) => type === 'mdia')?.content);
		if (handler === 'soun') facts.hasAudio = true;
		const tkhd = parts.find(({ type }) => type === 'tkhd')?.content;
		if (handler === 'vide' && tkhd !== undefined) Object.assign(facts, trackPixels(tkhd));
	}
	return facts;
}

function boxes(content: Uint8Array): Array<{ type: string; content: Uint8Array }> {
	const found = [];
	const view = viewOf(content);
	for (let at = 0; at + HEADER_BYTES <= content.length; ) {
		const size = view.getUint32(at);
		if (size < HEADER_BYTES || at + size > content.length) break;
		found.push({
			type: boxType(view, at + 4),
			content: content.subarray(at + HEADER_BYTES, at + size),
		});
		at += size;
	}
	return found;
}

function movieSeconds(mvhd: Uint8Array): number | undefined {
	const view = viewOf(mvhd);
	const long = mvhd[0] === 1;
	if (mvhd.length < (long ? 32 : 20)) return undefined;
	const timescale = view.getUint32(long ? 20 : 12);
	const duration = long ? Number(view.getBigUint64(24)) : view.getUint32(16);
	// 0: the length stands in the fragments; all ones: not known.
	if (timescale === 0 || duration === 0 || (!long && duration === 0xffffffff)) return undefined;
	return Math.round((duration / timescale) * 1000) / 1000;
}

function handlerOf(mdia: Uint8Array | undefined): string | undefined {
	const hdlr = mdia && boxes(mdia).find(({ type }) => type === 'hdlr')?.content;
	return hdlr !== undefined && hdlr.length >= 12 ? boxType(viewOf(hdlr), 8) : undefined;
}

/** Width and height are 16.16 fixed point at the end of `tkhd`, after the matrix that may turn the picture. */
function trackPixels(tkhd: Uint8Array): { width?: number; height?: number } {
	const matrixAt = tkhd[0] === 1 ? 52 : 40;
	if (tkhd.length < matrixAt + 44) return {};
	const view = viewOf(tkhd);
	const width = view.getUint32(matrixAt + 36) / 65_536;
	const height = view.getUint32(matrixAt + 40) / 65_536;
	const turned = view.getInt32(matrixAt) === 0 && view.getInt32(matrixAt + 4) !== 0;
	return turned ? { width: height, height: width } : { width, height };
}

function boxType(view: DataView, at: number): string {
	return String.fromCharCode(
		view.getUint8(at),
		view.getUint8(at + 1),
		view.getUint8(at + 2),
		view.getUint8(at + 3),
	);
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
