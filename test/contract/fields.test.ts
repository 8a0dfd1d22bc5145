// Types, ranges and defaults of the fields of a submit.

import { Budget } from './budget';
import { errorOf, idOf, Target } from './target';

const budget = new Budget('fields');
let target: Target;
beforeAll(async () => {
	target = await Target.open();
});
afterAll(() => target.close());

const REFUSED: ReadonlyArray<[string, Record<string, unknown>]> = [
	['a duration of 1', { duration: 1 }],
	['a duration of 16', { duration: 16 }],
	['a duration of 2.5', { duration: 2.5 }],
	['an unknown mode', { duration: 2, generation_mode: 'last_frame' }],
	['an unknown quality', { duration: 2, quality: '480p' }],
	['a seed of 0', { duration: 2, seed: 0 }],
	['a seed of 2147483648', { duration: 2, seed: 2147483648 }],
	['a negative seed', { duration: 2, seed: -1 }],
	[
		'two driving audios',
		{ duration: 2, audio_urls: ['https://a.example/1.mp3', 'https://a.example/2.mp3'] },
	],
	['a first frame that is no URL', { duration: 2, image_start: 'first_frame.jpg' }],
	['a first frame in an array', { duration: 2, image_start: ['https://a.example/1.jpg'] }],
	[
		'a first frame that cannot be fetched',
		{ duration: 2, image_start: 'https://nowhere.invalid/1.jpg' },
	],
];
/** What EvoLink does with these is not known; this is what the sandbox does by default. */
const REFUSED_BY_DEFAULT: ReadonlyArray<[string, Record<string, unknown>]> = [
	['a duration as text', { duration: '5' }],
	['a duration of null', { duration: null }],
	['a boolean as text', { prompt_extend: 'true' }],
	['a prompt that is a number', { prompt: 5 }],
	['an empty array of audio', { audio_urls: [] }],
	['an unknown field', { aspect_ratio: '16:9' }],
	['a data: URL', { image_start: 'data:image/png;base64,iVBORw0KGgo=' }],
	['a text where an array is asked', { audio_urls: 'https://example.com/audio.mp3' }],
	['a callback over http', { callback_url: 'http://example.com/done' }],
];

describe('fields of a submit', () => {
	for (const [label, change] of REFUSED) {
		// What it would cost if EvoLink took it after all.
		const seconds = Math.max(2, Math.ceil(Number(change.duration)));
		budget.billed(seconds, `${label} is 400`, async () => {
			const { first } = await target.materials();
			const answer = await target.submit({ image_start: first, ...change });
			expect(answer.status).toBe(400);
			expect(errorOf(answer)).toHaveProperty('type', 'invalid_request_error');
		});
	}

	for (const [label, change] of REFUSED_BY_DEFAULT) {
		budget.sandboxOnly(`${label} is 400`, async () => {
			const { first } = await target.materials();
			const answer = await target.submit({ image_start: first, ...change });
			expect(answer.status).toBe(400);
		});
	}

	budget.billed(2, 'prompts beyond their limit are truncated, not refused', async () => {
		const { first } = await target.materials();
		idOf(
			await target.submit({
				image_start: first,
				duration: 2,
				prompt: 'x'.repeat(6_000),
				negative_prompt: 'y'.repeat(600),
			}),
		);
	});

	budget.billed(2, 'every optional field is taken together', async () => {
		const { first, audio } = await target.materials();
		idOf(
			await target.submit({
				generation_mode: 'first_frame',
				prompt: 'a lighthouse',
				negative_prompt: 'blurry',
				image_start: first,
				audio_urls: [audio],
				quality: '720p',
				duration: 2,
				seed: 2147483647,
				prompt_extend: false,
			}),
		);
	});

	budget.billed(2, 'a clip longer than the duration is refused', async () => {
		const { clip } = await target.materials();
		const answer = await target.submit({ video_urls: [clip], duration: 2 });
		expect(answer.status).toBe(400);
	});

	budget.sandboxOnly('an unknown model is refused, a missing one is 400', async () => {
		expect((await target.submit({ model: 'wan9' })).status).toBe(403);
		expect((await target.submit({ model: undefined })).status).toBe(400);
	});
});
