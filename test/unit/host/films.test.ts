/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** Clips on disk are read where their index stands: an index behind the pictures costs no second reading of the whole. */
import { createReadStream, mkdtempSync, type ReadStream, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keepFilm, planFilm } from '../../../nodes/WanVideo/host/films';
import { fakeContext } from '../../support/fakeContext';
import { box } from '../../support/tinyMp4';
import { bytesOf } from '../media/corpus';

const BEHIND = Buffer.from(bytesOf('valid/mp4/moov-last.mp4'));
const index = BEHIND.indexOf('moov') - 4;
const CLIP = Buffer.concat([
	BEHIND.subarray(0, index),
	box('free', Buffer.alloc(30_000_000)),
	BEHIND.subarray(index),
]);
const folder = mkdtempSync(join(tmpdir(), 'wan-films-'));
const path = join(folder, 'clip.mp4');
beforeAll(() => writeFileSync(path, CLIP));
afterAll(() => rmSync(folder, { recursive: true }));

it('of a clip on disk with its index behind 30 MB less than 1 MB is read to plan a film', async () => {
	const streams: ReadStream[] = [];
	const file = {
		size: CLIP.length,
		open: async () => {
			const stream = createReadStream(path, { highWaterMark: 128 * 1024 });
			streams.push(stream);
			return await Promise.resolve(stream);
		},
	};
	const verdict = await planFilm([
		{ item: 0, file },
		{ item: 1, file },
	]);
	expect(verdict).toMatchObject({ ok: true });
	const read = streams.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
	expect(read).toBeLessThan(2 * 1024 * 1024);
	expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
});

it('that the disk has no room for is told in words, and without its path', async () => {
	const full = Object.assign(new Error("ENOSPC: no space left, write '/home/node/a'"), {
		code: 'ENOSPC',
	});
	const helpers = { prepareBinaryData: async () => await Promise.reject(full) };
	const file = { open: async () => await Promise.resolve(createReadStream(path)) };
	const members = { getExecutionCancelSignal: () => undefined };
	const film = { bytes: 0, write: async function* () {} };
	const kept = await keepFilm(
		fakeContext({ helpers, members }),
		film as Partial<Parameters<typeof keepFilm>[1]> as Parameters<typeof keepFilm>[1],
		[{ item: 0, file: { size: 1, ...file } }],
		'film.mp4',
	);
	expect(kept).toEqual({
		...{ ok: false, reason: "the film could not be kept: the disk of n8n's files is full" },
	});
});
