/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The node as an AI agent's tool, in n8n's engine: AI Agent 3.x has its tools run so. What comes of a call is always an
// answer that a model can act on, and never a second charge. test/e2e/agent.test.ts has the real agents.
import type { INodeExecutionData } from 'n8n-workflow';

import type { NodeSetup } from '../support/engine';
import { requestLines, startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const TOOL = { type: 'n8n-nodes-wan-video.wanVideoTool' };
const BLOCKED = {
	kind: 'failTask',
	code: 'content_policy_violation',
	message: 'Blocked by safety filters',
} as const;
const STILL_RUNNING = {
	on: 'look',
	times: 0,
	fault: { kind: 'oddState', state: 'processing' },
} as const;

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const taskIds = () => world.sandbox.ledger().map(({ id }) => id);

/** One call, or as many as `loops` says; gives the last answer. */
async function call({ settings, ...setup }: Partial<NodeSetup> = {}): Promise<INodeExecutionData> {
	const run = await world.run({ ...setup, settings: { ...TOOL, ...settings } });
	expect(run.status).toBe('success');
	expect(run.rows).toHaveLength(1);
	return run.rows[0];
}

describe('an answer', () => {
	it('has the link and no file, whatever the parameters say', async () => {
		const { json, binary } = await call({ parameters: { download: true, simplify: true } });
		expect(binary).toBeUndefined();
		expect(json).toMatchObject({ status: 'completed', taskId: taskIds()[0] });
		expect(json.nextStep).toBeUndefined();
		expect(requestLines(world.sandbox).some((line) => line.includes('/media'))).toBe(false);
	});

	it('comes within five minutes, though the options ask to fail or to pause', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const from = world.clock.now();
		const options = { onTimeout: 'fail', whileWaiting: 'pause' };
		const { json } = await call({ parameters: { options } });
		expect(json).toMatchObject({ status: 'processing', taskId: taskIds()[0] });
		expect(json.nextStep).toMatch(/already paid for\. Call this tool again now/);
		expect(world.clock.now() - from).toBeLessThanOrEqual(300_000);
	});

	it('comes as late as the user allows', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const from = world.clock.now();
		await call({ parameters: { options: { timeout: 10 } } });
		expect(world.clock.now() - from).toBeGreaterThan(300_000);
	});

	it('leaves out what the model left empty', async () => {
		const { json } = await call({
			parameters: {
				drivingAudioSource: 'url',
				drivingAudioUrl: '',
				options: { negativePrompt: '' },
			},
		});
		expect(json.status).toBe('completed');
	});

	it.each([
		['task: get', { resource: 'task', operation: 'get' }],
		['task: wait', { resource: 'task', operation: 'wait', options: { timeout: 1 } }],
	])('of %s says when a video is not ready', async (_label, parameters) => {
		const { json: submitted } = await call({ parameters: { operation: 'submit' } });
		expect(submitted.nextStep).toMatch(/Do not submit it again/);
		world.sandbox.plan(STILL_RUNNING);
		const { json } = await call({ parameters: { ...parameters, taskId: submitted.taskId } });
		expect(json).toMatchObject({ taskId: submitted.taskId, status: 'processing' });
		expect(json.nextStep).toMatch(/^Not ready yet/);
	});
});

describe('money', () => {
	it('is spent once for the same arguments in one execution', async () => {
		const { json } = await call({ loops: 3 });
		expect(taskIds()).toEqual([json.taskId]);
	});

	it('is spent again for a changed prompt', async () => {
		await call({
			items: [{ json: { prompt: 'A cat' } }],
			parameters: { prompt: '={{ $json.prompt }}' },
		});
		await call({
			items: [{ json: { prompt: 'A dog' } }],
			parameters: { prompt: '={{ $json.prompt }}' },
		});
		expect(taskIds()).toHaveLength(2);
	});

	it('is not spent by Retry On Fail; a call after a failure is a new try', async () => {
		world.sandbox.plan({ on: 'submit', fault: BLOCKED });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const { json: failed } = await call({ settings });
		expect(failed).toMatchObject({ status: 'failed', charged: 'no', taskId: taskIds()[0] });
		expect(failed.nextStep).toMatch(/change it and call this tool again/);
		expect(submits(world.sandbox)).toBe(1);

		await world.reset();
		world.sandbox.plan({ on: 'submit', fault: BLOCKED });
		const { json: second } = await call({ loops: 2, settings });
		expect(second).toMatchObject({ status: 'completed', taskId: taskIds()[1] });
	});

	it('that may be spent is never spent again', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'lostReply' } });
		const { json } = await call({ loops: 2 });
		expect(json).toMatchObject({ status: 'failed', charged: 'unknown' });
		expect(json.nextStep).toMatch(/Do not call this tool again for this video/);
		expect(submits(world.sandbox)).toBe(1);
	});

	it('that is spent is told with the task', async () => {
		world.sandbox.plan({ on: 'look', times: 0, fault: { kind: 'status', status: 403 } });
		const { json } = await call();
		expect(json).toMatchObject({ status: 'failed', charged: 'yes', taskId: taskIds()[0] });
		expect(json.nextStep).toMatch(/^The video is paid for\. Do not ask for it anew/);
	});
});

describe('what is wrong', () => {
	it.each([['stopWorkflow'], ['continueRegularOutput'], ['continueErrorOutput']] as const)(
		'is an answer and no error under %s',
		async (onError) => {
			const { json } = await call({
				parameters: { prompt: '', firstFrameUrl: '' },
				settings: { onError },
			});
			expect(json.status).toBe('failed');
			expect(json.error).toBeUndefined();
			expect(json.message).toMatch(/'First Frame URL' .* nothing was charged/);
			expect(submits(world.sandbox)).toBe(0);
		},
	);

	it('with an ID is an answer, too', async () => {
		const parameters = { resource: 'task', operation: 'get', taskId: '../credits' };
		const { json } = await call({ parameters });
		expect(json).toMatchObject({ status: 'failed', charged: 'no' });
		expect(json.message).toMatch(/no task ID/);
	});

	it('does not swallow a Stop', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const running = world.start({ settings: TOOL });
		while (!requestLines(world.sandbox).some((line) => line.includes('/v1/tasks/')))
			await new Promise(setImmediate);
		running.stop();
		world.clock.poke();
		const run = await running.done;
		expect(run.status).toBe('canceled');
		expect(run.rows).toEqual([]);
		expect(submits(world.sandbox)).toBe(1);
	});
});
