/**
 * What the editor shows: the visible parameters of each resource, operation and mode, evaluated by
 * n8n's own rules and compared with a table by hand; defaults and ranges against the one table.
 */
import {
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	NodeHelpers,
} from 'n8n-workflow';

import { SHOW_ANY_MODEL } from '../../../nodes/WanVideo/actions/video/conditions';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node';
import { MODELS } from '../../../nodes/WanVideo/wan/models';
import { NODE } from '../../support/fakeContext';

const { description } = new WanVideo();

/** Parameters with their defaults as the editor fills them in, then the names that are shown; with what it made of expressions. */
function visible(values: INodeParameters, resolved: object = {}): string[] {
	const filled = NodeHelpers.getNodeParameters(
		description.properties,
		values,
		true,
		false,
		{ typeVersion: 1 },
		description,
	);
	return shown({ ...filled, ...resolved }).map(({ name }) => name);
}

function shown(values: INodeParameters): INodeProperties[] {
	return description.properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, { typeVersion: 1 }, description),
	);
}

function optionNames(values: INodeParameters): string[] {
	const filled = NodeHelpers.getNodeParameters(
		description.properties,
		values,
		true,
		false,
		{ typeVersion: 1 },
		description,
	);
	const options = shown(filled ?? {}).find(({ name }) => name === 'options')?.options ?? [];
	return options.map(({ name }) => name);
}

const HEAD = ['resource', 'operation'];
const VIDEO = [...HEAD, 'model'];
const SETTINGS = ['prompt', 'duration', 'quality'];
const CONTINUED = ['prompt', 'continuationNotice', 'durationMode', 'duration', 'quality'];
const OUTPUT = ['download', 'outputBinaryField'];
const END = ['simplify', 'options'];

const FIRST = ['generationMode', 'firstFrameSource', 'firstFrameUrl', 'drivingAudioSource'];
const BOTH = [...FIRST, 'lastFrameSource', 'lastFrameUrl'];
const CLIP = ['generationMode', 'clipSource', 'clipUrl', 'lastFrameSource'];
const AUTO = [
	...['generationMode', 'autoNotice', 'firstFrameSource', 'lastFrameSource'],
	...['clipSource', 'drivingAudioSource'],
];

const SHAPED = ['prompt', 'duration', 'aspectRatio', 'quality'];
const LISTS = ['referenceImages', 'referenceClips'];
const EDIT = ['clipSource', 'clipUrl', 'referenceImages', 'durationMode'];

