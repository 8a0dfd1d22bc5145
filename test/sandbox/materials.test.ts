// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Materials are read by their bytes and held against the limits: made by ffmpeg, served by a local
// server, submitted for real.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox';
import type { JsonRecord } from '../../sandbox/json';
import { run } from '../../sandbox/programs';
import { finishedLink, newTask, submit } from './client';

const folder = mkdtempSync(join(tmpdir(), 'wan-materials-test-'));
let sandbox: Sandbox;
let server: Server;
let origin: string;

/** Source and arguments of ffmpeg for each test file. */
const FILES: Readonly<Record<string, readonly string[]>> = {
	'small.png': ['-i', 'color=red:s=240x240', '-frames:v', '1', '-pix_fmt', 'rgb24'],
	'tiny.png': ['-i', 'color=red:s=239x300', '-frames:v', '1', '-pix_fmt', 'rgb24'],
	'alpha.png': ['-i', 'color=red:s=300x300', '-frames:v', '1', '-pix_fmt', 'rgba'],
	'picture.bmp': ['-i', 'color=red:s=300x300', '-frames:v', '1'],
	'picture.gif': ['-i', 'color=red:s=300x300', '-frames:v', '1'],
	'thin.jpg': ['-i', 'color=red:s=2168x240', '-frames:v', '1'],
	'slim.jpg': ['-i', 'color=red:s=1920x240', '-frames:v', '1'],
	'short.wav': ['-i', 'sine=d=1.5'],
	'good.wav': ['-i', 'sine=d=2'],
	'long.mp3': ['-i', 'sine=d=31'],
	'short.mp4': ['-i', 'testsrc=s=320x240:r=10:d=1.5', '-pix_fmt', 'yuv420p'],
	'good.mov': ['-i', 'testsrc=s=320x240:r=10:d=2', '-pix_fmt', 'yuv420p'],
	'long.mp4': ['-i', 'testsrc=s=320x240:r=10:d=11', '-pix_fmt', 'yuv420p'],
	'clip.webm': ['-i', 'testsrc=s=320x240:r=10:d=3', '-pix_fmt', 'yuv420p', '-cpu-used', '8'],
};

beforeAll(async () => {
	for (const [name, args] of Object.entries(FILES)) {
		await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', ...args, join(folder, name)]);
	}
	writeFileSync(join(folder, 'page.jpg'), '<!doctype html><p>Not found</p>');
	const jpeg = readFileSync(join(folder, 'slim.jpg'));
	writeFileSync(join(folder, 'heavy.jpg'), Buffer.concat([jpeg, Buffer.alloc(20 * 1024 * 1024)]));
	writeFileSync(join(folder, 'disguised.png'), jpeg);
	const small = readFileSync(join(folder, 'small.png'));
	const tRNS = Buffer.from('0000000674524e53000100020003deadbeef', 'hex');
	writeFileSync(
		join(folder, 'trns.png'),
		Buffer.concat([small.subarray(0, 33), tRNS, small.subarray(33)]),
	);
	server = createServer((request, response) => {
		const name = (request.url ?? '').slice(1);
		if (name === 'gone.jpg') response.writeHead(404).end();
		else response.writeHead(200).end(readFileSync(join(folder, name)));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address: AddressInfo | string | null = server.address();
	origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
	sandbox = await startSandbox({ clock: 'manual', video: 'sample' });
}, 30_000);
afterAll(async () => {
	await sandbox.close();
	await new Promise((resolve) => server.close(resolve));
	rmSync(folder, { recursive: true });
});
beforeEach(() => sandbox.reset());

const image = (name: string): JsonRecord => ({ image_start: `${origin}/${name}` });
const clip = (name: string, duration: number): JsonRecord => ({
	image_start: undefined,
	video_urls: [`${origin}/${name}`],
	duration,
});
const audio = (name: string): JsonRecord => ({ audio_urls: [`${origin}/${name}`] });

describe('materials', () => {
	it.each<[string, () => JsonRecord, number, string]>([
		['the smallest image', () => image('small.png'), 200, ''],
		['an image one pixel too narrow', () => image('tiny.png'), 400, 'between 240 and 8000'],
		['a PNG with an alpha channel', () => image('alpha.png'), 400, 'transparency'],
		['a PNG with tRNS', () => image('trns.png'), 400, 'transparency'],
		['a BMP', () => image('picture.bmp'), 200, ''],
		['a GIF', () => image('picture.gif'), 400, 'unsupported'],
		['an image of 8:1', () => image('slim.jpg'), 200, ''],
		['an image of more than 8:1', () => image('thin.jpg'), 400, 'aspect ratio'],
		['an image of more than 20 MB', () => image('heavy.jpg'), 400, 'exceeds 20MB'],
		['a JPEG named .png', () => image('disguised.png'), 200, ''],
		['a web page named .jpg', () => image('page.jpg'), 400, 'unsupported'],
		['an image that is not there', () => image('gone.jpg'), 400, 'could not be fetched'],
		['a WAV of 2 s', () => audio('good.wav'), 200, ''],
		['a WAV of 1.5 s', () => audio('short.wav'), 400, 'between 2 and 30'],
		['an MP3 of 31 s', () => audio('long.mp3'), 400, 'between 2 and 30'],
		['a clip as audio', () => audio('good.mov'), 400, 'unsupported'],
		['a MOV of 2 s', () => clip('good.mov', 5), 200, ''],
		['a clip of 1.5 s', () => clip('short.mp4', 5), 400, 'between 2 and 10'],
		['a clip of 11 s', () => clip('long.mp4', 15), 400, 'between 2 and 10'],
		['a WEBM', () => clip('clip.webm', 5), 400, 'unsupported'],
		['an image as clip', () => clip('slim.jpg', 5), 400, 'unsupported'],
	])('%s', async (_label, body, status, text) => {
		const answer = await submit(sandbox, body());
		expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
	});

	it('pngAlpha accepted takes what has an alpha channel', async () => {
		sandbox.setSwitches({ pngAlpha: 'accepted' });
		expect((await submit(sandbox, image('alpha.png'))).status).toBe(200);
	});

	it('a data: URL is read when it is allowed', async () => {
		const content = readFileSync(join(folder, 'small.png')).toString('base64');
		const body = { image_start: `data:image/png;base64,${content}` };
		expect((await submit(sandbox, body)).status).toBe(400);
		sandbox.setSwitches({ dataUrls: 'accepted' });
		expect((await submit(sandbox, body)).status).toBe(200);
	});

	it('the result of one task is the clip of the next', async () => {
		const link = await finishedLink(sandbox, await newTask(sandbox));
		const body = { image_start: undefined, video_urls: [link], duration: 5 };
		expect((await submit(sandbox, body)).status).toBe(200);
		await sandbox.clock.advance(24 * 3_600_000);
		expect((await submit(sandbox, body)).status).toBe(400);
	});
});
