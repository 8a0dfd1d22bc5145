/**
 * What goes together: all 16 sets of materials in each mode and in auto, judged by a table that was
 * written by hand from EvoLink's model page, and what must be accepted as users really enter it.
 */
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import type { MaterialSource } from '../../../nodes/WanVideo/wan/materialSource';
import { type Material, MATERIALS } from '../../support/imageToVideo';
import { requestOf010 } from '../../../nodes/WanVideo/wan/requestOf010';
import { aRawRequest, rawRequest } from '../../support/builders';

const URLS: Readonly<Record<Material, string>> = {
	firstFrame: 'https://example.com/first_frame.jpg',
	lastFrame: 'https://example.com/last_frame.jpg',
	clip: 'https://example.com/clip.mp4',
	drivingAudio: 'https://example.com/audio.mp3',
};
const LETTERS: Readonly<Record<string, Material>> = {
	F: 'firstFrame',
	L: 'lastFrame',
	C: 'clip',
	A: 'drivingAudio',
};

/** The set that letters stand for, as a raw request. */
function materials(letters: string): Partial<Record<Material, string>> {
	return Object.fromEntries(
		[...letters]
			.filter((letter) => letter !== '-')
			.map((letter) => [LETTERS[letter], URLS[LETTERS[letter]]]),
	);
}

/** The same set as it stands in a checked request. */
function sources(letters: string): Partial<Record<Material, MaterialSource>> {
	return Object.fromEntries(
		Object.entries(materials(letters)).map(([name, url]) => [name, { url }]),
	);
}

/** F first frame, L last frame, C clip, A driving audio. All subsets, by hand. */
// prettier-ignore
const SETS = [
	'-', 'F', 'L', 'C', 'A', 'FL', 'FC', 'FA', 'LC', 'LA', 'CA', 'FLC', 'FLA', 'FCA', 'LCA', 'FLCA',
];

/** The model page: "Valid material combinations (any other combination will be rejected)", by mode. */
const LEGAL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	first_frame: { F: 'first_frame', FA: 'first_frame' },
	first_last_frame: { FL: 'first_last_frame', FLA: 'first_last_frame' },
	video_continuation: { C: 'video_continuation', LC: 'video_continuation' },
	auto: {
		F: 'first_frame',
		FA: 'first_frame',
		FL: 'first_last_frame',
		FLA: 'first_last_frame',
		C: 'video_continuation',
		LC: 'video_continuation',
	},
};

/** What a mode asks for and what it does not take: the labels that its refusal has to name. */
const NEEDS: Readonly<Record<string, string>> = {
	first_frame: 'F',
	first_last_frame: 'FL',
	video_continuation: 'C',
};
const REFUSES: Readonly<Record<string, string>> = {
	first_frame: 'LC',
	first_last_frame: 'C',
	video_continuation: 'FA',
};
const LABEL: Readonly<Record<string, string>> = {
	F: "'First Frame URL'",
	L: "'Last Frame URL'",
	C: "'Clip URL'",
	A: "'Driving Audio URL'",
};

const modes = ['first_frame', 'first_last_frame', 'video_continuation', 'auto'];
const cases = modes.flatMap((mode) => SETS.map((set) => ({ mode, set })));
const legal = cases.filter(({ mode, set }) => set in LEGAL[mode]);
const illegal = cases.filter(({ mode, set }) => !(set in LEGAL[mode]));

