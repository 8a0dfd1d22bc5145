// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The rendered videos, held against ffprobe and against the pictures they are made from: length,
// size, first and last picture, sound. Once with the system's ffmpeg and once with npm's.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox';
import { outputSize } from '../../sandbox/filters';
import { isRecord, parseJson, type JsonRecord } from '../../sandbox/json';
import { run } from '../../sandbox/programs';
import { someOf } from '../support/thorough';
import { AUDIO, CLIP, finishedLink, FIRST, LAST, newTask } from './client';

const MEDIA = join(__dirname, '..', '..', 'examples', 'media');
const FRAME_SECONDS = 1 / 30;
/** Above this two pictures look the same; JPEG against H.264 of it gives 35 to 50. */
const SAME_PICTURE_DB = 30;

interface Case {
	readonly label: string;
	readonly body: JsonRecord;
	readonly size: readonly [number, number];
	readonly seconds: number;
	/** What the first and the last picture must look like. */
	readonly first: string;
	readonly last?: string;
	readonly sound: boolean;
}

const CASES: readonly Case[] = [
	{
		label: 'one frame and driving audio',
		body: { image_start: FIRST, audio_urls: [AUDIO], duration: 2 },
		size: [1280, 720],
		seconds: 2,
		first: 'first_frame.jpg',
		sound: true,
	},
	{
		label: 'two frames at 1080p',
		body: { image_start: FIRST, image_end: LAST, quality: '1080p', duration: 2 },
		size: [1920, 1080],
		seconds: 2,
		first: 'first_frame.jpg',
		last: 'last_frame.jpg',
		sound: true,
	},
	{
		label: 'a clip to be continued',
		body: { image_start: undefined, video_urls: [CLIP], duration: 4 },
		size: [1280, 720],
		seconds: 4,
		first: 'clip.mp4',
		sound: true,
	},
	{
		label: 'a clip to be continued to a last frame',
		body: { image_start: undefined, video_urls: [CLIP], image_end: LAST, duration: 5 },
		size: [1280, 720],
		seconds: 5,
		first: 'clip.mp4',
		last: 'last_frame.jpg',
		sound: true,
	},
	{
		label: 'a clip that is already long enough',
		body: { image_start: undefined, video_urls: [CLIP], duration: 3 },
		size: [1280, 720],
		seconds: 3,
		first: 'clip.mp4',
		sound: false,
	},
];

interface Probed {
	readonly seconds: number;
	readonly video: JsonRecord;
	readonly audio: JsonRecord | undefined;
}

async function probe(path: string): Promise<Probed> {
	const text = await run('ffprobe', [
		'-v',
		'error',
		'-of',
		'json',
		'-show_format',
		'-show_streams',
		path,
	]);
	const found = parseJson(text);
	const streams = isRecord(found) && Array.isArray(found.streams) ? found.streams : [];
	const ofType = (type: string): JsonRecord | undefined =>
		streams.filter(isRecord).find((stream) => stream.codec_type === type);
	const format = isRecord(found) && isRecord(found.format) ? found.format : {};
	return {
		seconds: Number(format.duration),
		video: ofType('video') ?? {},
		audio: ofType('audio'),
	};
}

