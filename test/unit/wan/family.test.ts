/**
 * Every model of the family by itself: what its requests become on the wire, to the letter, and what is
 * refused before anything is sent, under the label of its field. Written by hand from EvoLink's pages.
 */
import { toBody } from '../../../nodes/WanVideo/evolink/wire';
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import { judgeMaterials } from '../../../nodes/WanVideo/wan/judgeMaterials';
import { billed } from '../../../nodes/WanVideo/wan/billing';
import { MODELS } from '../../../nodes/WanVideo/wan/models';
import type { RawRequest, RequestField } from '../../../nodes/WanVideo/wan/request';
import { A, at, B, BODIES, CLIP, many, SOUND } from '../../support/familyBodies';

interface Page {
	model: string;
	/** What a legal request of the model has at least. */
	least: RawRequest;
	/** What | the change | the label that must be named | a word of the text. */
	refused: Array<[string, RawRequest, string, RegExp]>;
}

type Row = Page['refused'][number];

/** Settings that every model refuses alike. */
const everywhere = (seed: number): Row[] => [
	['a duration of 1', { durationSeconds: 1 }, 'Duration', /whole number from 2/],
	['a duration of 5.5', { durationSeconds: 5.5 }, 'Duration', /whole number/],
	['a duration in words', { durationSeconds: 'long' }, 'Duration', /whole number/],
	['no duration though it is shown', { durationSeconds: '' }, 'Duration', /is empty/],
	['no quality though it is shown', { quality: null }, 'Quality', /is empty/],
	['quality 4k', { quality: '4k' }, 'Quality', /720p, 1080p/],
	['a quality that is a number', { quality: 720 }, 'Quality', /one of/],
	['a seed that is too small', { seed: seed - 1 }, 'Seed', new RegExp(`from ${seed} to`)],
	['a seed that is too large', { seed: 2_147_483_648 }, 'Seed', /to 2147483647/],
	['a fractional seed', { seed: 1.5 }, 'Seed', /whole number/],
	['a prompt that is a list', { prompt: ['A cat'] }, 'Prompt', /must be a text/],
	['a prompt that was not filled in', { prompt: '{{ $json.prompt }}' }, 'Prompt', /not filled in/],
	['an http callback', { callbackUrl: 'http://example.com/' }, 'Callback URL', /https/],
	['an internal callback', { callbackUrl: 'https://10.0.0.1/' }, 'Callback URL', /internal/],
	[
		'a callback that is too long',
		{ callbackUrl: `https://example.com/${'a'.repeat(2048)}` },
		'Callback URL',
		/longer than 2048/,
	],
];

const shapes27: Row[] = [
	['an adaptive shape', { aspectRatio: 'adaptive' }, 'Aspect Ratio', /16:9, 9:16, 1:1, 4:3, 3:4/],
	['21:9', { aspectRatio: '21:9' }, 'Aspect Ratio', /one of/],
	['a shape that is a number', { aspectRatio: 1.78 }, 'Aspect Ratio', /one of/],
	['quality 480p', { quality: '480p' }, 'Quality', /720p, 1080p/],
	['a flag in words', { promptExtend: 'perhaps' }, 'Extend Prompt', /true or false/],
	['a negative prompt that is a list', { negativePrompt: ['x'] }, 'Negative Prompt', /text/],
];
const shapes30: Row[] = [
	['21:9', { aspectRatio: '21:9' }, 'Aspect Ratio', /adaptive, 16:9, 9:16, 1:1, 4:3, 3:4/],
	['the shape of a clip', { aspectRatio: 'asClip' }, 'Aspect Ratio', /one of/],
	['a shape that is a number', { aspectRatio: 1.78 }, 'Aspect Ratio', /one of/],
	['a duration of 31', { durationSeconds: 31 }, 'Duration', /from 2 to 30/],
	['a duration of -1 in figures', { durationSeconds: -1 }, 'Duration', /from 2 to 30/],
	['a duration of 0', { durationSeconds: 0 }, 'Duration', /from 2 to 30/],
	['a length of a clip', { durationMode: 'asClip' }, 'Duration Mode', /fixed, smart/],
	['a length that is empty', { durationMode: '' }, 'Duration Mode', /is empty/],
	['sound in words', { generateAudio: 'loud' }, 'Generate Audio', /true or false/],
	['sound as a number', { generateAudio: 2 }, 'Generate Audio', /true or false/],
];

