// Workflows that submit tasks and workflows that a task's end starts, and what the tests do with the latter.
import type { Workflow } from './examples';
import { byHand, inARow, node, videoNode } from './nodes';
import { publicUrl } from './publicAddress';
import type { ExecutionRow, Session, StoredWorkflow } from './rest';
import { until } from './until';

/** Start -> Video: Submit, one task for each item. */
export const submitWorkflow = (items: number, callbackUrl: string): Workflow =>
	byHand(
		items,
		videoNode({ operation: 'submit', options: callbackUrl === '' ? {} : { callbackUrl } }),
	);

/** Wan Video Trigger -> After. */
export const triggerWorkflow = (webhookId: string, parameters: Record<string, unknown>): Workflow =>
	inARow(webhookId, [
		node('Wan Video Trigger', 'n8n-nodes-wan-video.wanVideoTrigger', { webhookId, parameters }),
		node('After', 'n8n-nodes-base.noOp'),
	]);

export interface Trigger {
	workflow: StoredWorkflow;
	/** What a user puts into 'Callback URL'. */
	callbackUrl: string;
	/** The same address without the internet in between. */
	localUrl: string;
	/** Calls the trigger as anybody could, by default at the server it was stored at; gives the status of the answer. */
	post(body: unknown, serverUrl?: string): Promise<number>;
	/** Waits until n8n takes calls: it activates, and starts again, before it does. */
	registered(serverUrl?: string): Promise<void>;
	/** Waits until there are so many executions and all have ended, and gives them. */
	executions(count: number): Promise<ExecutionRow[]>;
}

/** Stores a workflow of triggerWorkflow(). Without `active` its address is the one for test events. */
export async function storeTrigger(
	session: Session,
	serverUrl: string,
	definition: Workflow,
	active: boolean,
): Promise<Trigger> {
	const workflow = await session.createWorkflow(definition);
	if (active) await session.activate(workflow);
	const path = `${active ? 'webhook' : 'webhook-test'}/${definition.name}/task-ended`;
	const filter = encodeURIComponent(JSON.stringify({ workflowId: workflow.id }));
	const postTo = async (base: string, body: unknown): Promise<number> => {
		const answer = await fetch(`${base}/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
		await answer.text();
		return answer.status;
	};
	return {
		workflow,
		callbackUrl: `${publicUrl}/${path}`,
		localUrl: `${serverUrl}/${path}`,
		post: async (body, at = serverUrl) => await postTo(at, body),
		registered: async (at = serverUrl) => {
			const answers = async () => ((await postTo(at, {})) === 400 ? true : undefined);
			await until('the trigger to be registered', answers);
		},
		executions: async (count) => {
			const ids = await until(
				`${count} executions`,
				async () => {
					const { results } = await session.call<{ results: ExecutionRow[] }>(
						'GET',
						`/executions?limit=100&filter=${filter}`,
					);
					// n8n asks for the running and for the ended ones one after the other: one that ends in between is in both.
					const ids = new Set(results.map(({ id }) => id));
					return ids.size >= count ? [...ids] : undefined;
				},
				{ everyMs: 100 },
			);
			return await Promise.all(ids.map(async (id) => await session.waitFor(id)));
		},
	};
}
