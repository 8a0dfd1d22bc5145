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
				description: 'See how many files the file storage holds and takes',
			},
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload file',
				description: 'Give a file an address that EvoLink can open, for 72 hours',
			},
		],
		default: 'upload',
	},
	...getQuota.description,
	...upload.description,
];
