/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What ffprobe and the first bytes say about a media file: format by content (never by name),
// size in pixels, length, transparency.

import { open } from 'node:fs/promises';
import { isRecord, parseJson } from './json';
import { run } from './programs';

export interface MediaFacts {
	/** jpeg, png, bmp, webp, mp4, mov, wav, mp3, or whatever ffprobe calls it. */
	readonly format: string;
	readonly width: number | undefined;
	readonly height: number | undefined;
	/** Length of the video track if there is one, else of the file. */
	readonly durationSeconds: number | undefined;
	readonly hasAudio: boolean;
	/** A PNG with an alpha channel or a tRNS chunk. */
	readonly hasAlpha: boolean;
}

/** Reads a file; undefined when it is no media file. */
export async function readMediaFacts(path: string): Promise<MediaFacts | undefined> {
	const format = formatOf(await head(path, 16));
	const shown = 'stream=codec_type,codec_name,width,height,duration:format=format_name,duration';
	const args = ['-v', 'error', '-of', 'json', '-show_entries', shown, path];
	const probed = parseJson(await run('ffprobe', args, { timeoutMs: 20_000 }).catch(() => ''));
	if (!isRecord(probed) || !isRecord(probed.format) || !Array.isArray(probed.streams)) {
		return undefined;
	}
	const streams = probed.streams.filter(isRecord);
	const video = streams.find((stream) => stream.codec_type === 'video');
	const audio = streams.find((stream) => stream.codec_type === 'audio');
	if (video === undefined && audio === undefined) return undefined;
	const seconds = positive(video?.duration) ?? positive(probed.format.duration);
	return {
		format: format ?? String(probed.format.format_name),
		width: positive(video?.width),
		height: positive(video?.height),
		durationSeconds: seconds,
		hasAudio: audio !== undefined,
		hasAlpha: format === 'png' && (await pngHasAlpha(path)),
	};
}

const positive = (value: unknown): number | undefined =>
	Number(value) > 0 ? Number(value) : undefined;

function formatOf(start: Buffer): string | undefined {
	const text = (from: number, to: number): string => start.toString('latin1', from, to);
	if (text(0, 3) === '\xff\xd8\xff') return 'jpeg';
	if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
	if (text(0, 2) === 'BM') return 'bmp';
	if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
	if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return 'wav';
	if (text(4, 8) === 'ftyp') {
		const brand = text(8, 12);
		if (brand === 'qt  ') return 'mov';
		return /^3g/.test(brand) ? '3gp' : 'mp4';
	}
	if (['moov', 'mdat', 'wide', 'free'].includes(text(4, 8))) return 'mov';
	return undefined;
}

async function head(path: string, bytes: number): Promise<Buffer> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}

/** Looks at the colour type, then for tRNS among the chunks before the first IDAT. */
async function pngHasAlpha(path: string): Promise<boolean> {
	const file = await open(path);
	try {
		const chunk = Buffer.alloc(26);
		await file.read(chunk, 0, 26, 0);
		if ([4, 6].includes(chunk[25] ?? 0)) return true;
		for (let at = 8; ; ) {
			const { bytesRead } = await file.read(chunk, 0, 8, at);
			const type = chunk.toString('latin1', 4, 8);
			if (bytesRead < 8 || type === 'IDAT' || type === 'IEND') return false;
			if (type === 'tRNS') return true;
			at += 12 + chunk.readUInt32BE(0);
		}
	} finally {
		await file.close();
	}
}
