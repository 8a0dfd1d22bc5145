// What other programs say about the corpus: ffprobe, ffmpeg, ImageMagick and exiftool. Our own
// readers are not asked.

import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

import { ROOT, at, run } from './tools.mjs';

/** exiftool's file types in our names. @type {Record<string, string>} */
const NAMES = {
	JPEG: 'jpeg',
	PNG: 'png',
	APNG: 'png',
	BMP: 'bmp',
	'Extended WEBP': 'webp',
	WEBP: 'webp',
	GIF: 'gif',
	TIFF: 'tiff',
	HEIC: 'heic',
	HEIF: 'heic',
	AVIF: 'avif',
	JP2: 'jp2',
	JXL: 'jxl',
	PSD: 'psd',
	ICO: 'ico',
	SVG: 'svg',
	WAV: 'wav',
	MP3: 'mp3',
	M4A: 'm4a',
	AAC: 'aac',
	OGG: 'ogg',
	OPUS: 'ogg',
	OGV: 'ogg',
	FLAC: 'flac',
	AIFF: 'aiff',
	MP4: 'mp4',
	M4V: 'mp4',
	MOV: 'mov',
	'3GP': '3gp',
	WEBM: 'webm',
	MKV: 'mkv',
	AVI: 'avi',
	FLV: 'flv',
	ASF: 'asf',
	WMV: 'asf',
	M2T: 'mpegts',
	M2TS: 'mpegts',
	MPEG: 'mpegps',
	PDF: 'pdf',
	ZIP: 'zip',
	GZIP: 'gzip',
	HTML: 'html',
	XML: 'text',
	JSON: 'text',
	TXT: 'text',
};

/** What no program here tells, or where exiftool goes by the name. @type {Record<string, string>} */
const BY_HAND = {
	'invalid/kinds/sound-named.mp4': 'm4a', // no picture track: ffprobe lists sound only
	'invalid/kinds/sound.caf': 'caf',
	'invalid/kinds/layer-2.mp2': 'mp2',
	'invalid/kinds/speech.amr': 'amr',
	'invalid/kinds/notes.mid': 'midi',
	'invalid/kinds/raw.aac': 'aac',
	'invalid/kinds/boxed.jxl': 'jxl',
	'invalid/kinds/general-brand.heic': 'heic',
	'invalid/kinds/general-brand.avif': 'avif',
	'invalid/kinds/elementary.m1v': 'mpegps',
	'invalid/kinds/bm-words.bmp': 'text',
	'invalid/kinds/utf16.mp4': 'text',
	'invalid/kinds/page-late.png': 'html',
	'invalid/kinds/pictures.zip': 'office', // cut off: a document of Office begins so too
};

