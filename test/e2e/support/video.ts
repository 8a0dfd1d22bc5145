/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Looking into real video files with ffprobe and ffmpeg: the system's, else the ones from npm.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { locate } from '../../../sandbox/programs';

const run = promisify(execFile);
export interface VideoFacts {
	format: string;
	durationSeconds: number;
	width: number;
	height: number;
	hasAudio: boolean;
}

interface Probed {
	format: { format_name: string; duration: string };
	streams: Array<{ codec_type: string; width?: number; height?: number }>;
}

/** What ffprobe says about a file; rejects when it is no media file. */
export async function probeVideo(file: string): Promise<VideoFacts> {
	const args = ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams', file];
	const { stdout } = await run(locate('ffprobe'), args);
	const { format, streams } = JSON.parse(stdout) as Probed;
	const picture = streams.find(({ codec_type }) => codec_type === 'video');
	return {
		format: format.format_name,
		durationSeconds: Number(format.duration),
		width: picture?.width ?? 0,
		height: picture?.height ?? 0,
		hasAudio: streams.some(({ codec_type }) => codec_type === 'audio'),
	};
}

const thumbnail = { width: 64, height: 36 };

/** The first picture of an image or a video, as a small grey raster. */
async function firstPicture(file: string): Promise<Buffer> {
	const filter = `scale=${thumbnail.width}:${thumbnail.height},format=gray`;
	const args = ['-v', 'error', '-i', file, '-frames:v', '1', '-vf', filter, '-f', 'rawvideo', '-'];
	const { stdout } = await run(locate('ffmpeg'), args, { encoding: 'buffer' });
	return stdout;
}

/** Mean difference of the first pictures of two files, 0 (equal) to 255. */
export async function pictureDifference(a: string, b: string): Promise<number> {
	const [left, right] = await Promise.all([firstPicture(a), firstPicture(b)]);
	let sum = 0;
	for (const [index, value] of left.entries()) sum += Math.abs(value - right[index]);
	return sum / left.length;
}
