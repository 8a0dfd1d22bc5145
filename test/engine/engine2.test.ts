// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// What n8n's Engine 2.0 does differently, in n8n's engine 1: putting to sleep throws, executions are named by UUIDs, a
// step is dispatched again. And the same key for the same POST, for an EvoLink that honours it.
import { randomUUID } from 'node:crypto';

import { processedValues, takeLog } from '../support/engine';
import { items, startWorld, submits, type World } from '../support/engineWorld';
import { lostAfter, rerunOf, retryOf } from '../support/lostRun';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

/** n8n 1.x tells nothing that only an execution and its retries share. */
const KNOWS_WHOSE = process.env.ENGINE_FOLDER === undefined;

let world: World;
beforeAll(async () => {
	world = await startWorld({ taskSeconds: 200, switches: { callbackUrls: 'local' } });
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const PAUSE = { options: { whileWaiting: 'pause' } };
const sleepFault = new Error('No active execution found');
const taskIds = () => world.sandbox.ledger().map(({ id }) => id);

describe('Pause', () => {
	it.each([['stopWorkflow'], ['continueRegularOutput'], ['continueErrorOutput']] as const)(
		'goes on in memory where putting to sleep throws, under %s',
		async (onError) => {
			const setup = { parameters: PAUSE, items: items(3), settings: { onError }, after: true };
			const run = await world.run({ ...setup, sleepFault });
			expect(run.status).toBe('success');
			expect(run.rows.map(({ json }) => json.taskId).sort()).toEqual(taskIds().sort());
			expect(run.rows.every(({ binary }) => binary?.data.mimeType === 'video/mp4')).toBe(true);
			expect(run.hints.join()).toMatch(
				/kept running: n8n did not let it sleep.*No active execution/,
			);
			expect(run.runs).toBe(1);
			expect(run.reachedAfter).toEqual([3]);
			expect(submits(world.sandbox)).toBe(3);
		},
	);

	it('is not tried in an execution of Engine 2.0', async () => {
		const fault = new Error('asked to sleep');
		const executionId = randomUUID();
		const run = await world.run({ parameters: PAUSE, executionId, sleepFault: fault });
		expect(run.status).toBe('success');
		const told = /kept running: n8n's Engine 2.0 lets no execution pause yet/;
		expect(run.hints.join()).toMatch(told);
		// There a hint is lost.
		expect(takeLog().join()).toMatch(told);
		expect(run.rows[0].json.taskId).toBe(taskIds()[0]);
	});
});

it('a step that is dispatched again under the same execution is one charge for each item', async () => {
	const setup = { executionId: randomUUID(), items: items(3) };
	const lost = await lostAfter(world, 4, setup);
	const run = await rerunOf(world, lost, setup);
	expect(run.status).toBe('success');
	expect(run.rows.map(({ json }) => json.taskId).sort()).toEqual(taskIds().sort());
	expect(submits(world.sandbox)).toBe(3);
});

describe('the first line of an error', () => {
	it('says that a submit may have been charged', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'lostReply' } });
		const run = await world.run();
		expect(run.error?.message).toMatch(/may have been charged/);
	});

	it('names the task that is paid for', async () => {
		const run = await world.run({ parameters: { options: { timeout: 1 } } });
		expect(run.error?.message).toContain(taskIds()[0]);
	});
});

if (KNOWS_WHOSE) {
	it('Idempotency-Key is the same in a retry, also where the claim was lost', async () => {
		world.sandbox.setSwitches({ idempotencyKey: 'honoured' });
		const lost = await lostAfter(world, 2);
		processedValues.clear();
		const run = await retryOf(world, lost);
		expect(run.status).toBe('success');
		expect(submits(world.sandbox)).toBe(2);
		expect(taskIds()).toHaveLength(1);
		expect(run.rows[0].json.taskId).toBe(taskIds()[0]);
		// Another execution with the same wish is another video.
		expect((await world.run()).rows[0].json.taskId).not.toBe(taskIds()[0]);
	});
}
