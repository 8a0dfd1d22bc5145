import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
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
import { NOT_AS_TOOL } from './actions/notAsTool';
import { testEvoLinkCredential } from './host/credentialTest';
import { receiveWake, wakeWebhooks } from './host/wake';

const properties: INodeProperties[] = [
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
];

// Programmatic, not declarative: one operation submits, waits for minutes and streams a file.
export class WanVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Wan Video',
		name: 'wanVideo',
		icon: { light: 'file:../../icons/wan.svg', dark: 'file:../../icons/wan.dark.svg' },
		group: ['transform'],
		version: 1,
		// E.g. "generate: first frame", "generate: wan 3.0 text to video", "wait: task". What an expression gives is not known before the run.
		subtitle:
			'={{ $parameter["operation"].replace(/([A-Z])/g, " $1").toLowerCase() + ": " + ($parameter["resource"] !== "video" ? $parameter["resource"] : $parameter["operation"] === "join" ? "clips" : String($rawParameter["model"]).startsWith("=") ? "model by expression" : ($parameter["model"] ?? "wan2.7-image-to-video") !== "wan2.7-image-to-video" ? $parameter["model"].replace("wan", "wan ").replaceAll("-", " ") : String($rawParameter["generationMode"]).startsWith("=") ? "mode by expression" : $parameter["generationMode"].replace("first_last", "first_and_last").replaceAll("_", " ")) }}',
		description:
			'Turn words, images, clips and sound into video with Wan 2.7 and Wan 3.0 over EvoLink',
		defaults: { name: 'Wan Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Joining is done here and asks nobody. `hide`, as workflows are saved without what is a default.
		credentials: [
			{
				name: 'evoLinkApi',
				required: true,
				testedBy: 'testEvoLinkCredential',
				displayOptions: { hide: { operation: ['join'] } },
			},
		],
		webhooks: wakeWebhooks,
		waitingNodeTooltip:
			'Paused until the video is ready. The workflow goes on by itself, also after a restart of n8n.',
		properties,
	};

	methods = { credentialTest: { testEvoLinkCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this, properties);
	}

	/** EvoLink's callback at an execution that is paused in this node. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveWake(this);
	}
}
