/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The example files that the sandbox serves itself: the ones that stand for EvoLink's example
// addresses, taken as materials, and nothing else; and what it says about the rest of the internet.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox';
import { call, submit } from './client';

const MEDIA = join(__dirname, '..', '..', 'examples', 'media');
let sandbox: Sandbox;
let addresses: Record<string, string>;
beforeAll(async () => {
	sandbox = await startSandbox({ clock: 'manual', video: 'sample' });
	const { body } = await call(sandbox, 'GET', '/_sandbox/examples');
	addresses = Object.fromEntries(Object.entries(body).map(([from, to]) => [from, String(to)]));
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const at = (name: string): string => addresses[`https://example.com/${name}`];

describe('the example files', () => {
	it.each([
		['first_frame.jpg', 'image/jpeg'],
		['last_frame.png', 'image/png'],
		['portrait.jpg', 'image/jpeg'],
		['clip.mp4', 'video/mp4'],
		['audio.mp3', 'audio/mpeg'],
	])('serve %s', async (name, type) => {
		const answer = await fetch(at(name));
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
		const content = readFileSync(join(MEDIA, name));
		expect(content.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
		const range = await fetch(at(name), { headers: { range: 'bytes=0-9' } });
		expect([range.status, range.headers.get('content-range')]).toEqual([
			206,
			`bytes 0-9/${content.length}`,
		]);
	});

	it('are taken as materials at their address in the sandbox', async () => {
		const frames = { image_start: at('portrait.jpg'), audio_urls: [at('rap.mp3')] };
		expect((await submit(sandbox, { ...frames, duration: 4 })).status).toBe(200);
		const clip = { image_start: undefined, video_urls: [at('clip.mp4')], duration: 6 };
		expect((await submit(sandbox, clip)).status).toBe(200);
	});

	it.each(['', 'nothing.jpg', '../README.md', '%2e%2e%2fREADME.md', 'media/first_frame.jpg'])(
		'are all there is under their path: %j',
		async (name) => {
			const address = `${sandbox.url}/_sandbox/examples/${name}`;
			expect((await fetch(address)).status).toBe(404);
			expect((await submit(sandbox, { image_start: address })).status).toBe(400);
		},
	);

	it('must not be asked for with a key', async () => {
		await fetch(at('clip.mp4'));
		expect(sandbox.violations()).toEqual([]);
		await fetch(at('clip.mp4'), { headers: { authorization: `Bearer ${sandbox.key}` } });
		expect(sandbox.violations()).toHaveLength(1);
	});
});

it('an address on the internet is refused as documented, and says that this is the sandbox', async () => {
	const { status, body } = await submit(sandbox, { image_start: 'https://example.org/me.jpg' });
	expect([status, body]).toEqual([
		400,
		{
			error: {
				code: 'invalid_request',
				type: 'invalid_request_error',
				message: expect.stringMatching(
					/^Invalid request parameters: image_start: .*could not be fetched .*this is the sandbox, not EvoLink, and it has no internet: keep the address of the example, or give a file/,
				) as string,
			},
		},
	]);
});
