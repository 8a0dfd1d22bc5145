// Starts a workflow from outside, by the production webhook or the form that it begins with.
import type { ExecutionRow, Session, StoredWorkflow } from './rest';
import { until } from './until';

/** Does `call`, which starts the workflow, and gives the execution that was not there before. */
export async function startedBy(
	session: Session,
	{ id: workflowId }: StoredWorkflow,
	call: () => Promise<void>,
): Promise<ExecutionRow> {
	const known = new Set((await session.executions(workflowId)).map(({ id }) => id));
	await call();
	return await until('the execution', async () =>
		(await session.executions(workflowId)).find(({ id }) => !known.has(id)),
	);
}

/** Calls the webhook at a server; gives the id of the execution that it started. */
export async function fire(
	session: Session,
	serverUrl: string,
	workflow: StoredWorkflow,
	body: object,
): Promise<string> {
	const url = `${serverUrl}/webhook/${String(workflow.nodes[0].parameters.path)}`;
	const { id } = await startedBy(session, workflow, async () => {
		const { status, text } = await until('the webhook', async () => {
			const answer = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			});
			const said = { status: answer.status, text: await answer.text() };
			// 404 until the webhook is registered; anything else is not tried twice, it may have started an execution.
			return said.status === 404 ? undefined : said;
		});
		if (status !== 200) throw new Error(`The webhook answered ${status}: ${text}`);
	});
	return id;
}
