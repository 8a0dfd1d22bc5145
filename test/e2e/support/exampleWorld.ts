/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What the examples run in: one n8n with all of them stored, a sandbox that makes real videos in seconds, one whose tasks
// last long enough for a pause, and a model that follows a script. n8n has a public https address, as callbacks need it.
import { join } from 'node:path';
import {
	localCredential,
	readExamples,
	type Workflow,
	withCredential,
	type WorkflowNode,
} from './examples';
import { importAll } from './n8nCli';
import { installPackage, type N8nInstall, WITH_CODE_RUNNER } from './n8nInstall';
import { startN8n, type N8nServer } from './n8nServer';
import { freshFolder, prepared } from './prepared';
import { openPublicAddress, publicUrl } from './publicAddress';
import { openSession, type ExecutionRow, type Session, type StoredWorkflow } from './rest';
import { startSandboxProcess, type SandboxProcess } from './sandboxProcess';
import { type ScriptedModel, startScriptedModel } from './scriptedModel';
import { until } from './until';

export const examples = readExamples(join(prepared.projectRoot, 'examples'));

/** Longer than what a node that may pause would wait for in memory. */
export const SLOW_TASK_SECONDS = 45;

export interface ExampleWorld {
	userFolder: string;
	/** Its tasks end before the node looks for the first time, with a video made from the materials. */
	sandbox: SandboxProcess;
	/** Its tasks end when the clock is moved, all with the same small video. */
	slowSandbox: SandboxProcess;
	model: ScriptedModel;
	/** Starts the n8n server; until then the command line has the database for itself. */
	serve(): Promise<ServedWorld>;
	stop(): Promise<void>;
}

export interface FormPage {
	url: string;
	text: string;
}

export interface DataTable {
	id: string;
	insert(rows: object[]): Promise<void>;
	rows(): Promise<Array<Record<string, unknown>>>;
}

type Change = (workflow: StoredWorkflow) => StoredWorkflow;

export interface ServedWorld {
	server: N8nServer;
	session: Session;
	/** An example as it was imported, with the changes of a user. */
	example(id: string, change?: Change): Promise<StoredWorkflow>;
	/** Runs a workflow as the editor's button does and waits for its end. */
	run(workflow: StoredWorkflow, triggerName?: string): Promise<ExecutionRow>;
	deactivate(workflow: StoredWorkflow): Promise<void>;
	/** Waits for the first execution of a workflow that was not started by hand. */
	firstExecution(workflow: StoredWorkflow, states?: string[]): Promise<ExecutionRow>;
	/** Sends a form as a browser does and gives the page that follows when the workflow has come to it. */
	submitForm(workflow: StoredWorkflow, form: FormData): Promise<string>;
	/** The same, with where the page is, so that a form on it can be sent. */
	openForm(workflow: StoredWorkflow, form: FormData): Promise<FormPage>;
	/** Sends the form of a page and gives the page that follows. */
	answerForm(page: FormPage, form: FormData): Promise<string>;
	/** A Data Table with these rows, and what stands in it. */
	dataTable(name: string, columns: Record<string, 'string' | 'number'>): Promise<DataTable>;
	/** What n8n says of a credential when its form is saved; `addresses` are instead of the sandbox's. */
	testCredential(
		sandbox: SandboxProcess,
		apiKey: string,
		addresses?: { baseUrl?: string; filesUrl?: string },
	): Promise<{ status: 'OK' | 'Error'; message: string }>;
	/** A credential of OpenAI that leads to the scripted model. */
	openAiCredential(model: ScriptedModel): Promise<{ id: string; name: string }>;
	/** Says something in the chat of an active workflow and gives the answer. */
	chat(workflow: StoredWorkflow, chatInput: string, picture?: Blob): Promise<string>;
	/** The same address without the internet in between. */
	local(url: string): string;
}

/** The tasks that were made while `work` ran, in order, with what was asked for. */
export async function during<T>(sandbox: SandboxProcess, work: () => Promise<T>) {
	const before = (await sandbox.ledger()).length;
	const result = await work();
	const tasks = (await sandbox.ledger()).slice(before);
	return { result, tasks, bodies: tasks.map(({ body }) => body) };
}

