// The workflows of the queue mode tests: a production webhook with one item per entry of `items`, the node under test, and
// a node after it that looks back through the pairing.
import type { Workflow, WorkflowNode } from './examples';
import type { ExecutionRow } from './rest';
import { type Item, itemsOf } from './runData';

type TestNode = WorkflowNode & { id: string; typeVersion: number; position: number[] };

const webhookNode = (path: string): TestNode & { webhookId: string } => ({
	id: 'webhook',
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	position: [0, 0],
	webhookId: path,
	parameters: { path, httpMethod: 'POST', responseMode: 'onReceived', options: {} },
});

/** The node under test. */
export const videoNode = (
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): TestNode => ({
	id: 'wan',
	name: 'Wan Video',
	type: 'n8n-nodes-wan-video.wanVideo',
	typeVersion: 1,
	position: [400, 0],
	...settings,
	parameters: {
		generationMode: 'first_frame',
		firstFrameUrl: 'https://example.com/first_frame.jpg',
		prompt: '={{ $json.prompt }}',
		duration: 2,
		...parameters,
	},
});

const chain = (names: string[]) =>
	Object.fromEntries(
		names
			.slice(0, -1)
			.map((name, index) => [
				name,
				{ main: [[{ node: names[index + 1], type: 'main', index: 0 }]] },
			]),
	);

/** Webhook -> Split (one item per entry of `items`) -> nodes under test -> After (adds `paired`, the item's prompt). */
export function workflowOf(path: string, ...underTest: TestNode[]): Workflow {
	const split: TestNode = {
		id: 'split',
		name: 'Split',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		position: [200, 0],
		parameters: { fieldToSplitOut: 'body.items', options: {} },
	};
	const after: TestNode = {
		id: 'after',
		name: 'After',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		position: [600, 0],
		parameters: {
			assignments: {
				assignments: [
					{
						id: 'paired',
						name: 'paired',
						type: 'string',
						value: '={{ $("Split").item.json.prompt }}',
					},
				],
			},
			includeOtherFields: true,
			options: { stripBinary: false },
		},
	};
	const nodes: TestNode[] = [webhookNode(path), split, ...underTest, after];
	return {
		name: path,
		nodes,
		connections: chain(nodes.map(({ name }) => name)),
		settings: { executionOrder: 'v1' },
	};
}

/** As `workflowOf`, in two steps: Video: Submit, then Task: Wait ("Wan Video") with these options. */
export const submitAndWait = (path: string, options: Record<string, unknown>): Workflow =>
	workflowOf(
		path,
		videoNode({ operation: 'submit' }, { id: 'submit', name: 'Submit' }),
		videoNode({
			resource: 'task',
			operation: 'wait',
			taskId: '={{ $json.taskId }}',
			options,
		}),
	);

/** A workflow whose manual trigger is replaced by a production webhook. */
export function fromWebhook(workflow: Workflow, path: string): Workflow {
	const start = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	if (start === undefined) throw new Error(`${workflow.name} has no manual trigger`);
	const webhook = { ...webhookNode(path), name: start.name };
	return { ...workflow, nodes: [webhook, ...workflow.nodes.filter((node) => node !== start)] };
}

/** Form with a photo -> video. */
export function photoForm(path: string): Workflow {
	const form: TestNode & { webhookId: string } = {
		id: 'form',
		name: 'Form',
		type: 'n8n-nodes-base.formTrigger',
		typeVersion: 2.2,
		position: [0, 0],
		webhookId: path,
		parameters: {
			formTitle: 'Photo',
			formFields: { values: [{ fieldLabel: 'Photo', fieldType: 'file', multipleFiles: false }] },
			options: { path },
		},
	};
	const node = videoNode({
		firstFrameSource: 'binary',
		firstFrameBinaryField: 'Photo',
		prompt: 'From a form',
	});
	return {
		name: path,
		nodes: [form, node],
		connections: chain(['Form', 'Wan Video']),
		settings: { executionOrder: 'v1' },
	};
}

/** Items of a node in an execution that must have succeeded, and in which the node must have run once. */
export function itemsOfSuccess(execution: ExecutionRow, nodeName: string): Item[] {
	const { id, status, data } = execution;
	if (status !== 'success') {
		const { message = 'no error' } = data.resultData.error ?? {};
		throw new Error(`Execution ${id} is ${status}: ${message}`);
	}
	const runs = data.resultData.runData[nodeName]?.length ?? 0;
	if (runs !== 1) throw new Error(`${nodeName} ran ${runs} times in execution ${id}`);
	return itemsOf(execution, nodeName);
}
