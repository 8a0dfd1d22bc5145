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
import { parameters } from './actions/trigger/parameters';
import { receive } from './actions/trigger/receive';

export class WanVideoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Wan Video Trigger',
		name: 'wanVideoTrigger',
		icon: { light: 'file:../../icons/wan.svg', dark: 'file:../../icons/wan.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "On: " + [].concat($parameter["events"]).join(", ") }}',
		description: 'Starts the workflow when a video task has ended at EvoLink',
		eventTriggerDescription: 'Waiting for EvoLink to report that a task has ended',
		activationMessage:
			"The workflow now starts when a task ends that was submitted with this trigger's production URL as its Callback URL.",
		triggerPanel: {
			header: 'Start when a video is ready',
			executionsHelp: {
				inactive:
					"<b>While building</b>, click 'Listen for test event', put the test URL into the option 'Callback URL' of 'Video: Submit' and submit a task.<br /><br /><b>When the workflow is ready</b>, activate it and use the production URL instead. EvoLink calls it when a task completes, fails or is cancelled.",
				active:
					"<b>While building</b>, click 'Listen for test event', put the test URL into the option 'Callback URL' of 'Video: Submit' and submit a task.<br /><br /><b>The workflow is active</b>: it starts when a task ends whose 'Callback URL' is the production URL. Those executions are in the executions list.",
			},
			activationHint:
				"Activate the workflow, so that the production URL answers when EvoLink calls it. It goes into the option 'Callback URL' of 'Video: Submit' or 'Video: Generate'.",
		},
		defaults: { name: 'Wan Video Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'evoLinkApi', required: true }],
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
