/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// While Waiting: Pause, in real single-process n8n servers: asleep in the database, woken by EvoLink's callback or by time,
// through a server that is killed. Queue mode has its own file.
import { join } from 'node:path';
import { localCredential, withCredential, type Workflow } from './support/examples';
import { importAll } from './support/n8nCli';
import { installPackage, majorOf } from './support/n8nInstall';
import { startN8n, type N8nServer } from './support/n8nServer';
import { freshFolder, prepared } from './support/prepared';
import { openSession, type Session } from './support/rest';
import { itemsOf } from './support/runData';
import { startSandboxProcess, type SandboxProcess } from './support/sandboxProcess';
import { until } from './support/until';

/** Long enough for a pause, and over before the execution wakes by time. */
const TASK_SECONDS = 45;
/** The pause is 90 seconds long, or 120 where a callback is expected; n8n looks for due executions once a minute. */
const WAKE_BY_TIME_MS = 300_000;

interface Line {
	version: string;
	major: number;
	sandbox: SandboxProcess;
	server: N8nServer;
	session: Session;
	workflowId: string;
}

const lines: Line[] = [];

beforeAll(async () => {
	await Promise.all(
		prepared.installs.map(async (install) => {
			const userFolder = freshFolder(`pause-${install.version}`);
			const sandbox = await startSandboxProcess({
				projectRoot: prepared.projectRoot,
				logFile: join(userFolder, 'sandbox.log'),
				taskSeconds: TASK_SECONDS,
				args: ['--switch', 'callbackUrls=local'],
			});
			installPackage(install, userFolder);
			const credential = localCredential({
				...{ apiKey: sandbox.key, baseUrl: sandbox.url, filesUrl: sandbox.url },
			});
			const workflow = withCredential(paused(), credential);
			await importAll({ install, userFolder }, [credential], [{ ...workflow, id: 'placeholder' }]);
			const server = await startN8n({ install, userFolder });
			const session = await openSession(server.url);
			const { version } = install;
			const stored = await session.createWorkflow(workflow);
			await session.activate(stored);
			lines.push({
				...{ version, major: majorOf(install) },
				...{ sandbox, server, session, workflowId: stored.id },
			});
		}),
	);
});
afterAll(async () => {
	await Promise.all(
		lines.map(async ({ server, sandbox }) => {
			await server.stop();
			await sandbox.stop();
		}),
	);
});

/** Webhook -> three items -> Wan Video, which pauses -> a node that pairs each video with its item. */
function paused(): Workflow {
	const workflow = {
		name: 'Paused',
		nodes: [
			{
				...{ id: 'hook', name: 'Hook', type: 'n8n-nodes-base.webhook', typeVersion: 2 },
				position: [0, 0],
				webhookId: 'paused',
				parameters: { httpMethod: 'POST', path: 'paused', responseMode: 'onReceived', options: {} },
			},
			{
				...{ id: 'split', name: 'Split', type: 'n8n-nodes-base.splitOut', typeVersion: 1 },
				position: [200, 0],
				parameters: { fieldToSplitOut: 'body.names', options: {} },
			},
			{
				...{ id: 'wan', name: 'Wan Video', type: 'n8n-nodes-wan-video.wanVideo', typeVersion: 1 },
				position: [400, 0],
				parameters: {
					generationMode: 'first_frame',
					firstFrameUrl: 'https://example.com/first_frame.jpg',
					prompt: '={{ $json["body.names"] }}',
					duration: 2,
					options: { whileWaiting: 'pause' },
				},
			},
			{
				...{ id: 'after', name: 'After', type: 'n8n-nodes-base.set', typeVersion: 3.4 },
				position: [600, 0],
				parameters: {
					assignments: {
						assignments: [
							{
								id: '1',
								name: 'of',
								value: '={{ $("Split").item.json["body.names"] }}',
								type: 'string',
							},
							{ id: '2', name: 'taskId', value: '={{ $json.taskId }}', type: 'string' },
							{
								id: '3',
								name: 'rows',
								value: '={{ $("Wan Video").all().length }}',
								type: 'number',
							},
						],
					},
					options: {},
				},
			},
		],
		connections: {
			Hook: { main: [[{ node: 'Split', type: 'main', index: 0 }]] },
			Split: { main: [[{ node: 'Wan Video', type: 'main', index: 0 }]] },
			'Wan Video': { main: [[{ node: 'After', type: 'main', index: 0 }]] },
		},
		settings: { executionOrder: 'v1' },
	};
	return workflow;
}