/** An address of each kind of mistake, in one place. */
const addresses = (label: string, put: (value: unknown) => RawRequest): Row[] => [
	['a path of a file', put('/home/me/a.jpg'), label, /path on a computer/],
	['a data address', put('data:image/png;base64,AAAA'), label, /data address/],
	['two addresses', put(`${A}, ${B}`), label, /exactly one/],
	['an address with a blank', put('https://example.com/my cat.jpg'), label, /space/],
	['an ftp address', put('ftp://example.com/a.jpg'), label, /ftp:/],
	['a list where one is wanted', put([A]), label, /list/],
	['a number', put(42), label, /text/],
];

const frame = (value: unknown): RawRequest => ({ materials: { firstFrame: at(value) } });
const image = (value: unknown): RawRequest => ({
	materials: { referenceImages: [at(A), at(value)] },
});

const text27: Page = {
	model: 'wan2.7-text-to-video',
	least: { prompt: 'Rain' },
	refused: [
		...everywhere(1),
		...shapes27,
		['no prompt', { prompt: '' }, 'Prompt', /makes the video from it/],
		['a duration of 16', { durationSeconds: 16 }, 'Duration', /from 2 to 15/],
		['a duration of -1', { durationSeconds: -1 }, 'Duration', /from 2 to 15/],
		...addresses('Driving Audio URL', (value) => ({ materials: { drivingAudio: at(value) } })),
	],
};

const reference27: Page = {
	model: 'wan2.7-reference-video',
	least: { prompt: 'They wave', materials: { referenceImages: [at(A)] } },
	refused: [
		...everywhere(1),
		...shapes27,
		['no prompt', { prompt: ' ' }, 'Prompt', /makes the video from it/],
		['no image and no clip', { materials: {} }, 'Reference Images', /needs one at least/],
		['a first frame alone', frame(A), 'Reference Images', /needs one at least/],
		[
			'six images',
			{ materials: { referenceImages: many(A, 6) } },
			'Reference Images',
			/6 rows.*at most 5.*Remove 1/,
		],
		[
			'four images and two clips',
			{ materials: { referenceImages: many(A, 4), referenceClips: many(CLIP, 2) } },
			'Reference Images',
			/6 rows together.*at most 5/,
		],
		[
			'11 seconds with a clip',
			{ durationSeconds: 11, materials: { referenceClips: [at(CLIP)] } },
			'Duration',
			/at most 10 seconds/,
		],
		['16 seconds', { durationSeconds: 16 }, 'Duration', /from 2 to 15/],
		['a row that gave nothing', image(undefined), 'Image 2', /is empty.*none is skipped/],
		['a row of blanks', image('  '), 'Image 2', /is empty/],
		[
			'a clip that gave nothing',
			{ materials: { referenceClips: [at(null)] } },
			'Video 1',
			/is empty/,
		],
		[
			'a voice that gave nothing',
			{ materials: { referenceImages: [at(A)], imageVoices: [at('')] } },
			'Voice',
			/'Voice' of Image 1 is empty/,
		],
		...addresses('Image 2', image),
		[
			'a first frame that is a path',
			{ materials: { referenceImages: [at(A)], firstFrame: at('C:\\a.jpg') } },
			'First Frame URL',
			/path/,
		],
	],
};

