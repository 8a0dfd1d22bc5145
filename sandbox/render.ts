/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Makes the video a task delivers: from one frame a slow zoom, from two a cross-fade, from a clip
// the clip and what follows it. Always exactly `durationSeconds` long, H.264 and AAC, faststart.
// Equal inputs give the same file; two renders run at a time.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
	continuationGraph,
	continuationToFrameGraph,
	crossFadeGraph,
	outputSize,
	zoomGraph,
	type Size,
} from './filters';
import type { ReadMaterial, ReadMaterials } from './materials';
import { run } from './programs';
import type { Submission } from './submission';
import type { VideoFile } from './world';

export type Sound = 'tone' | 'silence' | 'none';

const RENDERS_AT_ONCE = 2;
/** A clip this close to the asked length is returned as it is. */
const SAME_LENGTH_SECONDS = 0.05;

interface Plan {
	readonly visuals: readonly ReadMaterial[];
	readonly graph: string;
	/** The input with the sound, if any. */
	readonly sound: ReadMaterial | undefined;
}

export class Renderer {
	#made = new Map<string, Promise<VideoFile>>();
	#running = 0;
	#waiting: Array<() => void> = [];
	#stopper = new AbortController();

	constructor(private readonly folder: string) {}

	/** The video of a submission; begins at once, or when a render slot is free. */
	render(submission: Submission, materials: ReadMaterials, sound: Sound): Promise<VideoFile> {
		const { durationSeconds, quality, mode } = submission;
		const inputs = Object.entries(materials).map(([name, { hash }]) => `${name}=${hash}`);
		const key = createHash('sha256')
			.update([mode, durationSeconds, quality, sound, ...inputs].join(' '))
			.digest('hex')
			.slice(0, 32);
		const known = this.#made.get(key) ?? this.#make(key, submission, materials, sound);
		this.#made.set(key, known);
		return known;
	}

	async #make(
		key: string,
		submission: Submission,
		materials: ReadMaterials,
		sound: Sound,
	): Promise<VideoFile> {
		const path = join(this.folder, `video-${key}.mp4`);
		if (!existsSync(path)) {
			const partial = join(this.folder, `partial-${key}.mp4`);
			await this.#inTurn(() =>
				makeVideo(partial, submission, materials, sound, this.#stopper.signal),
			);
			await rename(partial, path);
		}
		return describeVideo(path, submission.durationSeconds);
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

async function makeVideo(
	path: string,
	{ durationSeconds, quality }: Submission,
	materials: ReadMaterials,
	sound: Sound,
	signal: AbortSignal,
): Promise<void> {
	const clip = materials.video_urls;
	const clipSeconds = clip?.facts.durationSeconds ?? 0;
	if (clip && Math.abs(clipSeconds - durationSeconds) <= SAME_LENGTH_SECONDS) {
		return copyFile(clip.path, path);
	}
	const { visuals, graph, sound: soundInput } = planOf(materials, durationSeconds, quality);
	const inputs = visuals.flatMap((one) => ['-i', one.path]);
	const { args: soundInputs, map } = soundArgs(soundInput, visuals, sound, durationSeconds);
	const args = [
		...['-nostdin', '-v', 'error', '-y', ...inputs, ...soundInputs],
		...['-filter_complex', graph, '-map', '[video]', ...map],
		...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-g', '60'],
		...['-t', String(durationSeconds), '-movflags', '+faststart', path],
	];
	await run('ffmpeg', args, { signal });
}

function planOf(
	{ image_start: first, image_end: last, video_urls: clip, audio_urls: audio }: ReadMaterials,
	durationSeconds: number,
	quality: '720p' | '1080p',
): Plan {
	const main = clip ?? first;
	if (main === undefined) throw new Error('neither a clip nor a first frame');
	const size = outputSize(sizeOf(main), quality);
	if (clip) {
		const clipSeconds = clip.facts.durationSeconds ?? 0;
		const sound = clip.facts.hasAudio ? clip : undefined;
		return last
			? {
					visuals: [clip, last],
					graph: continuationToFrameGraph(size, clipSeconds, durationSeconds),
					sound,
				}
			: { visuals: [clip], graph: continuationGraph(size, clipSeconds, durationSeconds), sound };
	}
	return last
		? { visuals: [main, last], graph: crossFadeGraph(size, durationSeconds), sound: audio }
		: { visuals: [main], graph: zoomGraph(size, durationSeconds), sound: audio };
}

const sizeOf = ({ facts: { width, height } }: ReadMaterial): Size => {
	if (width === undefined || height === undefined) throw new Error('a picture without a size');
	return { width, height };
};

function soundArgs(
	input: ReadMaterial | undefined,
	visuals: readonly ReadMaterial[],
	sound: Sound,
	durationSeconds: number,
): { args: string[]; map: string[] } {
	const aac = ['-af', `apad,atrim=end=${durationSeconds}`, '-c:a', 'aac', '-b:a', '96k'];
	if (input !== undefined) {
		const at = visuals.indexOf(input);
		const index = at >= 0 ? at : visuals.length;
		const args = at >= 0 ? [] : ['-i', input.path];
		return { args, map: ['-map', `${index}:a`, ...aac] };
	}
	if (sound === 'none') return { args: [], map: [] };
	const source = sound === 'tone' ? 'sine=frequency=220:sample_rate=48000' : 'anullsrc=r=48000';
	const quiet = ['-af', `volume=0.1,atrim=end=${durationSeconds}`, ...aac.slice(2)];
	return {
		args: ['-f', 'lavfi', '-i', source],
		map: ['-map', `${visuals.length}:a`, ...quiet],
	};
}
