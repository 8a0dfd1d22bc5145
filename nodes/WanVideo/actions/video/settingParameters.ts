/**
 * The parameters of a request besides its materials, with ranges from the tables of the models (wan/models/).
 * Defaults are literals where n8n's lint asks for them; a test holds them to the tables.
 */
import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { addable, FOLLOWS, followsOf } from '../../wan/follow';
import { DEFAULT, defaultDurationMode, durationModesOf, FIXED } from '../../wan/length';
import { MODELS } from '../../wan/models';
import type { Model, Settings } from '../../wan/models/model';
import { LABELS } from '../../wan/request';
import { CHECK_PROMPT_LABEL } from '../../wan/texts';
import { NOT_AS_TOOL } from '../notAsTool';
import { alike, type Show, SHOW_ANY_MODEL, showMaterial, showModels } from './conditions';

/** Where a model is told by an expression: what each does by itself. */
const OWN: INodePropertyOptions = {
	name: 'As the Model Does',
	value: DEFAULT,
	description: 'What each model does by itself',
};

/** Models that have a setting. */
const having = (name: keyof Settings): Model[] =>
	MODELS.filter(({ settings }) => settings[name] !== undefined);

/** E.g. "5000 characters (Wan 2.7 ...), 20000 (Wan 3.0 ...)"; one number where all are alike. */
function charactersOf(name: 'prompt' | 'negativePrompt' | 'callbackUrl'): string {
	const groups = alike(({ settings }) => settings[name]?.maxCharacters);
	return groups
		.map(({ models, value }) =>
			groups.length === 1 ? `${value} characters` : `${value} characters (${familyOf(models)})`,
		)
		.join(' or ');
}

/** The families of models in short, e.g. "Wan 2.7" or "Wan 3.0". */
function familyOf(models: readonly Model[]): string {
	return [...new Set(models.map(({ label }) => label.split(' ').slice(0, 2).join(' ')))].join(', ');
}

const prompt: INodeProperties = {
	displayName: LABELS.prompt,
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	placeholder: 'e.g. The camera moves slowly towards the lighthouse',
	description: `What should happen in the video, in English or Chinese. EvoLink cuts it after ${charactersOf('prompt')}.`,
};

const continuationNotice: INodeProperties = {
	displayName:
		'The duration is the total length of the video: clip and continuation together. EvoLink bills all of it. It must not be shorter than the clip.',
	name: 'continuationNotice',
	type: 'notice',
	default: '',
	displayOptions: {
		show: {
			...showModels(
				MODELS.filter(({ rules }) => rules.some(({ rule }) => rule === 'clipFitsDuration')),
			),
			generationMode: ['video_continuation'],
		},
		hide: { durationMode: ['afterClip'] },
	},
};

const MODES: Readonly<Record<string, INodePropertyOptions>> = {
	[FIXED]: { name: 'Fixed', value: FIXED, description: 'As many seconds as you enter' },
	smart: {
		name: 'Chosen by the Model',
		value: 'smart',
		description:
			'The model decides by the prompt. The longest is reserved, what is made is billed.',
	},
	asClip: {
		name: 'As Long as the Clip',
		value: 'asClip',
		description: 'The video keeps the length of the clip. Clip and video are both billed.',
	},
	asAudio: {
		name: FOLLOWS.asAudio.label,
		value: 'asAudio',
		description: 'The length of the driving audio, rounded up to whole seconds',
	},
	afterClip: {
		name: FOLLOWS.afterClip.label,
		value: 'afterClip',
		description: 'What you enter comes on top of the clip, whose length is rounded up',
	},
};

const GIVEN = ['binary', 'url'];
const following = (name: 'asAudio' | 'afterClip') =>
	MODELS.filter((model) => followsOf(model).includes(name));

/** Where a length can follow something: the field is seen only where that is given. */
const followed: INodeProperties[] = [
	...showMaterial('drivingAudio', undefined, following('asAudio')).map((show) =>
		durationModeOf([MODES[FIXED], MODES.asAudio], FIXED, { ...show, drivingAudioSource: GIVEN }),
	),
	...[
		{ generationMode: ['video_continuation'] },
		{ generationMode: ['auto'], clipSource: GIVEN, drivingAudioSource: ['none'] },
	].map((show) =>
		durationModeOf([MODES[FIXED], MODES.afterClip], FIXED, {
			...showModels(following('afterClip')),
			...show,
		}),
	),
];

/** Only where there is a choice; as an expression for the model may give any, each of them once more for that. */
const durationMode: INodeProperties[] = [
	...followed,
	...alike((model) => {
		const modes = durationModesOf(model);
		if (followsOf(model).length > 0) return undefined;
		return modes.length < 2 ? undefined : { modes, fallback: defaultDurationMode(model) };
	}).map(({ models, value: { modes, fallback } }) =>
		durationModeOf(
			modes.map((mode) => MODES[mode]),
			fallback,
			showModels(models),
		),
	),
	durationModeOf([OWN, ...Object.values(MODES)], DEFAULT, SHOW_ANY_MODEL),
];

