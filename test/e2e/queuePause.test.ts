// Executions that pause in queue mode, with files in a shared folder: while they sleep in the database, main and the worker
// that began them are killed; then another worker goes on. A pause lasts 90 seconds or more, so all stories of all n8n
// versions go on side by side, and each test looks at the end of one.
import { majorOf, type N8nInstall } from './support/n8nInstall';
import type { StackProcess } from './support/n8nStackProcess';
import { type StackWorld, startStackWorld } from './support/n8nStackWorld';
import { itemsOfSuccess, submitAndWait, videoNode, workflowOf } from './support/n8nStackWorkflows';
import { freshFolder, prepared } from './support/prepared';
import type { StoredWorkflow } from './support/rest';
import type { Task } from './support/sandboxProcess';
import { type Services, startServices } from './support/services';
import { until } from './support/until';

/** Longer than what the node waits for in memory. */
const taskSeconds = 60;
const options = { whileWaiting: 'pause' };

/** Ids of the executions of one n8n version. */
interface Story {
	world: StackWorld;
	batch: string;
	byTime: string;
	stopped: string;
	killedAfterWake: string;
	/** Looks at the stopped execution's task until its Stop. */
	looksBeforeStop: number;
	/** Task: Wait, as a user would call it with an ID from the log. */
	rescue: StoredWorkflow;
}

let services: Services;
const worlds: StackWorld[] = [];
const stories = new Map<string, Story>();

const looksAt = async (world: StackWorld, { id }: Task) =>
	(await world.sandbox.requests()).filter(({ path }) => path === `/v1/tasks/${id}`).length;

async function taskOf(world: StackWorld, prompt: string): Promise<Task> {
	const task = await world.taskOf(prompt);
	if (task === undefined) throw new Error(`No task was submitted for "${prompt}"`);
	return task;
}

const workersOf = ({ stack }: StackWorld) => [stack.worker(0), stack.worker(1)];

/** The worker that took an execution for the `time`th time. */
const workerOf = async (world: StackWorld, executionId: string, time = 1): Promise<StackProcess> =>
	await until(`a worker to take execution ${executionId}`, async () => {
		const line = `Worker started execution ${executionId} (`;
		const counts = workersOf(world).map((worker) => worker.log().split(line).length - 1);
		const total = counts.reduce((sum, count) => sum + count, 0);
		if (total < time) return undefined;
		// The one that runs it now is the one that has not finished as often as it has started.
		const finished = `Worker finished execution ${executionId} (`;
		return await Promise.resolve(
			workersOf(world).find(
				(worker, index) =>
					counts[index] > 0 &&
					(time === 1 || worker.log().split(finished).length - 1 < counts[index]),
			),
		);
	});

