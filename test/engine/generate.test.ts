import type { IDataObject } from 'n8n-workflow';

import { bytesOf } from '../support/engine';
import {
	FIRST_FRAME,
	items,
	requestLines,
	startWorld,
	submits,
	type World,
} from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const URLS = {
	firstFrameUrl: 'https://example.com/first_frame.jpg',
	lastFrameUrl: 'https://example.com/last_frame.jpg',
	clipUrl: 'https://example.com/clip.mp4',
	drivingAudioUrl: 'https://example.com/audio.mp3',
};
const MODEL = 'wan2.7-image-to-video';
const ALWAYS = { model: MODEL, prompt: 'A cat playing piano', duration: 5, quality: '720p' };

it('makes half an emoji and a NUL in a prompt well-formed, and says so', async () => {
	const run = await world.run({
		parameters: { prompt: 'A cat \u{1F63A}'.slice(0, -1) + '\u0000' },
	});
	expect(run.status).toBe('success');
	expect(world.sandbox.ledger()[0].body.prompt).toBe('A cat ');
	expect(run.hints.join()).toMatch(/'Prompt' held what is no character/);
});

it.each([['FALSE'], ['no'], ['0'], [0]])('takes %j for Download as a no', async (download) => {
	const run = await world.run({ parameters: { download: `={{ ${JSON.stringify(download)} }}` } });
	expect(run.rows[0].binary).toBeUndefined();
	expect(run.rows[0].json.videoUrl).toBeDefined();
});

it('refuses what is neither yes nor no, by the label', async () => {
	const run = await world.run({ parameters: { download: '={{ "perhaps" }}' } });
	expect(run.error?.message).toMatch(/^'Download Video' is "perhaps", but must be true or false/);
	expect(submits(world.sandbox)).toBe(0);
});

describe('the request on the wire', () => {
	it.each<[string, IDataObject, IDataObject]>([
		[
			'first frame',
			{ generationMode: 'first_frame', firstFrameUrl: URLS.firstFrameUrl },
			{ generation_mode: 'first_frame', image_start: URLS.firstFrameUrl },
		],
		[
			'first frame and driving audio',
			{
				generationMode: 'first_frame',
				firstFrameUrl: URLS.firstFrameUrl,
				drivingAudioSource: 'url',
				drivingAudioUrl: URLS.drivingAudioUrl,
			},
			{
				generation_mode: 'first_frame',
				image_start: URLS.firstFrameUrl,
				audio_urls: [URLS.drivingAudioUrl],
			},
		],
		[
			'first and last frame',
			{
				generationMode: 'first_last_frame',
				firstFrameUrl: URLS.firstFrameUrl,
				lastFrameUrl: URLS.lastFrameUrl,
			},
			{
				generation_mode: 'first_last_frame',
				image_start: URLS.firstFrameUrl,
				image_end: URLS.lastFrameUrl,
			},
		],
		[
			'first and last frame and driving audio',
			{
				generationMode: 'first_last_frame',
				firstFrameUrl: URLS.firstFrameUrl,
				lastFrameUrl: URLS.lastFrameUrl,
				drivingAudioSource: 'url',
				drivingAudioUrl: URLS.drivingAudioUrl,
			},
			{
				generation_mode: 'first_last_frame',
				image_start: URLS.firstFrameUrl,
				image_end: URLS.lastFrameUrl,
				audio_urls: [URLS.drivingAudioUrl],
			},
		],
		[
			'clip',
			{ generationMode: 'video_continuation', clipUrl: URLS.clipUrl },
			{ generation_mode: 'video_continuation', video_urls: [URLS.clipUrl] },
		],
		[
			'clip and last frame',
			{
				generationMode: 'video_continuation',
				clipUrl: URLS.clipUrl,
				lastFrameSource: 'url',
				lastFrameUrl: URLS.lastFrameUrl,
			},
			{
				generation_mode: 'video_continuation',
				video_urls: [URLS.clipUrl],
				image_end: URLS.lastFrameUrl,
			},
		],
		[
			'auto with both frames',
			{
				generationMode: 'auto',
				firstFrameSource: 'url',
				firstFrameUrl: URLS.firstFrameUrl,
				lastFrameSource: 'url',
				lastFrameUrl: URLS.lastFrameUrl,
			},
			{ image_start: URLS.firstFrameUrl, image_end: URLS.lastFrameUrl },
		],
		[
			'every option',
			{
				duration: 15,
				quality: '1080p',
				options: {
					negativePrompt: 'Blurry',
					seed: 7,
					promptExtend: false,
					callbackUrl: 'https://hooks.example.com/x?token=1',
				},
			},
			{
				generation_mode: 'first_frame',
				image_start: URLS.firstFrameUrl,
				duration: 15,
				quality: '1080p',
				negative_prompt: 'Blurry',
				seed: 7,
				prompt_extend: false,
				callback_url: 'https://hooks.example.com/x?token=1',
			},
		],
		[
			'a hidden material that a mode before had is not sent',
			{
				generationMode: 'first_frame',
				firstFrameUrl: URLS.firstFrameUrl,
				clipUrl: URLS.clipUrl,
				lastFrameUrl: URLS.lastFrameUrl,
			},
			{ generation_mode: 'first_frame', image_start: URLS.firstFrameUrl },
		],
	])('%s', async (_label, parameters, body) => {
		const run = await world.run({ parameters });
		expect(run.error).toBeUndefined();
		expect(run.status).toBe('success');
		expect(world.sandbox.ledger().map((entry) => entry.body)).toEqual([{ ...ALWAYS, ...body }]);
	});

	it('takes every parameter from each item', async () => {
		const run = await world.run({
			items: [
				{ json: { mode: 'first_frame', url: URLS.firstFrameUrl, seconds: 3, text: 'one' } },
				{ json: { mode: 'video_continuation', clip: URLS.clipUrl, seconds: '8', text: 'two' } },
			],
			parameters: {
				generationMode: '={{ $json.mode }}',
				firstFrameUrl: '={{ $json.url }}',
				clipUrl: '={{ $json.clip }}',
				prompt: '={{ $json.text }}',
				duration: '={{ $json.seconds }}',
				outputBinaryField: '={{ $json.text }}',
				options: { fileName: '={{ "video-" + $json.text }}' },
			},
		});
		expect(run.error).toBeUndefined();
		expect(world.sandbox.ledger().map((entry) => entry.body)).toEqual([
			{
				model: MODEL,
				generation_mode: 'first_frame',
				image_start: URLS.firstFrameUrl,
				prompt: 'one',
				duration: 3,
				quality: '720p',
			},
			{
				model: MODEL,
				generation_mode: 'video_continuation',
				video_urls: [URLS.clipUrl],
				prompt: 'two',
				duration: 8,
				quality: '720p',
			},
		]);
		expect(
			run.rows.map(({ binary }) =>
				Object.entries(binary ?? {}).map(([field, { fileName }]) => [field, fileName]),
			),
		).toEqual([[['one', 'video-one.mp4']], [['two', 'video-two.mp4']]]);
	});
});