function durationModeOf(
	options: INodePropertyOptions[],
	fallback: string,
	show: Show,
): INodeProperties {
	return {
		displayName: LABELS.durationMode,
		name: 'durationMode',
		type: 'options',
		options,
		default: fallback,
		description: 'How the length of the video is set',
		displayOptions: { show },
	};
}

const SECONDS = MODELS.map(({ settings }) => settings.durationSeconds);

function durationOf(min: number, max: number, displayOptions: IDisplayOptions): INodeProperties {
	return {
		displayName: `${LABELS.durationSeconds} (Seconds)`,
		name: 'duration',
		type: 'number',
		typeOptions: { minValue: min, maxValue: max, numberPrecision: 0 },
		default: 5,
		hint: 'In seconds. EvoLink bills every second of the video.',
		description: `Length of the video in seconds, ${min} to ${max}`,
		displayOptions,
	};
}

/** Of a model whose length can follow something the field of the mode is often not there, so nothing but what it says there hides the seconds. */
const duration: INodeProperties[] = [
	...alike((model) => {
		const { min, max } = model.settings.durationSeconds;
		const follows = followsOf(model);
		return { min, max, follows, isChoice: durationModesOf(model).length > 1 };
	}).map(({ models, value: { min, max, follows, isChoice } }): INodeProperties => {
		const isOpen = isChoice && follows.length === 0;
		return durationOf(min, max, {
			show: { ...showModels(models), ...(isOpen && { durationMode: [FIXED] }) },
			...(follows.length > 0 && { hide: { durationMode: follows } }),
		});
	}),
	// By expression a model may count the seconds whatever the mode is, so they are never out of sight: n8n drops what is.
	durationOf(
		Math.min(...SECONDS.map(({ min }) => min)),
		Math.max(...SECONDS.map(({ max }) => max)),
		{ show: SHOW_ANY_MODEL },
	),
	...alike((model) => (followsOf(model).includes('afterClip') ? addable(model) : undefined)).map(
		({ models, value: { min, max } }): INodeProperties => ({
			displayName: FOLLOWS.afterClip.label,
			name: 'duration',
			type: 'number',
			typeOptions: { minValue: min, maxValue: max, numberPrecision: 0 },
			default: 5,
			hint: 'EvoLink bills the clip and what is added.',
			description: `How many seconds come on top of the clip, ${min} to ${max}, as far as the model goes`,
			displayOptions: { show: { ...showModels(models), durationMode: ['afterClip'] } },
		}),
	),
];

const SHAPES: Readonly<Record<string, INodePropertyOptions>> = {
	asClip: { name: 'As the Clip', value: 'asClip', description: 'The shape of the clip is kept' },
	adaptive: {
		name: 'Adaptive',
		value: 'adaptive',
		description: 'The model decides by what the video is made from',
	},
	'16:9': { name: '16:9', value: '16:9', description: 'Wide, as on a television' },
	'9:16': { name: '9:16', value: '9:16', description: 'Upright, as on a phone' },
	'1:1': { name: '1:1', value: '1:1', description: 'Square' },
	'4:3': { name: '4:3', value: '4:3', description: 'A little wide' },
	'3:4': { name: '3:4', value: '3:4', description: 'A little upright' },
};

const aspectRatio: INodeProperties[] = [
	...alike(({ settings }) => settings.aspectRatio).map(({ models, value }) =>
		aspectRatioOf(
			[...new Set([value.default, ...value.values])].map((shape) => SHAPES[shape]),
			value.default,
			models,
		),
	),
	aspectRatioOf([OWN, ...Object.values(SHAPES)], DEFAULT, undefined),
];

function aspectRatioOf(
	options: INodePropertyOptions[],
	fallback: string,
	models: readonly Model[] | undefined,
): INodeProperties {
	const isVoid = models?.some(({ rules }) =>
		rules.some(({ rule }) => rule === 'firstFrameDecidesShape'),
	);
	return {
		displayName: LABELS.aspectRatio,
		name: 'aspectRatio',
		type: 'options',
		options,
		default: fallback,
		description: `Shape of the video, width to height${isVoid ? '. A first frame, where there is one, decides the shape instead.' : ''}`,
		displayOptions: { show: models === undefined ? SHOW_ANY_MODEL : showModels(models) },
	};
}

const QUALITIES: Readonly<Record<string, INodePropertyOptions>> = {
	'480p': { name: '480p', value: '480p', description: 'Coarser picture, half the price' },
	'720p': { name: '720p', value: '720p', description: 'Standard price' },
	'1080p': { name: '1080p', value: '1080p', description: 'Sharper picture, higher price' },
};

