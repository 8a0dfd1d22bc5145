/** The name under which a video is kept. */

/** Control characters, line breaks included; marks that turn the direction of what follows; half characters. */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
/** File systems take 255 bytes, and many letters have three. */
const MOST_CHARACTERS = 200;
const MOST_BYTES = 240;

/**
 * A file name without folders and without what cannot be seen, always with its ending; by default the
 * task ID tells the videos apart.
 */
export function videoFileName(wanted: string, taskId: string): string {
	const base = shortened(
		wanted
			.replace(UNSEEN, '')
			.replace(/[/\\]+/g, '-')
			.replace(/\.mp4$/i, '')
			.trim(),
	);
	return `${base === '' ? `wan-${taskId.replace(/[^A-Za-z0-9._-]+/g, '-')}` : base}.mp4`;
}

/** Whole characters, as many as a disk takes. */
function shortened(text: string): string {
	let short = '';
	let bytes = 0;
	for (const character of [...text].slice(0, MOST_CHARACTERS)) {
		bytes += Buffer.byteLength(character);
		if (bytes > MOST_BYTES) break;
		short += character;
	}
	return short.trim();
}
