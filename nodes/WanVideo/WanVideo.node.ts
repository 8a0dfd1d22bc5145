import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
} from 'n8n-workflow';

import * as account from './actions/account/account.resource';
import * as file from './actions/file/file.resource';
import { route } from './actions/router';
import * as task from './actions/task/task.resource';
import { toolDescriptions } from './actions/toolDescriptions';
import * as video from './actions/video/video.resource';
import { NOT_AS_TOOL } from './actions/waiting';
import { receiveWake, wakeWebhooks } from './host/wake';

// Programmatic, not declarative: one operation submits, waits for minutes and streams a file.
export class WanVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Wan Video',
		name: 'wanVideo',
		icon: { light: 'file:../../icons/wan.svg', dark: 'file:../../icons/wan.dark.svg' },
		group: ['transform'],
		version: 1,
		// E.g. "generate: first frame", "wait: task". A mode that an expression gives is not known before the run.
		subtitle:
			'={{ $parameter["operation"].replace(/([A-Z])/g, " $1").toLowerCase() + ": " + ($parameter["resource"] !== "video" ? $parameter["resource"] : String($rawParameter["generationMode"]).startsWith("=") ? "mode by expression" : $parameter["generationMode"].replace("first_last", "first_and_last").replaceAll("_", " ")) }}',
		description: 'Turn images, clips and sound into video with Wan 2.7 over EvoLink',
		defaults: { name: 'Wan Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'evoLinkApi', required: true }],
		webhooks: wakeWebhooks,
		waitingNodeTooltip:
			'Paused until the video is ready. The workflow goes on by itself, also after a restart of n8n.',
		properties: [
			...toolDescriptions,
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					// A model has no files to give.
					{ name: 'File', value: 'file', displayOptions: NOT_AS_TOOL },
					{ name: 'Task', value: 'task' },
					{ name: 'Video', value: 'video' },
				],
				default: 'video',
			},
			...video.description,
			...task.description,
			...file.description,
			...account.description,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this);
	}

	/** EvoLink's callback at an execution that is paused in this node. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveWake(this);
	}
}
