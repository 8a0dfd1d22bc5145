/** How to wait, as the parameters say it: for one item, and for the run as a whole. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { WaitPlan } from '../generation/outcome';
import {
	choiceSetting,
	numberSetting,
	readOptions,
	readSwitch,
	textSetting,
} from '../host/parameters';
import { isTool } from '../host/scope';
import { callOf, isWithoutExecution } from '../host/toolCalls';
import { OPTIONS } from './options';
import { download } from './outputParameters';
import { videoFileName } from './videoFileName';
import { waitOptions } from './waitOptions';

const WAIT_DEFAULTS = {
	timeoutMinutes: 30,
	toolTimeoutMinutes: 5,
	/** Common clients of MCP give up after 60 seconds. */
	mcpTimeoutMinutes: 0.75,
	concurrency: 20,
} as const;

/** Reads how one item's task is to be waited for and brought in. Throws SettingError on a value out of range. */
export function readWaitPlan(context: IExecuteFunctions, item: number): WaitPlan {
	const options = readOptions(context, OPTIONS, item);
	const minutes = numberSetting(options.timeout, {
		label: waitOptions.timeout.displayName,
		min: 0.01,
		max: 1440,
	});
	const pollSeconds = numberSetting(options.pollInterval, {
		label: waitOptions.pollInterval.displayName,
		min: 1,
		max: 300,
	});
	const name = textSetting(options.fileName, waitOptions.fileName.displayName, '');
	// An agent takes no files, whatever the parameter says.
	const wanted = !isTool(context) && readSwitch(context, download, item);
	return {
		...planOf(context, { minutes, name: wanted ? name : undefined }),
		...(pollSeconds !== undefined && { pollIntervalMs: pollSeconds * 1000 }),
		timeoutFails: !isTool(context) && failsOnTimeout(options),
	};
}

/** The same where nothing is set. */
export function plainWaitPlan(context: IExecuteFunctions): WaitPlan {
	return planOf(context, { name: isTool(context) ? undefined : '' });
}

/** Without a `name` nothing is downloaded; an empty one is made up. */
function planOf(
	context: IExecuteFunctions,
	{
		minutes = defaultMinutes(context),
		name,
	}: { minutes?: number | undefined; name: string | undefined },
): WaitPlan {
	const tool = isTool(context);
	return {
		timeoutMs: minutes * 60_000,
		...(tool && { since: callOf(context).since }),
		timeoutFails: !tool,
		...(name !== undefined && { fileName: (taskId: string) => videoFileName(name, taskId) }),
	};
}

function failsOnTimeout(options: Readonly<Record<string, unknown>>): boolean {
	if (!('onTimeout' in options)) return true;
	const { displayName } = waitOptions.onTimeout;
	return choiceSetting(options.onTimeout, displayName, ['fail', 'return']) === 'fail';
}

/** How long the call of a tool may take from its beginning, in milliseconds, where it waits for no video. */
export function toolPatienceMs(context: IExecuteFunctions): number {
	return defaultMinutes(context) * 60_000;
}

/** A tool is short of time: who asked is waiting for an answer, and the task can be asked for later. */
function defaultMinutes(context: IExecuteFunctions): number {
	if (isWithoutExecution(context)) return WAIT_DEFAULTS.mcpTimeoutMinutes;
	return isTool(context) ? WAIT_DEFAULTS.toolTimeoutMinutes : WAIT_DEFAULTS.timeoutMinutes;
}

/** How many tasks may be under way at once. It concerns the run as a whole, so the first item decides. */
export function readConcurrency(context: IExecuteFunctions): number {
	const { concurrency } = readOptions(context, OPTIONS, 0);
	const lanes = numberSetting(concurrency, {
		label: waitOptions.concurrency.displayName,
		min: 1,
		max: 100,
		fallback: WAIT_DEFAULTS.concurrency,
	});
	return Math.floor(lanes ?? WAIT_DEFAULTS.concurrency);
}

/** Whether the execution is to pause. It concerns the run as a whole, so the first item decides. */
export function readPause(context: IExecuteFunctions): boolean {
	const options = readOptions(context, OPTIONS, 0);
	if (!('whileWaiting' in options) || isTool(context)) return false;
	const { displayName } = waitOptions.whileWaiting;
	return choiceSetting(options.whileWaiting, displayName, ['keepRunning', 'pause']) === 'pause';
}
