/** Which format bytes are, by their first ones; names and MIME types are never asked. */
import { isBmpHeader } from './bmp';
import type { Bytes } from './bytes';
import type { MediaFormat } from './facts';
import { frameAt } from './mp3Frame';

/** Enough to tell every format, text and MPEG streams included. */
export const SNIFF_BYTES = 1024;

export interface Recognised {
	format: MediaFormat;
	/** Brand of an MP4 or its kin. */
	brand?: string;
}

const MAGIC: ReadonlyArray<[string, MediaFormat]> = [
	['\xff\xd8\xff', 'jpeg'],
	['\x89PNG\r\n\x1a\n', 'png'],
	['GIF8', 'gif'],
	['II*\0', 'tiff'],
	['MM\0*', 'tiff'],
	['II+\0', 'tiff'],
	['MM\0+', 'tiff'],
	['8BPS', 'psd'],
	['\0\0\0\x0cjP  ', 'jp2'],
	['\xff\x4f\xff\x51', 'jp2'],
	['\0\0\0\x0cJXL ', 'jxl'],
	['\xff\x0a', 'jxl'],
	['\0\0\x01\0', 'ico'],
	['fLaC', 'flac'],
	['OggS', 'ogg'],
	['#!AMR', 'amr'],
	['caff', 'caf'],
	['MThd', 'midi'],
	['FLV\x01', 'flv'],
	['0&\xb2u\x8ef\xcf\x11', 'asf'],
	['\0\0\x01\xba', 'mpegps'],
	['\0\0\x01\xb3', 'mpegps'],
	['%PDF', 'pdf'],
	['PK\x03\x04', 'zip'],
	['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'ole'],
	['\x1f\x8b', 'gzip'],
];

/** Brands of still pictures in boxes. */
const PICTURE_BRANDS: ReadonlyArray<[RegExp, MediaFormat]> = [
	[/^avi[fs]/, 'avif'],
	[/^(hei[cxms]|hev[cmxs])/, 'heic'],
	[/^jp[2x] /, 'jp2'],
	[/^jxl /, 'jxl'],
];
/** Picture containers that do not say what is inside: another brand of theirs does. */
const GENERAL_PICTURE_BRANDS = ['mif1', 'mif2', 'mif3', 'miaf', 'msf1', '1pic', 'crx '];
/** Boxes that QuickTime files without a brand begin with, and what some writers put before the brand. */
const FIRST_BOXES = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'uuid', 'udta', 'meta'];
const TRANSPORT_PACKET_BYTES = 188;

/** The format of a file that begins with these bytes; undefined may still be an MP3. */
export function recognise(head: Bytes): Recognised | undefined {
	const text = head.text(0, 16);
	const magic = MAGIC.find(([bytes]) => text.startsWith(bytes));
	if (magic !== undefined) return { format: magic[1] };
	const format = riff(text) ?? ebml(head) ?? transport(head) ?? adts(head);
	if (format !== undefined) return { format };
	if (text.startsWith('BM') && head.length >= 18 && isBmpHeader(head.u32le(14)))
		return { format: 'bmp' };
	return boxes(head) ?? written(head);
}

function riff(text: string): MediaFormat | undefined {
	const form = text.slice(8, 12);
	if (text.startsWith('RIFX') && form === 'WAVE') return 'rifx';
	if (/^(RIFF|RF64|BW64)/.test(text)) {
		if (form === 'WAVE') return 'wav';
		if (form === 'WEBP') return 'webp';
		if (form === 'AVI ') return 'avi';
	}
	return text.startsWith('FORM') && /^AIF[FC]/.test(form) ? 'aiff' : undefined;
}

/** Matroska and WEBM begin alike; the document's type stands within the first bytes. */
function ebml(head: Bytes): MediaFormat | undefined {
	if (head.text(0, 4) !== '\x1aE\xdf\xa3') return undefined;
	return head.text(4, 60).includes('webm') ? 'webm' : 'mkv';
}

/** MPEG transport streams: a sync byte every 188 bytes; Blu-ray's have four bytes more before each. */
function transport(head: Bytes): MediaFormat | undefined {
	for (const extra of [0, 4]) {
		const packet = TRANSPORT_PACKET_BYTES + extra;
		const syncs = [0, 1, 2].map((n) => head.raw[extra + n * packet]);
		if (syncs.every((byte) => byte === 0x47)) return 'mpegts';
	}
	return undefined;
}

/** Raw AAC: a sync word with layer 0 that comes again where the frame's length says. */
function adts(head: Bytes): MediaFormat | undefined {
	const { raw } = head;
	const isSync = (at: number) => raw[at] === 0xff && (raw[at + 1] & 0xf6) === 0xf0;
	if (head.length < 7 || !isSync(0) || frameAt(head, 0) !== undefined) return undefined;
	const bytes = ((raw[3] & 3) << 11) | (raw[4] << 3) | (raw[5] >> 5);
	return bytes >= 7 && (bytes + 1 >= head.length || isSync(bytes)) ? 'aac' : undefined;
}

function boxes(head: Bytes): Recognised | undefined {
	const type = head.text(4, 4);
	if (type === 'ftyp' && head.length >= 12) {
		// The small form of HEIF has its kind where others have a version.
		const brands = [head.text(8, 4), head.text(12, 4)];
		for (let at = 16; at + 4 <= Math.min(head.u32(0), head.length, 256); at += 4)
			brands.push(head.text(at, 4));
		const asked = GENERAL_PICTURE_BRANDS.includes(brands[0]) ? brands : brands.slice(0, 1);
		for (const [brand, format] of PICTURE_BRANDS)
			if (asked.some((name) => brand.test(name))) return { format };
		if (GENERAL_PICTURE_BRANDS.includes(brands[0])) return { format: 'heic' };
		return { format: 'mp4', brand: brands[0] };
	}
	const isBox = FIRST_BOXES.includes(type) && head.u32(0) < 0x7fffffff;
	return isBox ? { format: 'mov' } : undefined;
}

/** Pages, error messages and drawings made of text; UTF-16 is told by its mark. */
function written(head: Bytes): Recognised | undefined {
	const text = head.text(0, SNIFF_BYTES);
	if (text.startsWith('\xff\xfe') || text.startsWith('\xfe\xff'))
		return text.includes('\0') ? { format: 'text' } : undefined;
	if (head.raw.some(isControl)) return undefined;
	if (!/^[\s\xef\xbb\xbf]*[<{[]/.test(text) && !isUtf8(head)) return undefined;
	if (/<svg[\s>]/i.test(text)) return { format: 'svg' };
	return { format: /^[\s\xef\xbb\xbf]*<(!doctype html|html)\b/i.test(text) ? 'html' : 'text' };
}

/** Control characters but white space and escape. */
function isControl(byte: number): boolean {
	return byte < 0x20 && byte !== 0x1b && (byte < 0x09 || byte > 0x0d);
}

/** Whether the bytes are UTF-8; the last character may be cut. */
function isUtf8({ raw }: Bytes): boolean {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(raw, { stream: true });
		return true;
	} catch {
		return false;
	}
}