/** Where | the values set | what is shown, in this order. */
const VIEWS: Array<[string, INodeParameters, string[]]> = [
	['a new node', {}, [...VIDEO, ...FIRST, ...SETTINGS, ...OUTPUT, ...END]],
	[
		'generate, first frame with audio',
		{ drivingAudioSource: 'url' },
		[...VIDEO, ...FIRST, 'drivingAudioUrl', 'durationMode', ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, first and last frame',
		{ generationMode: 'first_last_frame' },
		[...VIDEO, ...BOTH, ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, first and last frame with audio',
		{ generationMode: 'first_last_frame', drivingAudioSource: 'url' },
		[...VIDEO, ...BOTH, 'drivingAudioUrl', 'durationMode', ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, as long as the audio',
		{ drivingAudioSource: 'url', durationMode: 'asAudio' },
		[
			...[...VIDEO, ...FIRST, 'drivingAudioUrl', 'durationMode', 'prompt', 'quality'],
			...[...OUTPUT, ...END],
		],
	],
	[
		'generate, as long as an audio that is no longer given',
		{ durationMode: 'asAudio' },
		[...VIDEO, ...FIRST, ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, seconds to add',
		{ generationMode: 'video_continuation', durationMode: 'afterClip' },
		[...VIDEO, ...CLIP, 'durationMode', ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, auto with a clip',
		{ generationMode: 'auto', clipSource: 'binary', durationMode: 'afterClip' },
		[...[...VIDEO, ...AUTO, 'clipBinaryField', 'durationMode', ...SETTINGS, ...OUTPUT, ...END]],
	],
	[
		'2.7 text, as long as the audio',
		{ model: 'wan2.7-text-to-video', drivingAudioSource: 'binary', durationMode: 'asAudio' },
		[
			...[...VIDEO, 'drivingAudioSource', 'drivingAudioBinaryField', 'durationMode'],
			...[...SHAPED.filter((name) => name !== 'duration'), ...OUTPUT, ...END],
		],
	],
	[
		'generate, continuation',
		{ generationMode: 'video_continuation' },
		[...VIDEO, ...CLIP, ...CONTINUED, ...OUTPUT, ...END],
	],
	[
		'generate, continuation to a last frame',
		{ generationMode: 'video_continuation', lastFrameSource: 'url' },
		[...VIDEO, ...CLIP, 'lastFrameUrl', ...CONTINUED, ...OUTPUT, ...END],
	],
	[
		'generate, first frame from a file',
		{ firstFrameSource: 'binary' },
		[
			...VIDEO,
			...['generationMode', 'firstFrameSource', 'firstFrameBinaryField', 'drivingAudioSource'],
			...SETTINGS,
			...OUTPUT,
			...END,
		],
	],
	[
		'generate, everything of a continuation from files',
		{
			generationMode: 'video_continuation',
			clipSource: 'binary',
			lastFrameSource: 'binary',
		},
		[
			...VIDEO,
			...['generationMode', 'clipSource', 'clipBinaryField', 'lastFrameSource'],
			'lastFrameBinaryField',
			...CONTINUED,
			...OUTPUT,
			...END,
		],
	],
	[
		'generate, auto',
		{ generationMode: 'auto' },
		[...VIDEO, ...AUTO, ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, auto with everything',
		{
			generationMode: 'auto',
			firstFrameSource: 'url',
			lastFrameSource: 'url',
			clipSource: 'url',
			drivingAudioSource: 'url',
		},
		[
			...VIDEO,
			...['generationMode', 'autoNotice', 'firstFrameSource', 'firstFrameUrl'],
			...[
				'lastFrameSource',
				'lastFrameUrl',
				'clipSource',
				'clipUrl',
				'drivingAudioSource',
				'drivingAudioUrl',
				'durationMode',
			],
			...SETTINGS,
			...OUTPUT,
			...END,
		],
	],
	[
		'generate without download',
		{ download: false },
		[...VIDEO, ...FIRST, ...SETTINGS, 'download', 'linkNotice', ...END],
	],
	['submit', { operation: 'submit' }, [...VIDEO, 'submitNotice', ...FIRST, ...SETTINGS, ...END]],
	[
		'submit, continuation',
		{ operation: 'submit', generationMode: 'video_continuation' },
		[...VIDEO, 'submitNotice', ...CLIP, ...CONTINUED, ...END],
	],
	[
		'join',
		{ operation: 'join' },
		[
			...[...HEAD, 'joinNotice', 'clipsSource', 'clipsBinaryField'],
			...['outputBinaryField', 'options'],
		],
	],
	[
		'join by URL',
		{ operation: 'join', clipsSource: 'url' },
		[...HEAD, 'joinNotice', 'clipsSource', 'clipsUrl', 'outputBinaryField', 'options'],
	],
	[
		'join by URL, the source by expression',
		{ operation: 'join', clipsSource: '={{ $json.source }}' },
		[
			...[...HEAD, 'joinNotice', 'clipsSource', 'clipsBinaryField', 'clipsUrl'],
			...['outputBinaryField', 'options'],
		],
	],
	[
		'join, the source by an expression that the editor cannot work out yet',
		{ operation: 'join', clipsSource: '' },
		[
			...[...HEAD, 'joinNotice', 'clipsSource', 'clipsBinaryField', 'clipsUrl'],
			...['outputBinaryField', 'options'],
		],
	],
	['check', { operation: 'check' }, [...VIDEO, ...FIRST, ...SETTINGS, 'options']],
	[
		'2.7 text',
		{ model: 'wan2.7-text-to-video' },
		[...VIDEO, 'drivingAudioSource', ...SHAPED, ...OUTPUT, ...END],
	],
	[
		'2.7 reference',
		{ model: 'wan2.7-reference-video' },
		[...VIDEO, 'firstFrameSource', ...LISTS, ...SHAPED, ...OUTPUT, ...END],
	],
	[
		'2.7 edit, as long as the clip',
		{ model: 'wan2.7-video-edit' },
		[...VIDEO, ...EDIT, ...SHAPED.filter((name) => name !== 'duration'), ...OUTPUT, ...END],
	],
	[
		'2.7 edit, of a fixed length',
		{ model: 'wan2.7-video-edit', durationMode: 'fixed' },
		[...VIDEO, ...EDIT, ...SHAPED, ...OUTPUT, ...END],
	],
	...['wan3.0', 'wan3.0-prime'].flatMap((family): typeof VIEWS => [
		[
			`${family} image`,
			{ model: `${family}-image-to-video`, operation: 'check' },
			[
				...[...VIDEO, 'firstFrameSource', 'firstFrameUrl', 'lastFrameSource'],
				...[...SHAPED, 'durationMode', 'options'],
			],
		],
		[
			`${family} text, of a length that the model chooses`,
			{ model: `${family}-text-to-video`, durationMode: 'smart', generationMode: 'auto' },
			[...VIDEO, 'prompt', 'durationMode', 'aspectRatio', 'quality', ...OUTPUT, ...END],
		],
		[
			`${family} reference, with a page`,
			{ model: `${family}-reference-video`, documentSource: 'page', firstFrameSource: 'url' },
			[
				...[...VIDEO, ...LISTS, 'referenceAudio', 'documentSource', 'pageUrl', 'durationMode'],
				...[...SHAPED, ...OUTPUT, ...END],
			],
		],
	]),
	['file: a new one', { resource: 'file' }, [...HEAD, 'binaryField']],
	['file: get quota', { resource: 'file', operation: 'getQuota' }, HEAD],
	['task: a new one', { resource: 'task' }, [...HEAD, 'taskId', ...OUTPUT, ...END]],
	['task: get', { resource: 'task', operation: 'get' }, [...HEAD, 'taskId', 'simplify']],
	[
		'task: wait without download',
		{ resource: 'task', operation: 'wait', download: false },
		[...HEAD, 'taskId', 'download', 'linkNotice', ...END],
	],
	['account', { resource: 'account' }, HEAD],
];

describe('what is shown', () => {
	it.each(VIEWS)('%s', (_label, values, names) => {
		expect(visible(values).sort()).toEqual([...names].sort());
	});

	it.each(VIEWS)('%s: no name is shown twice', (_label, values) => {
		const names = visible(values);
		expect(new Set(names).size).toBe(names.length);
	});

	it.each([
		[
			'generate',
			{},
			[
				...[
					'callbackUrl',
					'checkMaterials',
					'checkPrompt',
					'concurrency',
					'fileName',
					'generateAudio',
					'keepOriginalSound',
					'maxBilledSeconds',
				],
				...['negativePrompt', 'onTimeout', 'pollInterval', 'promptExtend', 'seed'],
				...['submitAgain', 'submitGoodItems', 'timeout', 'whileWaiting'],
			],
		],
		[
			'submit',
			{ operation: 'submit' },
			[
				...['callbackUrl', 'checkMaterials', 'checkPrompt', 'generateAudio', 'keepOriginalSound'],
				...['maxBilledSeconds', 'negativePrompt', 'promptExtend', 'seed', 'submitGoodItems'],
			],
		],
		[
			'check',
			{ operation: 'check' },
			[
				...['callbackUrl', 'checkMaterials', 'checkPrompt', 'generateAudio', 'keepOriginalSound'],
				...['negativePrompt', 'promptExtend', 'seed'],
			],
		],
		[
			'task: wait',
			{ resource: 'task', operation: 'wait' },
			['concurrency', 'fileName', 'onTimeout', 'pollInterval', 'timeout', 'whileWaiting'],
		],
	] as Array<[string, INodeParameters, string[]]>)('options of %s', (_label, values, names) => {
		expect(optionNames(values).sort()).toEqual(names);
	});
});

/** All properties and options of one name, wherever they stand. */
function named(name: string): INodeProperties[] {
	const inOptions = description.properties
		.filter(({ type }) => type === 'collection')
		.flatMap(({ options = [] }) => options)
		.filter((option): option is INodeProperties => 'type' in option);
	return [...description.properties, ...inOptions].filter((property) => property.name === name);
}

describe('a model by expression', () => {
	const model = '={{ $json.model }}';
	const CHOICES = ['generationMode', 'firstFrameSource', 'clipSource', 'lastFrameSource'];
	const ADDRESSES = ['firstFrameUrl', 'clipUrl', 'documentSource', 'drivingAudioSource'];
	const ALL_LISTS = [...LISTS, 'referenceAudio'];
	const LENGTH = ['durationMode', ...SHAPED];

	it.each<[string, INodeParameters, string[]]>([
		['generate', {}, [...OUTPUT, ...END]],
		['submit', { operation: 'submit' }, ['submitNotice', ...END]],
		['check', { operation: 'check' }, ['options']],
		[
			'generate, of a last frame and a page',
			{ lastFrameSource: 'url', documentSource: 'page' },
			['lastFrameUrl', 'pageUrl', ...OUTPUT, ...END],
		],
	])('shows one field of each name, and what is chosen beside it: %s', (_label, values, end) => {
		const all = [...VIDEO, ...CHOICES, ...ADDRESSES, ...ALL_LISTS, ...LENGTH, ...end];
		expect(visible({ model, ...values }).sort()).toEqual([...all].sort());
		// The editor works the expression out first, and nothing comes of it while nothing has run.
		expect(visible({ model, ...values }, { model: '' }).sort()).toEqual([...all].sort());
	});

	it('shows of a row what its sources ask for', () => {
		const [list] = named('referenceImages');
		const [{ values: fields }] = list.options as INodePropertyCollection[];
		const row = { source: 'url', voiceSource: 'binary' };
		const shown = fields.filter((field) =>
			NodeHelpers.displayParameter(row, field, NODE, description, { model }),
		);
		expect(shown.map(({ name }) => name)).toEqual([
			...['source', 'url', 'voiceSource', 'voiceBinaryField'],
		]);
	});

	it('shows nothing of another resource or operation', () => {
		expect(visible({ model, operation: 'join' })).not.toContain('prompt');
		expect(visible({ model, resource: 'account' })).toEqual(HEAD);
	});

	it('has no default of a certain model for what they do differently', () => {
		const filled = NodeHelpers.getNodeParameters(
			description.properties,
			{ model: '={{ $json.model }}' },
			true,
			false,
			NODE,
			description,
		);
		expect(filled).toMatchObject({ aspectRatio: 'default', durationMode: 'default', duration: 5 });
	});
});

describe('defaults and ranges', () => {
	/** The models for which a field is shown, of fields that are shown for certain ones. */
	const modelsOf = ({ displayOptions: { show, hide } = {} }: INodeProperties) =>
		MODELS.filter(({ id }) => show?.model === undefined && !hide?.model?.includes(id));

	it('of the duration equal the tables of the models that it is shown for', () => {
		const ranges = MODELS.map(({ settings }) => settings.durationSeconds);
		const seen = named('duration').flatMap((property) => {
			const models = modelsOf(property);
			// The one that is shown for a model by expression takes what any of them takes.
			if (models.length === 0) {
				expect(property.displayOptions?.show?.model).toEqual(SHOW_ANY_MODEL.model);
				expect(property.displayOptions?.show?.durationMode).toBeUndefined();
				expect(property.typeOptions).toMatchObject({
					minValue: Math.min(...ranges.map(({ min }) => min)),
					maxValue: Math.max(...ranges.map(({ max }) => max)),
				});
			}
			for (const { settings } of models) {
				const { min, max, default: fallback } = settings.durationSeconds;
				expect(property.default).toBe(fallback === 'asClip' ? 5 : fallback);
				// The shortest clip has 2 seconds, and leaves 13.
				const isAdded = property.displayName === 'Seconds to Add';
				const [minValue, maxValue] = isAdded ? [1, 13] : [min, max];
				const range = { minValue, maxValue, numberPrecision: 0 };
				expect(property.typeOptions).toMatchObject(range);
			}
			return models;
		});
		expect(new Set(seen).size).toBe(MODELS.length);
	});

	it('of the quality and the shape equal the tables', () => {
		const valuesOf = ({ options = [] }: INodeProperties) =>
			options.map((option) => 'value' in option && option.value);
		for (const property of named('quality'))
			for (const { settings } of modelsOf(property)) {
				expect(property.default).toBe(settings.quality.default);
				expect(valuesOf(property)).toEqual([...settings.quality.values]);
			}
		for (const property of named('aspectRatio'))
			for (const { settings } of modelsOf(property)) {
				expect(property.default).toBe(settings.aspectRatio?.default);
				const { default: own = '', values = [] } = settings.aspectRatio ?? {};
				expect(new Set(valuesOf(property))).toEqual(new Set([own, ...values]));
			}
	});

	it('of the seed keep within the tables, and its default is a legal seed', () => {
		const found = named('seed');
		expect(found.length).toBeGreaterThan(0);
		const seeds = MODELS.flatMap(({ settings }) => settings.seed ?? []);
		for (const { default: value, typeOptions } of found) {
			expect(typeOptions).toMatchObject({
				minValue: Math.min(...seeds.map(({ min }) => min)),
				maxValue: Math.max(...seeds.map(({ max }) => max)),
			});
			for (const { min } of seeds) expect(Number(value)).toBeGreaterThanOrEqual(min);
		}
	});

	it.each([
		['prompt', '5000'],
		['negativePrompt', '500'],
		['callbackUrl', '2048'],
		['firstFrameUrl', '20 MB'],
		['lastFrameUrl', '240 to 8000 pixels'],
		['clipUrl', '2 to 10 seconds'],
		['drivingAudioUrl', '2 to 30 seconds'],
	])('the text of %s tells its limit, %s', (name, limit) => {
		const found = named(name);
		expect(found.length).toBeGreaterThan(0);
		for (const { description: text } of found) expect(text).toContain(limit);
	});

	it('the first mode is first_frame, and the mode Auto comes last', () => {
		const [mode] = named('generationMode');
		expect(mode.default).toBe('first_frame');
		expect(mode.options?.map((option) => 'value' in option && option.value)).toEqual([
			...['first_frame', 'first_last_frame', 'video_continuation', 'auto'],
		]);
	});
});

it('asks for the credential wherever EvoLink is asked, and not for joining', () => {
	const [credential] = description.credentials ?? [];
	const isAsked = (values: INodeParameters) =>
		NodeHelpers.displayParameter(values, credential, { typeVersion: 1 }, description);
	expect(isAsked({ operation: 'join' })).toBe(false);
	// A stored workflow may lack what is a default.
	for (const values of [{}, { operation: 'submit' }, { resource: 'task', operation: 'wait' }])
		expect(isAsked(values)).toBe(true);
});

it('marks the address of a clip as needed where it is for certain, and stops no run where it may not be', () => {
	const issues = (parameters: INodeParameters) =>
		Object.keys(
			NodeHelpers.getNodeParametersIssues(
				description.properties,
				{ ...NODE, parameters },
				description,
			)?.parameters ?? {},
		);
	expect(issues({ operation: 'join', clipsSource: 'url', clipsUrl: '' })).toEqual(['clipsUrl']);
	expect(issues({ operation: 'join', clipsSource: 'url', clipsUrl: '={{ $json.a }}' })).toEqual([]);
	expect(issues({ operation: 'join', clipsSource: '={{ $json.s }}', clipsUrl: '' })).toEqual([]);
	// Left from another operation, or missing as a stored default.
	for (const values of [
		{ clipsSource: 'url', operation: 'generate' },
		{ resource: 'task', taskId: 'x' },
		{},
	])
		expect(issues({ resource: 'video', ...values })).not.toContain('clipsUrl');
});

it('no condition can throw, also in n8n 1.123 where a saved workflow lacks the field it asks for', () => {
	const conditions = JSON.stringify(description.properties.map((one) => one.displayOptions));
	// There the first three call a method of the value, whatever it is; the last one fails on a loaded server.
	expect(conditions).not.toMatch(/"(startsWith|endsWith|includes|regex)"/);
});
