/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** The files of test/media, what other programs say about them, and sources that watch how they are read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';

import { z } from 'zod';

import { openRemote } from '../../../nodes/WanVideo/host/remoteFile';
import { probe, type MediaVerdict } from '../../../nodes/WanVideo/media/probe';
import { bufferSource, type ByteSource, streamSource } from '../../../nodes/WanVideo/media/source';

const CORPUS = resolve(__dirname, '../../media');

const factsOfOthers = z.object({
	format: z.string(),
	width: z.number().optional(),
	height: z.number().optional(),
	transparency: z.enum(['none', 'opaqueChannel', 'visible']).optional(),
	animated: z.boolean().optional(),
	hasAudio: z.boolean().optional(),
	/** What the container says, and what decoding gives. */
	seconds: z.tuple([z.number(), z.number()]).optional(),
});

export const truth = z
	.record(factsOfOthers)
	.parse(JSON.parse(readFileSync(join(CORPUS, 'truth.json'), 'utf8')));

/** Names of all files in a folder of the corpus. */
export function filesIn(folder: string): string[] {
	return readdirSync(join(CORPUS, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(CORPUS, join(entry.parentPath, entry.name)).split(sep).join('/'))
		.sort();
}

/** A file of the corpus, without anything of the disk's buffers around it. */
export function bytesOf(name: string): Uint8Array {
	return new Uint8Array(readFileSync(join(CORPUS, name)));
}

/** The bytes in chunks of this size; the last one is shorter. */
export async function* inChunks(bytes: Uint8Array, chunkBytes: number) {
	for (let at = 0; at < bytes.length; at += chunkBytes)
		yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
}

/** The verdict over bytes that come as a stream. */
export async function probeStream(
	bytes: Uint8Array,
	chunkBytes: number,
	size: number | undefined = bytes.length,
): Promise<MediaVerdict> {
	const source = streamSource(inChunks(bytes, chunkBytes), size);
	const verdict = await probe(source);
	await source.close();
	return verdict;
}

export interface Watched extends ByteSource {
	reads: number;
	bytesRead: number;
	/** Reads that began or ended outside the file. */
	outside: string[];
}

/** Bytes that count how they are read. */
export function watched(bytes: Uint8Array): Watched {
	const inner = bufferSource(bytes);
	return {
		size: bytes.length,
		reads: 0,
		bytesRead: 0,
		outside: [],
		read(start, length) {
			this.reads += 1;
			this.bytesRead += length;
			const whole = Number.isSafeInteger(start) && Number.isSafeInteger(length);
			if (!whole || start < 0 || length < 0 || start + length > bytes.length)
				this.outside.push(`${start} + ${length} of ${bytes.length}`);
			return inner.read(start, length);
		},
	};
}

/** The verdict over a file at an address, and what that took. */
export async function probeRemote(bytes: Uint8Array, { ranges }: { ranges: boolean }) {
	const seen = { requests: 0, sent: 0 };
	function* body(from: number, to: number) {
		for (let at = from; at < to; at += 16_384) {
			const part = bytes.subarray(at, Math.min(at + 16_384, to));
			seen.sent += part.length;
			yield part;
		}
	}
	const { source, close } = await openRemote('https://media.example.com/file', {
		allow: async () => await Promise.resolve(),
		clock: { elapsed: () => 0 },
		open: async (_url, { start, length }) => {
			seen.requests += 1;
			const from = ranges ? start : 0;
			const to = ranges ? Math.min(start + length, bytes.length) : bytes.length;
			if (start >= bytes.length && start > 0)
				return await Promise.resolve({ ok: true, value: { status: 416, from: start } });
			const stream = Readable.from(body(from, to), { highWaterMark: 1 });
			const value = { status: ranges ? 206 : 200, from, size: bytes.length, body: stream };
			return await Promise.resolve({ ok: true, value });
		},
	});
	const verdict = await probe(source);
	await close();
	return { verdict, ...seen };
}