async function begin(install: N8nInstall): Promise<Story> {
	const { version } = install;
	const world = await startStackWorld({
		name: `queue-pause-${version}`,
		install,
		services,
		taskSeconds,
		sandboxArgs: ['--video', 'sample'],
		binaryMode: 'filesystem',
		env: { QUEUE_WORKER_LOCK_DURATION: '15000', QUEUE_WORKER_STALLED_INTERVAL: '5000' },
	});
	worlds.push(world);
	const generate = await world.publish(workflowOf(`pause-${version}`, videoNode({ options })));
	const rescue = await world.publish(
		workflowOf(
			`rescue-${version}`,
			videoNode({ resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}' }),
		),
	);
	const story: Story = {
		world,
		rescue,
		batch: '',
		byTime: '',
		stopped: '',
		killedAfterWake: '',
		looksBeforeStop: 0,
	};
	stories.set(version, story);
	const wait = await world.publish(submitAndWait(`wait-${version}`, options));
	const items = (...prompts: string[]) => ({ items: prompts.map((prompt) => ({ prompt })) });
	story.batch = await world.fire(generate, items('batch 1', 'batch 2', 'batch 3'));
	story.killedAfterWake = await world.fire(generate, items('killed after the wake'));
	story.stopped = await world.fire(generate, items('stopped'));
	story.byTime = await world.fire(wait, items('by time 1', 'by time 2'));
	for (const id of [story.batch, story.killedAfterWake, story.stopped, story.byTime]) {
		await world.session().waitFor(id, ['waiting']);
	}
	const stoppedTask = await taskOf(world, 'stopped');
	story.looksBeforeStop = await looksAt(world, stoppedTask);
	await world.session().stop(story.stopped);
	// Its download never ends, so that the worker is in the middle of it when it is killed.
	const { id: taskId } = await taskOf(world, 'killed after the wake');
	await world.sandbox.admin('POST', 'faults', {
		on: 'media',
		times: 0,
		match: { taskId },
		fault: { kind: 'stall', after: 'headers' },
	});
	const first = await workerOf(world, story.batch);
	await Promise.all([first.kill(), world.stack.main.kill()]);
	// On 2.x the callbacks wake the executions now, without main.
	await world.sandbox.passes(taskSeconds + 1);
	if (majorOf(install) >= 2) {
		await until('the batch to end without main', async () => {
			const sql = `select status from execution_entity where id = ${story.batch}`;
			const [status] = await services.query(world.stack.database, sql);
			return status === 'success' ? true : undefined;
		});
	}
	await Promise.all([first.start(), world.stack.main.start()]);
	await world.signIn();
	return story;
}

beforeAll(async () => {
	services = await startServices(freshFolder('queue-pause-services'));
	const beginnings = await Promise.allSettled(prepared.installs.map(begin));
	for (const one of beginnings) if (one.status === 'rejected') throw one.reason;
}, 900_000);
afterAll(async () => {
	await Promise.all(worlds.map(async (world) => await world.down()));
	await services?.stop();
});

describe.each(prepared.installs.map(({ version }) => [version] as const))('n8n %s', (version) => {
	let story: Story;
	let world: StackWorld;
	beforeAll(() => {
		const begun = stories.get(version);
		if (begun === undefined) throw new Error('It did not begin');
		story = begun;
		world = begun.world;
	});

	it.each([
		[
			'a batch whose worker and main are killed in its pause',
			'batch',
			['batch 1', 'batch 2', 'batch 3'],
		],
		['Task: Wait, which wakes by time', 'byTime', ['by time 1', 'by time 2']],
	] as const)('%s ends with each video once', async (_, name, prompts) => {
		const execution = await world.session().waitFor(story[name], undefined, 420_000);
		const items = itemsOfSuccess(execution, 'After');
		expect(items.map(({ json }) => json.paired)).toEqual(prompts);
		for (const [index, item] of items.entries()) {
			expect(item.json.taskId).toBe((await taskOf(world, prompts[index])).id);
			expect(item.binary?.data.id).toMatch(/^filesystem-v2:/);
			await world.checkVideo(item);
		}
		itemsOfSuccess(execution, 'Wan Video');
	});

	it('a worker that is killed after the wake costs no second task, and the video comes', async () => {
		const worker = await workerOf(world, story.killedAfterWake, 2);
		const { id: taskId } = await taskOf(world, 'killed after the wake');
		await until('the download to begin', async () => {
			const downloads = (await world.sandbox.requests()).filter(
				({ path }) => path.includes(taskId) && path.startsWith('/media'),
			);
			return downloads.length > 0 ? true : undefined;
		});
		await worker.kill();
		await world.sandbox.admin('DELETE', 'faults');
		// 1.x lets another worker go on; 2.x fails the execution and empties it (docs/queue-mode.md).
		let execution = await world.session().waitFor(story.killedAfterWake);
		if (execution.status !== 'success') {
			expect(worker.log()).toContain(taskId);
			const id = await world.fire(story.rescue, { items: [{ taskId }] });
			execution = await world.session().waitFor(id);
		}
		const [item] = itemsOfSuccess(execution, 'After');
		expect(item.json.taskId).toBe(taskId);
		await world.checkVideo(item);
		await taskOf(world, 'killed after the wake');
	});

	it('Stop ends a paused execution for good, and its task is in the log', async () => {
		const { status, waitTill } = await world.session().execution(story.stopped);
		expect([status, waitTill ?? null]).toEqual(['canceled', null]);
		const task = await taskOf(world, 'stopped');
		expect(await looksAt(world, task)).toBe(story.looksBeforeStop);
		expect(workersOf(world).some((worker) => worker.log().includes(task.id))).toBe(true);
	});

	it('has paid for each item once', async () => {
		const prompts = (await world.tasks()).map(({ body }) => body.prompt);
		expect(prompts.sort()).toEqual([
			'batch 1',
			'batch 2',
			'batch 3',
			'by time 1',
			'by time 2',
			'killed after the wake',
			'stopped',
		]);
	});
});
