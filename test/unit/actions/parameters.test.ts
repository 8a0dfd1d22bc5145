/**
 * What the editor shows: the visible parameters of each resource, operation and mode, evaluated by
 * n8n's own rules and compared with a table by hand; defaults and ranges against the one table.
 */
import { type INodeParameters, type INodeProperties, NodeHelpers } from 'n8n-workflow';

import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node';
import { LIMITS } from '../../../nodes/WanVideo/wan/model';

const { description } = new WanVideo();

/** Parameters with their defaults as the editor fills them in, then the names that are shown. */
function visible(values: INodeParameters): string[] {
	const filled = NodeHelpers.getNodeParameters(
		description.properties,
		values,
		true,
		false,
		{ typeVersion: 1 },
		description,
	);
	return shown(filled ?? {}).map(({ name }) => name);
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
const SETTINGS = ['prompt', 'duration', 'quality'];
const CONTINUED = ['prompt', 'continuationNotice', 'duration', 'quality'];
const OUTPUT = ['download', 'outputBinaryField'];
const END = ['simplify', 'options'];

const FIRST = ['generationMode', 'firstFrameSource', 'firstFrameUrl', 'drivingAudioSource'];
const BOTH = [...FIRST, 'lastFrameSource', 'lastFrameUrl'];
const CLIP = ['generationMode', 'clipSource', 'clipUrl', 'lastFrameSource'];
const AUTO = [
	...['generationMode', 'autoNotice', 'firstFrameSource', 'lastFrameSource'],
	...['clipSource', 'drivingAudioSource'],
];

/** Where | the values set | what is shown, in this order. */
const VIEWS: Array<[string, INodeParameters, string[]]> = [
	['a new node', {}, [...HEAD, ...FIRST, ...SETTINGS, ...OUTPUT, ...END]],
	[
		'generate, first frame with audio',
		{ drivingAudioSource: 'url' },
		[...HEAD, ...FIRST, 'drivingAudioUrl', ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, first and last frame',
		{ generationMode: 'first_last_frame' },
		[...HEAD, ...BOTH, ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, first and last frame with audio',
		{ generationMode: 'first_last_frame', drivingAudioSource: 'url' },
		[...HEAD, ...BOTH, 'drivingAudioUrl', ...SETTINGS, ...OUTPUT, ...END],
	],
	[
		'generate, continuation',
		{ generationMode: 'video_continuation' },
		[...HEAD, ...CLIP, ...CONTINUED, ...OUTPUT, ...END],
	],
	[
		'generate, continuation to a last frame',
		{ generationMode: 'video_continuation', lastFrameSource: 'url' },
		[...HEAD, ...CLIP, 'lastFrameUrl', ...CONTINUED, ...OUTPUT, ...END],
	],
	[
		'generate, first frame from a file',
		{ firstFrameSource: 'binary' },
		[
			...HEAD,
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
			...HEAD,
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
		[...HEAD, ...AUTO, ...SETTINGS, ...OUTPUT, ...END],
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
			...HEAD,
			...['generationMode', 'autoNotice', 'firstFrameSource', 'firstFrameUrl'],
			...[
				'lastFrameSource',
				'lastFrameUrl',
				'clipSource',
				'clipUrl',
				'drivingAudioSource',
				'drivingAudioUrl',
			],
			...SETTINGS,
			...OUTPUT,
			...END,
		],
	],
	[
		'generate without download',
		{ download: false },
		[...HEAD, ...FIRST, ...SETTINGS, 'download', 'linkNotice', ...END],
	],
	['submit', { operation: 'submit' }, [...HEAD, 'submitNotice', ...FIRST, ...SETTINGS, ...END]],
	[
		'submit, continuation',
		{ operation: 'submit', generationMode: 'video_continuation' },
		[...HEAD, 'submitNotice', ...CLIP, ...CONTINUED, ...END],
	],
	['check', { operation: 'check' }, [...HEAD, ...FIRST, ...SETTINGS, 'options']],
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
				...['callbackUrl', 'checkMaterials', 'concurrency', 'fileName', 'maxBilledSeconds'],
				...['negativePrompt', 'onTimeout', 'pollInterval', 'promptExtend', 'seed'],
				...['submitAgain', 'submitGoodItems', 'timeout', 'whileWaiting'],
			],
		],
		[
			'submit',
			{ operation: 'submit' },
			[
				...['callbackUrl', 'checkMaterials', 'maxBilledSeconds', 'negativePrompt'],
				...['promptExtend', 'seed', 'submitGoodItems'],
			],
		],
		[
			'check',
			{ operation: 'check' },
			['callbackUrl', 'checkMaterials', 'negativePrompt', 'promptExtend', 'seed'],
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

describe('defaults and ranges', () => {
	it('of the duration equal the table', () => {
		const found = named('duration');
		expect(found.length).toBeGreaterThan(0);
		for (const { default: value, typeOptions } of found) {
			const { min, max, default: fallback } = LIMITS.durationSeconds;
			expect(value).toBe(fallback);
			expect(typeOptions).toMatchObject({ minValue: min, maxValue: max, numberPrecision: 0 });
		}
	});

	it('of the quality equal the table', () => {
		const found = named('quality');
		expect(found.length).toBeGreaterThan(0);
		for (const { default: value, options = [] } of found) {
			expect(value).toBe(LIMITS.quality.default);
			expect(options.map((option) => 'value' in option && option.value)).toEqual([
				...LIMITS.quality.values,
			]);
		}
	});

	it('of the seed keep within the table, and its default is a legal seed', () => {
		const found = named('seed');
		expect(found.length).toBeGreaterThan(0);
		for (const { default: value, typeOptions } of found) {
			expect(typeOptions).toMatchObject({ minValue: LIMITS.seed.min, maxValue: LIMITS.seed.max });
			expect(Number(value)).toBeGreaterThanOrEqual(LIMITS.seed.min);
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
