/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Makes the video a task delivers, always exactly as long as asked, H.264 and AAC, faststart.
// What is seen in it is planned in renderPlan.ts. Equal inputs give the same file; two renders run
// at a time.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadMaterials } from './materials';
import { run } from './programs';
import { planOf, type Visual } from './renderPlan';
import type { Submission } from './submission';
import { titleCard } from './titleCard';
import type { VideoFile } from './world';

export type Sound = 'tone' | 'silence' | 'none';

const RENDERS_AT_ONCE = 2;
export class Renderer {
	#made = new Map<string, Promise<VideoFile>>();
	#running = 0;
	#waiting: Array<() => void> = [];
	#stopper = new AbortController();

	constructor(private readonly folder: string) {}

	/** The video of a submission, so many seconds long; begins at once, or when a render slot is free. */
	render(
		submission: Submission,
		materials: ReadMaterials,
		seconds: number,
		sound: Sound,
	): Promise<VideoFile> {
		const key = keyOf(submission, materials, seconds, sound);
		const known = this.#made.get(key) ?? this.#make(key, { submission, materials, seconds, sound });
		this.#made.set(key, known);
		return known;
	}

	async #make(key: string, wanted: Wanted): Promise<VideoFile> {
		const path = join(this.folder, `video-${key}.mp4`);
		if (!existsSync(path)) {
			const partial = join(this.folder, `partial-${key}.mp4`);
			await this.#inTurn(() => makeVideo(partial, wanted, this.#stopper.signal));
			await rename(partial, path);
		}
		return describeVideo(path, wanted.seconds);
	}

	/** Ends the renders that are under way. */
	async stop(): Promise<void> {
		this.#stopper.abort();
		await Promise.allSettled(this.#made.values());
	}

	async #inTurn(work: () => Promise<void>): Promise<void> {
		if (this.#running >= RENDERS_AT_ONCE) {
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
		this.#running += 1;
		try {
			await work();
		} finally {
			this.#running -= 1;
			this.#waiting.shift()?.();
		}
	}
}

/** Size and entity tag of a video on disk. */
export async function describeVideo(path: string, durationSeconds: number): Promise<VideoFile> {
	const content = await readFile(path);
	const etag = `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`;
	return { path, bytes: content.length, etag, durationSeconds };
}

interface Wanted {
	readonly submission: Submission;
	readonly materials: ReadMaterials;
	readonly seconds: number;
	readonly sound: Sound;
}

/** What decides how a video looks; words only where they are drawn. */
function keyOf(
	{ model, mode, quality, aspectRatio, generateAudio, keepsSound, prompt }: Submission,
	materials: ReadMaterials,
	seconds: number,
	sound: Sound,
): string {
	const inputs = materials.map(({ at, hash }) => `${at}=${hash}`);
	const drawn =
		mode === undefined ? [model.id, aspectRatio, generateAudio, keepsSound, prompt] : [];
	return createHash('sha256')
		.update([mode, seconds, quality, sound, ...inputs, ...drawn].join(' '))
		.digest('hex')
		.slice(0, 32);
}

async function makeVideo(path: string, wanted: Wanted, signal: AbortSignal): Promise<void> {
	const { submission, materials, seconds, sound } = wanted;
	const plan = planOf(submission, materials, seconds);
	if ('copy' in plan) return copyFile(plan.copy.path, path);
	const visuals: string[] = [];
	for (const [index, visual] of plan.visuals.entries())
		visuals.push(await pathOf(visual, `${path}.${index}.bmp`));
	const inputs = visuals.flatMap((one) => ['-i', one]);
	const silent = submission.generateAudio === false;
	const source = silent ? undefined : plan.sound?.path;
	const made = soundArgs(source, visuals, silent ? 'none' : sound, seconds);
	const args = [
		...['-nostdin', '-v', 'error', '-y', ...inputs, ...made.args],
		...['-filter_complex', plan.graph, '-map', '[video]', ...made.map],
		...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-g', '60'],
		...['-t', String(seconds), '-movflags', '+faststart', path],
	];
	await run('ffmpeg', args, { signal });
}

/** Where a visual is on disk; a title card is drawn there first. */
async function pathOf(visual: Visual, drawnAt: string): Promise<string> {
	if ('path' in visual) return visual.path;
	await writeFile(drawnAt, titleCard(visual.words, visual.width, visual.height));
	return drawnAt;
}

function soundArgs(
	input: string | undefined,
	visuals: readonly string[],
	sound: Sound,
	seconds: number,
): { args: string[]; map: string[] } {
	const aac = ['-af', `apad,atrim=end=${seconds}`, '-c:a', 'aac', '-b:a', '96k'];
	if (input !== undefined) {
		const at = visuals.indexOf(input);
		const index = at >= 0 ? at : visuals.length;
		const args = at >= 0 ? [] : ['-i', input];
		return { args, map: ['-map', `${index}:a`, ...aac] };
	}
	if (sound === 'none') return { args: [], map: [] };
	const source = sound === 'tone' ? 'sine=frequency=220:sample_rate=48000' : 'anullsrc=r=48000';
	const quiet = ['-af', `volume=0.1,atrim=end=${seconds}`, ...aac.slice(2)];
	return {
		args: ['-f', 'lavfi', '-i', source],
		map: ['-map', `${visuals.length}:a`, ...quiet],
	};
}
