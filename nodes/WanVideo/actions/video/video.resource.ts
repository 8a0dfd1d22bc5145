import type { INodeProperties } from 'n8n-workflow';

import { NOT_AS_TOOL } from '../notAsTool';
import * as check from './check.operation';
import * as generate from './generate.operation';
import * as join from './join.operation';
import * as submit from './submit.operation';

export { check, generate, join, submit };

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
				name: 'Join',
				value: 'join',
				action: 'Join videos',
				description:
					'Make one video from the clips of many items, without loss and without a charge',
				// It makes files, which an agent cannot take.
				displayOptions: NOT_AS_TOOL,
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
	...join.description,
	...submit.description,
];
