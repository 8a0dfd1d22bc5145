/** Video: Join. One video from the clips of many items, without loss, inside n8n, free of charge. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { neededField } from '../needed';
import { optionsCollection } from '../optionsCollection';
import { outputField } from '../outputParameters';
import { joinFilms } from './joinFilms';
import { JOIN_LABELS } from './readFilms';

const source: INodeProperties[] = [
	{
		displayName:
			'Makes one video from the clips of all items, in their order. The clips must be alike: MP4 of one size, made with the same settings. Nothing is encoded anew and nothing is charged.',
		name: 'joinNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: JOIN_LABELS.clipsSource,
		name: 'clipsSource',
		type: 'options',
		options: [
			{ name: 'Binary File', value: 'binary', description: 'A file of each item' },
			{ name: 'URL', value: 'url', description: 'An address that n8n can open without a login' },
		],
		default: 'binary',
		description: 'Where the clips come from: each item gives one',
	},
];

const output: INodeProperties[] = [
	outputField,
	optionsCollection([
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. film.mp4',
			description:
				'Name of the video file. Where items give different names, that of the first one counts.',
		},
		{
			displayName: JOIN_LABELS.groupBy,
			name: 'groupBy',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.film }}',
			description:
				'Items that give the same value become one video, so that one run makes the videos of a whole table',
		},
	]),
];

const JOIN = { resource: 'video', operation: 'join' };
const own = (parameters: INodeProperties[]) =>
	updateDisplayOptions(
		{ show: { resource: [JOIN.resource], operation: [JOIN.operation] } },
		parameters,
	);

export const description: INodeProperties[] = [
	...own(source),
	...neededField(
		{
			displayName: JOIN_LABELS.clipsBinaryField,
			name: 'clipsBinaryField',
			type: 'string',
			default: 'data',
			placeholder: 'e.g. data',
			hint: 'The name of the input field containing the clip',
			description: 'Name of the field of each item that holds its clip, an MP4',
		},
		{ ...JOIN, choice: 'clipsSource', value: 'binary', other: 'url' },
	),
	...neededField(
		{
			displayName: JOIN_LABELS.clipsUrl,
			name: 'clipsUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/clip.mp4',
			description: "Address of each item's clip, an MP4",
		},
		{ ...JOIN, choice: 'clipsSource', value: 'url', other: 'binary' },
	),
	...own(output),
];

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await joinFilms(context);
}
