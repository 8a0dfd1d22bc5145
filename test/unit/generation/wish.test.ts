/** A wish: one hash for all that EvoLink cannot tell apart, another one for whatever could be another video. */
import { toBody } from '../../../nodes/WanVideo/evolink/wire';
import { addressInOneForm, wishOf } from '../../../nodes/WanVideo/generation/wish';
import { unsetMeans } from '../../../nodes/WanVideo/wan/modes';
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import { aBody, aRawRequest } from '../../support/builders';

const SHA = 'a'.repeat(64);
const IMAGE = 'https://example.com/first_frame.jpg';
const cat = aBody({ prompt: 'A cat' });

describe('one wish', () => {
	it.each([
		['the duration that is taken anyway', { duration: 5 }],
		['the quality that is taken anyway', { quality: '720p' }],
		['no rewriting of the prompt, as it is anyway', { prompt_extend: false }],
		['all of them', { duration: 5, quality: '720p', prompt_extend: false }],
		['blanks around the prompt', { prompt: ' \n A cat\t' }],
		['a blank negative prompt', { negative_prompt: '  ' }],
		['a callback address', { callback_url: 'https://example.com/done' }],
		['a fragment', { image_start: `${IMAGE}#top` }],
		['a default port', { image_start: 'https://example.com:443/first_frame.jpg' }],
		['capital letters of the host', { image_start: 'HTTPS://Example.COM/first_frame.jpg' }],
		['a dot for a folder', { image_start: 'https://example.com/./first_frame.jpg' }],
		['a way back', { image_start: 'https://example.com/a/../first_frame.jpg' }],
		['a sign written in percent', { image_start: 'https://example.com/first%5fframe.jpg' }],
		['blanks around an address', { image_start: ` ${IMAGE} ` }],
		['no list of clips', { video_urls: [] as never }],
	])('with %s', (_label, more) => {
		expect(wishOf({ ...cat, ...more })).toBe(wishOf(cat));
	});

	it('of a page goes by its fragment, which may be what is shown', () => {
		const page = (link_url: string) => wishOf({ ...cat, model_params: { link_url } });
		expect(page('https://Example.com/t#gid=1')).toBe(page(' https://example.com/t#gid=1'));
		expect(page('https://example.com/t#gid=2')).not.toBe(page('https://example.com/t#gid=1'));
	});

	it('with and without the mode that the materials stand for', () => {
		const still = { model: cat.model, prompt: 'A cat', image_start: IMAGE };
		expect(wishOf(still)).toBe(wishOf(cat));
		const clip = { model: cat.model, video_urls: ['https://example.com/clip.mp4'] as [string] };
		expect(wishOf({ ...clip, generation_mode: 'video_continuation' })).toBe(wishOf(clip));
	});

	it.each([[5], ['5'], [' 5 ']])(
		'whether the duration comes as %j, through the check',
		(durationSeconds) => {
			const checked = checkRequest(aRawRequest({ durationSeconds, prompt: 'A cat' }));
			if (!checked.ok) throw new Error('The check refuses it.');
			expect(wishOf(toBody(checked.request))).toBe(wishOf(cat));
		},
	);
});

describe('another wish', () => {
	it.each([
		['two blanks inside', { prompt: 'A  cat' }],
		["a letter's case", { prompt: 'a cat' }],
		['no prompt', { prompt: '' }],
		['a prompt that looks like an address', { prompt: 'https://example.com/./a' }],
		['a negative prompt', { negative_prompt: 'Blurry' }],
		['another duration', { duration: 6 }],
		['another quality', { quality: '1080p' }],
		['rewriting of the prompt', { prompt_extend: true }],
		['a seed', { seed: 42 }],
		['another path', { image_start: 'https://example.com/First_frame.jpg' }],
		['another query', { image_start: `${IMAGE}?v=2` }],
		['another port', { image_start: 'https://example.com:8443/first_frame.jpg' }],
		['http for https', { image_start: 'http://example.com/first_frame.jpg' }],
		['a slash that is a part of a name', { image_start: 'https://example.com/first%2Fframe.jpg' }],
		['another account of the host', { image_start: 'https://a@example.com/first_frame.jpg' }],
		['a file', { image_start: `sha256:${SHA}` }],
		['a last frame', { generation_mode: 'first_last_frame', image_end: IMAGE }],
		['driving audio', { audio_urls: ['https://example.com/a.mp3'] as [string] }],
		['a field of a later release', { aspect_ratio: '9:16' }],
		['another model', { model: 'wan3.0-image-to-video' }],
	])('with %s', (_label, more) => {
		expect(wishOf({ ...cat, ...more })).not.toBe(wishOf(cat));
	});

	it('with another seed, file, or order of materials', () => {
		const differing = [
			{ seed: 1 },
			{ seed: 2 },
			{ image_start: `sha256:${SHA}` },
			{ image_start: `sha256:${'b'.repeat(64)}` },
			{ image_urls: ['https://example.com/a.png', 'https://example.com/b.png'] },
			{ image_urls: ['https://example.com/b.png', 'https://example.com/a.png'] },
		];
		const wishes = new Set(differing.map((more) => wishOf({ ...cat, ...more })));
		expect(wishes.size).toBe(differing.length);
	});
});

it('stays what it was, as stored executions go by it', () => {
	expect(wishOf(cat)).toBe('2696dfd0414a804c68c6a5eb4eacb10fc85263b0ee2e94c687e6ed4796c3b398');
	expect(wishOf(aBody({ prompt: 'A cat', duration: 5, quality: '720p' }))).toBe(wishOf(cat));
});

it('leaves the body as it is', () => {
	const body = aBody({ prompt: ' A cat ', image_start: `${IMAGE}#top`, duration: 5 });
	const before = structuredClone(body);
	wishOf(body);
	expect(body).toEqual(before);
});

it('takes the defaults from the table of the model, and none for a model that it does not know', () => {
	expect(unsetMeans('wan2.7-image-to-video')).toEqual({
		...{ durationSeconds: 5, quality: '720p', promptExtend: false },
	});
	const other = aBody({ model: 'wan9.9-image-to-video' });
	expect(wishOf({ ...other, duration: 5 })).not.toBe(wishOf(other));
});

it.each([
	['no address', 'A cat'],
	['a broken address', 'https://'],
	['another protocol', 'ftp://Example.com/./a'],
])('leaves %s as it is', (_label, text) => {
	expect(addressInOneForm(text)).toBe(text);
});
