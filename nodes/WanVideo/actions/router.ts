/** From resource and operation to the code that does it. Only these two are read at the first item: they cannot differ within a run. */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';

import { isTold } from '../host/errors';
import { faultError, faultRows, FollowFault } from '../host/faults';
import { inheritAll } from '../host/lostTasks';
import { bringUpToDate } from '../host/newestJournal';
import { readParameter, SettingError } from '../host/parameters';
import { goesOnOnFail, isTool } from '../host/scope';
import * as account from './account/account.resource';
import * as file from './file/file.resource';
import * as task from './task/task.resource';
import { answerAgent, noteHandedOver } from './tool';
import * as video from './video/video.resource';

type Execute = (
	context: IExecuteFunctions,
	properties: INodeProperties[],
) => Promise<INodeExecutionData[]>;

const OPERATIONS: Readonly<Record<string, Execute>> = {
	'account:getCredits': account.getCredits.execute,
	'file:getQuota': file.getQuota.execute,
	'file:upload': file.upload.execute,
	'task:get': task.get.execute,
	'task:wait': task.wait.execute,
	'video:check': video.check.execute,
	'video:generate': video.generate.execute,
	'video:join': video.join.execute,
	'video:submit': video.submit.execute,
};

/** Runs the chosen operation for all items. `properties` are those of the node's description. */
export async function route(
	context: IExecuteFunctions,
	properties: INodeProperties[],
): Promise<INodeExecutionData[][]> {
	const work = async () => await execute(context, properties);
	if (!isTool(context)) {
		try {
			const rows = await withoutFaults(context, properties, work);
			noteHandedOver(context, rows);
			return [rows];
		} finally {
			// n8n stores the data as they are here, also those of a copy that it woke after another.
			bringUpToDate(context);
		}
	}
	const settled = async () => await withSettingsInWords(context, work);
	return [await answerAgent(context, chosenOrNone(context), settled)];
}

/** Throws NodeOperationError for an operation that this version does not have. */
async function execute(
	context: IExecuteFunctions,
	properties: INodeProperties[],
): Promise<INodeExecutionData[]> {
	const key = chosen(context);
	if (!Object.hasOwn(OPERATIONS, key)) {
		const [resource, operation] = key.split(':');
		throw new NodeOperationError(
			context.getNode(),
			`The operation '${operation}' of the resource '${resource}' does not exist`,
			{ description: 'Choose an operation from the list, or update the package.' },
		);
	}
	return await OPERATIONS[key](context, properties);
}

function chosen(context: IExecuteFunctions): string {
	const resource = readParameter(context, { name: 'resource', displayName: 'Resource' }, 0);
	const operation = readParameter(context, { name: 'operation', displayName: 'Operation' }, 0);
	const word = (value: unknown, fallback: string) =>
		typeof value === 'string' ? value : value === null || value === undefined ? fallback : '?';
	return `${word(resource, 'video')}:${word(operation, 'generate')}`;
}

/** One that cannot be read is told by `execute`, which reads it again. */
function chosenOrNone(context: IExecuteFunctions): string {
	try {
		return chosen(context);
	} catch {
		return '';
	}
}

/** Which may have been paid for in a run that n8n lost; unreadable, it may be one of them. */
const MAKES_VIDEOS: ReadonlySet<string> = new Set(['video:generate', 'video:submit', '']);

type Work = () => Promise<INodeExecutionData[]>;

/** What ends the run as a whole is thrown in words; under Continue On Fail it is a row for every item, as n8n would take the input for the result. */
async function withoutFaults(
	context: IExecuteFunctions,
	properties: INodeProperties[],
	work: Work,
): Promise<INodeExecutionData[]> {
	try {
		return await work();
	} catch (error) {
		if (!isTold(error) && MAKES_VIDEOS.has(chosenOrNone(context)))
			await inheritAll(context, properties);
		const isStopped = context.getExecutionCancelSignal()?.aborted === true;
		if (goesOnOnFail(context) && !isStopped) return faultRows(context, error);
		throw isTold(error) ? error : faultError(context, error);
	}
}

/** For an agent, whose answers are made of errors: a setting as such, and everything else as it is. */
async function withSettingsInWords(
	context: IExecuteFunctions,
	work: Work,
): Promise<INodeExecutionData[]> {
	try {
		return await work();
	} catch (error) {
		const isPlain = error instanceof SettingError || error instanceof FollowFault;
		throw isPlain ? faultError(context, error) : error;
	}
}
