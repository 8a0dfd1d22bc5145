// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The family in the sandbox: what the videos of each kind of model look like, and what they cost.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox';
import { MODELS } from '../../sandbox/contract';
import { isRecord, parseJson, type JsonRecord } from '../../sandbox/json';
import { readMediaFacts, type MediaFacts } from '../../sandbox/mediaFacts';
import { run } from '../../sandbox/programs';
import { titleCard } from '../../sandbox/titleCard';
import { someOf } from '../support/thorough';
import { AUDIO, CLIP, finishedLink, FIRST, LAST, look, newTask, submit } from './client';

const folder = mkdtempSync(join(tmpdir(), 'wan-models-test-'));
let rendering: Sandbox;
/** For what no video is looked at: it makes none. */
let sandbox: Sandbox;
beforeAll(async () => {
	rendering = await startSandbox({ clock: 'manual', credits: 10_000 });
	sandbox = await startSandbox({ clock: 'manual', credits: 10_000, video: 'sample' });
});
afterAll(async () => {
	await rendering.close();
	await sandbox.close();
	rmSync(folder, { recursive: true });
});

const bare = { image_start: undefined };
const words = { ...bare, prompt: 'Rain on a tin roof, slow push in', duration: 2 };

async function filmOf(body: JsonRecord): Promise<{ path: string; facts: MediaFacts }> {
	const link = await finishedLink(rendering, await newTask(rendering, body));
	const path = join(folder, `${link.split('/').at(-1)}`);
	writeFileSync(path, Buffer.from(await (await fetch(link)).arrayBuffer()));
	const facts = await readMediaFacts(path);
	if (facts === undefined) throw new Error('no video');
	return { path, facts };
}

/** The mean of red, green and blue of a part of the picture at a time, each 0 to 255. */
async function colourAt(path: string, seconds: number, crop: string): Promise<number[]> {
	const picture = join(folder, 'pixel.bmp');
	const filter = `crop=${crop},scale=1:1:flags=area`;
	const args = ['-ss', String(seconds), '-i', path, '-vf', filter, '-frames:v', '1'];
	await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, '-pix_fmt', 'bgr24', picture]);
	const found = await import('node:fs/promises').then(async (fs) => await fs.readFile(picture));
	return [...found.subarray(54, 57)];
}

const far = (a: readonly number[], b: readonly number[]): number =>
	Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? 0))));

const LOOKS: Array<
	[what: string, JsonRecord, size: [number, number], seconds: number, hasAudio: boolean]
> = [
	['words', { model: 'wan2.7-text-to-video', ...words }, [1280, 720], 2, true],
	[
		'words, upright',
		{ model: 'wan2.7-text-to-video', ...words, aspect_ratio: '9:16' },
		[720, 1280],
		2,
		true,
	],
	[
		'words, square, 480p, silent',
		{
			model: 'wan3.0-text-to-video',
			...words,
			quality: '480p',
			aspect_ratio: '1:1',
			generate_audio: false,
		},
		[624, 624],
		2,
		false,
	],
	[
		'pictures and a clip',
		{ model: 'wan2.7-reference-video', ...words, image_urls: [FIRST, LAST], video_urls: [CLIP] },
		[1280, 720],
		2,
		true,
	],
	[
		'a first frame with a reference',
		{
			model: 'wan2.7-reference-video',
			...words,
			image_start: FIRST,
			image_urls: [LAST],
			aspect_ratio: '1:1',
		},
		[1280, 720],
		2,
		true,
	],
	[
		'an edited clip',
		{
			model: 'wan2.7-video-edit',
			...bare,
			duration: undefined,
			video_urls: [CLIP],
			image_urls: [LAST],
			keep_original_sound: true,
		},
		[1280, 720],
		3,
		true,
	],
	[
		'an edited clip, cut, 3:4',
		{ model: 'wan2.7-video-edit', ...bare, duration: 2, video_urls: [CLIP], aspect_ratio: '3:4' },
		[832, 1104],
		2,
		true,
	],
	[
		'a frame of 3.0',
		{ model: 'wan3.0-image-to-video', image_start: FIRST, quality: '480p', duration: 2 },
		[842, 474],
		2,
		true,
	],
	[
		'two frames of 3.0, 9:16',
		{
			model: 'wan3.0-prime-image-to-video',
			image_start: FIRST,
			image_end: LAST,
			aspect_ratio: '9:16',
			quality: '480p',
		},
		[480, 832],
		2,
		true,
	],
	[
		'smart length',
		{
			model: 'wan3.0-text-to-video',
			...words,
			duration: -1,
			quality: '480p',
			aspect_ratio: '16:9',
		},
		[832, 480],
		6,
		true,
	],
];

