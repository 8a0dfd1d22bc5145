/** The one EXIF tag that matters here: how a picture is turned when shown (TIFF 6.0 IFD, tag 0x0112). */
import type { Bytes } from './bytes';

const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;
const LITTLE_ENDIAN = 'II';

/** Whether the picture is shown with width and height swapped; `tiff` begins at "II" or "MM". */
export function isTurned(tiff: Bytes): boolean {
	const order = tiff.text(0, 2);
	if (tiff.length < 10 || (order !== LITTLE_ENDIAN && order !== 'MM')) return false;
	const u16 = (at: number) => (order === LITTLE_ENDIAN ? tiff.u16le(at) : tiff.u16(at));
	const first = order === LITTLE_ENDIAN ? tiff.u32le(4) : tiff.u32(4);
	if (first + 2 > tiff.length) return false;
	const fitting = Math.floor((tiff.length - first - 2) / ENTRY_BYTES);
	const entries = Math.min(u16(first), fitting);
	for (let entry = 0; entry < entries; entry += 1) {
		const at = first + 2 + entry * ENTRY_BYTES;
		// 5 to 8 are the four that swap the sides.
		if (u16(at) === ORIENTATION_TAG) return u16(at + 8) >= 5 && u16(at + 8) <= 8;
	}
	return false;
}

/** The sides as shown. */
export function shown(width: number, height: number, turned: boolean) {
	return turned ? { width: height, height: width } : { width, height };
}
