/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Clips for tests of joining: each has a white flash and a beep at the same moments, so that picture and sound can be compared.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from '../../sandbox/programs';

export interface ClipWish {
	seconds: number;
	fps?: string;
	/** Pixels, e.g. "320x180". */
	size?: string;
	/** Turns the colours, so that clips can be told apart. */
	hue?: number;
	sound?: { rate: number; channels: 1 | 2 } | 'none';
	/** Further arguments for ffmpeg's output. */
	more?: string[];
	codec?: string;
}

const FLASH_SECONDS = 0.06;

/** A folder of its own for one test file, and a maker of clips in it. */
export function clipFolder() {
	const folder = mkdtempSync(join(tmpdir(), 'wan-clips-'));
	const path = (name: string) => join(folder, name);
	return {
		path,
		remove: () => rmSync(folder, { recursive: true, force: true }),
		/** A clip with a flash and a beep at 0.5 s and at 0.5 s before its end. */
		async make(name: string, wish: ClipWish): Promise<string> {
			await run('ffmpeg', [...INPUT, ...argumentsFor(wish), path(name)]);
			return path(name);
		},
		/** Another form of a clip, without encoding it anew. */
		async remux(name: string, from: string, ...args: string[]): Promise<string> {
			await run('ffmpeg', [...INPUT, '-i', path(from), '-c', 'copy', ...args, path(name)]);
			return path(name);
		},
		async ffmpeg(name: string, ...args: string[]): Promise<string> {
			await run('ffmpeg', [...INPUT, ...args, path(name)]);
			return path(name);
		},
	};
}

const INPUT = ['-nostdin', '-v', 'error', '-y'];

function argumentsFor(wish: ClipWish): string[] {
	const { seconds, fps = '30', size = '320x180', hue = 0, codec = 'libx264', more = [] } = wish;
	const sound = wish.sound ?? { rate: 48_000, channels: 2 };
	const late = seconds - 0.5;
	const flash = `between(t,0.499,${0.5 + FLASH_SECONDS})+between(t,${late - 0.001},${late + FLASH_SECONDS})`;
	const picture = `testsrc2=s=${size}:r=${fps}:d=${seconds},hue=h=${hue},drawbox=c=white:t=fill:enable='${flash}',format=yuv420p`;
	const encoder = ['-c:v', codec, ...(codec === 'libx264' ? ['-preset', 'veryfast'] : [])];
	if (sound === 'none') return ['-f', 'lavfi', '-i', picture, ...encoder, ...more];
	const beep = `0.5*sin(2*PI*1000*t)*(between(t,0.5,0.56)+between(t,${late},${late + FLASH_SECONDS}))+0.03*sin(2*PI*220*t)`;
	const channels = Array.from({ length: sound.channels }, () => beep).join('|');
	const audio = `aevalsrc='${channels}':s=${sound.rate}:d=${seconds}`;
	return [
		...['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', audio],
		...encoder,
		...['-c:a', 'aac', '-b:a', '96k'],
		...more,
	];
}
