/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Materials from files of the item and from addresses: checked before anything is charged, uploaded once.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { storeBinary } from '../support/engine';
import { requestLines, startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const MEDIA = join(__dirname, '..', '..', 'examples', 'media');
const media = (name: string) => readFileSync(join(MEDIA, name));
const TRANSPARENT_PNG = readFileSync(
	join(__dirname, '..', 'media', 'valid', 'png', 'rgba-holes.png'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld({ materials: 'read' });
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const uploads = () =>
	requestLines(world.sandbox).filter((line) => line.includes('/files/upload/')).length;
async function stored(name: string, mimeType: string): Promise<IBinaryData> {
	return await storeBinary(media(name), name, mimeType);
}
const withFile = (data: IBinaryData): INodeExecutionData => ({ json: {}, binary: { data } });
const FROM_FILE: IDataObject = {
	generationMode: 'first_frame',
	firstFrameSource: 'binary',
	firstFrameUrl: '',
};

describe('a file of the item', () => {
	it.each(['filesystem', 'memory', 'combined'])(
		'becomes the first frame (binary mode %s)',
		async (mode) => {
			const file =
				mode === 'memory'
					? {
							mimeType: 'image/jpeg',
							fileName: 'a.jpg',
							data: media('first_frame.jpg').toString('base64'),
						}
					: await stored('first_frame.jpg', 'image/jpeg');
			const run = await world.run(
				mode === 'combined'
					? {
							items: [{ json: { photo: { ...file } } }],
							parameters: { ...FROM_FILE, firstFrameBinaryField: 'photo' },
							workflowSettings: { binaryMode: 'combined' },
						}
					: { items: [withFile(file)], parameters: FROM_FILE },
			);
			if (mode === 'combined' && process.env.ENGINE_FOLDER !== undefined) return;
			expect(run.error).toBeUndefined();
			const [{ body }] = world.sandbox.ledger();
			expect(body.image_start).toMatch(/^http.*\.jpg$/);
			expect(uploads()).toBe(1);
		},
	);

	it('is uploaded once for twenty items that have the same content', async () => {
		const items = await Promise.all(
			Array.from({ length: 20 }, async () =>
				withFile(await stored('first_frame.jpg', 'image/jpeg')),
			),
		);
		const run = await world.run({ items, parameters: FROM_FILE });
		expect(run.error).toBeUndefined();
		expect(uploads()).toBe(1);
		expect(world.sandbox.ledger()).toHaveLength(20);
	});

	it('is neither uploaded nor paid for again by a retry', async () => {
		const setup = {
			items: [withFile(await stored('first_frame.jpg', 'image/jpeg'))],
			parameters: { ...FROM_FILE, options: { timeout: 0.5 } },
		};
		const failed = await world.run(setup);
		expect(failed.status).toBe('error');
		const run = await world.retry(failed, {
			...setup,
			parameters: { ...FROM_FILE, options: { timeout: 9 } },
		});
		expect(run.status).toBe('success');
		expect([uploads(), submits(world.sandbox)]).toEqual([1, 1]);
	});

	it('is uploaded anew when the 72 hours of an earlier upload are nearly over', async () => {
		const refused = { kind: 'status', status: 402 } as const;
		world.sandbox.plan({ on: 'submit', fault: refused });
		const setup = {
			items: [withFile(await stored('first_frame.jpg', 'image/jpeg'))],
			parameters: FROM_FILE,
		};
		const failed = await world.run(setup);
		await world.clock.sleep(70 * 3_600_000);
		const run = await world.retry(failed, setup);
		expect(run.status).toBe('success');
		expect(uploads()).toBe(2);
	});

	it('may be the video that the node before has made: a continuation without any hosting', async () => {
		const first = await world.run({
			items: [withFile(await stored('first_frame.jpg', 'image/jpeg'))],
			parameters: FROM_FILE,
		});
		const chained = await world.run({
			items: first.rows,
			parameters: { generationMode: 'video_continuation', clipSource: 'binary', duration: 10 },
		});
		expect(chained.error).toBeUndefined();
		expect(world.sandbox.ledger()[1].body.video_urls).toEqual([
			expect.stringMatching(/^http.*\.mp4$/),
		]);
	});

	it('that is not in the field is told with the fields that the item has', async () => {
		const file = await storeBinary(TRANSPARENT_PNG, 'logo.png', 'image/png');
		const run = await world.run({
			items: [{ json: {}, binary: { Picture: file, Voice_recording: file } }],
			parameters: FROM_FILE,
		});
		expect(run.error?.message).toMatch(
			/^'First Frame Input Data Field Name': the item has no file in the field 'data'\. It has files in: Picture, Voice_recording\./,
		);
		expect(requestLines(world.sandbox)).toEqual([]);
	});

	it.each([
		['a transparent PNG', TRANSPARENT_PNG, 'image/png', 'logo.png', /has transparent parts/],
		[
			'a web page named .jpg',
			Buffer.from('<!doctype html><html></html>'),
			'image/jpeg',
			'a.jpg',
			/a web page/,
		],
		['sound', media('audio.mp3'), 'image/jpeg', 'a.jpg', /of the format MP3/],
		['nothing', Buffer.alloc(0), 'image/jpeg', 'a.jpg', /is no file that can be read/],
	])('is refused before any request when it is %s', async (_label, bytes, mimeType, name, text) => {
		const run = await world.run({
			items: [withFile(await storeBinary(bytes, name, mimeType))],
			parameters: FROM_FILE,
		});
		expect(run.error?.message).toMatch(text);
		expect(run.error?.message).toContain("File 'data' of 'First Frame'");
		expect(run.error?.description).toMatch(/nothing was charged/i);
		expect(requestLines(world.sandbox)).toEqual([]);
	});

	it('that is not there is told with the field', async () => {
		const run = await world.run({ parameters: { ...FROM_FILE, firstFrameBinaryField: 'photo' } });
		expect(run.error?.message).toMatch(/no file in the field 'photo'/);
		expect(requestLines(world.sandbox)).toEqual([]);
	});

	it('that the storage does not take is told with the way out, and not charged', async () => {
		world.sandbox.setSwitches({ uploadTypes: 'documented' });
		const run = await world.run({
			items: [withFile(await stored('clip.mp4', 'video/mp4'))],
			parameters: { generationMode: 'video_continuation', clipSource: 'binary' },
		});
		expect(run.error?.message).toMatch(/does not take this type of file/);
		expect(run.error?.description).toMatch(/Nothing was charged.*public URL/);
		expect(submits(world.sandbox)).toBe(0);
		world.sandbox.setSwitches({ uploadTypes: 'observed' });
	});

	it('that is longer than the duration is refused with the duration to set', async () => {
		const run = await world.run({
			items: [withFile(await stored('clip.mp4', 'video/mp4'))],
			parameters: { generationMode: 'video_continuation', clipSource: 'binary', duration: 2 },
		});
		expect(run.error?.message).toMatch(
			/is 3 s long, longer than 'Duration' \(2 s\).*Set 'Duration' to 3 or more/,
		);
		expect(requestLines(world.sandbox)).toEqual([]);
	});
});

describe('an address', () => {
	it('inside the network of n8n is never touched', async () => {
		let touched = 0;
		const server = createServer((_request, response) => {
			touched += 1;
			response.end();
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const run = await world.run({
			parameters: { operation: 'check', firstFrameUrl: `http://127.0.0.1:${port}/a.jpg` },
		});
		server.close();
		expect(touched).toBe(0);
		expect(run.rows[0].json.hints).toEqual([
			expect.stringMatching(/inside a network, and was not looked at/),
		]);
	});

	it.each([
		['429', { kind: 'status', status: 429, headers: { 'retry-after': '9' } }],
		['503', { kind: 'status', status: 503 }],
		['a lost answer', { kind: 'lostReply' }],
	] as const)('is uploaded by File: Upload in spite of %s', async (_label, fault) => {
		world.sandbox.plan({ on: 'upload', fault });
		const run = await world.run({
			items: [withFile(await stored('clip.mp4', 'video/mp4'))],
			parameters: { resource: 'file', operation: 'upload' },
		});
		expect(run.error).toBeUndefined();
		expect(uploads()).toBe(2);
	});

	it('is read for a few kilobytes on the host of the credential, without the key', async () => {
		const upload = await world.run({
			items: [withFile(await stored('clip.mp4', 'video/mp4'))],
			parameters: { resource: 'file', operation: 'upload' },
		});
		const clipUrl = upload.rows[0].json.fileUrl as string;
		const run = await world.run({
			parameters: { operation: 'check', generationMode: 'video_continuation', clipUrl },
		});
		expect(run.rows[0].json).toMatchObject({
			ok: true,
			generationMode: 'video_continuation',
			billedSeconds: 5,
			materials: { clip: { format: 'mp4', width: 1280, height: 720, durationSeconds: 3 } },
			body: { video_urls: [clipUrl], duration: 5 },
		});
		expect(world.sandbox.violations()).toEqual([]);
	});

	it('is left alone when the option says so', async () => {
		const run = await world.run({
			parameters: {
				operation: 'check',
				firstFrameUrl: `${world.sandbox.url}/files/x.jpg`,
				options: { checkMaterials: false },
			},
		});
		expect(run.rows[0].json.hints).toEqual([]);
		expect(requestLines(world.sandbox)).toEqual([]);
	});
});

describe('Video: Check', () => {
	it('gives all problems of all items and submits nothing', async () => {
		const run = await world.run({
			items: [{ json: { seconds: 99 } }, { json: { seconds: 5 } }],
			parameters: {
				operation: 'check',
				duration: '={{ $json.seconds }}',
				options: { seed: 0, checkMaterials: false },
			},
		});
		expect(run.rows.map(({ json }) => json.ok)).toEqual([false, false]);
		expect(run.rows[0].json.problems).toEqual([
			expect.stringContaining("'Duration'"),
			expect.stringContaining("'Seed'"),
		]);
		expect(requestLines(world.sandbox)).toEqual([]);
	});
});

describe('the run as a whole', () => {
	it('tells the problems of an item in the order of the form', async () => {
		const parameters = { firstFrameUrl: '', drivingAudioSource: 'url', duration: 99 };
		const run = await world.run({ parameters });
		expect(run.error?.message).toMatch(/'First Frame URL'.*'Driving Audio URL'.*'Duration'/);
	});

	it('is held back by the cap on billed seconds before the first charge', async () => {
		const three = [{ json: {} }, { json: {} }, { json: {} }];
		const options = { maxBilledSeconds: 14, checkMaterials: false };
		const firstFrameUrl = 'https://example.com/first_frame.jpg';
		const over = await world.run({ items: three, parameters: { firstFrameUrl, options } });
		expect(over.error?.message).toMatch(
			/would be billed 15 seconds of video, and 'Max Billed Seconds' is 14/,
		);
		expect(submits(world.sandbox)).toBe(0);
		const within = await world.run({
			items: three,
			parameters: { firstFrameUrl, options: { ...options, maxBilledSeconds: 15 } },
		});
		expect(within.status).toBe('success');
	});

	it.each(['={{ $json.nothing }}', '={{ null }}', ''])(
		'is held back by a cap that is empty: %j',
		async (maxBilledSeconds) => {
			const run = await world.run({
				parameters: {
					firstFrameUrl: 'https://example.com/first_frame.jpg',
					options: { maxBilledSeconds, checkMaterials: false },
				},
			});
			expect(run.error?.message).toMatch(/'Max Billed Seconds' is empty/);
			expect(submits(world.sandbox)).toBe(0);
		},
	);

	it('submits the good items when the option says so', async () => {
		const run = await world.run({
			items: [{ json: { seconds: 99 } }, { json: { seconds: 5 } }],
			parameters: {
				duration: '={{ $json.seconds }}',
				options: { submitGoodItems: true, checkMaterials: false },
			},
		});
		expect(run.rows.map(({ json }) => json.status)).toEqual([undefined, 'completed']);
		expect(submits(world.sandbox)).toBe(1);
	});
});

it('File: Get Quota tells how many files there are', async () => {
	const run = await world.run({ parameters: { resource: 'file', operation: 'getQuota' } });
	expect(run.rows[0].json).toEqual({ usedFiles: 0, maxFiles: 2000, remainingFiles: 2000 });
});

it('a field that is given the content of a file is refused in few words', async () => {
	const run = await world.run({
		items: [{ json: { picture: 'iVBORw0KGgo'.repeat(100_000) } }],
		parameters: { ...FROM_FILE, firstFrameBinaryField: '={{ $json.picture }}', operation: 'check' },
	});
	expect(JSON.stringify(run.rows[0].json).length).toBeLessThan(2_000);
	expect(run.rows[0].json.problems).toEqual([
		expect.stringMatching(/no file in the field 'iVBORw0KGgo.{1,60}…'\./),
	]);
});

describe('the same picture at both ends', () => {
	const BOTH: IDataObject = { generationMode: 'first_last_frame', lastFrameSource: 'binary' };

	it('of files is a hint in Check and in the run, naming the other files of the item', async () => {
		const picture = await stored('first_frame.jpg', 'image/jpeg');
		// The same content under another name is no other picture.
		const twin = await stored('first_frame.jpg', 'image/jpeg');
		const last = await stored('last_frame.jpg', 'image/jpeg');
		const items = [{ json: {}, binary: { data: picture, twin, Photo_2: last } }];
		const hint =
			"'First Frame' and 'Last Frame' are the same file, so the video ends where it begins: a loop. Other files of the item: twin, Photo_2.";
		const parameters = { ...FROM_FILE, ...BOTH };
		const check = await world.run({ items, parameters: { ...parameters, operation: 'check' } });
		expect(check.rows[0].json).toMatchObject({ ok: true, hints: [hint] });
		const made = await world.run({ items, parameters });
		expect(made.error).toBeUndefined();
		expect(made.hints).toContain(hint);
		const twins = await world.run({
			items,
			parameters: { ...parameters, lastFrameBinaryField: 'twin' },
		});
		expect(twins.hints.join()).toContain('Other files of the item: Photo_2.');
		const good = await world.run({
			items,
			parameters: { ...parameters, lastFrameBinaryField: 'Photo_2' },
		});
		expect(good.hints.join()).not.toContain('a loop');
	});

	it('of addresses is one as well', async () => {
		const url = 'https://example.com/first_frame.jpg';
		const parameters = {
			generationMode: 'first_last_frame',
			lastFrameUrl: url,
			operation: 'check',
		};
		const check = await world.run({ parameters });
		expect(check.rows[0].json.hints).toContain(
			"'First Frame' and 'Last Frame' are the same address, so the video ends where it begins: a loop.",
		);
	});
});
