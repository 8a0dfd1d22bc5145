/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Money and videos in real n8n servers: Retry On Fail, the Retry button, Stop, and a server that is killed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localCredential, withCredential, type Workflow } from './support/examples';
import { importAll } from './support/n8nCli';
import { installPackage } from './support/n8nInstall';
import { startN8n, type N8nServer } from './support/n8nServer';
import { freshFolder, prepared } from './support/prepared';
import { openSession, type Session } from './support/rest';
import { itemsOf, theVideo } from './support/runData';
import { startSandboxProcess, type SandboxProcess } from './support/sandboxProcess';
import { until } from './support/until';

interface LedgerRow {
	id: string;
	state: string;
}

describe.each(prepared.installs.map((install) => [install.version, install] as const))(
	'n8n %s',
	(version, install) => {
		let sandbox: SandboxProcess;
		let server: N8nServer;
		let session: Session;
		let credential: ReturnType<typeof localCredential>;

		beforeAll(async () => {
			const userFolder = freshFolder(`retry-${version}`);
			sandbox = await startSandboxProcess({
				projectRoot: prepared.projectRoot,
				logFile: join(userFolder, 'sandbox.log'),
				taskSeconds: 3,
			});
			installPackage(install, userFolder);
			credential = localCredential({
				apiKey: sandbox.key,
				baseUrl: sandbox.url,
				filesUrl: sandbox.url,
			});
			await importAll(
				{ install, userFolder },
				[credential],
				[{ ...workflowOf(1, {}), id: 'placeholder' }],
			);
			server = await startN8n({ install, userFolder });
			session = await openSession(server.url);
		});
		afterAll(async () => {
			await server?.stop();
			await sandbox?.stop();
		});
		beforeEach(async () => {
			await sandbox.admin('POST', 'reset', {});
		});

		function workflowOf(
			items: number,
			node: Record<string, unknown>,
			parameters: Record<string, unknown> = {},
		): Workflow & { pinData: object } {
			const workflow = {
				name: 'Retry and stop',
				nodes: [
					{
						id: 'start',
						name: 'Start',
						type: 'n8n-nodes-base.manualTrigger',
						typeVersion: 1,
						position: [0, 0],
						parameters: {},
					},
					{
						id: 'wan',
						name: 'Wan Video',
						type: 'n8n-nodes-wan-video.wanVideo',
						typeVersion: 1,
						position: [300, 0],
						parameters: {
							generationMode: 'first_frame',
							firstFrameUrl: 'https://example.com/first_frame.jpg',
							prompt: '={{ "item " + $json.number }}',
							duration: 2,
							...parameters,
						},
						...node,
					},
				],
				connections: { Start: { main: [[{ node: 'Wan Video', type: 'main', index: 0 }]] } },
				settings: { executionOrder: 'v1' },
				pinData: { Start: Array.from({ length: items }, (_, number) => ({ json: { number } })) },
			};
			return { ...withCredential(workflow, credential), pinData: workflow.pinData };
		}

		const begin = async (workflow: Workflow) =>
			await session.run(await session.createWorkflow(workflow), 'Start');
		const ledger = async (): Promise<LedgerRow[]> =>
			(await sandbox.ledger()).map(({ id, state }) => ({ id: String(id), state: String(state) }));
		const submits = async () =>
			(await sandbox.requests()).filter(
				({ method, path }) => method === 'POST' && path === '/v1/videos/generations',
			).length;
		const log = () => readFileSync(server.logFile, 'utf8');

		it('Retry On Fail submits three items three times, though one fails in every try', async () => {
			await sandbox.admin('POST', 'faults', {
				on: 'submit',
				fault: { kind: 'failTask', code: 'content_policy_violation', message: 'Blocked' },
			});
			const id = await begin(
				workflowOf(3, { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 }),
			);
			const { status, data } = await session.waitFor(id);
			expect(status).toBe('error');
			expect(data.resultData.error?.message).toMatch(/safety filter: "Blocked"/);
			expect(await submits()).toBe(3);
		});

		it('Retry On Fail with Continue On Fail does the same, and the good items come out', async () => {
			await sandbox.admin('POST', 'faults', {
				on: 'submit',
				fault: { kind: 'failTask', code: 'content_policy_violation', message: 'Blocked' },
			});
			const id = await begin(
				workflowOf(3, {
					retryOnFail: true,
					maxTries: 2,
					waitBetweenTries: 100,
					onError: 'continueRegularOutput',
				}),
			);
			const execution = await session.waitFor(id);
			expect(execution.status).toBe('success');
			expect(await submits()).toBe(3);
			expect(itemsOf(execution, 'Wan Video').map(({ json }) => json.status)).toEqual([
				undefined,
				'completed',
				'completed',
			]);
		});

		it('the Retry button finds the task that is paid for', async () => {
			await sandbox.admin('POST', 'faults', { on: 'look', fault: { kind: 'status', status: 403 } });
			const failed = await session.waitFor(await begin(workflowOf(1, {})));
			expect(failed.status).toBe('error');
			const [task] = await ledger();
			expect(failed.data.resultData.error?.message).toContain(task.id);
			const retried = await session.waitFor(await session.retry(failed.id));
			expect(retried.status).toBe('success');
			expect(itemsOf(retried, 'Wan Video')[0].json.taskId).toBe(task.id);
			expect(theVideo(retried).binary.mimeType).toBe('video/mp4');
			expect(await submits()).toBe(1);
		});

		it('Stop lets no submit follow, under Continue On Fail as well, and the log names what is paid for', async () => {
			// The third submit is turned away until further notice, so the stop comes in the middle of the submits.
			await sandbox.admin('POST', 'faults', {
				on: 'submit',
				after: 2,
				times: 0,
				fault: { kind: 'status', status: 429, headers: { 'retry-after': '2' } },
			});
			const id = await begin(workflowOf(6, { onError: 'continueRegularOutput' }));
			await until(
				'two tasks and a refused submit',
				async () => ((await submits()) >= 3 ? true : undefined),
				{ everyMs: 50 },
			);
			await session.stop(id);
			await sandbox.admin('DELETE', 'faults');
			const { status } = await session.waitFor(id);
			expect(status).toBe('canceled');
			// A whole execution later, nothing of the stopped one has followed.
			const probe = await session.waitFor(await begin(workflowOf(1, {})));
			expect(probe.status).toBe('success');
			const tasks = await ledger();
			expect(tasks).toHaveLength(3);
			for (const task of tasks.slice(0, 2)) expect(log()).toContain(task.id);
		});

		it('a killed server leaves the task ID in its log, and Task: Wait brings the video', async () => {
			await begin(workflowOf(1, {}));
			const task = await until('the submit', async () => (await ledger())[0]);
			await until(
				'the log line',
				async () => await Promise.resolve(log().includes(task.id) ? true : undefined),
			);
			await server.kill();
			await server.restart();
			session = await openSession(server.url);
			const rescue = workflowOf(1, {}, { resource: 'task', operation: 'wait', taskId: task.id });
			const execution = await session.waitFor(await begin(rescue));
			expect(execution.status).toBe('success');
			expect(theVideo(execution).item.json.taskId).toBe(task.id);
			expect(await submits()).toBe(1);
		});
	},
);
