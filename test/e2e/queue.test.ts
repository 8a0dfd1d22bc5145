/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Queue mode with files in the database, n8n's default there: a main process, a webhook process and two workers, with Redis
// and PostgreSQL. What comes in at the webhook process is made on the workers; after Stop nothing is submitted, and the task
// of a worker that dies can be found; a trigger starts its workflow once for each task. And n8n's Engine 2.0, which needs a
// PostgreSQL too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATE, mcpWorkflow } from './support/agentWorkflow';
import { dispatchAgain, engine2Env, onEngine2 } from './support/engine2';
import type { Workflow } from './support/examples';
import { fire, startedBy } from './support/fire';
import { type Lab, startLab } from './support/lab';
import { openMcpSession } from './support/mcpClient';
import { majorOf } from './support/n8nInstall';
import type { StackProcess } from './support/n8nStackProcess';
import { type StackWorld, startStackWorld } from './support/n8nStackWorld';
import {
	fromWebhook,
	itemsOfSuccess,
	videoNode,
	videoOfForm,
	workflowOf,
} from './support/n8nStackWorkflows';
import { prepared, freshFolder } from './support/prepared';
import { byHand } from './support/nodes';
import { itemsOf, theVideo } from './support/runData';
import { type Services, startServices } from './support/services';
import { storeTrigger, submitWorkflow, triggerWorkflow } from './support/triggers';
import { until } from './support/until';

const inProject = (...path: string[]) => join(prepared.projectRoot, ...path);
const example = JSON.parse(
	readFileSync(inProject('examples', 'image-to-video.json'), 'utf8'),
) as Workflow;
const photo = readFileSync(inProject('examples', 'media', 'first_frame.jpg'));

let services: Services;
beforeAll(async () => {
	services = await startServices(freshFolder('queue-services'));
});
afterAll(async () => await services?.stop());

