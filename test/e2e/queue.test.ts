/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Queue mode with files in the database, n8n's default there: a main process, a webhook process and two workers, with Redis
// and PostgreSQL. What comes in at the webhook process is made on the workers; after Stop nothing is submitted, and the task
// of a worker that dies can be found.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from './support/examples';
import { startedBy } from './support/fire';
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
import { theVideo } from './support/runData';
import { type Services, startServices } from './support/services';
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

		it('leaves the task ID in the log of a worker that is killed, and Task: Wait brings the video', async () => {
			const workflow = await world.publish(workflowOf(`kill-${version}`, videoNode({})));
			await world.sandbox.admin('POST', 'faults', {
				on: 'look',
				times: 0,
				fault: { kind: 'oddState', state: 'processing' },
			});
			const id = await world.fire(workflow, { items: [{ prompt: 'killed' }] });
			const worker = await workerOf(id);
			const task = await until('the submit', async () => await world.taskOf('killed'));
			await until(
				'the log line',
				async () => await Promise.resolve(worker.log().includes(task.id) ? true : undefined),
			);
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
			// What n8n makes of the killed one: 2.x fails it, 1.x runs it again from its start (docs/queue-mode.md).
			const { status } = await world.session().waitFor(id);
			const made = (await world.tasks()).filter(({ body }) => body.prompt === 'killed');
			expect([status, made.length]).toEqual(majorOf(install) >= 2 ? ['error', 1] : ['success', 2]);
		});
	},
);
