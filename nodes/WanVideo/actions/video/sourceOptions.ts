/** Where a material can come from, as choices of the editor. */
import type { INodePropertyOptions } from 'n8n-workflow';

import { NOT_AS_TOOL } from '../notAsTool';

export const NONE: INodePropertyOptions = { name: 'None', value: 'none' };
export const FILE: INodePropertyOptions = {
	name: 'Binary File',
	value: 'binary',
	description:
		"A file of the item. It is uploaded to EvoLink's file storage, which keeps it for 72 hours.",
	displayOptions: NOT_AS_TOOL,
};
export const URL_SOURCE: INodePropertyOptions = {
	name: 'URL',
	value: 'url',
	description: 'A public address that EvoLink can open without a login',
};