const clipOnly = (more: RawRequest = {}): RawRequest => ({
	...more,
	materials: { clip: at(CLIP) },
});
const edit27: Page = {
	model: 'wan2.7-video-edit',
	least: clipOnly(),
	refused: [
		...everywhere(1).map(
			([what, change, label, text]): Row => [
				what,
				{ ...('durationSeconds' in change && { durationMode: 'fixed' }), ...change },
				label,
				text,
			],
		),
		...shapes27,
		['no clip', { materials: {} }, 'Clip URL', /is needed/],
		['11 seconds', { durationMode: 'fixed', durationSeconds: 11 }, 'Duration', /from 2 to 10/],
		[
			'a length that the model chooses',
			{ durationMode: 'smart' },
			'Duration Mode',
			/fixed, asClip/,
		],
		[
			'five images',
			{ materials: { clip: at(CLIP), referenceImages: many(A, 5) } },
			'Reference Images',
			/at most 4/,
		],
		[
			'a row that gave nothing',
			{ materials: { clip: at(CLIP), referenceImages: [at('')] } },
			'Image 1',
			/is empty/,
		],
		['sound in words', { keepOriginalSound: 'perhaps' }, 'Keep Original Sound', /true or false/],
		...addresses('Clip URL', (value) => ({ materials: { clip: at(value) } })),
	],
};

const image30 = (model: string): Page => ({
	model,
	least: frame(A),
	refused: [
		...everywhere(0),
		...shapes30,
		['no frame', { prompt: 'A cat', materials: {} }, 'First Frame URL', /is needed/],
		['a last frame alone', { materials: { lastFrame: at(B) } }, 'First Frame URL', /is needed/],
		...addresses('First Frame URL', frame),
		[
			'a last frame that is a page to share',
			{ materials: { firstFrame: at(A), lastFrame: at('https://drive.google.com/file/d/1/view') } },
			'Last Frame URL',
			/page/,
		],
	],
});

const text30 = (model: string): Page => ({
	model,
	least: { prompt: 'Fog' },
	refused: [
		...everywhere(0),
		...shapes30,
		['no prompt', { prompt: null }, 'Prompt', /makes the video from it/],
	],
});

const reference30 = (model: string): Page => ({
	model,
	least: { prompt: 'They dance' },
	refused: [
		...everywhere(0),
		...shapes30,
		['nothing at all', { prompt: '', materials: {} }, 'Prompt', /no material is given/],
		[
			'eleven images',
			{ materials: { referenceImages: many(A, 11) } },
			'Reference Images',
			/at most 10/,
		],
		['six clips', { materials: { referenceClips: many(CLIP, 6) } }, 'Reference Clips', /at most 5/],
		[
			'six sounds',
			{ materials: { referenceAudio: many(SOUND, 6) } },
			'Reference Audio',
			/at most 5/,
		],
		[
			'a document and a page',
			{ materials: { document: at(A), page: at(B) } },
			'Document URL',
			/cannot go together/,
		],
		['a sound that gave nothing', { materials: { referenceAudio: [at('')] } }, 'Audio 1', /empty/],
		['a page that is no address', { materials: { page: at('example') } }, 'Page URL', /no address/],
		...addresses('Image 2', image),
	],
});

const PAGES: Page[] = [
	text27,
	reference27,
	edit27,
	...['wan3.0', 'wan3.0-prime'].flatMap((family) => [
		image30(`${family}-image-to-video`),
		text30(`${family}-text-to-video`),
		reference30(`${family}-reference-video`),
	]),
];

it('has bodies for each model, and a page for each but the first, which has suites of its own', () => {
	expect(Object.keys(BODIES)).toEqual(MODELS.map(({ id }) => id));
	const own = PAGES.map(({ model }) => model);
	expect(MODELS.map(({ id }) => id).filter((id) => !own.includes(id))).toEqual([
		'wan2.7-image-to-video',
	]);
	for (const { refused } of PAGES) expect(refused.length).toBeGreaterThanOrEqual(25);
});

const sent = (raw: RawRequest): string => {
	const checked = checkRequest(raw);
	if (!checked.ok) throw new Error(checked.problems.map(({ text }) => text).join());
	return JSON.stringify(toBody(checked.request));
};

describe.each(Object.entries(BODIES))('%s', (model, rows) => {
	it.each(rows)('sends %s', (_what, raw, body) => {
		expect(sent({ model, ...raw })).toBe(JSON.stringify({ model, ...body }));
	});
});

