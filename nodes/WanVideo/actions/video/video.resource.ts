import type { INodeProperties } from 'n8n-workflow';

import * as generate from './generate.operation';
import * as submit from './submit.operation';

export { generate, submit };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['video'] } },
		options: [
			{
				name: 'Generate',
				value: 'generate',
				action: 'Generate video',
				description: 'Submit a task, wait for it and download the video',
			},
			{
				name: 'Submit',
				value: 'submit',
				action: 'Submit video task',
				description: 'Submit a task without waiting for it',
			},
		],
		default: 'generate',
	},
	...generate.description,
	...submit.description,
];
