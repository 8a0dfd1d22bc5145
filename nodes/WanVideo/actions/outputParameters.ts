/** The parameters for what comes out, shared by every operation that gives videos. */
import type { INodeProperties } from 'n8n-workflow';

import { RESULT_LINK_HOURS } from '../wan/resultLink';
import { NOT_AS_TOOL } from './notAsTool';

export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: NOT_AS_TOOL,
};

export const download: INodeProperties = {
	displayName: 'Download Video',
	name: 'download',
	type: 'boolean',
	default: true,
	description:
		'Whether to download the video into n8n. When off, the item carries only the link, which EvoLink keeps for 24 hours.',
	displayOptions: NOT_AS_TOOL,
};

/** Where the video goes. */
export const outputField: INodeProperties = {
	displayName: 'Output Data Field Name',
	name: 'outputBinaryField',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	description: 'Name of the output field that the video file goes to',
};

export const outputBinaryField: INodeProperties = {
	...outputField,
	displayOptions: { show: { download: [true] }, ...NOT_AS_TOOL },
};

/** Download switch and the field that the video goes to. */
export const outputParameters: INodeProperties[] = [
	download,
	{
		displayName: `The item carries only a link, which works for ${RESULT_LINK_HOURS} hours. To keep the video, download it here or later with 'Task: Wait'.`,
		name: 'linkNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { download: [false] }, ...NOT_AS_TOOL },
	},
	outputBinaryField,
];