describe('the item that comes out', () => {
	it('has the video as a file and few plain fields', async () => {
		const run = await world.run();
		const [{ json, binary, pairedItem }] = run.rows;
		const [task] = world.sandbox.ledger();
		expect(json).toEqual({
			taskId: task.id,
			model: MODEL,
			status: 'completed',
			videoUrl: expect.stringContaining(task.id) as string,
			expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
			generationMode: 'first_frame',
			durationSeconds: 2,
			width: 240,
			height: 240,
			hasAudio: true,
			creditsReserved: task.creditsReserved,
		});
		expect(Object.keys(json).length).toBeLessThanOrEqual(11);
		expect(pairedItem).toEqual({ item: 0 });
		expect(binary?.data).toMatchObject({
			mimeType: 'video/mp4',
			fileExtension: 'mp4',
			fileName: `wan-${task.id}.mp4`,
		});
		const bytes = await bytesOf(binary!.data);
		expect(bytes.subarray(4, 8).toString('latin1')).toBe('ftyp');
	});

	it('says no later end of the link than EvoLink keeps it', async () => {
		const run = await world.run();
		const [{ endedAt }] = world.sandbox.ledger();
		const expiresAt = Date.parse(run.rows[0].json.expiresAt as string);
		expect(expiresAt).toBeLessThanOrEqual(endedAt! + 24 * 3_600_000);
		expect(expiresAt).toBeGreaterThan(endedAt! + 23.9 * 3_600_000);
	});

	it('carries the raw task when it is not simplified, and never an error key', async () => {
		const run = await world.run({ parameters: { simplify: false } });
		expect(run.rows[0].json.task).toMatchObject({
			status: 'completed',
			results: [expect.any(String)],
		});
		expect(run.rows[0].json).not.toHaveProperty('error');
	});

	it('is only a link without download', async () => {
		const run = await world.run({ parameters: { download: false } });
		expect(run.rows[0].binary).toBeUndefined();
		expect(run.rows[0].json.videoUrl).toEqual(expect.any(String));
		expect(requestLines(world.sandbox).filter((line) => line.includes('/media/'))).toEqual([]);
	});

	it('keeps the order of the items, which are made side by side', async () => {
		const begun = world.clock.now();
		const run = await world.run({
			items: items(12),
			parameters: { prompt: '={{ "video " + $json.number }}' },
		});
		const made = world.clock.now() - begun;
		expect(run.rows.map(({ pairedItem }) => pairedItem)).toEqual(
			items(12).map((_, item) => ({ item })),
		);
		const prompts = new Map(world.sandbox.ledger().map(({ id, body }) => [id, body.prompt]));
		expect(run.rows.map(({ json }) => prompts.get(json.taskId as string))).toEqual(
			items(12).map((_, item) => `video ${item}`),
		);
		await world.reset();
		const alone = world.clock.now();
		await world.run();
		expect(made).toBeLessThan(1.3 * (world.clock.now() - alone));
	});

	it('tells in a hint that EvoLink cuts a prompt that is too long, and sends it whole', async () => {
		const prompt = 'x'.repeat(5001);
		const run = await world.run({ parameters: { prompt, options: { checkMaterials: false } } });
		expect(run.hints).toEqual([
			expect.stringMatching(/^1 video made, 5 seconds of video, [\d.]+ credits reserved\.$/),
			expect.stringMatching(/^'Prompt' has 5001 characters; EvoLink cuts it after 5000/),
		]);
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('bad input', () => {
	const BAD = {
		parameters: {
			...FIRST_FRAME,
			firstFrameUrl:
				'={{ $json.number === 1 ? "nonsense" : "https://example.com/first_frame.jpg" }}',
			duration: '={{ $json.number === 2 ? 99 : 5 }}',
		},
	};

	it('ends the run before anything is sent, with all problems of all items', async () => {
		const run = await world.run({ items: items(3), ...BAD });
		expect(run.status).toBe('error');
		expect(run.error?.message).toContain("'First Frame URL'");
		expect(run.error?.description).toMatch(/Item 1: 'First Frame URL'[\s\S]*Item 2: 'Duration'/);
		expect(run.error?.description).toContain('nothing was charged');
		expect(requestLines(world.sandbox)).toEqual([]);
	});

	it('becomes a row under Continue On Fail, while the good items go on', async () => {
		const run = await world.run({
			items: items(3),
			...BAD,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(run.rows.map(({ json }) => [json.status, json.error])).toEqual([
			['completed', undefined],
			[undefined, expect.stringContaining("'First Frame URL'")],
			[undefined, expect.stringContaining("'Duration'")],
		]);
		expect(run.rows.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(submits(world.sandbox)).toBe(1);
	});

	it('goes to the error branch, paired with its item', async () => {
		const run = await world.run({
			items: items(3),
			...BAD,
			settings: { onError: 'continueErrorOutput' },
		});
		expect(run.rows.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
		expect(run.errorRows.map(({ json }) => json.error)).toEqual([
			expect.stringContaining("'First Frame URL'"),
			expect.stringContaining("'Duration'"),
		]);
	});

	it.each([
		['Timeout', { timeout: 0 }],
		['Poll Interval', { pollInterval: 0.2 }],
		['Tasks at Once', { concurrency: 0 }],
		['Submit Again on Failure', { submitAgain: 9 }],
	])("names the option '%s'", async (label, options) => {
		const run = await world.run({ parameters: { options } });
		expect(run.error?.message).toContain(`'${label}'`);
		expect(run.error?.description).toMatch(/nothing was charged/);
		expect(requestLines(world.sandbox)).toEqual([]);
	});
});

describe('how long a task takes', () => {
	/** For each task, in the order of the submits, the longest time between two looks (ms). */
	function widestGaps() {
		const requests = world.sandbox.requests();
		return world.sandbox.ledger().map(({ id }) => {
			const looks = requests.filter(({ path }) => path === `/v1/tasks/${id}`).map(({ at }) => at);
			return Math.max(...looks.slice(1).map((at, index) => at - looks[index]));
		});
	}
	/** Further apart than looks at a task of which nothing is known: 15 s at the most. */
	const TAUGHT_MS = 20_000;

	it('is learnt from the first ones, in a batch and by the next execution', async () => {
		const parameters = { options: { concurrency: 2 } };
		await world.run({ parameters, items: items(8) });
		const batch = widestGaps();
		expect(batch).toHaveLength(8);
		expect(Math.max(...batch.slice(0, 2))).toBeLessThan(TAUGHT_MS);
		expect(Math.min(...batch.slice(4))).toBeGreaterThan(TAUGHT_MS);
		await world.run();
		expect(widestGaps()[8]).toBeGreaterThan(TAUGHT_MS);
		// Another length is another kind: as if it were the first.
		await world.run({ parameters: { duration: 6 } });
		expect(widestGaps()[9]).toBeLessThan(TAUGHT_MS);
	});
});