const NAMES = ['one', 'two', 'three'];

/** Calls the workflow's webhook and gives the execution once it sleeps. */
async function sleeping({ session, server, sandbox, workflowId }: Line): Promise<string> {
	await sandbox.admin('POST', 'reset', {});
	const before = new Set((await session.executions(workflowId)).map(({ id }) => id));
	await until('the webhook', async () => {
		const answer = await fetch(`${server.url}/webhook/paused`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ names: NAMES }),
		});
		return answer.ok ? true : undefined;
	});
	const { id } = await until('the execution', async () =>
		(await session.executions(workflowId)).find((execution) => !before.has(execution.id)),
	);
	await session.waitFor(id, ['waiting']);
	return id;
}

async function expectVideos({ session, sandbox }: Line, id: string, timeoutMs = 60_000) {
	const execution = await session.waitFor(
		id,
		['success', 'error', 'crashed', 'canceled'],
		timeoutMs,
	);
	expect(execution.status).toBe('success');
	expect(execution.data.resultData.runData['Wan Video']).toHaveLength(1);
	expect(execution.data.resultData.runData.After).toHaveLength(1);
	const ledger = await sandbox.ledger();
	expect(ledger).toHaveLength(NAMES.length);
	const rows = itemsOf(execution, 'After');
	expect(rows.map(({ json }) => json)).toEqual(
		NAMES.map((of, index) => ({ of, taskId: ledger[index].id, rows: NAMES.length })),
	);
	const videos = itemsOf(execution, 'Wan Video').map(({ binary }) => binary?.data.mimeType);
	expect(videos).toEqual(NAMES.map(() => 'video/mp4'));
}

const callbacksOf = async (line: Line) =>
	(await line.sandbox.ledger()).map(({ body }) => (body as { callback_url?: string }).callback_url);

it('EvoLink wakes it by callback where n8n signs the address, and nobody else can', async () => {
	for (const line of lines.filter(({ major }) => major >= 2)) {
		const id = await sleeping(line);
		const [url] = await callbacksOf(line);
		expect(url).toMatch(/\/webhook-waiting\/\d+\/wan-video\?.*signature=.*wan=/);
		const forged = new URL(String(url));
		forged.searchParams.set('wan', '0'.repeat(64));
		expect((await fetch(forged, { method: 'POST', body: '{}' })).status).toBe(403);
		expect((await line.session.execution(id)).status).toBe('waiting');
		await line.sandbox.admin('POST', 'clock', { advanceMs: TASK_SECONDS * 1000 });
		await expectVideos(line, id);
	}
});

it('sleeps through a server that is killed, and wakes by time', async () => {
	await Promise.all(
		lines.map(async (line) => {
			const id = await sleeping(line);
			await line.server.kill();
			// The callbacks of 2.x find nobody.
			await line.sandbox.admin('POST', 'clock', { advanceMs: TASK_SECONDS * 1000 });
			await line.server.restart();
			line.session = await openSession(line.server.url);
			if (line.major < 2)
				expect(await callbacksOf(line)).toEqual([undefined, undefined, undefined]);
			// Not any end: while n8n starts, it calls what its event log shows as unfinished 'crashed' for a moment.
			await line.session.waitFor(id, ['success'], WAKE_BY_TIME_MS);
			await expectVideos(line, id);
		}),
	);
}, 600_000);

it('Stop ends it at once, and it never wakes; Retry finds its tasks', async () => {
	for (const line of lines) {
		const id = await sleeping(line);
		await line.session.stop(id);
		expect((await line.session.waitFor(id)).status).toBe('canceled');
		await line.sandbox.admin('POST', 'clock', { advanceMs: TASK_SECONDS * 1000 });
		await expectVideos(line, await line.session.retry(id));
		expect((await line.session.execution(id)).status).toBe('canceled');
	}
});