/** Likeness in dB of the first or last picture of a video to the first picture of a file. */
async function likeness(video: string, file: string, which: 'first' | 'last'): Promise<number> {
	const [picture, log] = [join(folder, 'picture.bmp'), join(folder, 'psnr.log')];
	// The last picture: all of the last quarter second, each over the one before.
	const from = which === 'first' ? [] : ['-sseof', '-0.25'];
	const only = which === 'first' ? ['-frames:v', '1'] : ['-update', '1'];
	await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...from, '-i', video, ...only, picture]);
	const graph = `[1:v][0:v]scale2ref[other][one];[one][other]psnr=stats_file=${log}`;
	const inputs = ['-i', picture, '-i', join(MEDIA, file)];
	await run('ffmpeg', [
		...['-nostdin', '-v', 'error', '-y', ...inputs, '-filter_complex', graph],
		...['-frames:v', '1', '-f', 'null', '-'],
	]);
	const average = /psnr_avg:(\S+)/.exec(readFileSync(log, 'utf8'))?.[1];
	return average === 'inf' ? Infinity : Number(average);
}

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'wan-render-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['system', 'npm'])('videos made by the ffmpeg of %s', (origin) => {
	let sandbox: Sandbox;
	const before = process.env.SANDBOX_FFMPEG;
	beforeAll(async () => {
		process.env.SANDBOX_FFMPEG = origin;
		sandbox = await startSandbox({ clock: 'manual' });
	});
	afterAll(async () => {
		await sandbox.close();
		if (before === undefined) delete process.env.SANDBOX_FFMPEG;
		else process.env.SANDBOX_FFMPEG = before;
	});

	it.each(someOf(CASES, origin === 'system' ? 2 : 4))(
		'$label',
		async ({ label, body, size, seconds, first, last, sound }) => {
			const link = await finishedLink(sandbox, await newTask(sandbox, body));
			const path = join(folder, `${origin}-${label}.mp4`);
			const content = Buffer.from(await (await fetch(link)).arrayBuffer());
			writeFileSync(path, content);
			const probed = await probe(path);
			expect(Math.abs(probed.seconds - seconds)).toBeLessThanOrEqual(FRAME_SECONDS);
			expect(probed.video).toMatchObject({
				codec_name: 'h264',
				pix_fmt: 'yuv420p',
				width: size[0],
				height: size[1],
				r_frame_rate: '30/1',
				nb_frames: String(seconds * 30),
			});
			expect(probed.audio?.codec_name).toBe(sound ? 'aac' : undefined);
			const soundSeconds = Number(probed.audio?.duration ?? seconds);
			expect(Math.abs(soundSeconds - seconds)).toBeLessThanOrEqual(FRAME_SECONDS);
			expect(await likeness(path, first, 'first')).toBeGreaterThan(SAME_PICTURE_DB);
			if (last) expect(await likeness(path, last, 'last')).toBeGreaterThan(SAME_PICTURE_DB);
			expect(content.indexOf('moov')).toBeLessThan(content.indexOf('mdat'));
		},
	);
});

describe('rendering', () => {
	it('equal requests share one file, other ones do not', async () => {
		const sandbox = await startSandbox({ clock: 'manual' });
		const etag = async (change: JsonRecord): Promise<string | null> => {
			const link = await finishedLink(sandbox, await newTask(sandbox, change));
			return (await fetch(link, { method: 'HEAD' })).headers.get('etag');
		};
		const first = await etag({ seed: 1 });
		expect(await etag({ seed: 2 })).toBe(first);
		expect(await etag({ image_start: LAST })).not.toBe(first);
		await sandbox.close();
	});

	it('soundWithoutAudio none makes a silent film', async () => {
		const sandbox = await startSandbox({
			clock: 'manual',
			switches: { soundWithoutAudio: 'none' },
		});
		const link = await finishedLink(sandbox, await newTask(sandbox));
		const path = join(folder, 'silent.mp4');
		writeFileSync(path, Buffer.from(await (await fetch(link)).arrayBuffer()));
		expect((await probe(path)).audio).toBeUndefined();
		await sandbox.close();
	});

	it('with the real clock a task is held at 99 until its video is there', async () => {
		const sandbox = await startSandbox({ clock: 'real', taskSeconds: 0 });
		const id = await newTask(sandbox);
		const headers = { authorization: `Bearer ${sandbox.key}` };
		const seen = new Set<string>();
		let task: unknown;
		do {
			task = await (await fetch(`${sandbox.url}/v1/tasks/${id}`, { headers })).json();
			if (isRecord(task)) seen.add(`${String(task.status)} ${String(task.progress)}`);
		} while (isRecord(task) && task.status !== 'completed');
		expect([...seen]).toEqual(['processing 99', 'completed 100']);
		await sandbox.close();
	});

	it.each([
		[1280, 720, '720p', 1280, 720],
		[720, 960, '720p', 960, 1280],
		[1000, 1000, '1080p', 1920, 1920],
		[8000, 1000, '720p', 1280, 160],
		[333, 251, '720p', 1280, 964],
	] as const)('%i x %i at %s becomes %i x %i', (width, height, quality, outWidth, outHeight) => {
		expect(outputSize({ width, height }, quality)).toEqual({ width: outWidth, height: outHeight });
	});
});
