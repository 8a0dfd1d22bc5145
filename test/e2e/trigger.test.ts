/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Wan Video Trigger in real n8n servers: EvoLink's callbacks start the workflow once for each task, whatever else arrives.
import { join } from 'node:path';
import { localCredential, withCredential } from './support/examples';
import { importAll } from './support/n8nCli';
import { installPackage } from './support/n8nInstall';
import { startN8n, type N8nServer } from './support/n8nServer';
import { freshFolder, prepared } from './support/prepared';
import { openPublicAddress, publicUrl, type PublicAddress } from './support/publicAddress';
import { openSession, type ExecutionRow, type Session } from './support/rest';
import { itemsOf } from './support/runData';
import { startSandboxProcess, type SandboxProcess } from './support/sandboxProcess';
import { storeTrigger, submitWorkflow, triggerWorkflow, type Trigger } from './support/triggers';
import { until } from './support/until';

interface CallbackAttempt {
	taskId: string;
	attempt: number;
	status?: number;
}

const UNKNOWN_ID = 'task-unified-1757169743-nobodys1';

describe.each(prepared.installs.map((install) => [install.version, install] as const))(
	'n8n %s',
	(version, install) => {
		let sandbox: SandboxProcess;
		let internet: PublicAddress;
		let server: N8nServer;
		let session: Session;
		let credential: ReturnType<typeof localCredential>;

		beforeAll(async () => {
			const userFolder = freshFolder(`trigger-${version}`);
			sandbox = await startSandboxProcess({
				projectRoot: prepared.projectRoot,
				logFile: join(userFolder, 'sandbox.log'),
				taskSeconds: 2,
				args: ['--video', 'sample'],
			});
			internet = await openPublicAddress(sandbox.url, () => server.url);
			installPackage(install, userFolder);
			credential = localCredential({
				apiKey: sandbox.key,
				baseUrl: internet.url,
				filesUrl: sandbox.url,
			});
			await importAll(
				{ install, userFolder },
				[credential],
				[{ ...submitting(1, ''), id: 'placeholder' }],
			);
			server = await startN8n({ install, userFolder, env: { WEBHOOK_URL: `${publicUrl}/` } });
			session = await openSession(server.url);
		});
		afterAll(async () => {
			await server?.stop();
			await internet?.stop();
			await sandbox?.stop();
		});
		beforeEach(async () => {
			await sandbox.admin('POST', 'reset', {});
			await sandbox.admin('POST', 'switches', { callbackUrls: 'local' });
		});

		const submitting = (items: number, callbackUrl: string) =>
			withCredential(submitWorkflow(items, callbackUrl), credential);

		let triggers = 0;
		async function aTrigger(parameters = {}, { active = true } = {}): Promise<Trigger> {
			triggers += 1;
			const webhookId = `trigger-${version}-${triggers}`;
			const workflow = withCredential(triggerWorkflow(webhookId, parameters), credential);
			return await storeTrigger(session, server.url, webhookId, workflow, active);
		}

		/** Submits tasks by 'Video: Submit' and gives their IDs. */
		async function submit(callbackUrl: string, items = 1): Promise<string[]> {
			const workflow = await session.createWorkflow(submitting(items, callbackUrl));
			const execution = await session.waitFor(await session.run(workflow, 'Start'));
			expect(execution.data.resultData.error?.message).toBeUndefined();
			return itemsOf(execution, 'Wan Video').map(({ json }) => String(json.taskId));
		}

		/** Submits a task without a callback and waits until it has ended. */
		async function endedTask(): Promise<string> {
			const [taskId] = await submit('');
			await until('the end of the task', async () => {
				const task = (await sandbox.ledger()).find(({ id }) => id === taskId);
				return task?.state === 'completed' || task?.state === 'failed' ? true : undefined;
			});
			return taskId;
		}

		const attemptsFor = async (taskId: string, count: number): Promise<CallbackAttempt[]> =>
			await until(`${count} callbacks`, async () => {
				const all = await sandbox.admin<CallbackAttempt[]>('GET', 'callbacks');
				const own = all.filter((attempt) => attempt.taskId === taskId);
				return own.length >= count ? own : undefined;
			});
		const rowsOf = (executions: ExecutionRow[]) =>
			executions.flatMap((execution) => itemsOf(execution, 'After').map(({ json }) => json));
		const idsOf = (executions: ExecutionRow[]) =>
			rowsOf(executions)
				.map(({ taskId }) => String(taskId))
				.sort();

		/** One more task ends: what was to come before it has come, so exactly these executions are there. */
		async function expectOnly(trigger: Trigger, taskIds: string[]): Promise<void> {
			const probe = await endedTask();
			expect(await trigger.post({ id: probe })).toBe(200);
			const executions = await trigger.executions(taskIds.length + 1);
			expect(idsOf(executions)).toEqual([...taskIds, probe].sort());
			expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'success'));
		}

		it('a task that ends starts the workflow once, though it is reported three times', async () => {
			const trigger = await aTrigger();
			await sandbox.admin('POST', 'faults', {
				on: 'callback',
				times: 2,
				fault: { kind: 'lostReply' },
			});
			const [taskId] = await submit(trigger.callbackUrl);
			await attemptsFor(taskId, 3);
			const [execution] = await trigger.executions(1);
			expect(rowsOf([execution])).toEqual([
				{
					taskId,
					status: 'completed',
					videoUrl: expect.stringMatching(/^http.*\.mp4/) as string,
					expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
				},
			]);
			await expectOnly(trigger, [taskId]);
		});

		it('what is forged, wrong or too large starts nothing', async () => {
			const trigger = await aTrigger();
			const [running] = await submit(trigger.callbackUrl);
			const forged = { id: running, status: 'completed', results: ['https://example.com/x.mp4'] };
			expect(await trigger.post(forged)).toBe(503);
			expect(await trigger.post({ ...forged, id: UNKNOWN_ID })).toBe(200);
			for (const body of [{}, [], { id: 7 }, { id: '../credits' }, '{"id":', '"x"', 'null'])
				expect(await trigger.post(body)).toBeGreaterThanOrEqual(400);
			expect(await trigger.post({ id: running, results: ['x'.repeat(1_100_000)] })).toBe(413);
			expect((await fetch(trigger.localUrl)).status).toBe(404);
			await expectOnly(trigger, [running]);
		});

		it('a burst of calls about one task starts the workflow once', async () => {
			const trigger = await aTrigger();
			const taskId = await endedTask();
			const before = (await sandbox.requests()).length;
			const answers = await Promise.all(
				Array.from({ length: 30 }, async () => await trigger.post({ id: taskId })),
			);
			// On a slow machine some may be told to call again; none may start the workflow a second time.
			expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([]);
			expect(await trigger.post({ id: taskId })).toBe(200);
			const looks = (await sandbox.requests()).slice(before);
			expect(looks.filter(({ path }) => path.endsWith(taskId)).length).toBeLessThan(10);
			await expectOnly(trigger, [taskId]);
		});

		it('twenty tasks at once start it twenty times, and never again, not even after a restart', async () => {
			const trigger = await aTrigger();
			const taskIds = await submit(trigger.callbackUrl, 20);
			expect(idsOf(await trigger.executions(20))).toEqual([...taskIds].sort());
			for (const id of taskIds) expect(await trigger.post({ id })).toBe(200);
			await server.kill();
			await server.restart();
			session = await openSession(server.url);
			for (const id of taskIds) expect(await trigger.post({ id })).toBe(200);
			await expectOnly(trigger, taskIds);
		});

		it('a failed task starts the workflow only where that was chosen', async () => {
			const onVideo = await aTrigger();
			const onFailure = await aTrigger({ events: ['failed', 'cancelled'] });
			await sandbox.admin('POST', 'faults', {
				on: 'submit',
				fault: { kind: 'failTask', code: 'content_policy_violation', message: 'Blocked' },
			});
			const [failed] = await submit(onFailure.callbackUrl);
			expect(rowsOf(await onFailure.executions(1))).toEqual([
				{
					taskId: failed,
					status: 'failed',
					failureCode: 'content_policy_violation',
					failureMessage: 'Blocked',
				},
			]);
			expect(await onVideo.post({ id: failed })).toBe(200);
			await expectOnly(onVideo, []);
		});

		it('a look that fails is made up for by the next callback', async () => {
			const trigger = await aTrigger();
			await sandbox.admin('POST', 'faults', {
				on: 'look',
				times: 2,
				fault: { kind: 'status', status: 500 },
			});
			const [taskId] = await submit(trigger.callbackUrl);
			const attempts = await attemptsFor(taskId, 3);
			expect(attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
			await expectOnly(trigger, [taskId]);
		});

		it('with Download the workflow starts with the video, and all fields without Simplify', async () => {
			const trigger = await aTrigger({
				download: true,
				outputBinaryField: 'video',
				simplify: false,
				options: { fileName: 'mine' },
			});
			await sandbox.admin('POST', 'faults', {
				on: 'media',
				fault: { kind: 'truncate', bytes: 1000 },
			});
			const [taskId] = await submit(trigger.callbackUrl);
			const [execution] = await trigger.executions(1);
			const [item] = itemsOf(execution, 'After');
			expect(item.json).toMatchObject({ taskId, hasAudio: true, task: { id: taskId } });
			expect(item.binary?.video).toMatchObject({ fileName: 'mine.mp4', mimeType: 'video/mp4' });
			const video = await session.download(item.binary?.video.id ?? '');
			expect(video.subarray(4, 8).toString()).toBe('ftyp');
		});

		it("'Listen for test event' takes the same task again and again", async () => {
			const trigger = await aTrigger({}, { active: false });
			const taskId = await endedTask();
			for (const round of [1, 2]) {
				const answer = await session.call<{ waitingForWebhook?: boolean }>(
					'POST',
					`/workflows/${trigger.workflow.id}/run`,
					{ workflowData: trigger.workflow, triggerToStartFrom: { name: 'Wan Video Trigger' } },
				);
				expect(answer.waitingForWebhook).toBe(true);
				expect(await trigger.post({ id: taskId })).toBe(200);
				expect(idsOf(await trigger.executions(round))).toEqual(Array(round).fill(taskId));
			}
		});
	},
);
