import type { INodeProperties } from 'n8n-workflow';

import * as check from './check.operation';
import * as generate from './generate.operation';
import * as submit from './submit.operation';

export { check, generate, submit };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['video'] } },
		options: [
			{
				name: 'Check',
				value: 'check',
				action: 'Check video request',
				description: 'See problems, billed seconds and the request without submitting it',
			},
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
	...check.description,
	...generate.description,
	...submit.description,
];
