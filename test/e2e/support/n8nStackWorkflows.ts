// Workflows that a production webhook starts with one item per entry of `items`, with the node under test and a node after
// it that looks back through the pairing.
import type { Workflow } from './examples';
import { inARow, node, photoForm, type TestNode, videoNode } from './nodes';
import type { ExecutionRow } from './rest';
import { type Item, itemsOf } from './runData';

export { videoNode } from './nodes';

const webhookNode = (path: string, name = 'Webhook'): TestNode =>
	node(name, 'n8n-nodes-base.webhook', {
		typeVersion: 2,
		webhookId: path,
		parameters: { path, httpMethod: 'POST', responseMode: 'onReceived', options: {} },
	});

/**
 * Webhook -> Split (one item per entry of `items`) -> nodes under test -> After. After adds `paired`, the item's prompt, and
 * `rows`, how many items it sees in "Wan Video".
 */
export function workflowOf(path: string, ...underTest: TestNode[]): Workflow {
	const split = node('Split', 'n8n-nodes-base.splitOut', {
		parameters: { fieldToSplitOut: 'body.items', options: {} },
	});
	const field = (name: string, type: string, value: string) => ({ id: name, name, type, value });
	const after = node('After', 'n8n-nodes-base.set', {
		typeVersion: 3.4,
		parameters: {
			assignments: {
				assignments: [
					field('paired', 'string', '={{ $("Split").item.json.prompt }}'),
					field('rows', 'number', '={{ $("Wan Video").all().length }}'),
				],
			},
			includeOtherFields: true,
			options: { stripBinary: false },
		},
	});
	return inARow(path, [webhookNode(path), split, ...underTest, after]);
}

/** As `workflowOf`, in two steps: Video: Submit, then Task: Wait ("Wan Video") with these options. */
export const submitAndWait = (path: string, options: Record<string, unknown>): Workflow =>
	workflowOf(
		path,
		videoNode({ operation: 'submit' }, { name: 'Submit' }),
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
	const others = workflow.nodes.filter((one) => one !== start);
	return { ...workflow, nodes: [webhookNode(path, start.name), ...others] };
}

/** Form with a photo -> video. */
export const videoOfForm = (path: string): Workflow =>
	inARow(path, [
		photoForm(path),
		videoNode({
			firstFrameSource: 'binary',
			firstFrameBinaryField: 'Photo',
			prompt: 'From a form',
		}),
	]);

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
