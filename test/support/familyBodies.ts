// What each model of the family is to get on the wire, set by set, to the letter. Written by hand from EvoLink's
// pages. The unit tests send it through the check, the engine and the real servers through the whole node.

import type { RawMaterial, RawRequest } from '../../nodes/WanVideo/wan/request';

/** Addresses that the sandbox has files for. */
export const A = 'https://example.com/first_frame.jpg';
export const B = 'https://example.com/last_frame.jpg';
export const CLIP = 'https://example.com/clip.mp4';
export const SOUND = 'https://example.com/audio.mp3';
export const at = (url: unknown): RawMaterial => ({ url });
export const many = (url: string, count: number) => Array.from({ length: count }, () => at(url));

export type Body = Record<string, unknown>;
/** What | what is filled in | the body without its model, nothing more and in this order. */
export type BodyRow = [what: string, raw: RawRequest, body: Body];

const hook = 'https://example.com/hook';
const rest = { seed: 7, callbackUrl: hook };

const image27: BodyRow[] = [
	[
		'a first frame',
		{ mode: 'first_frame', prompt: 'A cat', materials: { firstFrame: at(A) } },
		{ generation_mode: 'first_frame', prompt: 'A cat', image_start: A },
	],
	[
		'a first frame and a sound, with everything',
		{
			...{ mode: 'first_frame', prompt: 'A cat', negativePrompt: 'logo', durationSeconds: 4 },
			...{ quality: '1080p', promptExtend: true, ...rest },
			materials: { firstFrame: at(A), drivingAudio: at(SOUND) },
		},
		{
			...{ generation_mode: 'first_frame', prompt: 'A cat', negative_prompt: 'logo' },
			...{ image_start: A, audio_urls: [SOUND], quality: '1080p', duration: 4, seed: 7 },
			...{ prompt_extend: true, callback_url: hook },
		},
	],
	[
		'two frames',
		{ mode: 'first_last_frame', materials: { firstFrame: at(A), lastFrame: at(B) } },
		{ generation_mode: 'first_last_frame', image_start: A, image_end: B },
	],
	[
		'two frames and a sound',
		{
			mode: 'first_last_frame',
			materials: { firstFrame: at(A), lastFrame: at(B), drivingAudio: at(SOUND) },
		},
		{ generation_mode: 'first_last_frame', image_start: A, image_end: B, audio_urls: [SOUND] },
	],
	[
		'a clip',
		{ mode: 'video_continuation', materials: { clip: at(CLIP) } },
		{ generation_mode: 'video_continuation', video_urls: [CLIP] },
	],
	[
		'a clip and a last frame, the mode left to EvoLink',
		{ mode: 'auto', materials: { clip: at(CLIP), lastFrame: at(B) } },
		{ image_end: B, video_urls: [CLIP] },
	],
];

const text27: BodyRow[] = [
	['words', { prompt: 'Rain' }, { prompt: 'Rain' }],
	[
		'everything',
		{
			...{ prompt: 'Rain', negativePrompt: 'logo', durationSeconds: 8, quality: '1080p' },
			...{ aspectRatio: '9:16', promptExtend: true, ...rest },
			materials: { drivingAudio: at(SOUND) },
		},
		{
			...{ prompt: 'Rain', negative_prompt: 'logo', audio_urls: [SOUND], quality: '1080p' },
			...{ aspect_ratio: '9:16', duration: 8, seed: 7, prompt_extend: true },
			callback_url: hook,
		},
	],
	[
		'fields of other models, which it has not',
		{
			...{ prompt: 'Rain', generateAudio: false, keepOriginalSound: true, mode: 'first_frame' },
			durationMode: 'smart',
			materials: { firstFrame: at(A), referenceImages: [at('')], clip: at(CLIP) },
		},
		{ prompt: 'Rain' },
	],
];

const reference27: BodyRow[] = [
	[
		'one image',
		{ prompt: 'Image 1 waves', materials: { referenceImages: [at(A)] } },
		{ prompt: 'Image 1 waves', image_urls: [A] },
	],
	[
		'the same image twice, as both are meant',
		{ prompt: 'Twins', materials: { referenceImages: [at(A), at(A), at(B)] } },
		{ prompt: 'Twins', image_urls: [A, A, B] },
	],
	[
		'one clip',
		{ prompt: 'Video 1 waves', materials: { referenceClips: [at(CLIP)] } },
		{ prompt: 'Video 1 waves', video_urls: [CLIP] },
	],
	[
		'everything, voices with a gap',
		{
			...{ prompt: 'Hello', negativePrompt: 'logo', durationSeconds: 8, quality: '1080p' },
			...{ aspectRatio: '1:1', promptExtend: false, ...rest },
			materials: {
				firstFrame: at(B),
				referenceImages: [at(A), at(B)],
				referenceClips: [at(CLIP)],
				imageVoices: [undefined, at(SOUND)],
				clipVoices: [at(SOUND)],
			},
		},
		{
			...{ prompt: 'Hello', negative_prompt: 'logo', image_start: B, image_urls: [A, B] },
			video_urls: [CLIP],
			model_params: { voice_bindings: { image2: SOUND, video1: SOUND } },
			...{ quality: '1080p', aspect_ratio: '1:1', duration: 8, seed: 7, prompt_extend: false },
			callback_url: hook,
		},
	],
];

