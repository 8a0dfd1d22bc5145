// Bodies of every model but the first, which has suites of its own: what its page allows and what
// it refuses, one mistake a row. Only against the sandbox: on EvoLink each slip would cost seconds.

import type { JsonRecord } from '../../sandbox/json';
import { onEvoLink } from './budget';
import { errorOf, Target, type Materials } from './target';

let target: Target;
let at: Materials;
beforeAll(async () => {
	target = await Target.open({ credits: 100_000 });
	at = await target.materials();
});
afterAll(() => target.close());

type Body = () => JsonRecord;
interface Page {
	readonly model: string;
	readonly legal: ReadonlyArray<[string, Body]>;
	readonly refused: ReadonlyArray<[string, Body]>;
}

const words = { prompt: 'A lighthouse in fog' };
const many = (url: string, count: number): string[] => Array.from({ length: count }, () => url);

const text27: Page = {
	model: 'wan2.7-text-to-video',
	legal: [
		['words alone', () => words],
		[
			'everything',
			() => ({
				...words,
				negative_prompt: 'logo',
				audio_urls: [at.audio],
				quality: '1080p',
				aspect_ratio: '9:16',
				duration: 8,
				seed: 1,
				prompt_extend: true,
			}),
		],
		['15 seconds', () => ({ ...words, duration: 15 })],
	],
	refused: [
		['no prompt', () => ({ duration: 4 })],
		['two sounds', () => ({ ...words, audio_urls: many(at.audio, 2) })],
		['an adaptive shape', () => ({ ...words, aspect_ratio: 'adaptive' })],
		['21:9', () => ({ ...words, aspect_ratio: '21:9' })],
		['480p', () => ({ ...words, quality: '480p' })],
		['1 second', () => ({ ...words, duration: 1 })],
		['16 seconds', () => ({ ...words, duration: 16 })],
		['0 seconds', () => ({ ...words, duration: 0 })],
		['smart length', () => ({ ...words, duration: -1 })],
		['seed 0', () => ({ ...words, seed: 0 })],
		['a first frame', () => ({ ...words, image_start: at.first })],
		['a mode', () => ({ ...words, generation_mode: 'first_frame' })],
		['a sound switch', () => ({ ...words, generate_audio: false })],
	],
};

const reference27: Page = {
	model: 'wan2.7-reference-video',
	legal: [
		['one picture', () => ({ ...words, image_urls: [at.first] })],
		['one clip', () => ({ ...words, video_urls: [at.clip] })],
		[
			'five together',
			() => ({ ...words, image_urls: many(at.first, 3), video_urls: many(at.clip, 2) }),
		],
		[
			'a first frame beside five',
			() => ({ ...words, image_start: at.last, image_urls: many(at.first, 5) }),
		],
		[
			'voices with a gap',
			() => ({
				...words,
				image_urls: many(at.first, 2),
				video_urls: [at.clip],
				model_params: { voice_bindings: { image2: at.audio, video1: at.audio } },
			}),
		],
		['voices by position', () => ({ ...words, image_urls: [at.first], audio_urls: [at.audio] })],
		['10 seconds with a clip', () => ({ ...words, video_urls: [at.clip], duration: 10 })],
		['15 seconds without', () => ({ ...words, image_urls: [at.first], duration: 15 })],
	],
	refused: [
		['no material', () => words],
		['a first frame alone', () => ({ ...words, image_start: at.first })],
		['no prompt', () => ({ image_urls: [at.first] })],
		['six together', () => ({ ...words, image_urls: many(at.first, 5), video_urls: [at.clip] })],
		['11 seconds with a clip', () => ({ ...words, video_urls: [at.clip], duration: 11 })],
		['a last frame', () => ({ ...words, image_urls: [at.first], image_end: at.last })],
		...(['image2', 'video1', 'img1', 'image01', 'Image1', 'image0'] as const).map(
			(key): [string, Body] => [
				`a voice for ${key}`,
				() => ({
					...words,
					image_urls: [at.first],
					model_params: { voice_bindings: { [key]: at.audio } },
				}),
			],
		),
		[
			'a voice outside of model_params',
			() => ({ ...words, image_urls: [at.first], voice_bindings: { image1: at.audio } }),
		],
		[
			'an empty voice',
			() => ({
				...words,
				image_urls: [at.first],
				model_params: { voice_bindings: { image1: '' } },
			}),
		],
		['480p', () => ({ ...words, image_urls: [at.first], quality: '480p' })],
		['a picture as a text', () => ({ ...words, image_urls: at.first })],
	],
};

const edit27: Page = {
	model: 'wan2.7-video-edit',
	legal: [
		['a clip alone', () => ({ video_urls: [at.clip] })],
		[
			'everything',
			() => ({
				...words,
				video_urls: [at.clip],
				image_urls: many(at.first, 4),
				keep_original_sound: true,
				aspect_ratio: '3:4',
				duration: 2,
				quality: '1080p',
				seed: 7,
			}),
		],
		['its own length', () => ({ video_urls: [at.clip], duration: 0 })],
	],
	refused: [
		['no clip', () => words],
		['two clips', () => ({ video_urls: many(at.clip, 2) })],
		['five pictures', () => ({ video_urls: [at.clip], image_urls: many(at.first, 5) })],
		['1 second', () => ({ video_urls: [at.clip], duration: 1 })],
		['11 seconds', () => ({ video_urls: [at.clip], duration: 11 })],
		['smart length', () => ({ video_urls: [at.clip], duration: -1 })],
		['sound', () => ({ video_urls: [at.clip], audio_urls: [at.audio] })],
		['an adaptive shape', () => ({ video_urls: [at.clip], aspect_ratio: 'adaptive' })],
	],
};