/** Submits a task past n8n, as another program would, and gives its ID. */
export async function submitAt({ url, key }: SandboxProcess, prompt: string): Promise<string> {
	const answer = await fetch(`${url}/v1/videos/generations`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
		body: JSON.stringify({
			...{ model: 'wan2.7-image-to-video', prompt, duration: 2 },
			image_start: 'https://example.com/first_frame.jpg',
		}),
	});
	return ((await answer.json()) as { id: string }).id;
}

/** Gives one node of a workflow credentials. */
export function withCredentialOf<W extends Workflow>(
	workflow: W,
	nodeName: string,
	credentials: NonNullable<Workflow['nodes'][number]['credentials']>,
): W {
	const nodes = workflow.nodes.map((node) =>
		node.name === nodeName ? { ...node, credentials } : node,
	);
	return { ...workflow, nodes };
}

/** Changes parameters of one node of a workflow. */
export function withParameters<W extends Workflow>(
	workflow: W,
	nodeName: string,
	parameters: Record<string, unknown>,
): W {
	const nodes = workflow.nodes.map((node) =>
		node.name === nodeName ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
	);
	return { ...workflow, nodes };
}

/** The examples whose tasks the slow sandbox gets. */
const slow = ['batch-from-a-table', 'schedule-with-pause'];

export async function startExampleWorld(name: string, install: N8nInstall): Promise<ExampleWorld> {
	const userFolder = freshFolder(name);
	const launch = async (log: string, taskSeconds: number, args: string[] = []) =>
		await startSandboxProcess({
			projectRoot: prepared.projectRoot,
			logFile: join(userFolder, log),
			taskSeconds,
			args: ['--switch', 'callbackUrls=local', ...args],
		});
	const [sandbox, slowSandbox, model] = await Promise.all([
		launch('sandbox.log', 1),
		launch('slow-sandbox.log', SLOW_TASK_SECONDS, ['--video', 'sample']),
		startScriptedModel(),
	]);
	let serverUrl = '';
	const serverNow = () => serverUrl;
	const internet = await openPublicAddress(sandbox.url, serverNow);
	const slowInternet = await openPublicAddress(slowSandbox.url, serverNow);
	const credentialFor = ({ key, url: filesUrl }: SandboxProcess, baseUrl: string) =>
		localCredential({ apiKey: key, baseUrl, filesUrl });
	const fast = credentialFor(sandbox, internet.url);
	const patient = { ...credentialFor(slowSandbox, slowInternet.url), id: 'wanVideoLocal002' };
	installPackage(install, userFolder);
	await importAll(
		{ install, userFolder },
		[fast, patient],
		examples.map(({ id, workflow }) =>
			withCredential(workflow, slow.includes(id) ? patient : fast),
		),
	);

	let server: N8nServer | undefined;
	return {
		...{ userFolder, sandbox, slowSandbox, model },
		async serve() {
			const env = { ...WITH_CODE_RUNNER, WEBHOOK_URL: `${publicUrl}/` };
			server = await startN8n({ install, userFolder, env });
			serverUrl = server.url;
			const session = await openSession(server.url);
			return served(server, session);
		},
		async stop() {
			await server?.stop();
			await Promise.all([internet.stop(), slowInternet.stop(), model.close()]);
			await Promise.all([sandbox.stop(), slowSandbox.stop()]);
		},
	};
}