const edit27: BodyRow[] = [
	['a clip', { materials: { clip: at(CLIP) } }, { video_urls: [CLIP] }],
	[
		'everything',
		{
			...{ prompt: 'Night', negativePrompt: 'logo', durationMode: 'fixed', durationSeconds: 2 },
			...{ quality: '1080p', aspectRatio: '3:4', keepOriginalSound: true, ...rest },
			materials: { clip: at(CLIP), referenceImages: [at(B), at(A)] },
		},
		{
			...{ prompt: 'Night', negative_prompt: 'logo', image_urls: [B, A], video_urls: [CLIP] },
			...{ quality: '1080p', aspect_ratio: '3:4', duration: 2, keep_original_sound: true },
			...{ seed: 7, callback_url: hook },
		},
	],
	[
		'no sound of the clip, as asked',
		{ materials: { clip: at(CLIP) }, keepOriginalSound: false },
		{ video_urls: [CLIP], keep_original_sound: false },
	],
];

const image30: BodyRow[] = [
	['one frame', { materials: { firstFrame: at(A) } }, { image_start: A }],
	[
		'a smart length',
		{ materials: { firstFrame: at(A) }, durationMode: 'smart' },
		{ image_start: A, duration: -1 },
	],
	[
		'everything',
		{
			...{ prompt: 'She turns', durationSeconds: 30, quality: '480p', aspectRatio: 'adaptive' },
			...{ generateAudio: false, seed: 0 },
			materials: { firstFrame: at(A), lastFrame: at(B) },
		},
		{
			...{ prompt: 'She turns', image_start: A, image_end: B, quality: '480p' },
			...{ aspect_ratio: 'adaptive', duration: 30, generate_audio: false, seed: 0 },
		},
	],
	[
		'what only 2.7 has',
		{
			materials: { firstFrame: at(A) },
			...{ negativePrompt: 'logo', promptExtend: true, mode: 'auto' },
		},
		{ image_start: A },
	],
];

const text30: BodyRow[] = [
	['words', { prompt: 'Fog' }, { prompt: 'Fog' }],
	[
		'everything',
		{ ...{ prompt: 'Fog', durationSeconds: 20, quality: '1080p', aspectRatio: '16:9' }, ...rest },
		{
			...{ prompt: 'Fog', quality: '1080p', aspect_ratio: '16:9', duration: 20, seed: 7 },
			callback_url: hook,
		},
	],
];

const reference30: BodyRow[] = [
	['words', { prompt: 'Fog' }, { prompt: 'Fog' }],
	[
		'a document',
		{ materials: { document: at('https://example.com/slides.pdf') } },
		{ model_params: { file_url: 'https://example.com/slides.pdf' } },
	],
	[
		'everything but the document',
		{
			...{ prompt: 'Dance', durationSeconds: 10, quality: '720p' },
			materials: {
				referenceImages: many(A, 10),
				referenceClips: many(CLIP, 5),
				referenceAudio: many(SOUND, 3),
				page: at('https://example.com/article'),
			},
		},
		{
			...{ prompt: 'Dance', image_urls: Array.from({ length: 10 }, () => A) },
			video_urls: Array.from({ length: 5 }, () => CLIP),
			audio_urls: Array.from({ length: 3 }, () => SOUND),
			model_params: { link_url: 'https://example.com/article' },
			...{ quality: '720p', duration: 10 },
		},
	],
];

/** By model, in the family's order; the first row of each is the least that the model takes. */
export const BODIES: Readonly<Record<string, readonly BodyRow[]>> = {
	'wan2.7-image-to-video': image27,
	'wan2.7-text-to-video': text27,
	'wan2.7-reference-video': reference27,
	'wan2.7-video-edit': edit27,
	...Object.fromEntries(
		['wan3.0', 'wan3.0-prime'].flatMap((family) => [
			[`${family}-image-to-video`, image30],
			[`${family}-text-to-video`, text30],
			[`${family}-reference-video`, reference30],
		]),
	),
};