it.each<[string, RawRequest, object]>([
	[
		'what the model does anyway',
		{ model: 'wan2.7-text-to-video', prompt: 'Rain', aspectRatio: 'default' },
		{ prompt: 'Rain' },
	],
	[
		'a length that is chosen',
		{ model: 'wan2.7-video-edit', durationMode: 'asClip', ...clipOnly() },
		{ video_urls: [CLIP] },
	],
	[
		'a length that is chosen, with a number from before',
		{
			...{ model: 'wan2.7-video-edit', durationMode: 'asClip', durationSeconds: 5 },
			...{ aspectRatio: 'asClip', ...clipOnly() },
		},
		{ video_urls: [CLIP] },
	],
])('sends %s', (_what, raw, body) => {
	expect(sent(raw)).toBe(JSON.stringify({ model: raw.model, ...body }));
});

describe.each(PAGES)('$model', ({ model, least, refused }) => {
	it.each(refused)('refuses %s', (_label, change, label, text) => {
		const checked = checkRequest({ model, ...least, ...change });
		const texts = checked.ok ? [] : checked.problems.map((problem) => problem.text);
		const named = texts.filter(
			(one) => one.startsWith(`'${label}'`) || one.startsWith(`${label} of `),
		);
		expect(texts).toEqual(named);
		expect(named).toHaveLength(1);
		expect(named[0]).toMatch(text);
		expect(named[0]).toMatch(/\.$/);
	});
});

describe('the model itself', () => {
	it.each([
		['none', undefined, true],
		['a name with blanks', ' wan2.7-text-to-video ', true],
		['an empty one', '', false],
		['one that is not known', 'wan2.6-text-to-video', false],
		['a list', ['wan2.7-text-to-video'], false],
		['nothing, from an expression', null, false],
	])('%s', (_label, model, ok) => {
		const raw = { model, mode: 'first_frame', prompt: 'A cat', materials: { firstFrame: at(A) } };
		const checked = checkRequest(raw, { expressions: new Set(['model']) });
		expect(checked.ok).toBe(ok);
		if (!checked.ok)
			expect(checked.problems.map(({ text }) => text).join()).toMatch(
				/^'Model' is .*one of: wan2\.7-image-to-video, .*wan3\.0-prime-reference-video\.$/,
			);
	});

	it('by expression: a field that only other models have is told, not sent', () => {
		const raw = { model: 'wan3.0-text-to-video', prompt: 'A cat', negativePrompt: 'logo' };
		const checked = checkRequest(raw, { expressions: new Set(['model']) });
		expect(checked).toMatchObject({
			ok: true,
			hints: ["'Negative Prompt' is not sent: Wan 3.0 Text to Video has none."],
		});
	});
});

const clip = (durationSeconds: number) => ({ format: 'mp4', durationSeconds });
const sound = (durationSeconds: number) => ({ format: 'mp3', durationSeconds });
const modelOf = (id: string) => MODELS.find((model) => model.id === id);

describe('a place that the prompt names where the list has no row at all', () => {
	const EMPTY: RawRequest[] = [
		{ model: 'wan3.0-reference-video', prompt: 'Image 1 dances' },
		{ model: 'wan3.0-reference-video', prompt: '图1', materials: { referenceClips: [at(CLIP)] } },
		{ model: 'wan3.0-reference-video', prompt: 'They sing Audio 1' },
		{ ...clipOnly(), model: 'wan2.7-video-edit', prompt: 'The jacket of Image 1 on the man' },
	];

	it.each(EMPTY)('is refused: $model, $prompt', (raw) => {
		const checked = checkRequest(raw);
		expect(checked).toMatchObject({
			ok: false,
			problems: [
				{
					field: 'prompt',
					text: expect.stringMatching(
						/^'Prompt' names (Image|Audio) 1, but 'Reference (Images|Audio)' has no row\. Add .* turn off the option 'Check Prompt'\.$/,
					) as string,
				},
			],
		});
	});

	it.each(EMPTY)('is sent and told where prompts go out as they are: $model, $prompt', (raw) => {
		const checked = checkRequest(raw, { expressions: new Set(), promptsAsTheyAre: true });
		expect(checked).toMatchObject({
			ok: true,
			hints: [expect.stringMatching(/has no row\.$/) as string],
		});
	});
});

