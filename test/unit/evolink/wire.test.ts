/** Bodies on the wire, exactly as EvoLink's page has them: its four examples, the six legal sets, and nothing empty. */
import fc from 'fast-check';

import { toBody, wireNames } from '../../../nodes/WanVideo/evolink/wire';
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import type { RawFields } from '../../../nodes/WanVideo/wan/request';
import { rawRequest } from '../../support/builders';

const model = 'wan2.7-image-to-video';
const firstFrame = 'https://example.com/first_frame.jpg';
const lastFrame = 'https://example.com/last_frame.png';
const clip = 'https://example.com/clip.mp4';
const drivingAudio = 'https://example.com/rap.mp3';

/** From what a user enters to what is sent. */
function sent(raw: RawFields): string {
	const checked = checkRequest(rawRequest(raw));
	if (!checked.ok) throw new Error(checked.problems.map(({ text }) => text).join(' '));
	return JSON.stringify(toBody(checked.request));
}

describe("the contract's examples, to the letter", () => {
	it.each([
		[
			'first frame',
			{ mode: 'first_frame', prompt: 'A cat playing piano', firstFrame },
			'{"model":"wan2.7-image-to-video","generation_mode":"first_frame","prompt":"A cat playing piano","image_start":"https://example.com/first_frame.jpg"}',
		],
		[
			'first frame and audio',
			{
				mode: 'first_frame',
				prompt: 'A young man performing an English rap',
				firstFrame,
				drivingAudio,
			},
			'{"model":"wan2.7-image-to-video","generation_mode":"first_frame","prompt":"A young man performing an English rap","image_start":"https://example.com/first_frame.jpg","audio_urls":["https://example.com/rap.mp3"]}',
		],
		[
			'first and last frame',
			{
				mode: 'first_last_frame',
				prompt: 'Camera gradually rises from eye level to a top-down view',
				firstFrame: 'https://example.com/first_frame.png',
				lastFrame,
			},
			'{"model":"wan2.7-image-to-video","generation_mode":"first_last_frame","prompt":"Camera gradually rises from eye level to a top-down view","image_start":"https://example.com/first_frame.png","image_end":"https://example.com/last_frame.png"}',
		],
		[
			'continuation',
			{
				mode: 'video_continuation',
				prompt: 'A girl takes a selfie in front of a mirror, then leaves home with her backpack',
				clip,
			},
			'{"model":"wan2.7-image-to-video","generation_mode":"video_continuation","prompt":"A girl takes a selfie in front of a mirror, then leaves home with her backpack","video_urls":["https://example.com/clip.mp4"]}',
		],
	])('%s', (_label, raw, body) => {
		expect(sent(raw)).toBe(body);
	});
});