const image30 = (model: string): Page => ({
	model,
	legal: [
		['one frame', () => ({ image_start: at.first })],
		[
			'everything',
			() => ({
				...words,
				image_start: at.first,
				image_end: at.last,
				duration: 30,
				quality: '480p',
				aspect_ratio: 'adaptive',
				generate_audio: false,
				seed: 0,
			}),
		],
		['smart length', () => ({ image_start: at.first, duration: -1 })],
	],
	refused: [
		['words alone', () => words],
		['a last frame alone', () => ({ image_end: at.last })],
		['31 seconds', () => ({ image_start: at.first, duration: 31 })],
		['0 seconds', () => ({ image_start: at.first, duration: 0 })],
		['a negative prompt', () => ({ image_start: at.first, negative_prompt: 'logo' })],
		['a longer prompt', () => ({ image_start: at.first, prompt_extend: true })],
		['driving audio', () => ({ image_start: at.first, audio_urls: [at.audio] })],
		['a clip', () => ({ image_start: at.first, video_urls: [at.clip] })],
		['a mode', () => ({ image_start: at.first, generation_mode: 'first_frame' })],
		['720 as a number', () => ({ image_start: at.first, quality: 720 })],
	],
});

const text30 = (model: string): Page => ({
	model,
	legal: [
		['words alone', () => words],
		['20 s at 1080p', () => ({ ...words, duration: 20, quality: '1080p', aspect_ratio: '16:9' })],
	],
	refused: [
		['no words', () => ({ duration: 5 })],
		['a picture', () => ({ ...words, image_urls: [at.first] })],
		['a sound', () => ({ ...words, audio_urls: [at.audio] })],
		['a document', () => ({ ...words, model_params: { file_url: at.first } })],
		['1 second', () => ({ ...words, duration: 1 })],
		['seed -1', () => ({ ...words, seed: -1 })],
	],
});

const reference30 = (model: string): Page => ({
	model,
	legal: [
		['words alone', () => words],
		['a picture alone', () => ({ image_urls: [at.first] })],
		[
			'ten pictures, four clips, three sounds',
			() => ({
				...words,
				image_urls: many(at.first, 10),
				video_urls: many(at.clip, 4),
				audio_urls: many(at.audio, 3),
				duration: 15,
			}),
		],
		['a page', () => ({ ...words, model_params: { link_url: 'https://example.com/' } })],
		['smart length with a clip', () => ({ video_urls: [at.clip], duration: -1 })],
	],
	refused: [
		['nothing', () => ({ duration: 5 })],
		['eleven pictures', () => ({ image_urls: many(at.first, 11) })],
		['six clips', () => ({ video_urls: many(at.clip, 6) })],
		['sounds of more than 15 s together', () => ({ audio_urls: many(at.audio, 5) })],
		['clips and duration over 30 s', () => ({ video_urls: many(at.clip, 4), duration: 25 })],
		[
			'a document and a page',
			() => ({
				model_params: { file_url: 'https://a.example/x.pdf', link_url: 'https://a.example/' },
			}),
		],
		['a document that is a picture', () => ({ model_params: { file_url: at.first } })],
		[
			'voices',
			() => ({ image_urls: [at.first], model_params: { voice_bindings: { image1: at.audio } } }),
		],
		['a first frame', () => ({ ...words, image_start: at.first })],
	],
});

const PAGES: readonly Page[] = [
	text27,
	reference27,
	edit27,
	...['wan3.0', 'wan3.0-prime'].flatMap((family) => [
		image30(`${family}-image-to-video`),
		text30(`${family}-text-to-video`),
		reference30(`${family}-reference-video`),
	]),
];

(onEvoLink ? describe.skip : describe).each(PAGES)('$model', ({ model, legal, refused }) => {
	const code = model.startsWith('wan3') ? 'invalid_parameter' : 'invalid_request';

	it.each(legal)('takes %s', async (_label, body) => {
		const answer = await target.submit({ model, ...body() });
		expect([answer.status, answer.body.model]).toEqual([200, model]);
	});

	it.each(refused)('refuses %s', async (_label, body) => {
		const answer = await target.submit({ model, ...body() });
		expect(answer.status).toBe(400);
		expect(errorOf(answer)).toMatchObject({ code, type: 'invalid_request_error' });
	});

	it('says how long the video is, where its page says so', async () => {
		const [, body] = legal[0];
		const { task_info: info } = (await target.submit({ model, ...body(), duration: 4 })).body;
		const expected = { video_duration: 4 };
		if (model.startsWith('wan3')) expect(info).toMatchObject(expected);
		else expect(info).not.toHaveProperty('video_duration');
	});
});
