/** Video: Submit. The item carries the task ID; waiting is left to 'Task: Wait' or to a callback. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

import { SUBMITS_AT_ONCE } from '../../generation/window';
import { RESULT_LINK_HOURS } from '../../wan/resultLink';
import { optionsCollection } from '../optionsCollection';
import { NOT_AS_TOOL } from '../notAsTool';
import { simplify } from '../outputParameters';
import { TO_SUBMIT } from './itemSettings';
import { makeVideos } from './makeVideos';
import { ofOperation } from './byModel';
import { materialParameters } from './materialParameters';
import { modelParameter } from './modelParameter';
import { requestOptions, settingParameters, toolCap } from './settingParameters';

const parameters: INodeProperties[] = [
	modelParameter,
	{
		displayName: `Returns the ID of the task at once, not the video. Get the video with 'Task: Wait' or 'Wan Video Trigger', within ${RESULT_LINK_HOURS} hours after it is ready.`,
		name: 'submitNotice',
		type: 'notice',
		default: '',
		displayOptions: NOT_AS_TOOL,
	},
	...materialParameters,
	...settingParameters,
	toolCap,
	simplify,
	optionsCollection([
		requestOptions.callbackUrl,
		requestOptions.checkMaterials,
		requestOptions.checkPrompt,
		requestOptions.promptExtend,
		requestOptions.generateAudio,
		requestOptions.keepOriginalSound,
		requestOptions.maxBilledSeconds,
		requestOptions.negativePrompt,
		requestOptions.seed,
		requestOptions.submitGoodItems,
	]),
];

export const description = ofOperation('submit', parameters);

export async function execute(
	context: IExecuteFunctions,
	properties: INodeProperties[],
): Promise<INodeExecutionData[]> {
	return await makeVideos(context, {
		properties,
		settings: TO_SUBMIT,
		concurrency: SUBMITS_AT_ONCE,
	});
}
