/** Video: Generate. Submit, wait, download: one item in, one item with a video out. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';

import { pausingOf } from '../../host/pause';
import { optionsCollection } from '../optionsCollection';
import { outputParameters, simplify } from '../outputParameters';
import { readConcurrency, readPause } from '../readWait';
import { waitOptions } from '../waitOptions';
import { TO_WAIT } from './itemSettings';
import { makeVideos } from './makeVideos';
import { ofOperation } from './byModel';
import { materialParameters } from './materialParameters';
import { modelParameter } from './modelParameter';
import { requestOptions, settingParameters, toolCap } from './settingParameters';

const parameters: INodeProperties[] = [
	modelParameter,
	...materialParameters,
	...settingParameters,
	toolCap,
	...outputParameters,
	simplify,
	optionsCollection([
		requestOptions.callbackUrl,
		requestOptions.checkMaterials,
		requestOptions.checkPrompt,
		requestOptions.promptExtend,
		waitOptions.fileName,
		requestOptions.generateAudio,
		requestOptions.keepOriginalSound,
		requestOptions.maxBilledSeconds,
		requestOptions.negativePrompt,
		waitOptions.onTimeout,
		waitOptions.pollInterval,
		requestOptions.seed,
		waitOptions.submitAgain,
		requestOptions.submitGoodItems,
		waitOptions.concurrency,
		waitOptions.timeout,
		waitOptions.whileWaiting,
	]),
];

export const description = ofOperation('generate', parameters);

export async function execute(
	context: IExecuteFunctions,
	properties: INodeProperties[],
): Promise<INodeExecutionData[]> {
	return await makeVideos(context, {
		properties,
		settings: TO_WAIT,
		concurrency: readConcurrency(context),
		pausing: await pausingOf(context, { isAsked: readPause(context), submits: true }),
	});
}