describe('sets of materials', () => {
	it('the table has all 16 sets in 4 modes: 12 legal, 52 not', () => {
		expect(new Set(SETS.map((set) => [...set].sort().join(''))).size).toBe(16);
		expect([legal.length, illegal.length]).toEqual([12, 52]);
		expect(MATERIALS).toHaveLength(4);
	});

	it.each(legal)('$mode takes $set', ({ mode, set }) => {
		const result = checkRequest(rawRequest({ mode, ...materials(set) }));
		expect(result).toEqual({
			ok: true,
			mode: LEGAL[mode][set],
			request: { model: 'wan2.7-image-to-video', mode, materials: sources(set) },
			hints: [],
		});
	});

	it.each(illegal)('$mode refuses $set, with a text for a human', ({ mode, set }) => {
		const result = checkRequest(rawRequest({ mode, ...materials(set) }));
		expect(result.ok).toBe(false);
		const texts = result.ok ? [] : result.problems.map(({ text }) => text);
		expect(texts.length).toBeGreaterThan(0);
		for (const text of texts) expect(text).toMatch(/^'[A-Z][A-Za-z ]+' .*(Empty|Fill it in|set)/);
	});

	it.each(illegal.filter(({ mode }) => mode !== 'auto'))(
		'$mode with $set names every missing and every unwanted field, and no other',
		({ mode, set }) => {
			const result = checkRequest(rawRequest({ mode, ...materials(set) }));
			const wrong = [
				...[...NEEDS[mode]].filter((letter) => !set.includes(letter)),
				...[...REFUSES[mode]].filter((letter) => set.includes(letter)),
			];
			const named = result.ok ? [] : result.problems.map(({ text }) => text.split(' is ')[0]);
			const labels = named.map((text) => text.split(' cannot ')[0]);
			expect(labels.sort()).toEqual(wrong.map((letter) => LABEL[letter]).sort());
		},
	);

	it.each([
		['a last frame alone', 'L', ["'First Frame URL' is needed", "'Last Frame URL'"]],
		['driving audio alone', 'A', ["'First Frame URL' is needed", "'Driving Audio URL'"]],
		['nothing at all', '-', ["'First Frame URL' is needed", 'no material is given']],
		['clip and first frame', 'FC', ["'First Frame URL' cannot go together with 'Clip URL'"]],
		['clip and audio', 'CA', ["'Driving Audio URL' cannot go together with 'Clip URL'"]],
		['all four', 'FLCA', ["'First Frame URL' cannot go", "'Driving Audio URL' cannot go"]],
	])('auto with %s says which fields clash', (_label, set, parts) => {
		const result = checkRequest(rawRequest({ mode: 'auto', ...materials(set) }));
		const text = result.ok ? '' : result.problems.map((problem) => problem.text).join('\n');
		for (const part of parts) expect(text).toContain(part);
	});

	it('auto does not advise a clip to someone who gave driving audio, as the two exclude each other', () => {
		const result = checkRequest(rawRequest({ mode: 'auto', ...materials('A') }));
		const text = result.ok ? '' : result.problems.map((problem) => problem.text).join('\n');
		expect(text).toContain('First Frame URL');
		expect(text).not.toContain("give a 'Clip URL'");
	});

	it.each([
		['first_frame', 'FC', "set 'Generation Mode' to Video Continuation"],
		['first_frame', 'FL', 'First and Last Frame or Video Continuation'],
		['video_continuation', 'CA', 'First Frame or First and Last Frame'],
	])('%s with %s says which modes take the unwanted field', (mode, set, advice) => {
		const result = checkRequest(rawRequest({ mode, ...materials(set) }));
		expect(result.ok ? '' : result.problems[0].text).toContain(advice);
	});

	it('tells all problems at once: two settings, a missing and an unwanted material', () => {
		const result = checkRequest(
			rawRequest({ mode: 'first_frame', clip: URLS.clip, durationSeconds: 99, seed: 0 }),
		);
		const fields = result.ok ? [] : result.problems.map(({ field }) => field);
		expect(fields.sort()).toEqual(['clip', 'durationSeconds', 'firstFrame', 'seed']);
	});
});

