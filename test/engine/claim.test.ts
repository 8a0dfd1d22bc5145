/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// n8n dies, and the Retry button finds what was paid for: in n8n's own engine, with its list of processed values
// standing in for the database. test/e2e/retryAndStop.test.ts kills real servers.
import { processedValues, takeLog } from '../support/engine';
import { items, startWorld, submits, type World } from '../support/engineWorld';
import { lostAfter, retryOf } from '../support/lostRun';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

/** n8n 1.x: that a lost execution had claimed an item, under a name that only it would ask for. */
const LEFT_OF_ITEM = process.env.ENGINE_FOLDER === undefined ? 0 : 1;
const CONTINUE = { settings: { onError: 'continueRegularOutput' as const } };

let world: World;
beforeAll(async () => {
	world = await startWorld({ credits: 1_000_000 });
});
beforeEach(async () => {
	await world.reset();
	processedValues.clear();
	takeLog();
});
afterAll(async () => await world.close());

describe('Retry of an execution that n8n lost', () => {
	it('submits nothing, and brings the video of the task that is paid for', async () => {
		const lost = await lostAfter(world, 2);
		const run = await retryOf(world, lost);
		expect(run.status).toBe('success');
		expect(submits(world.sandbox)).toBe(1);
		expect(run.rows[0].json.taskId).toBe(world.sandbox.ledger()[0].id);
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
		expect(processedValues.size).toBeLessThanOrEqual(LEFT_OF_ITEM);
	});

	it('brings all videos of a batch, in their order', async () => {
		const setup = { items: items(12), parameters: { prompt: '={{ "item " + $json.number }}' } };
		const run = await retryOf(world, await lostAfter(world, 14, setup), setup);
		expect(submits(world.sandbox)).toBe(12);
		const prompts = run.rows.map(({ json }) => {
			const task = world.sandbox.ledger().find(({ id }) => id === json.taskId);
			return task?.body.prompt;
		});
		expect(prompts).toEqual(Array.from({ length: 12 }, (_, number) => `item ${number}`));
		expect(processedValues.size).toBeLessThanOrEqual(12 * LEFT_OF_ITEM);
	});

	it('finds the task though an expression gives another prompt each time', async () => {
		const setup = { parameters: { prompt: '={{ "at " + Math.random() }}' } };
		const run = await retryOf(world, await lostAfter(world, 2, setup), setup);
		expect(run.status).toBe('success');
		expect(submits(world.sandbox)).toBe(1);
	});

	it('that was about to submit says what is known, and submits nothing, however often it is pressed', async () => {
		let left = processedValues.snapshot();
		const running = world.start();
		while (submits(world.sandbox) === 0) {
			left = processedValues.snapshot();
			await new Promise(setImmediate);
		}
		const lost = await running.done;
		processedValues.restore(left);
		for (let pressed = 0; pressed < 3; pressed += 1) {
			const run = await retryOf(world, lost);
			expect(run.status).toBe('error');
			expect(run.error?.message).toMatch(/n8n ended while an earlier run/);
			expect(run.error?.description).toMatch(/may have been charged/);
			expect(run.error?.description).toMatch(/log of n8n.*dashboard/);
		}
		expect(submits(world.sandbox)).toBe(1);
	});

	it('with another prompt makes another video, as after an edit', async () => {
		const run = await retryOf(world, await lostAfter(world, 2), {
			parameters: { prompt: 'Something else' },
		});
		expect(run.status).toBe('success');
		expect(submits(world.sandbox)).toBe(2);
	});

	it('goes on with the task also when its own retry fails and is lost in turn', async () => {
		const lost = await lostAfter(world, 2);
		world.sandbox.plan({ on: 'media', times: 0, fault: { kind: 'status', status: 503 } });
		expect((await retryOf(world, lost)).status).toBe('error');
		world.sandbox.clearFaults();
		expect((await retryOf(world, lost)).status).toBe('success');
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('an ordinary execution', () => {
	it.each([
		['success', {}],
		['an error', { parameters: { options: { timeout: 0.1 } } }],
		['Submit Again', { parameters: { options: { submitAgain: 1 } } }],
		['a loop', { loops: 3 }],
		['Continue On Fail', CONTINUE],
	])('leaves no claim behind: %s', async (name, setup) => {
		if (name === 'Submit Again' || name === 'Continue On Fail')
			world.sandbox.plan({ on: 'submit', fault: { kind: 'failTask', code: 'service_error' } });
		await world.run({ items: items(3), ...setup });
		expect(submits(world.sandbox)).toBeGreaterThan(0);
		expect(processedValues.calls).toBeGreaterThan(0);
		expect(processedValues.size).toBe(0);
	});

	it('leaves no claim behind: Stop', async () => {
		const running = world.start({ items: items(3) });
		while (submits(world.sandbox) < 3) await new Promise(setImmediate);
		running.stop();
		world.clock.poke();
		await running.done;
		for (let turn = 0; turn < 200 && processedValues.size > 0; turn += 1)
			await new Promise((resolve) => setTimeout(resolve, 5));
		expect(processedValues.size).toBe(0);
	});

	it('leaves no claim behind: a pause', async () => {
		const options = { whileWaiting: 'pause', timeout: 30 };
		const paused = await world.run({ items: items(3), parameters: { options } });
		expect(paused.status).toBe('waiting');
		expect(processedValues.size).toBe(0);
	});

	it('with the same wish is a new wish, beside and after one that n8n lost', async () => {
		const lost = await lostAfter(world, 2);
		const [one, two] = await Promise.all([world.run(), world.run()]);
		expect([one.status, two.status]).toEqual(['success', 'success']);
		expect(submits(world.sandbox)).toBe(3);
		const run = await retryOf(world, lost);
		expect(submits(world.sandbox)).toBe(3);
		expect(run.rows[0].json.taskId).toBe(world.sandbox.ledger()[0].id);
		expect(processedValues.size).toBeLessThanOrEqual(LEFT_OF_ITEM);
	});

	it.each([
		['throws', () => Promise.reject(new Error('the database is away'))],
		['never answers', async () => await new Promise<void>(() => undefined)],
	])('goes on where the list %s, with one line in the log', async (_name, before) => {
		processedValues.before = before;
		const run = await world.run({ items: items(4) });
		expect(run.status).toBe('success');
		expect(submits(world.sandbox)).toBe(4);
		const lines = takeLog().filter((line) => line.includes("cannot be kept in n8n's database"));
		expect(lines).toHaveLength(1);
	});
});
