/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- runs in Node, outside n8n */
// Memory that the check of a 95 MB clip adds: an MP4 with its index at the end, read from disk in the
// pieces that the node asks n8n's store for, hashed and probed. `npm run bench:memory`

import { appendFileSync, createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IExecuteFunctions } from 'n8n-workflow';

import { ItemFiles } from '../nodes/WanVideo/host/itemFiles';
import { openFile } from '../nodes/WanVideo/host/fileSource';
import { probe } from '../nodes/WanVideo/media/probe';

const CLIP_BYTES = 95 * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'wan-bench-'));
const file = join(folder, 'clip.mp4');

/** The example clip with a movie of another size in it, and `moov` last. */
function makeClip(): void {
	const example = readFileSync(join(__dirname, '..', 'examples', 'media', 'clip.mp4'));
	const boxes = new Map<string, Buffer>();
	for (let at = 0; at < example.length; at += example.readUInt32BE(at)) {
		const type = example.toString('latin1', at + 4, at + 8);
		boxes.set(type, example.subarray(at, at + example.readUInt32BE(at)));
	}
	const head = Buffer.alloc(8);
	head.writeUInt32BE(CLIP_BYTES + head.length);
	head.write('mdat', 4);
	// Written in pieces: a buffer of this size would be memory of its own.
	const piece = Buffer.alloc(1024 * 1024);
	const movie = Array<Buffer>(CLIP_BYTES / piece.length).fill(piece);
	for (const part of [boxes.get('ftyp'), head, ...movie, boxes.get('moov')]) {
		if (part !== undefined) appendFileSync(file, part);
	}
}

const helpers: Partial<IExecuteFunctions['helpers']> = {
	assertBinaryData: () => ({ id: 'clip', data: '', mimeType: 'video/mp4', fileName: 'clip.mp4' }),
	getBinaryStream: async (_id, chunkSize) =>
		await Promise.resolve(createReadStream(file, { highWaterMark: chunkSize })),
};

const kept = {};
const context: Partial<IExecuteFunctions> = {
	helpers: helpers as IExecuteFunctions['helpers'],
	getContext: () => kept,
	getInputData: () => [],
};

async function measure(): Promise<void> {
	globalThis.gc?.();
	const before = process.memoryUsage().rss;
	let peak = before;
	const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 2);
	const begun = performance.now();
	const found = await new ItemFiles(context as IExecuteFunctions).look(0, 'data');
	if (!found.ok) throw new Error(found.reason);
	const { source, close } = await openFile(found.value);
	const verdict = await probe(source);
	await close();
	clearInterval(watch);
	const added = ((peak - before) / 1024 / 1024).toFixed(1);
	console.log(
		`${added} MiB more than before, ${Math.round(performance.now() - begun)} ms`,
		verdict,
	);
}

makeClip();
void measure().finally(() => rmSync(folder, { recursive: true }));
