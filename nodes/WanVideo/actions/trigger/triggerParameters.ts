/** The trigger's own parameters: which ends start the workflow, and what comes along. */
import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../optionsCollection';
import { outputBinaryField, simplify } from '../outputParameters';
import { waitOptions } from '../waitOptions';

export const download: INodeProperties = {
	displayName: 'Download Video',
	name: 'download',
	type: 'boolean',
	default: false,
	hint: 'When off, the item carries only a link, which works for 24 hours',
	description:
		"Whether to download the video when the workflow starts. When off, 'Task: Wait' can download it later in the workflow.",
};

export const parameters: INodeProperties[] = [
	{
		displayName:
			"Copy the production URL from 'Webhook URLs' above into the option 'Callback URL' of 'Video: Submit' or 'Video: Generate', and publish this workflow (n8n 1: activate it). EvoLink accepts only public https addresses.",
		name: 'callbackNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			{
				name: 'Cancelled',
				value: 'cancelled',
				action: 'On cancelled video task',
				description: 'The task was cancelled at EvoLink',
			},
			{
				name: 'Completed',
				value: 'completed',
				action: 'On completed video',
				description: 'The video is ready',
			},
			{
				name: 'Failed',
				value: 'failed',
				action: 'On failed video task',
				description: 'EvoLink could not make the video. Nothing is charged.',
			},
		],
		default: ['completed'],
		description: 'How a task has to end to start the workflow',
	},
	download,
	outputBinaryField,
	simplify,
	{
		...optionsCollection([waitOptions.fileName]),
		// The file name is its only entry so far.
		displayOptions: { show: { download: [true] } },
	},
];