describe('an edit that nothing describes', () => {
	const raw: RawRequest = { ...clipOnly(), model: 'wan2.7-video-edit', prompt: '' };

	it('is told where the prompt is left empty by hand', () => {
		const [hint] = checkRequest(raw).hints;
		expect(hint).toMatch(/^'Prompt' is empty\. Nothing else says what is to change in the clip/);
	});

	it('is refused where its expression gave nothing', () => {
		const checked = checkRequest(raw, { expressions: new Set(['prompt']) });
		expect(checked).toMatchObject({
			ok: false,
			problems: [
				{
					text: expect.stringMatching(
						/^'Prompt' is empty: its expression gave nothing\. Nothing/,
					) as string,
				},
			],
		});
	});

	it('goes by its images where it has some', () => {
		const materials = { ...raw.materials, referenceImages: [at(A)] };
		const checked = checkRequest({ ...raw, materials }, { expressions: new Set(['prompt']) });
		expect(checked.ok).toBe(true);
	});
});

describe('a length that the model of the item does not have', () => {
	it.each([
		['wan2.7-image-to-video', 'smart', ['durationMode']],
		['wan2.7-image-to-video', 'asClip', ['model']],
		['wan2.7-reference-video', 'asAudio', ['model']],
	] as const)('is told, as the seconds count then: %s, %s', (model, durationMode, expressions) => {
		const mode = model === 'wan2.7-image-to-video' ? { mode: 'first_frame' } : {};
		const materials = { firstFrame: at(A), referenceImages: [at(A)] };
		const raw = { ...{ model, durationMode, prompt: 'A cat', materials }, ...mode };
		const checked = checkRequest(raw, { expressions: new Set<RequestField>(expressions) });
		expect(checked).toMatchObject({
			ok: true,
			hints: [
				expect.stringMatching(
					/^'Duration Mode' is ".+", which Wan .+ so 'Duration' counts/,
				) as string,
			],
		});
		expect(checkRequest(raw).hints).toEqual([]);
	});
});

describe('a place that the prompt names and no row has is told, and sent', () => {
	const two = { referenceImages: [at(A), at(B)] };
	it.each<[string, RawRequest, string[]]>([
		[
			'Image 3 waves to Image 1',
			{ materials: two },
			["'Prompt' names Image 3, but 'Reference Images' has 2 rows."],
		],
		[
			'图3和图1',
			{ materials: two },
			["'Prompt' names Image 3, but 'Reference Images' has 2 rows."],
		],
		[
			'Image 1 meets Video 2',
			{ materials: { ...two, referenceClips: [at(CLIP)] } },
			["'Prompt' names Video 2, but 'Reference Clips' has 1 row."],
		],
		['Image 2 waves, image 9 of a series', { materials: two }, []],
		['Image 1080 wide', { materials: two }, []],
	])('%s', (prompt, raw, hints) => {
		const checked = checkRequest({ model: 'wan2.7-reference-video', prompt, ...raw });
		expect(checked).toMatchObject({ ok: true, hints });
	});

	it('of a model that has no such rows, nothing is told', () => {
		const checked = checkRequest({ model: 'wan2.7-text-to-video', prompt: 'Image 3' });
		expect(checked).toMatchObject({ ok: true, hints: [] });
	});
});

