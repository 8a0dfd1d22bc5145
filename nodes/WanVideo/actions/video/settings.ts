/** The parameters of a request besides its materials, with ranges from the table in wan/model.ts.
 * Defaults are literals, as n8n's lint asks; a test holds them to the table. */
import type { INodeProperties } from 'n8n-workflow';

import { LIMITS } from '../../wan/model';
import { LABELS } from '../../wan/request';
import { NOT_AS_TOOL } from '../waiting';

/** Prompt, length and quality: always in sight, as they decide the result and the price. */
export const settingParameters: INodeProperties[] = [
	{
		displayName: LABELS.prompt,
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. The camera moves slowly towards the lighthouse',
		description: `What should happen in the video, in English or Chinese. EvoLink cuts it after ${LIMITS.prompt.maxCharacters} characters.`,
	},
	{
		displayName:
			'The duration is the total length of the video: clip and continuation together. EvoLink bills all of it. It must not be shorter than the clip.',
		name: 'continuationNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { generationMode: ['video_continuation'] } },
	},
	{
		displayName: LABELS.durationSeconds,
		name: 'duration',
		type: 'number',
		typeOptions: {
			minValue: LIMITS.durationSeconds.min,
			maxValue: LIMITS.durationSeconds.max,
			numberPrecision: 0,
		},
		default: 5,
		hint: 'In seconds. EvoLink bills every second of the video.',
		description: `Length of the video in seconds, ${LIMITS.durationSeconds.min} to ${LIMITS.durationSeconds.max}`,
	},
	{
		displayName: LABELS.quality,
		name: 'quality',
		type: 'options',
		options: [
			{ name: '720p', value: '720p', description: 'Standard price' },
			{ name: '1080p', value: '1080p', description: 'Sharper picture, higher price' },
		],
		default: '720p',
		description: 'Resolution of the video, which decides what each second costs',
	},
];

/** The optional settings of a request, as entries of the options collection. */
export const requestOptions = {
	checkMaterials: {
		displayName: 'Check Materials',
		name: 'checkMaterials',
		type: 'boolean',
		default: true,
		description:
			'Whether to check the format, size and length of images, clips and sound before anything is submitted. Of a file at a URL only a small part is read.',
	},
	maxBilledSeconds: {
		displayName: 'Max Billed Seconds',
		name: 'maxBilledSeconds',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 60,
		description:
			'How many seconds of video may be billed for all items of a run together. With more, nothing is submitted.',
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
		description: `Public https address that EvoLink calls when the task ends, e.g. the production URL of a 'Wan Video Trigger'. At most ${LIMITS.callbackUrl.maxCharacters} characters.`,
	},
	negativePrompt: {
		displayName: LABELS.negativePrompt,
		name: 'negativePrompt',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Blurry, low quality',
		description: `What should not appear in the video. EvoLink cuts it after ${LIMITS.negativePrompt.maxCharacters} characters.`,
	},
	promptExtend: {
		displayName: LABELS.promptExtend,
		name: 'promptExtend',
		type: 'boolean',
		default: true,
		description:
			'Whether EvoLink lets a language model rewrite the prompt before it makes the video. Helps with short prompts.',
	},
	seed: {
		displayName: LABELS.seed,
		name: 'seed',
		type: 'number',
		typeOptions: { minValue: LIMITS.seed.min, maxValue: LIMITS.seed.max, numberPrecision: 0 },
		default: 42,
		hint: `A whole number from ${LIMITS.seed.min} to ${LIMITS.seed.max}`,
		description:
			'Number that stands for the choices left to chance. The same request with the same seed gives similar videos. Without this option each video gets a random one.',
	},
} as const satisfies Record<string, INodeProperties>;
