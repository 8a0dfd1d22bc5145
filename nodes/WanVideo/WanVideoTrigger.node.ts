import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { startWorkflow } from './actions/trigger/start';
import { parameters } from './actions/trigger/triggerParameters';
import { receive } from './actions/trigger/receive';
import { testEvoLinkCredential } from './host/credentialTest';

const WHERE_TO_ENTER_THE_URL =
	"EvoLink calls the address in the option 'Callback URL' of 'Video: Submit' or 'Video: Generate': enter the production URL there.";

export class WanVideoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Wan Video Trigger',
		name: 'wanVideoTrigger',
		icon: { light: 'file:../../icons/wan.svg', dark: 'file:../../icons/wan.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "On: " + [].concat($parameter["events"]).join(", ") }}',
		// n8n's list of nodes shows both nodes of this package as one, with this text.
		description:
			'Turn words, images, clips and sound into video with Wan 2.7 and Wan 3.0 over EvoLink, and start a workflow when a video is ready',
		eventTriggerDescription: 'Waiting for EvoLink to report that a task has ended',
		activationMessage:
			"The workflow now starts when a task ends that was submitted with this trigger's production URL as its 'Callback URL'.",
		triggerPanel: {
			header: 'Start when a video is ready',
			executionsHelp: {
				inactive:
					"<b>While building</b>, click 'Execute step', put the test URL from 'Webhook URLs' into the option 'Callback URL' of 'Video: Submit', and submit a task from another workflow.<br /><br /><b>When the workflow is ready</b>, publish it (n8n 1: activate it) and use the production URL instead. EvoLink calls it when a task completes, fails or is cancelled.",
				active:
					"<b>While building</b>, click 'Execute step', put the test URL from 'Webhook URLs' into the option 'Callback URL' of 'Video: Submit', and submit a task from another workflow.<br /><br /><b>The workflow is published</b>: it starts when a task ends whose 'Callback URL' is the production URL. Those executions are in the tab 'Executions'.",
			},
			activationHint: {
				inactive: `Publish this workflow (n8n 1: activate it), so that it answers when EvoLink calls. ${WHERE_TO_ENTER_THE_URL}`,
				active: `This workflow answers when EvoLink calls. ${WHERE_TO_ENTER_THE_URL}`,
			},
		},
		defaults: { name: 'Wan Video Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'evoLinkApi', required: true, testedBy: 'testEvoLinkCredential' }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: 'task-ended',
			},
		],
		properties: parameters,
	};

	methods = { credentialTest: { testEvoLinkCredential } };

	// There is nothing to register: EvoLink is told the address with each task.
	webhookMethods = {
		default: {
			async checkExists(): Promise<boolean> {
				return await Promise.resolve(true);
			},
			async create(): Promise<boolean> {
				return await Promise.resolve(true);
			},
			async delete(): Promise<boolean> {
				return await Promise.resolve(true);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}

	/** Runs first in the workflow that a callback starts, where n8n runs the workflow. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await startWorkflow(this)];
	}
}