describe.each(prepared.installs.map((install) => [install.version, install] as const))(
	'n8n %s in queue mode',
	(version, install) => {
		let world: StackWorld;
		// What each line does in queue mode unless it is told otherwise: a table of its own, or base64 in the execution.
		const binaryMode = majorOf(install) >= 2 ? 'database' : 'default';
		beforeAll(async () => {
			world = await startStackWorld({
				name: `queue-${version}`,
				install,
				services,
				taskSeconds: 3,
				sandboxArgs: ['--video', 'sample'],
				binaryMode,
				// A dead worker is noticed after 20 instead of 90 seconds.
				env: { QUEUE_WORKER_LOCK_DURATION: '15000', QUEUE_WORKER_STALLED_INTERVAL: '5000' },
			});
		});
		afterAll(async () => await world?.down());
		beforeEach(async () => {
			await world.sandbox.admin('DELETE', 'faults');
		});

		/** The worker that has taken an execution. */
		const workerOf = async (executionId: string): Promise<StackProcess> =>
			await until(`a worker to take execution ${executionId}`, async () => {
				const workers = [world.stack.worker(0), world.stack.worker(1)];
				const line = `Worker started execution ${executionId} (`;
				return await Promise.resolve(workers.find((worker) => worker.log().includes(line)));
			});

		it('makes the videos of an example on the workers, one task each', async () => {
			const before = (await world.tasks()).length;
			const workflow = await world.publish(fromWebhook(example, `example-${version}`));
			const ids: string[] = [];
			for (let count = 0; count < 4; count += 1) ids.push(await world.fire(workflow, {}));
			const made = await Promise.all(
				ids.map(async (id) => {
					const [item] = itemsOfSuccess(await world.session().waitFor(id), 'Wan Video');
					await world.checkVideo(item);
					const { id: fileId = 'default' } = item.binary?.data ?? {};
					expect(fileId.split(':')[0]).toBe(binaryMode);
					return item.json.taskId;
				}),
			);
			const tasks = (await world.tasks()).slice(before).map(({ id }) => id);
			expect([...made].sort()).toEqual([...tasks].sort());
		});

		it('keeps the items of a batch apart', async () => {
			const workflow = await world.publish(workflowOf(`batch-${version}`, videoNode({})));
			const prompts = [1, 2, 3, 4, 5].map((number) => `batch ${number}`);
			const id = await world.fire(workflow, { items: prompts.map((prompt) => ({ prompt })) });
			const items = itemsOfSuccess(await world.session().waitFor(id), 'After');
			expect(items.map(({ json }) => json.paired)).toEqual(prompts);
			for (const [index, item] of items.entries()) {
				expect(item.json.taskId).toBe((await world.taskOf(prompts[index]))?.id);
				await world.checkVideo(item);
			}
		});

		it('takes a file that came in at the webhook process', async () => {
			const path = `photo-${version}`;
			const workflow = await world.publish(videoOfForm(path));
			const form = () => `${world.stack.webhookUrl}/form/${path}`;
			await until('the form', async () => ((await fetch(form())).ok ? true : undefined));
			const body = new FormData();
			body.append('field-0', new Blob([photo], { type: 'image/jpeg' }), 'photo.jpg');
			const { id } = await startedBy(world.session(), workflow, async () => {
				expect((await fetch(form(), { method: 'POST', body })).status).toBe(200);
			});
			const [item] = itemsOfSuccess(await world.session().waitFor(id), 'Wan Video');
			await world.checkVideo(item);
			const { body: sent } = (await world.taskOf('From a form')) ?? {};
			const uploaded = await fetch(String(sent?.image_start));
			expect(Buffer.from(await uploaded.arrayBuffer()).equals(photo)).toBe(true);
		});

		it('makes one video for equal calls over MCP, though each is an execution on a worker', async () => {
			const path = `mcp-${version}`;
			await world.publish(mcpWorkflow(path, [GENERATE]));
			const client = await until(
				'the MCP server',
				async () => await openMcpSession(install, `${world.stack.webhookUrl}/mcp/${path}`),
			);
			try {
				const args = {
					Image: 'https://example.com/first_frame.jpg',
					Prompt: `over MCP ${version}`,
				};
				const call = async () => (await client.call('Generate_video', args)).content[0].text;
				// One after the other, as a model asks again; whichever worker takes it.
				const answers: string[] = [];
				for (let count = 0; count < 4; count += 1) answers.push(await call());
				const task = await world.taskOf(args.Prompt);
				for (const answer of answers) expect(answer).toContain(task?.id);
			} finally {
				await client.close();
			}
		});

		it('submits nothing after a Stop of what main has queued', async () => {
			// The third submit is turned away until further notice, so the stop comes in the middle of the submits.
			await world.sandbox.admin('POST', 'faults', {
				on: 'submit',
				after: 2,
				times: 0,
				fault: { kind: 'status', status: 429, headers: { 'retry-after': '2' } },
			});
			const before = {
				submits: await world.sandbox.submits(),
				tasks: (await world.tasks()).length,
			};
			const workflow = await world.publish(workflowOf(`stop-${version}`, videoNode({})));
			const items = [1, 2, 3, 4, 5, 6].map((number) => ({ prompt: `stop ${number}` }));
			const id = await world.fire(workflow, { items }, world.stack.url);
			const worker = await workerOf(id);
			await until('two tasks and a refused submit', async () =>
				(await world.sandbox.submits()) >= before.submits + 3 ? true : undefined,
			);
			await world.session().stop(id);
			await world.sandbox.admin('DELETE', 'faults');
			expect((await world.session().waitFor(id)).status).toBe('canceled');
			// A whole execution later, nothing of the stopped one has followed.
			const probe = await world.fire(workflow, { items: [{ prompt: 'after the stop' }] });
			expect((await world.session().waitFor(probe)).status).toBe('success');
			const tasks = (await world.tasks()).slice(before.tasks);
			expect(tasks).toHaveLength(3);
			for (const task of tasks.slice(0, 2)) expect(worker.log()).toContain(task.id);
		});

		it('pays once when a worker is killed, whose log has the task ID, and the video comes', async () => {
			const workflow = await world.publish(workflowOf(`kill-${version}`, videoNode({})));
			await world.sandbox.admin('POST', 'faults', {
				on: 'look',
				times: 0,
				fault: { kind: 'oddState', state: 'processing' },
			});
			const id = await world.fire(workflow, { items: [{ prompt: 'killed' }] });
			const worker = await workerOf(id);
			const task = await until('the submit', async () => await world.taskOf('killed'));
			// By then n8n's database has the ID, too.
			await until('a look', async () =>
				(await world.sandbox.requests()).find(({ path }) => path === `/v1/tasks/${task.id}`),
			);
			expect(worker.log()).toContain(task.id);
			await worker.kill();
			await world.sandbox.admin('DELETE', 'faults');
			const rescue = await world.publish(
				workflowOf(
					`rescue-${version}`,
					videoNode({ resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}' }),
				),
			);
			const rescued = await world.fire(rescue, { items: [{ taskId: task.id }] });
			const execution = await world.session().waitFor(rescued);
			expect(theVideo(execution).item.json.taskId).toBe(task.id);
			// 1.x runs it again from its start, and the claim brings the task; 2.x fails it and empties it, so that a retry
			// has nothing to run (docs/queue-mode.md).
			const killed = await world.session().waitFor(id);
			if (majorOf(install) >= 2) {
				expect(killed.status).toBe('error');
				const retried = await world.session().retry(id);
				expect((await world.session().waitFor(retried)).status).toBe('error');
			} else {
				expect(killed.status).toBe('success');
				expect(theVideo(killed).item.json.taskId).toBe(task.id);
			}
			const made = (await world.tasks()).filter(({ body }) => body.prompt === 'killed');
			expect(made).toHaveLength(1);
		});

		describe('a trigger, to which main and the webhook process both take callbacks, and share only the database', () => {
			beforeAll(async () => {
				// n8n has no lock that several workers could share when a task is told to two processes in the same instant.
				const [one, ...others] = [world.stack.worker(0), world.stack.worker(1)].filter((worker) =>
					worker.isRunning(),
				);
				expect(one).toBeDefined();
				for (const other of others) await other.kill();
			});

			/** Tasks that have ended, of which nobody has been told. */
			async function endedTasks(count: number) {
				const session = world.session();
				const workflow = await session.createWorkflow(world.bind(submitWorkflow(count, '')));
				const execution = await session.waitFor(await session.run(workflow, 'Start'));
				const ids = itemsOf(execution, 'Wan Video').map(({ json }) => String(json.taskId));
				await until('the end of all tasks', async () => {
					const made = (await world.tasks()).filter(({ id }) => ids.includes(id));
					return made.every(({ state }) => state === 'completed') ? true : undefined;
				});
				return ids;
			}

			it('starts the workflow once for each task, whichever process is told how often', async () => {
				const { stack } = world;
				const taskIds = await endedTasks(30);
				const definition = world.bind(triggerWorkflow(`queue-trigger-${version}`, {}));
				const trigger = await storeTrigger(world.session(), stack.webhookUrl, definition, true);
				const tell = async (base: string, id: string) => await trigger.post({ id }, base);
				const processes = [stack.url, stack.webhookUrl];
				for (const base of processes) await trigger.registered(base);

				// A burst over both processes; then each task once more at the other process; the last ten at both in one instant.
				const [burst, twins] = [taskIds.slice(0, 20), taskIds.slice(20)];
				await Promise.all(burst.map(async (id, index) => await tell(processes[index % 2], id)));
				await trigger.executions(burst.length);
				for (const [index, id] of burst.entries())
					expect(await tell(processes[(index + 1) % 2], id)).toBe(200);
				for (const id of twins)
					await Promise.all(processes.map(async (base) => await tell(base, id)));
				const starts = async () =>
					(await trigger.executions(taskIds.length)).flatMap((execution) =>
						itemsOf(execution, 'After').map(({ json }) => String(json.taskId)),
					);
				const started = await until('all tasks to have started it', async () => {
					const ids = await starts();
					return new Set(ids).size === taskIds.length ? ids : undefined;
				});
				expect(started.sort()).toEqual([...taskIds].sort());
			});
		});
	},
);

const [newest] = prepared.installs.filter((install) => majorOf(install) >= 2);
// 1.x has no other engine.
(newest === undefined ? describe.skip : describe)("n8n 2.x's Engine 2.0", () => {
	let lab: Lab;
	let env: Record<string, string>;
	beforeAll(async () => {
		env = await engine2Env(services);
		lab = await startLab(newest, { name: 'engine2', env });
	});
	afterAll(async () => await lab?.stop());

	const taskIds = async () => (await lab.sandbox.ledger()).map(({ id }) => id);

	it('makes each row once under Pause, which it has no sleep for, and a trigger takes the end of a task', async () => {
		const pausing = videoNode({ options: { whileWaiting: 'pause' } });
		const execution = await lab.run(onEngine2(byHand(3, pausing)));
		expect(execution.id).toMatch(/^[0-9a-f]{8}-/);
		expect(execution.status).toBe('success');
		const rows = itemsOf(execution, 'Wan Video');
		expect(rows.map(({ binary }) => binary?.data.mimeType)).toEqual(rows.map(() => 'video/mp4'));
		const made = await taskIds();
		expect(rows.map(({ json }) => json.taskId).sort()).toEqual([...made].sort());
		expect(made).toHaveLength(3);
		expect(readFileSync(lab.server.logFile, 'utf8')).toMatch(/kept running: n8n's Engine 2.0/);

		const definition = onEngine2(lab.bind(triggerWorkflow('engine2-trigger', {})));
		const trigger = await storeTrigger(lab.session, lab.server.url, definition, true);
		await trigger.registered();
		expect(await trigger.post({ id: made[0] })).toBe(200);
		const [started] = await trigger.executions(1);
		expect(started.id).toMatch(/^[0-9a-f]{8}-/);
		expect(itemsOf(started, 'After').map(({ json }) => json.taskId)).toEqual([made[0]]);
	});

	it('that is killed and dispatches the step again pays once', async () => {
		const before = (await taskIds()).length;
		const unfinished = { kind: 'oddState', state: 'processing' };
		await lab.sandbox.admin('POST', 'faults', { on: 'look', times: 0, fault: unfinished });
		const workflow = await lab.store(onEngine2(workflowOf('engine2-kill', videoNode({}))));
		await lab.session.activate(workflow);
		const items = [{ prompt: 'killed 1' }, { prompt: 'killed 2' }];
		const id = await fire(lab.session, lab.server.url, workflow, { items });
		const looked = await until('a look at each task', async () => {
			const ids = (await taskIds()).slice(before);
			const paths = (await lab.sandbox.requests()).map(({ path }) => path);
			const all = ids.length === 2 && ids.every((one) => paths.includes(`/v1/tasks/${one}`));
			return all ? ids : undefined;
		});
		await lab.crash();
		await lab.sandbox.admin('DELETE', 'faults');
		await dispatchAgain(services, env, id);
		const execution = await lab.session.waitFor(id);
		expect(execution.status).toBe('success');
		expect(
			itemsOf(execution, 'Wan Video')
				.map(({ json }) => json.taskId)
				.sort(),
		).toEqual([...looked].sort());
		expect((await taskIds()).slice(before)).toEqual(looked);
	});
});
