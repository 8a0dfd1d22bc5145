/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Judges a joined film by what ffmpeg decodes of it: messages, the checksums of all frames, and how far sound and picture are apart.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

import { locate } from '../../sandbox/programs';

export interface Decoded {
	/** What ffmpeg had to say; nothing when all is well. */
	messages: string;
	/** Checksum of each picture in order. */
	frames: string[];
	/** Second at which each is shown. */
	times: number[];
	/** Seconds at which a flash or a beep begins. */
	flashes: number[];
	beeps: number[];
	/** Length of the decoded sound. */
	soundSeconds: number;
}

/** Each picture at its own time: ffmpeg's outputs complain of mixed frame rates by themselves. */
const AS_IT_IS = ['-vsync', 'passthrough', '-enc_time_base', '-1'];
/** Of a single point in each picture, ffmpeg would say that the bitrate is too low. */
const LIGHT = 'scale=8:8:flags=area,format=gray,setsar=1';
const LIGHT_POINTS = 64;
const SAMPLE_RATE = 48_000;
const LOUD = 3_000;

/** Decodes a whole video. Its pictures are decoded once: their sums and their light are further outputs of one ffmpeg. */
export async function decode(file: string): Promise<Decoded> {
	const folder = await mkdtemp(join(tmpdir(), 'wan-judge-'));
	const light = join(folder, 'light');
	try {
		const { out, messages } = await ffmpeg(
			file,
			...['-map', '0', ...AS_IT_IS.slice(0, 2), '-enc_time_base:v', '-1', '-f', 'null', '-'],
			...['-map', '0:v:0', ...AS_IT_IS, '-f', 'framemd5', '-'],
			...['-map', '0:v:0', ...AS_IT_IS, '-vf', LIGHT, '-f', 'rawvideo', light],
		);
		const { frames, times } = framesOf(out);
		const flashes = flashesOf(await readFile(light), times);
		return { messages, frames, times, flashes, ...(await heard(file)) };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Of `light`, the times of the bright pictures behind one that is not. */
function flashesOf(light: Buffer, times: readonly number[]): number[] {
	const isBright = (picture: number) => {
		const points = light.subarray(picture * LIGHT_POINTS, (picture + 1) * LIGHT_POINTS);
		return points.reduce((sum, point) => sum + point, 0) / LIGHT_POINTS > 225;
	};
	return times.filter((_, i) => isBright(i) && (i === 0 || !isBright(i - 1)));
}

function framesOf(text: Buffer): Pick<Decoded, 'frames' | 'times'> {
	const lines = text.toString().split('\n');
	const [, ticks = '1/1'] = lines.find((line) => line.startsWith('#tb 0:'))?.split(': ') ?? [];
	const [num, den] = ticks.split('/').map(Number);
	const rows = lines
		.filter((line) => /^\d/.test(line))
		.map((line) => line.split(',').map((cell) => cell.trim()));
	return {
		frames: rows.map((row) => row[5]),
		times: rows.map((row) => (Number(row[2]) * num) / den),
	};
}

async function heard(file: string): Promise<Pick<Decoded, 'beeps' | 'soundSeconds'>> {
	const { out } = await ffmpeg(
		file,
		...[
			'-map',
			'0:a:0?',
			'-af',
			`aresample=${SAMPLE_RATE}:async=1:min_hard_comp=0.001:first_pts=0`,
		],
		...['-ac', '1', '-f', 's16le', '-'],
	);
	const beeps: number[] = [];
	let quiet = Infinity;
	const samples = Math.floor(out.length / 2);
	for (let i = 0; i < samples; i += 1) {
		if (Math.abs(out.readInt16LE(i * 2)) > LOUD) {
			if (quiet > SAMPLE_RATE / 50) beeps.push(i / SAMPLE_RATE);
			quiet = 0;
		} else quiet += 1;
	}
	return { beeps, soundSeconds: samples / SAMPLE_RATE };
}

const runProgram = promisify(execFile);
const results = z.object({ stdout: z.instanceof(Buffer), stderr: z.instanceof(Buffer) });

/** What it wrote, whether or not it was content. */
async function ffmpeg(file: string, ...args: string[]): Promise<{ out: Buffer; messages: string }> {
	const options = { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 } as const;
	const all = ['-v', 'repeat+warning', '-nostdin', '-i', file, ...args];
	const ended: unknown = await runProgram(locate('ffmpeg'), all, options).catch(
		(error: unknown) => error,
	);
	const { stdout, stderr } = results.parse(ended);
	return { out: stdout, messages: told(stderr.toString()) };
}

/** The option has this name in every ffmpeg from 2018 on; newer ones would like another. */
function told(messages: string): string {
	return messages
		.split('\n')
		.filter((line) => !line.includes('-vsync is deprecated'))
		.join('\n')
		.trim();
}

/**
 * How far sound and picture are apart in the film beyond what they are in its clips, in seconds: one number
 * for each flash of a clip with sound. The clips' order is the film's.
 */
export function driftOf(film: Decoded, clips: readonly Decoded[]): number[] {
	const flashes = [...film.flashes];
	const beeps = [...film.beeps];
	return clips.flatMap((clip) => {
		const seen = flashes.splice(0, clip.flashes.length);
		const sounds = beeps.splice(0, clip.beeps.length);
		if (clip.beeps.length === 0) return [];
		return seen.map((at, i) => sounds[i] - at - (clip.beeps[i] - clip.flashes[i]));
	});
}
