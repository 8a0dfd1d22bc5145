/** The options for waiting, shared by every operation that waits for tasks; readWait.ts reads them. */
import type { INodeProperties } from 'n8n-workflow';

import { NOT_AS_TOOL } from './notAsTool';

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
			'How long to wait before asking EvoLink again whether a task is ready. Without this option, 3 to 15 seconds: more often when the task is nearly done. Earlier tasks of the same length tell when that is.',
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
			"How long to wait for a task. Without this option 30 minutes; as a tool of an 'AI Agent' 5 minutes, of an 'MCP Server Trigger' and in Agents 45 seconds.",
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
			'What the execution does until the video is ready. Where a webhook responds when the last node finishes, the node keeps running, as its caller would get an error at the first pause.',
		displayOptions: NOT_AS_TOOL,
	},
} as const satisfies Record<string, INodeProperties>;
