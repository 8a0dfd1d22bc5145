/** Video: Submit. The item carries the task ID; waiting is left to 'Task: Wait' or to a callback. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { RESULT_LINK_HOURS } from '../../wan/model';
import { optionsCollection } from '../optionsCollection';
import { NOT_AS_TOOL, simplify } from '../waiting';
import { makeVideos } from './makeVideos';
import { materialParameters } from './materials';
import { requestOptions, settingParameters } from './settings';

const parameters: INodeProperties[] = [
	{
		displayName: `Returns the ID of the task at once, not the video. Get the video with 'Task: Wait' or 'Wan Video Trigger', within ${RESULT_LINK_HOURS} hours after it is ready.`,
		name: 'submitNotice',
		type: 'notice',
		default: '',
		displayOptions: NOT_AS_TOOL,
	},
	...materialParameters,
	...settingParameters,
	simplify,
	optionsCollection([
		requestOptions.callbackUrl,
		requestOptions.checkMaterials,
		requestOptions.promptExtend,
		requestOptions.maxBilledSeconds,
		requestOptions.negativePrompt,
		requestOptions.seed,
		requestOptions.submitGoodItems,
	]),
];

export const description = updateDisplayOptions(
	{ show: { resource: ['video'], operation: ['submit'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	// Submits go out one by one anyway, so there is nothing to do side by side.
	return await makeVideos(context, { readWait: () => undefined, concurrency: 1 });
}