describe('bodies', () => {
	it.each([
		[{ firstFrame }, 'first_frame', { image_start: firstFrame }],
		[
			{ firstFrame, drivingAudio },
			'first_frame',
			{ image_start: firstFrame, audio_urls: [drivingAudio] },
		],
		[
			{ firstFrame, lastFrame },
			'first_last_frame',
			{ image_start: firstFrame, image_end: lastFrame },
		],
		[
			{ firstFrame, lastFrame, drivingAudio },
			'first_last_frame',
			{ image_start: firstFrame, image_end: lastFrame, audio_urls: [drivingAudio] },
		],
		[{ clip }, 'video_continuation', { video_urls: [clip] }],
		[{ clip, lastFrame }, 'video_continuation', { video_urls: [clip], image_end: lastFrame }],
	])('of the legal set %j, with its mode and in auto without', (set, mode, body) => {
		expect(JSON.parse(sent({ mode, ...set }))).toEqual({ model, generation_mode: mode, ...body });
		expect(JSON.parse(sent({ mode: 'auto', ...set }))).toEqual({ model, ...body });
	});

	it('carry every setting under its own name, an explicit false too', () => {
		const raw = {
			...{ mode: 'first_frame', firstFrame, prompt: 'p', negativePrompt: 'n', quality: '1080p' },
			...{
				durationSeconds: 15,
				seed: 42,
				promptExtend: false,
				callbackUrl: 'https://example.com/h',
			},
		};
		expect(JSON.parse(sent(raw))).toEqual({
			...{ model, generation_mode: 'first_frame', image_start: firstFrame },
			...{ prompt: 'p', negative_prompt: 'n', quality: '1080p', duration: 15, seed: 42 },
			...{ prompt_extend: false, callback_url: 'https://example.com/h' },
		});
	});

	it('say a smart length, and no mode of a model without modes', () => {
		const prompt = 'p';
		expect(
			toBody({
				model: 'wan3.0-text-to-video',
				materials: {},
				prompt,
				durationMode: 'smart',
				seed: 7,
			}),
		).toStrictEqual({ model: 'wan3.0-text-to-video', prompt, duration: -1, seed: 7 });
	});

	it('hold documents and voices among the parameters of the model, voices by their row', () => {
		const at = (name: string) => ({ url: `https://example.com/${name}` });
		expect(
			toBody({ model: 'wan3.0-reference-video', materials: { document: at('a.pdf') } }),
		).toStrictEqual({
			model: 'wan3.0-reference-video',
			model_params: { file_url: 'https://example.com/a.pdf' },
		});
		expect(
			toBody({
				model: 'wan2.7-reference-video',
				materials: {
					referenceImages: [at('a.png'), at('b.png')],
					imageVoices: [undefined, at('b.mp3')],
					referenceClips: [at('c.mp4')],
					clipVoices: [at('c.mp3')],
				},
			}),
		).toStrictEqual({
			model: 'wan2.7-reference-video',
			image_urls: ['https://example.com/a.png', 'https://example.com/b.png'],
			video_urls: ['https://example.com/c.mp4'],
			model_params: {
				voice_bindings: {
					image2: 'https://example.com/b.mp3',
					video1: 'https://example.com/c.mp3',
				},
			},
		});
	});

	it('are not made without an address, or of a length that is not known yet', () => {
		const file = { file: 'hash' };
		expect(toBody({ model, materials: { firstFrame: file } }, () => firstFrame)).toStrictEqual({
			model,
			image_start: firstFrame,
		});
		for (const materials of [{ firstFrame: file }, { clip: file }])
			expect(() => toBody({ model, materials })).toThrow('no address yet');
		expect(() =>
			toBody({ model, materials: { clip: { url: clip } }, durationMode: 'afterClip' }),
		).toThrow('not known yet');
		expect(() =>
			toBody({
				model: 'wan2.7-reference-video',
				materials: { referenceImages: [{ url: firstFrame }, undefined] },
			}),
		).toThrow('no address');
	});

	it('never hold null, an empty text, an empty list, seed 0 or a field unknown to EvoLink', () => {
		const known = [
			...['model', 'generation_mode', 'prompt', 'negative_prompt', 'image_start', 'image_end'],
			...['video_urls', 'audio_urls', 'quality', 'duration', 'seed', 'prompt_extend'],
			'callback_url',
		];
		const blank = fc.constantFrom<unknown>(undefined, null, '', '  ', '\n');
		const or = (...values: unknown[]) => fc.oneof(blank, fc.constantFrom(...values));
		const raw = fc.record({
			mode: fc.constantFrom('auto', 'first_frame', 'first_last_frame', 'video_continuation'),
			firstFrame: or(firstFrame),
			lastFrame: or(lastFrame),
			clip: or(clip),
			drivingAudio: or(drivingAudio),
			prompt: or('A cat', 7),
			negativePrompt: or('blurry'),
			durationSeconds: fc.constantFrom<unknown>(5, '5', 15, 0, ''),
			quality: fc.constantFrom<unknown>('720p', '1080p', '4k', null),
			seed: or(0, 1, '42', -1),
			promptExtend: or(true, 'false', 'x'),
			callbackUrl: or('https://example.com/h', 'http://example.com/h'),
		});
		let legal = 0;
		fc.assert(
			fc.property(raw, (given) => {
				const checked = checkRequest(rawRequest(given));
				if (!checked.ok) return;
				legal += 1;
				const body: Record<string, unknown> = { ...toBody(checked.request) };
				for (const [name, value] of Object.entries(body)) {
					expect(known).toContain(name);
					expect([null, undefined, '', 0]).not.toContain(value);
					expect(JSON.stringify(value)).not.toMatch(/\[\]|null|^"\s*"$/);
				}
			}),
			{ numRuns: 3000, seed: 27 },
		);
		expect(legal).toBeGreaterThan(50);
	});
});

it("EvoLink's names of fields lead to the labels of this model, where the two are not alike", () => {
	expect(wireNames('wan2.7-image-to-video')).toEqual([
		['image_start', 'firstFrame'],
		['image_end', 'lastFrame'],
		['video_urls', 'clip'],
		['audio_urls', 'drivingAudio'],
		['negative_prompt', 'negativePrompt'],
		['aspect_ratio', 'aspectRatio'],
		['generate_audio', 'generateAudio'],
		['keep_original_sound', 'keepOriginalSound'],
		['prompt_extend', 'promptExtend'],
		['callback_url', 'callbackUrl'],
	]);
	expect(wireNames('of another family')).toEqual(wireNames('wan2.7-image-to-video'));
	const names = wireNames('wan2.7-reference-video').map(([wire]) => wire);
	expect(names).toContain('image_urls');
	expect(names).not.toContain('voice_bindings');
});
