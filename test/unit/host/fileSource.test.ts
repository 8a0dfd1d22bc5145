/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** Files of n8n's store: from disk what lies between is not read, from anything else all of it is. */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { openFile } from '../../../nodes/WanVideo/host/fileSource';
import { probe } from '../../../nodes/WanVideo/media/probe';
import { box, ftyp, moov } from '../../support/tinyMp4';

const CLIP = Buffer.concat([
	ftyp,
	box('mdat', Buffer.alloc(30_000_000, 7)),
	moov({ durationSeconds: 5 }),
]);
const folder = mkdtempSync(join(tmpdir(), 'wan-file-'));
const path = join(folder, 'clip.mp4');
beforeAll(() => writeFileSync(path, CLIP));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each way in which n8n's stores hand a file over. */
const STORES: Record<string, () => Promise<Readable>> = {
	'n8n 1.x from disk': async () =>
		await Promise.resolve(createReadStream(path, { highWaterMark: 4096 })),
	'n8n 2.x from disk': async () => (await open(path)).createReadStream({ highWaterMark: 4096 }),
	'a database': async () => await Promise.resolve(Readable.from([CLIP])),
	'another stream': async () =>
		await Promise.resolve(createReadStream(path).map((chunk: Buffer) => chunk)),
};

async function look(store: () => Promise<Readable>) {
	const streams: Readable[] = [];
	let bytes = 0;
	const { source, close } = await openFile({
		bytes: CLIP.length,
		open: async () => {
			const stream = await store();
			streams.push(stream);
			stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
			stream.pause();
			return stream;
		},
	});
	const verdict = await probe(source);
	await close();
	return { verdict, bytes, streams };
}

it.each(Object.keys(STORES))('%s: the index at the end is found', async (name) => {
	const { verdict, bytes, streams } = await look(STORES[name]);
	expect(verdict).toMatchObject({ ok: true, facts: { durationSeconds: 5, bytes: CLIP.length } });
	if (name.endsWith('from disk')) expect(bytes).toBeLessThan(1_000_000);
	await new Promise((resolve) => setImmediate(resolve));
	expect(streams.map(({ destroyed }) => destroyed)).toEqual(streams.map(() => true));
});

it.each(Object.keys(STORES).slice(0, 2))('%s: what was passed can be read again', async (name) => {
	const streams: Readable[] = [];
	const open = async () => {
		const stream = await STORES[name]();
		streams.push(stream);
		return stream;
	};
	const { source, close } = await openFile({ bytes: CLIP.length, open });
	const end = await source.read(CLIP.length - 100, 200);
	const begin = await source.read(0, 100);
	expect(Buffer.from(end).equals(CLIP.subarray(-100))).toBe(true);
	expect(Buffer.from(begin).equals(CLIP.subarray(0, 100))).toBe(true);
	await close();
	expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
});

it.each(Object.keys(STORES).slice(0, 3))('%s: what nobody reads is closed', async (name) => {
	let stream: Readable | undefined;
	const { close } = await openFile({
		bytes: CLIP.length,
		open: async () => (stream = await STORES[name]()),
	});
	await close();
	expect(stream?.destroyed).toBe(true);
});