/** How it is entered | the override | what is sent. */
// prettier-ignore
const ACCEPTED: Array<[string, Record<string, unknown>, Record<string, unknown>]> = [
	['numbers as text', { durationSeconds: '7', seed: ' 42 ' }, { durationSeconds: 7, seed: 42 }],
	['the shortest and the smallest', { durationSeconds: 2, seed: 1 }, { durationSeconds: 2, seed: 1 }],
	['the longest', { durationSeconds: 15 }, { durationSeconds: 15 }],
	['the largest seed', { seed: 2_147_483_647 }, { seed: 2_147_483_647 }],
	['booleans as text', { promptExtend: 'TRUE' }, { promptExtend: true }],
	['an explicit no', { promptExtend: 'false' }, { promptExtend: false }],
	['a yes', { promptExtend: ' Yes ' }, { promptExtend: true }],
	['a zero', { promptExtend: 0 }, { promptExtend: false }],
	['1080p', { quality: ' 1080p ' }, { quality: '1080p' }],
	['http, not only https', { firstFrame: 'http://example.com/a.png' }, { firstFrame: 'http://example.com/a.png' }],
	['spaces around an address', { firstFrame: ' https://example.com/a.png\n' }, { firstFrame: 'https://example.com/a.png' }],
	['an address with port and query', { firstFrame: 'https://example.com:8443/a?b=c,d&e=%20#f' }, { firstFrame: 'https://example.com:8443/a?b=c,d&e=%20#f' }],
	['an address with an address in its query', { firstFrame: 'https://example.com/?u=https://example.org/a.png' }, { firstFrame: 'https://example.com/?u=https://example.org/a.png' }],
	['a callback with port and query', { callbackUrl: 'https://example.com:8443/hook?token=a%2Fb' }, { callbackUrl: 'https://example.com:8443/hook?token=a%2Fb' }],
	['a callback of 2048 characters', { callbackUrl: `https://example.com/${'a'.repeat(2028)}` }, { callbackUrl: `https://example.com/${'a'.repeat(2028)}` }],
	['a callback to a public IP address', { callbackUrl: 'https://172.32.0.1/' }, { callbackUrl: 'https://172.32.0.1/' }],
	['a callback just below 172.16', { callbackUrl: 'https://172.15.255.255/' }, { callbackUrl: 'https://172.15.255.255/' }],
	['a callback to a public IPv6 address', { callbackUrl: 'https://[2606:4700::1111]/' }, { callbackUrl: 'https://[2606:4700::1111]/' }],
	['a prompt that is a number', { prompt: 42 }, { prompt: '42' }],
	['a prompt with its spaces and breaks', { prompt: ' a\n b ' }, { prompt: ' a\n b ' }],
];

const OPTIONAL = [
	...['lastFrame', 'clip', 'drivingAudio', 'prompt', 'negativePrompt'],
	...['seed', 'promptExtend', 'callbackUrl'],
];

describe('what is accepted', () => {
	it.each(ACCEPTED)('%s', (_label, given, expected) => {
		const result = checkRequest(aRawRequest(given));
		expect(result).toMatchObject({ ok: true, hints: [] });
		expect(result.ok && requestOf010(result.request)).toMatchObject(expected);
	});

	it.each([[''], ['   '], ['\n'], [null], [undefined]])(
		'drops a blank optional value: %j',
		(blank) => {
			const blanks = Object.fromEntries(OPTIONAL.map((field) => [field, blank]));
			const result = checkRequest(aRawRequest(blanks));
			expect(result.ok && result.request).toEqual({
				model: 'wan2.7-image-to-video',
				mode: 'first_frame',
				materials: { firstFrame: { url: 'https://example.com/first_frame.jpg' } },
			});
		},
	);

	it('asks for nothing but the material: no prompt, no duration, no quality', () => {
		expect(checkRequest(rawRequest({ mode: 'video_continuation', clip: URLS.clip })).ok).toBe(true);
	});
});

describe('texts that are too long are sent with a hint', () => {
	it.each([
		['prompt', 5000, 'a', false],
		['prompt', 5001, 'a', true],
		['prompt', 5000, '猫', false],
		['prompt', 5001, '猫', true],
		['prompt', 5000, '𠀀', false],
		['negativePrompt', 500, 'a', false],
		['negativePrompt', 501, 'a', true],
		['negativePrompt', 501, '猫', true],
	] as const)('%s of %i x %s: hint %s', (field, count, character, hinted) => {
		const value = character.repeat(count);
		const result = checkRequest(aRawRequest({ [field]: value }));
		expect(result.ok && result.request[field]).toBe(value);
		expect(result.hints).toHaveLength(hinted ? 1 : 0);
		if (hinted) {
			const limit = field === 'prompt' ? '5000' : '500';
			expect(result.hints[0]).toContain(field === 'prompt' ? "'Prompt'" : "'Negative Prompt'");
			expect(result.hints[0]).toContain(String(count));
			expect(result.hints[0]).toContain(limit);
		}
	});

	it('gives both hints, also beside a problem', () => {
		const result = checkRequest(
			aRawRequest({ prompt: 'a'.repeat(6000), negativePrompt: 'b'.repeat(600), seed: 0 }),
		);
		expect([result.ok, result.hints.length]).toEqual([false, 2]);
	});
});