describe('what the video looks like', () => {
	it.each(someOf(LOOKS, 2))('%s', async (...[, body, [width, height], seconds, hasAudio]) => {
		const { facts } = await filmOf(body);
		expect(facts).toMatchObject({ format: 'mp4', width, height, hasAudio });
		expect(Math.abs((facts.durationSeconds ?? 0) - seconds)).toBeLessThanOrEqual(1 / 30);
	});

	it('other words are another picture, and the title card moves', async () => {
		const model = 'wan2.7-text-to-video';
		const one = await filmOf({ model, ...words });
		const other = await filmOf({ model, ...words, prompt: 'A paper boat in a gutter' });
		const corner = '60:60:0:0';
		expect(
			far(await colourAt(one.path, 0, corner), await colourAt(other.path, 0, corner)),
		).toBeGreaterThan(5);
		const text = '200:100:300:60';
		expect(
			far(await colourAt(one.path, 0, text), await colourAt(one.path, 1.9, text)),
		).toBeGreaterThan(5);
	});

	it('each reference is seen in the picture', async () => {
		const model = 'wan2.7-reference-video';
		const plain = await filmOf({ model: 'wan2.7-text-to-video', ...words });
		const film = await filmOf({ model, ...words, image_urls: [FIRST, LAST] });
		for (const box of ['100:100:300:480', '100:100:850:480'])
			expect(
				far(await colourAt(film.path, 1, box), await colourAt(plain.path, 1, box)),
			).toBeGreaterThan(15);
	});

	it('an edited clip is the clip in other colours, with a frame', async () => {
		const film = await filmOf({
			model: 'wan2.7-video-edit',
			...bare,
			duration: 0,
			video_urls: [CLIP],
		});
		const { path: before } = await filmOf({ ...bare, video_urls: [CLIP], duration: 3 });
		const middle = '300:300:490:210';
		expect(
			far(await colourAt(film.path, 1, middle), await colourAt(before, 1, middle)),
		).toBeGreaterThan(15);
		const [blue, green, red] = await colourAt(film.path, 1, '8:300:2:200');
		expect([blue < 60, green > 180, red > 180]).toEqual([true, true, true]);
	});

	it("npm's ffmpeg draws the same kinds", async () => {
		const before = process.env.SANDBOX_FFMPEG;
		process.env.SANDBOX_FFMPEG = 'npm';
		try {
			const other = await startSandbox({ clock: 'manual' });
			const bodies: JsonRecord[] = [
				{
					model: 'wan3.0-reference-video',
					...words,
					quality: '480p',
					image_urls: [FIRST],
					video_urls: [CLIP],
					audio_urls: [AUDIO],
				},
				{
					model: 'wan2.7-video-edit',
					...bare,
					duration: 2,
					video_urls: [CLIP],
					image_urls: [FIRST],
				},
			];
			for (const body of bodies) {
				const link = await finishedLink(other, await newTask(other, body));
				expect((await fetch(link)).status).toBe(200);
			}
			await other.close();
		} finally {
			if (before === undefined) delete process.env.SANDBOX_FFMPEG;
			else process.env.SANDBOX_FFMPEG = before;
		}
	});
});

