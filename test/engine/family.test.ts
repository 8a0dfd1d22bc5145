// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/**
 * Every model in n8n's engine: the body that the sandbox saw, and the video that arrives by Generate, by
 * Submit and Wait, and over a pause. What is left in fields of other models never goes out.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { MODELS } from '../../nodes/WanVideo/wan/models';
import { letter, odt, packedPdf, plainPdf, slides } from '../support/documents';
import { items, startWorld, submits, type World } from '../support/engineWorld';
import { A, B, CLIP, SOUND } from '../support/familyBodies';
import { familyCases } from '../support/familyParameters';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const MEDIA = join(__dirname, '..', '..', 'examples', 'media');

let world: World;
beforeAll(async () => {
	world = await startWorld({ credits: 100_000 });
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

/** What would go out with the wrong model: fields that a workflow keeps from another one. */
const LEFT = { clipUrl: CLIP, lastFrameUrl: B, drivingAudioUrl: SOUND };
const plain = { options: { checkMaterials: false } };
const images = (...urls: string[]) => ({ image: urls.map((url) => ({ source: 'url', url })) });

const setup = (model: string, parameters: IDataObject): IDataObject => ({
	...{ resource: 'video', operation: 'generate', model, prompt: 'A cat', ...parameters },
	options: { ...plain.options, ...(parameters.options as IDataObject | undefined) },
});

/** Of each model the set with the most in it. */
const CASES = MODELS.map(({ id }) => {
	const cases = familyCases.filter(
		({ model, what }) => model === id && what.includes('everything'),
	);
	return cases[0];
});

describe.each(CASES)('$model', ({ model, parameters: given }) => {
	const options = { ...(given.options as IDataObject), ...plain.options };
	const parameters: IDataObject = { ...LEFT, ...given, options };

	it.each(familyCases.filter((one) => one.model === model))(
		'Generate with $what: the body, the row and the video',
		async ({ parameters, body }) => {
			const options = { ...(parameters.options as IDataObject), ...plain.options };
			const run = await world.run({ parameters: { ...LEFT, ...parameters, options } });
			expect(run.error).toBeUndefined();
			expect(world.sandbox.ledger().map((task) => task.body)).toEqual([body]);
			expect(run.rows[0].json).toMatchObject({ model, status: 'completed' });
			expect(run.rows[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
			expect('generationMode' in run.rows[0].json).toBe(model === 'wan2.7-image-to-video');
		},
	);

	it('Submit, then Task: Wait', async () => {
		const submitted = await world.run({ parameters: { ...parameters, operation: 'submit' } });
		const { taskId } = submitted.rows[0].json;
		const run = await world.run({
			parameters: { resource: 'task', operation: 'wait', taskId },
		});
		expect(run.rows[0].json).toMatchObject({ taskId, model, status: 'completed' });
		expect(run.rows[0].binary?.data).toBeDefined();
		expect(submits(world.sandbox)).toBe(1);
	});

	it('over a pause', async () => {
		const pausing = { ...options, whileWaiting: 'pause' };
		const { run, pauses } = await world.runOn({ parameters: { ...parameters, options: pausing } });
		expect(pauses).toBeGreaterThan(0);
		expect(run.rows[0].json).toMatchObject({ model, status: 'completed' });
		expect(world.sandbox.ledger()).toHaveLength(1);
	});
});

describe('the model by expression', () => {
	it('each row has what its model takes, and no default of another one', async () => {
		const models = ['wan2.7-text-to-video', 'wan3.0-text-to-video', 'wan2.7-image-to-video'];
		const run = await world.run({
			items: models.map((model) => ({ json: { model } })),
			parameters: {
				...setup('={{ $json.model }}', { ...LEFT, firstFrameUrl: A }),
				...{ generationMode: 'first_frame', aspectRatio: 'default', durationMode: 'default' },
			},
		});
		expect(run.error).toBeUndefined();
		const bodies = world.sandbox.ledger().map((task) => task.body);
		const common = { prompt: 'A cat', quality: '720p', duration: 5 };
		expect(bodies).toEqual(
			expect.arrayContaining([
				{ model: models[0], ...common },
				{ model: models[1], ...common },
				{ model: models[2], ...common, generation_mode: 'first_frame', image_start: A },
			]),
		);
	});

	const checked = async (json: IDataObject, parameters: IDataObject) => {
		const model = '={{ $json.model }}';
		const run = await world.run({
			parameters: { ...setup(model, parameters), operation: 'check' },
			items: [{ json }],
		});
		const [{ ok, hints }] = run.rows.map((row) => row.json);
		expect([run.error, ok]).toEqual([undefined, true]);
		return hints as string[];
	};

	it('what an expression gives to a material that the row’s model does not take is told', async () => {
		const parameters: IDataObject = {
			...{ firstFrameUrl: A, drivingAudioUrl: '={{ $json.audio }}', drivingAudioSource: 'url' },
			referenceImages: { image: [{ source: 'url', url: '={{ $json.image }}' }] },
			...{ documentSource: 'page', pageUrl: '={{ $json.page }}' },
		};
		const row = { audio: SOUND, image: B, page: 'https://example.com/' };
		const video = 'wan3.0-image-to-video';
		const none = 'is not sent: Wan 3.0 Image to Video takes none.';
		expect(await checked({ model: video, ...row }, parameters)).toEqual([
			`'Driving Audio URL' ${none}`,
			`Image 1 of 'Reference Images' ${none}`,
			`'Page URL' ${none}`,
		]);
		// Nothing is missed where nothing is given, by this row or by any expression.
		expect(await checked({ model: video }, parameters)).toEqual([]);
		const fixed = { firstFrameUrl: A, drivingAudioUrl: SOUND, drivingAudioSource: 'url' };
		expect(await checked({ model: video }, fixed)).toEqual([]);
		const broken = { firstFrameUrl: A, drivingAudioUrl: "={{ $('Gone').item.json.x }}" };
		expect(await checked({ model: video }, broken)).toEqual([]);
	});

	it.each([
		['smart', 'wan2.7-text-to-video', {}, 9],
		['asClip', 'wan2.7-text-to-video', {}, 9],
		['default', 'wan2.7-text-to-video', {}, 9],
		['fixed', 'wan3.0-text-to-video', {}, 9],
		['fixed', 'wan2.7-video-edit', { clipUrl: CLIP }, 9],
	])(
		'the seconds go out whatever the mode: %s, %s',
		async (durationMode, model, given, seconds) => {
			const parameters = { ...given, durationMode, duration: seconds };
			const run = await world.run({
				parameters: setup('={{ $json.model }}', parameters),
				items: [{ json: { model } }],
			});
			expect(run.error).toBeUndefined();
			expect(world.sandbox.ledger()[0].body.duration).toBe(seconds);
		},
	);

	it('seconds that the row’s model does not count are told', async () => {
		const parameters = { clipUrl: CLIP, firstFrameUrl: A, duration: '={{ $json.seconds }}' };
		const duration = { ...parameters, durationMode: 'default' };
		const edit = await checked({ model: 'wan2.7-video-edit', seconds: 3 }, duration);
		expect(edit.join()).toMatch(/'Duration' is 3, and counts for nothing: .* choose 'Fixed'/);
		const other = await checked({ model: 'wan3.0-image-to-video', seconds: 3 }, duration);
		expect(other.join()).not.toMatch(/counts for nothing/);
	});

	it.each([['={{ $json.nothing }}'], ['={{ "wan2.6-text-to-video" }}']])(
		'%s is refused before anything is sent',
		async (model) => {
			const run = await world.run({ parameters: setup(model, {}) });
			expect(run.error?.message).toMatch(/'Model' is .*one of: wan2\.7-image-to-video/);
			expect(submits(world.sandbox)).toBe(0);
		},
	);
});

describe('rows of lists', () => {
	it('one that an expression leaves empty is refused, not skipped', async () => {
		const run = await world.run({
			items: items(1),
			parameters: setup('wan2.7-reference-video', {
				referenceImages: images(A, '={{ $json.missing }}', B),
			}),
		});
		expect(run.error?.message).toMatch(/Image 2 of 'Reference Images' is empty/);
		expect(submits(world.sandbox)).toBe(0);
	});
});

describe('rows by expression', () => {
	it.each([
		['the address', { source: 'url', url: '={{ $json.missing }}' }],
		['the file', { source: 'binary', binaryField: '={{ $json.missing }}' }],
		['the source', { source: '={{ $json.missing }}', url: B }],
	])('%s by an expression that gives nothing is refused with its row', async (_label, row) => {
		const run = await world.run({
			items: items(1),
			parameters: setup('wan3.0-reference-video', {
				referenceImages: { image: [{ source: 'url', url: A }, row, { source: 'url', url: B }] },
			}),
		});
		expect(run.error?.message).toMatch(/^Image 2 of 'Reference Images'.* is empty/);
		expect(submits(world.sandbox)).toBe(0);
	});

	it.each<[string, unknown]>([
		['by one expression', '={{ [{ source: "url", url: $json.a }] }}'],
		['as a list of addresses', [A]],
	])(
		'a list written %s is dropped by n8n: a prompt that names its rows is refused',
		async (...[, list]) => {
			const run = await world.run({
				items: [{ json: { a: A } }],
				parameters: setup('wan2.7-video-edit', {
					...{ clipUrl: CLIP, prompt: 'Put the jacket of Image 1 on the man' },
					referenceImages: list as IDataObject,
				}),
			});
			expect(run.error?.message).toMatch(
				/^'Prompt' names Image 1, but 'Reference Images' has no row/,
			);
			expect(submits(world.sandbox)).toBe(0);
		},
	);

	it('a row whose source gives none is refused: a gap would change the numbers', async () => {
		const row = { source: '={{ "none" }}', url: B };
		const run = await world.run({
			items: items(1),
			parameters: setup('wan3.0-reference-video', {
				referenceImages: { image: [{ source: 'url', url: A }, row] },
			}),
		});
		expect(run.error?.message).toMatch(
			/^Image 2 of .*'Image Source' is "none", but must be one of/,
		);
		expect(submits(world.sandbox)).toBe(0);
	});

	it('tells of rows that are the same, by their names', async () => {
		const check = await world.run({
			parameters: {
				...setup('wan2.7-reference-video', { referenceImages: images(A, B, A) }),
				operation: 'check',
			},
		});
		expect(check.rows[0].json.hints).toEqual([
			"Image 1 of 'Reference Images' and Image 3 of 'Reference Images' are the same address.",
		]);
	});

	it('keeps the order, and the same picture twice', async () => {
		const run = await world.run({
			items: [{ json: { a: B, b: A } }],
			parameters: setup('wan3.0-reference-video', {
				referenceImages: images('={{ $json.a }}', A, '={{ $json.b }}', B),
			}),
		});
		expect(run.error).toBeUndefined();
		expect(world.sandbox.ledger()[0].body.image_urls).toEqual([B, A, A, B]);
	});
});

describe('the cap', () => {
	it.each([
		['a smart length', 'wan3.0-text-to-video', { durationMode: 'smart' }, 29, /at most 30 seconds/],
		['an edit', 'wan2.7-video-edit', { clipUrl: CLIP }, 19, /at most 20 seconds/],
	])(
		'counts the most that %s can be billed',
		async (...[, model, given, maxBilledSeconds, text]) => {
			const options = { maxBilledSeconds };
			const over = await world.run({ parameters: setup(model, { ...given, options }) });
			expect(over.error?.message).toMatch(text);
			expect(submits(world.sandbox)).toBe(0);
			const fits = { maxBilledSeconds: maxBilledSeconds + 1 };
			const run = await world.run({ parameters: setup(model, { ...given, options: fits }) });
			expect(run.error).toBeUndefined();
		},
	);
});

describe('a document', () => {
	const FILES: Readonly<Record<string, [type: string, bytes: Buffer]>> = {
		'good.pdf': ['application/pdf', plainPdf(50)],
		'letter.docx': ['application/octet-stream', letter(3)],
		'old.txt': [
			'text/plain',
			Buffer.from('\xc4\xe3\xba\xc3 \xca\xc0\xbd\xe7 '.repeat(40), 'latin1'),
		],
		'long.pdf': ['application/pdf', packedPdf(51, 600_000)],
		'long.pptx': ['application/octet-stream', slides(80)],
		'letter.odt': ['application/octet-stream', odt()],
		'login.pdf': ['text/html', Buffer.from('<!doctype html><title>Log in</title>')],
		'photo.pdf': ['application/pdf', readFileSync(join(MEDIA, 'first_frame.png'))],
		'empty.pdf': ['application/pdf', Buffer.alloc(0)],
	};
	const server = createServer((request, response) => {
		const [type, bytes] = FILES[(request.url ?? '').slice(1)];
		response.setHeader('Content-Type', type).setHeader('Content-Length', bytes.length).end(bytes);
	});
	let host = '';
	beforeAll(async () => {
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(() => server.close());

	/** At a host of the credential's own, as only those may be inside a network. */
	const submit = async (file: string, model = 'wan3.0-reference-video') =>
		await world.run({
			credential: { apiKey: world.sandbox.key, baseUrl: world.sandbox.url, filesUrl: host },
			parameters: {
				...{ resource: 'video', operation: 'submit', model, prompt: 'An advert' },
				...{ documentSource: 'document', documentUrl: `${host}/${file}` },
			},
		});

	it.each([['good.pdf'], ['letter.docx'], ['old.txt']])('%s is sent', async (file) => {
		const run = await submit(file);
		expect(run.error).toBeUndefined();
		const { body } = world.sandbox.ledger()[0];
		expect(body.model_params).toEqual({ file_url: `${host}/${file}` });
	});

	it.each([
		['long.pdf', /^'Document URL' has 51 pages, and EvoLink takes at most 50\./],
		['long.pptx', /^'Document URL' has 80 pages/],
		['letter.odt', /^'Document URL' is of the format ZIP\. EvoLink takes DOCX/],
		['login.pdf', /^'Document URL' is a web page .*Choose Web Page as 'Document Source'/],
		['photo.pdf', /^'Document URL' is of the format PNG/],
		['empty.pdf', /^'Document URL' is no file that can be read/],
	])('%s is refused before anything is sent', async (file, text) => {
		for (const model of ['wan3.0-reference-video', 'wan3.0-prime-reference-video']) {
			const run = await submit(file, model);
			expect(run.error?.message).toMatch(text);
			expect(submits(world.sandbox)).toBe(0);
		}
	});

	it('is judged by its own model, whatever blanks an expression left around the name', async () => {
		const run = await submit('long.pdf', '={{ " wan3.0-reference-video\\n" }}');
		expect(run.error?.message).toMatch(/has 51 pages/);
		expect(submits(world.sandbox)).toBe(0);
	});
});
