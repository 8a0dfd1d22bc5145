/** Video: Generate. Submit, wait, download: one item in, one item with a video out. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { pausingOf } from '../../host/pause';
import { optionsCollection } from '../optionsCollection';
import {
	outputParameters,
	readConcurrency,
	readPause,
	readWaitPlan,
	simplify,
	waitOptions,
} from '../waiting';
import { makeVideos } from './makeVideos';
import { materialParameters } from './materials';
import { requestOptions, settingParameters } from './settings';

const parameters: INodeProperties[] = [
	...materialParameters,
	...settingParameters,
	...outputParameters,
	simplify,
	optionsCollection([
		requestOptions.callbackUrl,
		requestOptions.checkMaterials,
		requestOptions.promptExtend,
		waitOptions.fileName,
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

export const description = updateDisplayOptions(
	{ show: { resource: ['video'], operation: ['generate'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await makeVideos(context, {
		readWait: (item) => readWaitPlan(context, item),
		concurrency: readConcurrency(context),
		pausing: await pausingOf(context, { isAsked: readPause(context), submits: true }),
	});
}