describe('what it costs', () => {
	const costs = async (body: JsonRecord): Promise<[number, number]> => {
		const id = await newTask(sandbox, body);
		await sandbox.clock.advance(120_000);
		const entry = sandbox.ledger().find((task) => task.id === id);
		return [entry?.creditsReserved ?? NaN, entry?.creditsCharged ?? NaN];
	};
	const refs = { ...words, image_urls: [FIRST] };
	/** By the price list: the second number is what is charged in the end. */
	it.each<[string, JsonRecord, number, number]>([
		[
			'a reference picture costs nothing',
			{ model: 'wan2.7-reference-video', ...refs, duration: 5 },
			27.2,
			27.2,
		],
		[
			'a clip of 3 s counts as 3',
			{ model: 'wan2.7-reference-video', ...words, video_urls: [CLIP], duration: 5 },
			43.52,
			43.52,
		],
		[
			'two clips count as 5',
			{ model: 'wan2.7-reference-video', ...words, video_urls: [CLIP, CLIP], duration: 5 },
			54.4,
			54.4,
		],
		[
			'an edit reserves 10 seconds of output',
			{ model: 'wan2.7-video-edit', ...bare, duration: 0, video_urls: [CLIP] },
			70.72,
			32.64,
		],
		[
			'3.0 at 480p',
			{ model: 'wan3.0-text-to-video', ...words, duration: 5, quality: '480p' },
			12.75,
			12.75,
		],
		['3.0 at 720p', { model: 'wan3.0-text-to-video', ...words, duration: 5 }, 25.5, 25.5],
		[
			'prime at 720p',
			{ model: 'wan3.0-prime-text-to-video', ...words, duration: 5, aspect_ratio: '16:9' },
			40.4831,
			40.4831,
		],
		[
			'prime at 480p',
			{ model: 'wan3.0-prime-text-to-video', ...words, duration: 5, quality: '480p' },
			19.652,
			19.652,
		],
		[
			'a smart length reserves 30 seconds',
			{ model: 'wan3.0-text-to-video', ...words, duration: -1, quality: '480p' },
			76.5,
			15.3,
		],
		[
			'clips of 3.0 are billed',
			{
				model: 'wan3.0-reference-video',
				...words,
				video_urls: [CLIP],
				duration: 2,
				quality: '480p',
			},
			12.75,
			12.75,
		],
	])('%s', async (_label, body, reserved, charged) => {
		expect(await costs(body)).toEqual([reserved, charged]);
	});

	it('an unknown length of clips reserves their cap', async () => {
		sandbox.setSwitches({ clipLengthAtSubmit: 'unknown' });
		const body = { model: 'wan2.7-video-edit', ...bare, duration: 0, video_urls: [CLIP] };
		expect(await costs(body)).toEqual([108.8, 32.64]);
		await sandbox.reset();
	});
});

describe('switches of the family', () => {
	afterEach(() => sandbox.reset());

	it('a document without words, a smart length with clips', async () => {
		const model = 'wan3.0-reference-video';
		const smart = { model, ...words, video_urls: [CLIP], duration: -1 };
		expect((await submit(sandbox, smart)).status).toBe(200);
		sandbox.setSwitches({ smartWithClips: 'refused', fileWithoutPrompt: 'refused' });
		expect((await submit(sandbox, smart)).status).toBe(400);
		const file = { ...bare, model, model_params: { file_url: 'https://a.example/x.pdf' } };
		expect((await submit(sandbox, file)).text).toContain('prompt is required');
	});

	it('a key may be for some models only, and the refusal names the model', async () => {
		sandbox.addKey({ key: 'sk-one', models: ['wan2.7-text-to-video'] });
		const headers = { authorization: 'Bearer sk-one' };
		expect(
			(await submit(sandbox, { model: 'wan2.7-text-to-video', ...words }, headers)).status,
		).toBe(200);
		const other = await submit(sandbox, { model: 'wan3.0-text-to-video', ...words }, headers);
		expect([other.status, other.text]).toEqual([
			403,
			expect.stringContaining('wan3.0-text-to-video'),
		]);
	});

	it('a smart length is told at the end', async () => {
		const id = await newTask(sandbox, {
			model: 'wan3.0-text-to-video',
			...words,
			quality: '480p',
			duration: -1,
		});
		const infoOf = async () => {
			const { task_info: info } = (await look(sandbox, id)).body;
			return isRecord(info) ? info.video_duration : undefined;
		};
		expect(await infoOf()).toBeUndefined();
		await sandbox.clock.advance(120_000);
		expect(await infoOf()).toBe(6);
	});
});

it('the sandbox lists its models', async () => {
	const headers = { authorization: `Bearer ${sandbox.key}` };
	const listed = parseJson(await (await fetch(`${sandbox.url}/v1/models`, { headers })).text());
	const data = isRecord(listed) && Array.isArray(listed.data) ? listed.data : [];
	expect(data.filter(isRecord).map(({ id }) => id)).toEqual(Object.keys(MODELS));
	expect(Object.keys(MODELS)).toHaveLength(10);
});

it('a title card is a picture whatever the words are', async () => {
	const cards = ['', 'hello', 'HELLO', '猫が弾く', 'a'.repeat(5000)].map((text) =>
		titleCard(text, 320, 180),
	);
	for (const [index, card] of cards.entries()) {
		const path = join(folder, `card-${index}.bmp`);
		writeFileSync(path, card);
		expect(await readMediaFacts(path)).toMatchObject({ format: 'bmp', width: 320, height: 180 });
	}
	expect(new Set(cards.map((card) => card.toString('base64'))).size).toBe(5);
});