const quality: INodeProperties[] = alike(({ settings }) => settings.quality.values).map(
	({ models, value }): INodeProperties => ({
		displayName: LABELS.quality,
		name: 'quality',
		type: 'options',
		options: value.map((one) => QUALITIES[one]),
		default: '720p',
		description: `Resolution of the video, which decides what each second costs: ${value.join(', ').replace(/, ([^,]*)$/, ' or $1')}`,
		displayOptions: { show: showModels(models) },
	}),
);

/** Prompt, length, shape and quality: always in sight, as they decide the result and the price. */
export const settingParameters: INodeProperties[] = [
	prompt,
	continuationNotice,
	...durationMode,
	...duration,
	...aspectRatio,
	...quality,
];

/** In sight where a model decides how often to call. The option of the same name is that of saved tools and of ordinary nodes. */
export const toolCap: INodeProperties = {
	displayName: 'Max Billed Seconds',
	name: 'maxBilledSeconds',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	hint: '0 for no limit',
	description:
		'How many seconds of video may be billed for all calls of the agent together: in one execution, or over MCP and in Agents within an hour. A call over it is refused before anything is submitted.',
	displayOptions: { show: { '@tool': [true] } },
};

const seeds = MODELS.flatMap(({ settings }) => settings.seed ?? []);
const seedRange = {
	min: Math.min(...seeds.map(({ min }) => min)),
	max: Math.max(...seeds.map(({ max }) => max)),
};
const seedText = alike(({ settings }) => settings.seed)
	.map(({ models, value }) => `${value.min} to ${value.max} (${familyOf(models)})`)
	.join(' or ');

/** An option that only some models have. */
const onlyOf = (name: keyof Settings) => ({
	displayOptions: { show: { '/model': having(name).map(({ id }) => id) } },
});

/** The optional settings of a request, as entries of the options collection. */
export const requestOptions = {
	checkMaterials: {
		displayName: 'Check Materials',
		name: 'checkMaterials',
		type: 'boolean',
		default: true,
		description:
			'Whether to check the format, size and length of images, clips, sound and documents before anything is submitted. Of a file at a URL only a small part is read.',
	},
	checkPrompt: {
		displayName: CHECK_PROMPT_LABEL,
		name: 'checkPrompt',
		type: 'boolean',
		default: true,
		description:
			'Whether to refuse a prompt that looks as if an expression had failed, e.g. one with {{ }} or [object Object] in it. Turn it off to send such a prompt on purpose.',
	},
	maxBilledSeconds: {
		displayName: 'Max Billed Seconds',
		name: 'maxBilledSeconds',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 60,
		description:
			'How many seconds of video may be billed for all items of a run together, as a tool for all calls of the execution. With more, nothing is submitted.',
	},
	submitGoodItems: {
		displayName: 'Submit Good Items',
		name: 'submitGoodItems',
		type: 'boolean',
		default: true,
		description:
			'Whether to submit the items that passed the check though others did not. When off, nothing is submitted while one item is wrong.',
		displayOptions: NOT_AS_TOOL,
	},
	callbackUrl: {
		displayName: LABELS.callbackUrl,
		name: 'callbackUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/webhook/video-done',
		description: `Public https address that EvoLink calls when the task ends, e.g. the production URL of a 'Wan Video Trigger'. At most ${charactersOf('callbackUrl')}.`,
	},
	negativePrompt: {
		displayName: LABELS.negativePrompt,
		name: 'negativePrompt',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Blurry, low quality',
		description: `What should not appear in the video. EvoLink cuts it after ${charactersOf('negativePrompt')}.`,
		...onlyOf('negativePrompt'),
	},
	promptExtend: {
		displayName: LABELS.promptExtend,
		name: 'promptExtend',
		type: 'boolean',
		default: true,
		description:
			'Whether EvoLink lets a language model rewrite the prompt before it makes the video. Helps with short prompts.',
		...onlyOf('promptExtend'),
	},
	generateAudio: {
		displayName: LABELS.generateAudio,
		name: 'generateAudio',
		type: 'boolean',
		default: true,
		description:
			'Whether the video gets sound. Without this option it does; it costs the same without.',
		...onlyOf('generateAudio'),
	},
	keepOriginalSound: {
		displayName: LABELS.keepOriginalSound,
		name: 'keepOriginalSound',
		type: 'boolean',
		default: false,
		description: 'Whether the sound of the clip stays. When off, the model decides by the prompt.',
		...onlyOf('keepOriginalSound'),
	},
	seed: {
		displayName: LABELS.seed,
		name: 'seed',
		type: 'number',
		typeOptions: { minValue: seedRange.min, maxValue: seedRange.max, numberPrecision: 0 },
		default: 42,
		hint: `A whole number from ${seedText}`,
		description: `Number that stands for the choices left to chance, ${seedText}. The same request with the same seed gives similar videos. Without it each video gets a random one.`,
	},
} as const satisfies Record<string, INodeProperties>;