describe('what lengths of files decide', () => {
	it.each([
		[
			'a clip of 31 s',
			'wan2.7-reference-video',
			{ referenceClips: [clip(31)] },
			5,
			/Video 1 of 'Reference Clips' is 31 s.*1 to 30/,
		],
		[
			'a voice of 11 s',
			'wan2.7-reference-video',
			{ imageVoices: [undefined, sound(11)] },
			5,
			/'Voice' of Image 2 is 11 s long.*1 to 10/,
		],
		[
			'a clip of 11 s to edit',
			'wan2.7-video-edit',
			{ clip: clip(11) },
			'open' as const,
			/'Clip URL' is 11 s.*2 to 10/,
		],
		[
			'clips of 16 s together',
			'wan3.0-reference-video',
			{ referenceClips: [clip(8), clip(8)] },
			5,
			/'Reference Clips' are 16 s long together.*at most 15/,
		],
		[
			'sounds of 16 s together',
			'wan3.0-reference-video',
			{ referenceAudio: [sound(8), sound(8)] },
			5,
			/'Reference Audio' are 16 s/,
		],
		[
			'clips and duration over 30 s',
			'wan3.0-reference-video',
			{ referenceClips: [clip(10)] },
			21,
			/'Duration' is 21.*Set 'Duration' to 20 or less/,
		],
		[
			'a clip that was read in part, and duration over 30 s',
			'wan3.0-reference-video',
			{ referenceClips: [{ ...clip(12), partly: 'too much' }] },
			20,
			/'Duration' is 20.*Set 'Duration' to 18 or less/,
		],
		[
			'a small image in a list',
			'wan2.7-reference-video',
			{ referenceImages: [undefined, { format: 'png', width: 100, height: 300 }] },
			5,
			/Image 2 of 'Reference Images' has 100 x 300 pixels/,
		],
	])('refuses %s', (_label, model, facts, duration, text) => {
		const { problems } = judgeMaterials(facts, duration, modelOf(model));
		expect(problems.map((problem) => problem.text)).toEqual([expect.stringMatching(text)]);
	});

	it.each([
		['a clip of 1 s', 'wan2.7-reference-video', { referenceClips: [clip(1)] }, 5],
		[
			'clips of 15 s together',
			'wan3.0-reference-video',
			{ referenceClips: [clip(7.5), clip(7.5)] },
			15,
		],
		['a clip longer than the edit', 'wan2.7-video-edit', { clip: clip(8) }, 4],
		[
			'a smart length beside clips',
			'wan3.0-reference-video',
			{ referenceClips: [clip(15)] },
			'open' as const,
		],
	])('takes %s', (_label, model, facts, duration) => {
		expect(judgeMaterials(facts, duration, modelOf(model)).problems).toEqual([]);
	});

	it('tells that a clip is cut, or stays shorter', () => {
		const hints = (seconds: number, duration: number) =>
			judgeMaterials({ clip: clip(seconds) }, duration, modelOf('wan2.7-video-edit')).hints.join();
		expect(hints(8, 4)).toMatch(/edits the first 4 s/);
		expect(hints(3, 6)).toMatch(/makes it no longer/);
	});
});

describe('billed seconds', () => {
	const clips = { prompt: 'x', materials: { referenceClips: many(CLIP, 2) } };
	it.each([
		['the default length', { model: 'wan2.7-text-to-video', prompt: 'x' }, {}, 5, false],
		['images cost nothing', reference27.least, {}, 5, false],
		['clips by their cap', { ...clips, durationSeconds: 10 }, {}, 15, true],
		['short clips by their length', clips, { referenceClips: [clip(1), clip(1.5)] }, 7.5, false],
		['long clips by their cap', clips, { referenceClips: [clip(4), clip(9)] }, 10, false],
		['one clip of two is known', clips, { referenceClips: [clip(4)] }, 10, true],
		['an edit that keeps its length', { ...edit27.least, model: edit27.model }, {}, 20, true],
		['an edit of 4 s', { ...edit27.least, model: edit27.model }, { clip: clip(4) }, 8, false],
		[
			'an edit cut to 2 s',
			{ ...edit27.least, model: edit27.model, durationMode: 'fixed', durationSeconds: 2 },
			{ clip: clip(4) },
			6,
			false,
		],
		[
			'a smart length',
			{ model: 'wan3.0-text-to-video', prompt: 'x', durationMode: 'smart' },
			{},
			30,
			true,
		],
		[
			'a smart length with clips',
			{ ...clips, model: 'wan3.0-reference-video', durationMode: 'smart' },
			{},
			45,
			true,
		],
		[
			'clips of 3.0',
			{ ...clips, model: 'wan3.0-reference-video' },
			{ referenceClips: [clip(6), clip(5)] },
			16,
			false,
		],
	] as Array<[string, RawRequest, object, number, boolean]>)(
		'%s',
		(...[, raw, facts, seconds, atMost]) => {
			const checked = checkRequest({ model: reference27.model, ...raw });
			if (!checked.ok) throw new Error(checked.problems.map(({ text }) => text).join());
			expect(billed(checked.request, facts)).toEqual({ seconds, atMost });
		},
	);
});
