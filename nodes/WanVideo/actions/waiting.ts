/** The parameters for waiting and for what comes out, shared by every operation that waits for tasks. */
import type { IDisplayOptions, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { WaitPlan } from '../generation/outcome';
import { RESULT_LINK_HOURS } from '../wan/model';
import {
	booleanSetting,
	numberSetting,
	optionsOf,
	rawParameter,
	textSetting,
} from '../host/parameters';
import { isTool } from '../host/scope';
import { isMcpCall } from '../host/toolCalls';
import type { RowPlan } from './rows';

export const DEFAULTS = {
	timeoutMinutes: 30,
	toolTimeoutMinutes: 5,
	/** Common clients of MCP give up after 60 seconds. */
	mcpTimeoutMinutes: 0.75,
	concurrency: 20,
	outputBinaryField: 'data',
} as const;

/** An agent gets no files, is shown short rows, and waits in one way only. */
export const NOT_AS_TOOL: IDisplayOptions = { hide: { '@tool': [true] } };

export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: NOT_AS_TOOL,
};

/** Download switch and the field that the video goes to. */
export const outputParameters: INodeProperties[] = [
	{
		displayName: 'Download',
		name: 'download',
		type: 'boolean',
		default: true,
		description:
			'Whether to download the video into n8n. When off, the item carries only the link, which EvoLink keeps for 24 hours.',
		displayOptions: NOT_AS_TOOL,
	},
	{
		displayName: `The item carries only a link, which works for ${RESULT_LINK_HOURS} hours. To keep the video, download it here or later with 'Task: Wait'.`,
		name: 'linkNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { download: [false] }, ...NOT_AS_TOOL },
	},
	{
		displayName: 'Output Data Field Name',
		name: 'outputBinaryField',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		description: 'Name of the output field that the video file goes to',
		displayOptions: { show: { download: [true] }, ...NOT_AS_TOOL },
	},
];

/** How to wait and to name the file, as entries of the options collection. */
export const waitOptions = {
	concurrency: {
		displayName: 'Tasks at Once',
		name: 'concurrency',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
		default: 20,
		description:
			'How many tasks may be under way at the same time. When one has ended, the next item is submitted.',
		displayOptions: NOT_AS_TOOL,
	},
	fileName: {
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. product-42.mp4',
		description: 'Name of the video file. Without it the name is made from the task ID.',
		displayOptions: { show: { '/download': [true] }, ...NOT_AS_TOOL },
	},
	onTimeout: {
		displayName: 'On Timeout',
		name: 'onTimeout',
		type: 'options',
		options: [
			{ name: 'Fail', value: 'fail', description: 'Stop with a message that names the task' },
			{
				name: 'Return',
				value: 'return',
				description: "Return an item with the task ID and its state, for 'Task: Wait'",
			},
		],
		default: 'fail',
		description:
			'What to do when a task does not end in time. The task goes on at EvoLink either way.',
		displayOptions: NOT_AS_TOOL,
	},
	pollInterval: {
		displayName: 'Poll Interval',
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 300 },
		default: 10,
		hint: 'In seconds',
		description:
			'How long to wait before asking EvoLink again whether a task is ready. Without this option, 3 to 15 seconds: more often when the task is nearly done.',
		displayOptions: NOT_AS_TOOL,
	},
	submitAgain: {
		displayName: 'Submit Again on Failure',
		name: 'submitAgain',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 3, numberPrecision: 0 },
		default: 1,
		description:
			'How many times to submit a new task when EvoLink could not make the video, through no fault of the request. The failed task is not charged.',
	},
	timeout: {
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 0.1, maxValue: 1440 },
		default: 30,
		hint: 'In minutes',
		description:
			"How long to wait for a task. Without this option 30 minutes; as a tool of an 'AI Agent' 5 minutes, of an 'MCP Server Trigger' 45 seconds.",
	},
	whileWaiting: {
		displayName: 'While Waiting',
		name: 'whileWaiting',
		type: 'options',
		options: [
			{
				name: 'Keep Running',
				value: 'keepRunning',
				description: 'Wait in memory. The video comes as soon as it is ready.',
			},
			{
				name: 'Pause',
				value: 'pause',
				description:
					"Let the execution sleep in n8n's database. It uses no memory and survives a restart. The video may come up to 90 seconds later.",
			},
		],
		default: 'keepRunning',
		description:
			"What the execution does until the video is ready. With 'Pause', a webhook that is set to respond when the last node finishes responds at the first pause.",
		displayOptions: NOT_AS_TOOL,
	},
} as const satisfies Record<string, INodeProperties>;

/** Reads how one item's task is to be waited for and brought in. Throws SettingError on a value out of range. */
export function readWaitPlan(context: IExecuteFunctions, item: number): WaitPlan {
	const options = optionsOf(context, item);
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
	const name = textSetting(options.fileName, '');
	const tool = isTool(context);
	// An agent takes no files, whatever the parameter says.
	const download = !tool && booleanSetting(rawParameter(context, 'download', item), true);
	return {
		timeoutMs: (minutes ?? defaultMinutes(context)) * 60_000,
		timeoutFails: !tool && options.onTimeout !== 'return',
		...(pollSeconds !== undefined && { pollIntervalMs: pollSeconds * 1000 }),
		...(download && { fileName: (taskId: string) => videoFileName(name, taskId) }),
	};
}

/** A tool is short of time: who asked is waiting for an answer, and the task can be asked for later. */
function defaultMinutes(context: IExecuteFunctions): number {
	if (isMcpCall(context)) return DEFAULTS.mcpTimeoutMinutes;
	return isTool(context) ? DEFAULTS.toolTimeoutMinutes : DEFAULTS.timeoutMinutes;
}

/** Reads how one item's row is to look. */
export function readRowPlan(context: IExecuteFunctions, item: number): RowPlan {
	return {
		item,
		simplify: booleanSetting(rawParameter(context, 'simplify', item), true),
		outputBinaryField: textSetting(
			rawParameter(context, 'outputBinaryField', item),
			DEFAULTS.outputBinaryField,
		),
	};
}

/** How many tasks may be under way at once. It concerns the run as a whole, so the first item decides. */
export function readConcurrency(context: IExecuteFunctions): number {
	const { concurrency } = optionsOf(context, 0);
	const lanes = numberSetting(concurrency, {
		label: waitOptions.concurrency.displayName,
		min: 1,
		max: 100,
		fallback: DEFAULTS.concurrency,
	});
	return Math.floor(lanes ?? DEFAULTS.concurrency);
}

/** Whether the execution is to pause. It concerns the run as a whole, so the first item decides. */
export function readPause(context: IExecuteFunctions): boolean {
	return optionsOf(context, 0).whileWaiting === 'pause';
}

/** A file name without folders, always with its ending; by default the task ID tells the videos apart. */
export function videoFileName(wanted: string, taskId: string): string {
	const base = wanted
		.replace(/[/\\]+/g, '-')
		.replace(/\.mp4$/i, '')
		.trim();
	return `${base === '' ? `wan-${taskId.replace(/[^A-Za-z0-9._-]+/g, '-')}` : base}.mp4`;
}