function served(server: N8nServer, session: Session): ServedWorld {
	const local = (url: string) => url.replace(publicUrl, server.url);
	const openForm = async ({ nodes }: StoredWorkflow, body: FormData): Promise<FormPage> => {
		const webhookId = webhookIdOf(nodes, 'formTrigger');
		const answer = await until('the form', async () => {
			const sent = await fetch(`${server.url}/form/${webhookId}`, { method: 'POST', body });
			return sent.ok ? ((await sent.json()) as { formWaitingUrl: string }) : undefined;
		});
		const page = new URL(local(answer.formWaitingUrl));
		const status = statusOf(page.href);
		await until('the last page', async () =>
			(await (await fetch(status)).text()).trim() === 'form-waiting' ? true : undefined,
		);
		return { url: page.href, text: await (await fetch(page)).text() };
	};
	return {
		...{ server, session },
		async example(id, change = (workflow) => workflow) {
			const stored = await session.call<StoredWorkflow>('GET', `/workflows/${id}`);
			const { nodes, connections } = change(stored);
			if (nodes === stored.nodes) return stored;
			const { versionId } = stored;
			return await session.call('PATCH', `/workflows/${id}`, { nodes, connections, versionId });
		},
		run: async (workflow, trigger) => await session.waitFor(await session.run(workflow, trigger)),
		async deactivate({ id }) {
			// 1.x has no such route.
			await session
				.call('POST', `/workflows/${id}/deactivate`)
				.catch(async () => await session.call('PATCH', `/workflows/${id}`, { active: false }));
		},
		async firstExecution(workflow, states) {
			const isByItself = (row: ExecutionRow & { mode?: string }) => row.mode !== 'manual';
			const { id } = await until(`an execution of ${workflow.name}`, async () =>
				(await session.executions(workflow.id)).filter(isByItself).at(-1),
			);
			return await session.waitFor(id, states);
		},
		submitForm: async (workflow, body) => (await openForm(workflow, body)).text,
		openForm,
		async answerForm({ url, text: before }, body) {
			await fetch(url, { method: 'POST', body });
			const status = statusOf(url);
			return await until('the next page', async () => {
				// While it runs, n8n leaves whoever asks for the page without an answer.
				if ((await (await fetch(status)).text()).trim() === 'running') return undefined;
				const page = await fetch(url, { signal: AbortSignal.timeout(2_000) })
					.then(async (answer) => await answer.text())
					.catch(() => before);
				return page === before || page.includes('Make it?') ? undefined : page;
			});
		},
		async dataTable(name, columns) {
			const { id: project } = await session.call<{ id: string }>('GET', '/projects/personal');
			const place = `/projects/${project}/data-tables`;
			const { id } = await session.call<{ id: string }>('POST', place, {
				name,
				columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
			});
			return {
				id,
				insert: async (data) =>
					void (await session.call('POST', `${place}/${id}/insert`, { data, returnType: 'count' })),
				rows: async () =>
					(
						await session.call<{ data: Array<Record<string, unknown>> }>(
							'GET',
							`${place}/${id}/rows?sortBy=id:asc`,
						)
					).data,
			};
		},
		async testCredential({ url }, apiKey, addresses = {}) {
			const credentials = localCredential({ apiKey, baseUrl: url, filesUrl: url, ...addresses });
			return await session.call('POST', '/credentials/test', { credentials });
		},
		openAiCredential: async ({ url }) =>
			await session.call('POST', '/credentials', {
				...{ name: 'OpenAI', type: 'openAiApi', data: { apiKey: 'sk-scripted', url } },
			}),
		async chat({ nodes }, chatInput, picture) {
			const url = `${server.url}/webhook/${webhookIdOf(nodes, 'chatTrigger')}/chat`;
			const said = { action: 'sendMessage', sessionId: 'one', chatInput };
			const { output } = await until('the chat', async () => {
				const form = new FormData();
				for (const [name, value] of Object.entries(said)) form.set(name, value);
				if (picture !== undefined) form.set('files', picture, 'picture.png');
				const asJson = {
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(said),
				};
				const sent = picture === undefined ? asJson : { body: form };
				const answer = await fetch(url, { method: 'POST', ...sent });
				return answer.ok ? ((await answer.json()) as { output: string }) : undefined;
			});
			return output;
		},
		local,
	};
}

function statusOf(page: string): URL {
	const status = new URL(page);
	status.pathname += '/n8n-execution-status';
	return status;
}

function webhookIdOf(nodes: WorkflowNode[], type: string): string {
	const node: (WorkflowNode & { webhookId?: string }) | undefined = nodes.find((one) =>
		one.type.endsWith(type),
	);
	return node?.webhookId ?? '';
}
