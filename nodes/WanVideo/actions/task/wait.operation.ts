/** Task: Wait. For tasks submitted earlier, or left over from a stop, a time-out or a crash. Never submits anything. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import type { KnownTask } from '../../generation/outcome';
import { follow } from '../../generation/run';
import { pausingOf } from '../../host/pause';
import { followPorts } from '../../host/ports';
import { rawParameter } from '../../host/parameters';
import { optionsCollection } from '../optionsCollection';
import type { RowPlan } from '../rows';
import { settle } from '../settle';
import {
	outputParameters,
	readConcurrency,
	readPause,
	readRowPlan,
	readWaitPlan,
	simplify,
	waitOptions,
} from '../waiting';
import { eachItem } from './eachItem';
import { readTaskIds, taskIdParameter } from './taskIds';

const parameters: INodeProperties[] = [
	taskIdParameter,
	...outputParameters,
	simplify,
	optionsCollection([
		waitOptions.fileName,
		waitOptions.onTimeout,
		waitOptions.pollInterval,
		waitOptions.concurrency,
		waitOptions.timeout,
		waitOptions.whileWaiting,
	]),
];

export const description = updateDisplayOptions(
	{ show: { resource: ['task'], operation: ['wait'] } },
	parameters,
);

export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const tasks: KnownTask[] = [];
	const plans: RowPlan[] = [];
	const refused = eachItem(context, (item) => {
		const wait = readWaitPlan(context, item);
		for (const taskId of readTaskIds(rawParameter(context, 'taskId', item))) {
			tasks.push({ item, taskId, wait });
			plans.push(readRowPlan(context, item));
		}
	});
	const pausing = await pausingOf(context, { isAsked: readPause(context), submits: false });
	const settings = {
		keepGoing: context.continueOnFail(),
		concurrency: readConcurrency(context),
		...(pausing.rule && { pause: pausing.rule }),
	};
	const outcomes = await follow(tasks, settings, await followPorts(context));
	return await settle(context, { outcomes, plans, refused, hints: [], pausing });
}
