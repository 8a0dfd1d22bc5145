/** Smallest possible MP4s, box by box (ISO/IEC 14496-12), for tests that want a shape no encoder writes. */

/** One box: size, type, content. */
export function box(type: string, ...contents: Uint8Array[]): Buffer {
	const content = Buffer.concat(contents);
	const header = Buffer.alloc(8);
	header.writeUInt32BE(content.length + 8, 0);
	header.write(type, 4, 'latin1');
	return Buffer.concat([header, content]);
}

/** The same box with a 64-bit size, as writers use it for files above 4 GB. */
export function largeBox(type: string, content: Uint8Array): Buffer {
	const header = Buffer.alloc(16);
	header.writeUInt32BE(1, 0);
	header.write(type, 4, 'latin1');
	header.writeBigUInt64BE(BigInt(content.length + 16), 8);
	return Buffer.concat([header, content]);
}

/** A box that goes on to the end of the file (size 0). */
export function openBox(type: string, content: Uint8Array): Buffer {
	const header = Buffer.alloc(8);
	header.write(type, 4, 'latin1');
	return Buffer.concat([header, content]);
}

export const ftyp = box('ftyp', Buffer.from('isom\0\0\0\0isom', 'latin1'));

export interface TinyMovie {
	width?: number;
	height?: number;
	durationSeconds?: number;
	audio?: boolean;
	/** Turned by 90 degrees, as phones write it. */
	turned?: boolean;
	/** Version 1 of mvhd, with a 64-bit duration. */
	longDuration?: boolean;
}

/** A moov with one video track, and an audio track if wanted. */
export function moov(movie: TinyMovie = {}): Buffer {
	const { durationSeconds = 5, audio = false, longDuration = false } = movie;
	const tracks = [track('vide', movie), ...(audio ? [track('soun', {})] : [])];
	return box('moov', mvhd(durationSeconds, longDuration), ...tracks);
}

/** A whole little video, header first. */
export function tinyMp4(movie: TinyMovie = {}): Buffer {
	return Buffer.concat([ftyp, moov(movie), box('mdat', Buffer.alloc(64, 7))]);
}

function mvhd(durationSeconds: number, long: boolean): Buffer {
	const content = Buffer.alloc(long ? 112 : 100);
	content[0] = long ? 1 : 0;
	content.writeUInt32BE(1000, long ? 20 : 12);
	if (long) content.writeBigUInt64BE(BigInt(durationSeconds * 1000), 24);
	else content.writeUInt32BE(durationSeconds * 1000, 16);
	return box('mvhd', content);
}

function track(
	handler: 'vide' | 'soun',
	{ width = 1280, height = 720, turned }: TinyMovie,
): Buffer {
	const tkhd = Buffer.alloc(84);
	const [a, b] = turned === true ? [0, 0x10000] : [0x10000, 0];
	tkhd.writeInt32BE(a, 40);
	tkhd.writeInt32BE(b, 44);
	if (handler === 'vide') {
		tkhd.writeUInt32BE(width * 65_536, 76);
		tkhd.writeUInt32BE(height * 65_536, 80);
	}
	const hdlr = Buffer.alloc(24);
	hdlr.write(handler, 8, 'latin1');
	return box('trak', box('tkhd', tkhd), box('mdia', box('hdlr', hdlr)));
}
