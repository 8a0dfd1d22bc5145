// n8n's internal REST API, as its editor uses it: sign in as the owner of a local n8n, store and run workflows, stop and
// retry executions, read their data, fetch binaries. The same calls work on 1.123 and on 2.41.
import type { Credential, Workflow } from './examples';
import type { Execution } from './runData';
import { until } from './until';

/** The owner of every local n8n of this project. It listens on 127.0.0.1 only, so this is no secret. */
export const localOwner = {
	email: 'demo@example.com',
	password: 'LocalDemo1',
	firstName: 'Local',
	lastName: 'Demo',
};

export interface StoredWorkflow extends Workflow {
	id: string;
	versionId: string;
}

export interface ExecutionRow extends Execution {
	id: string;
	status: string;
	waitTill?: string | null;
	retryOf?: string | null;
	retrySuccessId?: string | null;
	startedAt?: string;
	stoppedAt?: string;
}

export interface Session {
	readonly url: string;
	/** Cookie of the signed-in owner, for a browser. */
	readonly cookie: { name: string; value: string };
	/** Any call; gives `data` of the answer and throws on anything but 2xx. */
	call<T>(method: string, path: string, body?: unknown): Promise<T>;
	createCredential(credential: Omit<Credential, 'id'>): Promise<{ id: string; name: string }>;
	createWorkflow(workflow: Workflow): Promise<StoredWorkflow>;
	activate(workflow: StoredWorkflow): Promise<void>;
	/** Runs it as the editor's button does, from its first trigger node; gives the execution's id. */
	run(workflow: StoredWorkflow, triggerName?: string): Promise<string>;
	execution(id: string): Promise<ExecutionRow>;
	executions(workflowId: string): Promise<ExecutionRow[]>;
	/** Waits until an execution has one of these states (by default: any end). */
	waitFor(id: string, states?: string[], timeoutMs?: number): Promise<ExecutionRow>;
	stop(id: string): Promise<void>;
	/** The "Retry" button; gives the new execution's id. */
	retry(id: string, loadWorkflow?: boolean): Promise<string>;
	download(binaryId: string): Promise<Buffer>;
}

const endStates = ['success', 'error', 'crashed', 'canceled'];

/**
 * Killed before its event log knows that an execution has gone to sleep, n8n calls it crashed when it starts again, and then
 * finds that it is to be woken: it is waiting again a moment later. One that has crashed for good is not to be woken.
 */
const isMistaken = ({ status, waitTill }: ExecutionRow): boolean =>
	status === 'crashed' && (waitTill ?? null) !== null;

/** Signs in at a local n8n; makes the owner account when it has none yet. */
export async function openSession(url: string): Promise<Session> {
	const headers: Record<string, string> = {
		'content-type': 'application/json',
		'browser-id': 'wan-video-local',
		'push-ref': 'wan-video-local',
	};
	const send = (method: string, path: string, body?: unknown) =>
		fetch(`${url}/rest${path}`, {
			method,
			headers,
			body: body === undefined ? undefined : JSON.stringify(body),
		});
	const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
		const answer = await send(method, path, body);
		const text = await answer.text();
		if (!answer.ok)
			throw new Error(`n8n ${method} ${path}: ${answer.status} ${text.slice(0, 400)}`);
		return (text === '' ? undefined : (JSON.parse(text) as { data: T }).data) as T;
	};

	// Answers 400 when there is an owner already.
	await (await send('POST', '/owner/setup', localOwner)).text();
	const { email, password } = localOwner;
	const login = await send('POST', '/login', { emailOrLdapLoginId: email, email, password });
	const setCookie = login.headers.getSetCookie().find((line) => line.startsWith('n8n-auth='));
	if (!login.ok || setCookie === undefined) {
		throw new Error(
			`Signing in at ${url} failed: ${login.status} ${(await login.text()).slice(0, 200)}`,
		);
	}
	const value = setCookie.slice('n8n-auth='.length).split(';')[0];
	headers.cookie = `n8n-auth=${value}`;

	const execution = async (id: string): Promise<ExecutionRow> => {
		// flatted's types are those of an ES module, which this CommonJS file may only load dynamically.
		const { parse } = await import('flatted');
		const row = await call<Omit<ExecutionRow, 'data'> & { data: string }>(
			'GET',
			`/executions/${id}`,
		);
		return { ...row, data: parse(row.data) as ExecutionRow['data'] };
	};

	return {
		url,
		cookie: { name: 'n8n-auth', value },
		call,
		execution,
		createCredential: ({ name, type, data }) => call('POST', '/credentials', { name, type, data }),
		// n8n gives the id.
		createWorkflow: (workflow) =>
			call('POST', '/workflows', {
				settings: { executionOrder: 'v1' },
				...workflow,
				id: undefined,
				active: false,
			}),
		async activate({ id, versionId }) {
			const answer = await send('POST', `/workflows/${id}/activate`, { versionId });
			await answer.text();
			// 1.x has no such route.
			if (answer.status === 404)
				await call('PATCH', `/workflows/${id}`, { active: true, versionId });
			else if (!answer.ok)
				throw new Error(`n8n could not activate workflow ${id}: ${answer.status}`);
		},
		async run(workflow, triggerName) {
			const trigger = triggerName ?? workflow.nodes.find(({ type }) => /trigger/i.test(type))?.name;
			const { executionId } = await call<{ executionId: string }>(
				'POST',
				`/workflows/${workflow.id}/run`,
				{
					workflowData: workflow,
					triggerToStartFrom: { name: trigger },
				},
			);
			return executionId;
		},
		async executions(workflowId) {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const { results } = await call<{ results: ExecutionRow[] }>(
				'GET',
				`/executions?filter=${filter}`,
			);
			return results;
		},
		waitFor: (id, states = endStates, timeoutMs = 240_000) =>
			until(
				`execution ${id} to be ${states.join(' or ')}`,
				async () => {
					const row = await execution(id);
					// n8n 1.x writes the state before the data: until then an ended execution has none.
					const isWhole = (row.data as ExecutionRow['data'] | undefined)?.resultData !== undefined;
					return isWhole && states.includes(row.status) && !isMistaken(row) ? row : undefined;
				},
				{ timeoutMs },
			),
		async stop(id) {
			await call('POST', `/executions/${id}/stop`);
		},
		async retry(id, loadWorkflow = false) {
			const { id: newId } = await call<{ id: string }>('POST', `/executions/${id}/retry`, {
				loadWorkflow,
			});
			return newId;
		},
		async download(binaryId) {
			const answer = await send(
				'GET',
				`/binary-data?id=${encodeURIComponent(binaryId)}&action=download`,
			);
			if (!answer.ok) throw new Error(`n8n gave no binary ${binaryId}: ${answer.status}`);
			return Buffer.from(await answer.arrayBuffer());
		},
	};
}
