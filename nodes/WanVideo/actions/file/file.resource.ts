import type { INodeProperties } from 'n8n-workflow';

import * as getQuota from './getQuota.operation';
import * as upload from './upload.operation';

export { getQuota, upload };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['file'] } },
		options: [
			{
				name: 'Get Quota',
				value: 'getQuota',
				action: 'Get file quota',
				description: 'See how many files you have stored at EvoLink and how many more fit',
			},
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload file',
				description: 'Upload a file to EvoLink, which keeps it for 72 hours, and get its address',
			},
		],
		default: 'upload',
	},
	...getQuota.description,
	...upload.description,
];
