/** Task: Wait. For tasks submitted earlier, or left over from a stop, a time-out or a crash. Never submits anything. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';

import type { KnownTask } from '../../generation/outcome';
import { follow } from '../../generation/run';
import { isTold } from '../../host/errors';
import { FollowFault } from '../../host/faults';
import { pausingOf } from '../../host/pause';
import { followPorts } from '../../host/makePorts';
import { readParameter } from '../../host/parameters';
import { type ItemText, linesOf } from '../itemTexts';
import { optionHints } from '../optionHints';
import { optionsCollection } from '../optionsCollection';
import { outputParameters, simplify } from '../outputParameters';
import { readConcurrency, readPause, readWaitPlan } from '../readWait';
import { readRowPlan, type RowPlan } from '../rowPlan';
import { settle } from '../settle';
import { waitOptions } from '../waitOptions';
import { eachItem } from './eachItem';
import { readTaskIds, readTaskIdsOfModel, taskIdParameter } from './taskIds';
import { goesOnOnFail, isTool } from '../../host/scope';

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
	const hints: ItemText[] = [];
	const readIds = isTool(context) ? readTaskIdsOfModel : readTaskIds;
	const refused = eachItem(context, (item) => {
		const wait = readWaitPlan(context, item);
		const plan = readRowPlan(context, item);
		hints.push(...optionHints(context, item).map((text) => ({ item, text })));
		for (const taskId of readIds(readParameter(context, taskIdParameter, item))) {
			tasks.push({ item, taskId, wait });
			plans.push(plan);
		}
	});
	try {
		const pausing = await pausingOf(context, { isAsked: readPause(context), submits: false });
		const inMemory = {
			keepGoing: goesOnOnFail(context),
			concurrency: readConcurrency(context),
		};
		const settings = { ...inMemory, ...(pausing.rule && { pause: pausing.rule }) };
		const ports = await followPorts(context);
		const outcomes = await follow(tasks, settings, ports);
		const goOn = async () => await follow(tasks, inMemory, ports);
		return await settle(context, {
			outcomes,
			plans,
			refused,
			hints: textsOf(context, hints),
			pausing,
			goOn,
		});
	} catch (error) {
		throw isTold(error) ? error : new FollowFault(error, idsByItem(tasks));
	}
}

function textsOf(context: IExecuteFunctions, hints: readonly ItemText[]): string[] {
	const isAlone = context.getInputData().length === 1;
	return isAlone ? hints.map(({ text }) => text) : linesOf(hints);
}

function idsByItem(tasks: readonly KnownTask[]): Map<number, string[]> {
	const ids = new Map<number, string[]>();
	for (const { item, taskId } of tasks) ids.set(item, [...(ids.get(item) ?? []), taskId]);
	return ids;
}
