/** From resource and operation to the code that does it. Only these two are read at the first item: they cannot differ within a run. */
import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import { settingComplaint } from '../host/errors';
import { SettingError } from '../host/parameters';
import { isTool } from '../host/scope';
import * as account from './account/account.resource';
import * as file from './file/file.resource';
import * as task from './task/task.resource';
import { answerAgent } from './tool';
import * as video from './video/video.resource';

type Execute = (context: IExecuteFunctions) => Promise<INodeExecutionData[]>;

const OPERATIONS: Readonly<Record<string, Execute>> = {
	'account:getCredits': account.getCredits.execute,
	'file:getQuota': file.getQuota.execute,
	'file:upload': file.upload.execute,
	'task:get': task.get.execute,
	'task:wait': task.wait.execute,
	'video:check': video.check.execute,
	'video:generate': video.generate.execute,
	'video:submit': video.submit.execute,
};

/** Runs the chosen operation for all items. Throws NodeOperationError for one that this version does not have. */
export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = context.getNodeParameter('resource', 0, 'video');
	const operation = context.getNodeParameter('operation', 0, 'generate');
	const execute = OPERATIONS[`${resource}:${operation}`];
	if (execute === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			`The operation '${operation}' of the resource '${resource}' does not exist`,
			{ description: 'Choose an operation from the list, or update the package.' },
		);
	}
	const told = tellingSettings(execute);
	if (!isTool(context)) return [await told(context)];
	return [await answerAgent(context, `${resource}:${operation}`, told)];
}

function tellingSettings(execute: Execute): Execute {
	return async (context) => {
		try {
			return await execute(context);
		} catch (error) {
			throw inWords(context, error);
		}
	};
}

/** Settings of the run as a whole are read before anything is sent; those of an item are told with the item. */
function inWords(context: IExecuteFunctions, error: unknown): Error {
	if (!(error instanceof SettingError))
		return error instanceof Error ? error : new Error(String(error));
	const { message, details } = settingComplaint(error);
	return new NodeOperationError(context.getNode(), message, { description: details });
}
