// Workflows that submit tasks and workflows that a task's end starts, and what the tests do with the latter.
import type { Workflow } from './examples';
import { publicUrl } from './publicAddress';
import type { ExecutionRow, Session, StoredWorkflow } from './rest';
import { until } from './until';

type Node = Workflow['nodes'][number] & Record<string, unknown>;

const node = (name: string, type: string, more: Partial<Node>): Node => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

/** Start -> Video: Submit, one task for each item. */
export function submitWorkflow(items: number, callbackUrl: string): Workflow {
	const workflow = {
		name: 'Submit',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			node('Wan Video', 'n8n-nodes-wan-video.wanVideo', {
				parameters: {
					operation: 'submit',
					firstFrameUrl: 'https://example.com/first_frame.jpg',
					prompt: '={{ "item " + $json.number }}',
					duration: 2,
					options: callbackUrl === '' ? {} : { callbackUrl },
				},
			}),
		],
		connections: { Start: { main: [[{ node: 'Wan Video', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
		pinData: { Start: Array.from({ length: items }, (_, number) => ({ json: { number } })) },
	};
	return workflow;
}

/** Wan Video Trigger -> After. */
export function triggerWorkflow(webhookId: string, parameters: Record<string, unknown>): Workflow {
	return {
		name: webhookId,
		nodes: [
			node('Wan Video Trigger', 'n8n-nodes-wan-video.wanVideoTrigger', { webhookId, parameters }),
			node('After', 'n8n-nodes-base.noOp', {}),
		],
		connections: { 'Wan Video Trigger': { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

export interface Trigger {
	workflow: StoredWorkflow;
	/** What a user puts into 'Callback URL'. */
	callbackUrl: string;
	/** The same address without the internet in between. */
	localUrl: string;
	/** Calls the trigger as anybody could; gives the status of the answer. */
	post(body: unknown): Promise<number>;
	/** Waits until there are so many executions and all have ended, and gives them. */
	executions(count: number): Promise<ExecutionRow[]>;
}

/** Stores a workflow of triggerWorkflow(). Without `active` its address is the one for test events. */
export async function storeTrigger(
	session: Session,
	serverUrl: string,
	webhookId: string,
	definition: Workflow,
	active: boolean,
): Promise<Trigger> {
	const workflow = await session.createWorkflow(definition);
	if (active) await session.activate(workflow);
	const path = `${active ? 'webhook' : 'webhook-test'}/${webhookId}/task-ended`;
	const filter = encodeURIComponent(JSON.stringify({ workflowId: workflow.id }));
	return {
		workflow,
		callbackUrl: `${publicUrl}/${path}`,
		localUrl: `${serverUrl}/${path}`,
		post: async (body) => {
			const answer = await fetch(`${serverUrl}/${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: typeof body === 'string' ? body : JSON.stringify(body),
			});
			await answer.text();
			return answer.status;
		},
		executions: async (count) => {
			const rows = await until(
				`${count} executions`,
				async () => {
					const { results } = await session.call<{ results: ExecutionRow[] }>(
						'GET',
						`/executions?limit=100&filter=${filter}`,
					);
					return results.length >= count ? results : undefined;
				},
				{ everyMs: 100 },
			);
			return await Promise.all(rows.map(async ({ id }) => await session.waitFor(id)));
		},
	};
}
