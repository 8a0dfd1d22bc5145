/** Video: Generate. Submit, wait, download: one item in, one item with a video out. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import { run } from '../../generation/run';
import { pausingOf } from '../../host/pause';
import { generationPorts } from '../../host/ports';
import { scopeOf } from '../../host/scope';
import { joined } from '../../host/toolCalls';
import { optionsCollection } from '../optionsCollection';
import { settle } from '../settle';
import {
	outputParameters,
	readConcurrency,
	readPause,
	readWaitPlan,
	simplify,
	waitOptions,
} from '../waiting';
import { materialParameters } from './materials';
import { checkAndPrepare } from './requests';
import { requestOptions, settingParameters } from './settings';

const parameters: INodeProperties[] = [
	...materialParameters,
	...settingParameters,
	...outputParameters,
	simplify,
	optionsCollection([
		requestOptions.callbackUrl,
		requestOptions.checkMaterials,
		waitOptions.concurrency,
		requestOptions.promptExtend,
		waitOptions.fileName,
		requestOptions.maxBilledSeconds,
		requestOptions.negativePrompt,
		waitOptions.onTimeout,
		waitOptions.pollInterval,
		requestOptions.seed,
		waitOptions.submitAgain,
		requestOptions.submitGoodItems,
		waitOptions.timeout,
		waitOptions.whileWaiting,
	]),
];

export const description = updateDisplayOptions(
	{ show: { resource: ['video'], operation: ['generate'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const scope = scopeOf(context);
	const pausing = await pausingOf(context, { isAsked: readPause(context), submits: true });
	const readWait = (item: number) => readWaitPlan(context, item);
	const prepared = await checkAndPrepare(context, scope, readWait, pausing);
	const settings = {
		executionId: scope.executionId,
		keepGoing: context.continueOnFail(),
		concurrency: readConcurrency(context),
		...(pausing.rule && { pause: pausing.rule }),
	};
	const ports = await generationPorts(context, scope);
	const { requests } = prepared;
	const outcomes = await joined(
		context,
		requests,
		async () => await run(requests, settings, ports),
	);
	return await settle(context, { ...prepared, outcomes, pausing });
}
