/** What the header readers tell: the formats they know by name and the facts of a file. */

/** Formats that are recognised, and what kind of file each is. Only some are read further. */
export const KINDS = {
	jpeg: 'image',
	/** Lossless JPEG and its successor; hardly anything but medical programs reads them. */
	'lossless jpeg': 'image',
	'jpeg-ls': 'image',
	png: 'image',
	bmp: 'image',
	webp: 'image',
	gif: 'image',
	tiff: 'image',
	heic: 'image',
	avif: 'image',
	jp2: 'image',
	jxl: 'image',
	psd: 'image',
	ico: 'image',
	svg: 'image',
	wav: 'audio',
	/** WAV with its numbers the other way round. */
	rifx: 'audio',
	mp3: 'audio',
	mp2: 'audio',
	m4a: 'audio',
	aac: 'audio',
	ogg: 'audio',
	flac: 'audio',
	aiff: 'audio',
	amr: 'audio',
	caf: 'audio',
	midi: 'audio',
	mp4: 'video',
	mov: 'video',
	'3gp': 'video',
	webm: 'video',
	mkv: 'video',
	avi: 'video',
	flv: 'video',
	asf: 'video',
	mpegts: 'video',
	mpegps: 'video',
	pdf: 'other',
	zip: 'other',
	/** A ZIP archive that is a document of Office or of Apple's programs. */
	office: 'other',
	/** The documents of Office before these: doc, xls, ppt. */
	ole: 'other',
	html: 'other',
	gzip: 'other',
	text: 'other',
} as const satisfies Record<string, 'image' | 'audio' | 'video' | 'other'>;

export type MediaFormat = keyof typeof KINDS;
export type MediaKind = (typeof KINDS)[MediaFormat];

/** `visible` when a pixel really shows through; `opaqueChannel` when there is a channel and none does. */
export type Transparency = 'none' | 'opaqueChannel' | 'visible' | 'unknown';

export interface MediaFacts {
	format: MediaFormat;
	kind: MediaKind;
	/** Pixels as shown, after EXIF or matrix rotation. */
	width?: number;
	height?: number;
	/** Of the picture track for videos. */
	durationSeconds?: number;
	hasAudio?: boolean;
	transparency?: Transparency;
	animated?: boolean;
	codec?: string;
	/** Bytes are missing at the end. */
	truncated?: boolean;
	bytes?: number;
	/** Of a document. */
	pages?: number;
	/** Why it was not read to its end: its length is at least what is told. */
	partly?: string;
}

/** What a format's reader adds to the format itself. */
export type Details = Omit<MediaFacts, 'kind' | 'bytes' | 'format'> & { format?: MediaFormat };