/** @param {string} folder @returns {string[]} */
export const filesIn = (folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
		.sort();

/** Facts of all valid files, and the format of those of other kinds. */
export function truth() {
	const names = [...filesIn('valid'), ...filesIn('invalid/kinds')].filter(
		(name) => !name.endsWith('empty.png'),
	);
	const told = JSON.parse(
		run('exiftool', [
			'-json',
			'-n',
			'-fast',
			'-FileType',
			'-Orientation',
			'-ColorType',
			'-Transparency',
			'-AnimationFrames',
			'-FrameCount',
			...names.filter((name) => !(name in BY_HAND)).map(at),
		]).toString(),
	);
	return Object.fromEntries(
		names.map((name) => {
			const tags =
				told.find(
					(/** @type {{SourceFile: string}} */ { SourceFile }) => SourceFile === at(name),
				) ?? {};
			const format = BY_HAND[name] ?? formatOf(name, tags.FileType);
			if (!name.startsWith('valid/')) return [name, { format }];
			const facts = ['jpeg', 'png', 'bmp', 'webp'].includes(format)
				? pictureFacts(name, tags)
				: streamFacts(name);
			return [name, { format, ...facts }];
		}),
	);
}

/** @param {string} name @param {string | undefined} type */
function formatOf(name, type) {
	const format = NAMES[(type ?? '').replace(' (RF64)', '')];
	if (format === undefined) throw new Error(`${name}: exiftool says ${type}`);
	return format;
}

/** @param {string} name @param {Record<string, unknown>} tags */
function pictureFacts(name, tags) {
	const said = run('identify', ['-format', '%w %h %[opaque] %A\n', at(name)]).toString();
	const frames = said
		.trim()
		.split('\n')
		.map((line) => line.split(' '));
	const stream = probe(name).streams.find((/** @type {{width?: number}} */ { width }) => width);
	// ffprobe 5 tells no canvas of an animated WEBP; ImageMagick does.
	const [width, height] = [Number(frames[0][0]), Number(frames[0][1])];
	if (stream && stream.width !== 0 && (stream.width !== width || stream.height !== height))
		throw new Error(`${name}: ${said} but ${stream.width} x ${stream.height}`);
	const turned = Number(tags.Orientation ?? 1) >= 5;
	const opaque = frames.every(([, , isOpaque]) => isOpaque.toLowerCase() === 'true');
	const channel =
		extname(name) === '.png'
			? [4, 6].includes(Number(tags.ColorType)) || 'Transparency' in tags
			: !opaque;
	return {
		width: turned ? height : width,
		height: turned ? width : height,
		transparency: !opaque ? 'visible' : channel ? 'opaqueChannel' : 'none',
		animated: frames.length > 1 || Number(tags.AnimationFrames ?? 1) > 1,
	};
}

/** @param {string} name */
const probe = (name) =>
	JSON.parse(
		run('ffprobe', [
			'-v',
			'error',
			'-of',
			'json',
			'-show_format',
			'-show_streams',
			at(name),
		]).toString(),
	);

/** @param {string} name */
function streamFacts(name) {
	const { streams, format } = probe(name);
	const isCover = (/** @type {any} */ s) => s.disposition?.attached_pic === 1;
	const video = streams.find((/** @type {any} */ s) => s.codec_type === 'video' && !isCover(s));
	const audio = streams.find((/** @type {any} */ s) => s.codec_type === 'audio');
	const told = Number((video ?? audio).duration ?? format.duration);
	const rotation = Number(
		video?.side_data_list?.find((/** @type {any} */ d) => 'rotation' in d)?.rotation ?? 0,
	);
	const turned = Math.abs(rotation) % 180 === 90;
	return {
		...(video && {
			width: turned ? video.height : video.width,
			height: turned ? video.width : video.height,
		}),
		hasAudio: audio !== undefined,
		/** What the container says, and what decoding gives. */
		seconds: [round(told), round(video ? shownSeconds(name, video.index) : decodedSeconds(name))],
	};
}

/** @param {number} seconds */
const round = (seconds) => Math.round(seconds * 1000) / 1000;

/** From the first picture shown to the end of the last. @param {string} name @param {number} index */
function shownSeconds(name, index) {
	const said = run('ffprobe', [
		'-v',
		'error',
		'-select_streams',
		String(index),
		'-show_entries',
		'frame=best_effort_timestamp_time,pkt_duration_time',
		'-of',
		'json',
		at(name),
	]);
	const frames = JSON.parse(said.toString()).frames.map((/** @type {any} */ f) => [
		Number(f.best_effort_timestamp_time),
		Number(f.pkt_duration_time ?? 0),
	]);
	const starts = frames.map((/** @type {number[]} */ [start]) => start);
	return (
		Math.max(...frames.map((/** @type {number[]} */ [start, length]) => start + length)) -
		Math.min(...starts)
	);
}

/** Sound decoded to plain samples and counted. @param {string} name */
function decodedSeconds(name) {
	const rate = 8000;
	const samples = run('ffmpeg', [
		'-v',
		'quiet',
		'-i',
		at(name),
		'-f',
		's16le',
		'-ac',
		'1',
		'-ar',
		String(rate),
		'-',
	]);
	return samples.length / 2 / rate;
}
