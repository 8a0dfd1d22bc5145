/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Pause: the execution sleeps in n8n's database and the node runs again. This leans on how n8n's engine treats a node
// that waits, so it runs on every n8n version under test, and a new n8n that does it otherwise turns it red.
import { readFileSync, rmSync } from 'node:fs';

import { binaryFile } from '../e2e/support/n8nInstall';
import { forgetJournals, newestJournal } from '../../nodes/WanVideo/host/newestJournal';
import { anEntry } from '../support/builders';
import { storeBinary } from '../support/engine';
import { items, requestLines, startWorld, submits, type World } from '../support/engineWorld';
import { fakeContext } from '../support/fakeContext';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld({ taskSeconds: 200, switches: { callbackUrls: 'local' } });
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const PAUSE = { options: { whileWaiting: 'pause' } };
const looks = () => requestLines(world.sandbox).filter((line) => line.startsWith('GET /v1/tasks/'));
const downloads = () =>
	requestLines(world.sandbox).filter((line) => line.startsWith('GET /media/'));
const taskIds = () => world.sandbox.ledger().map(({ id }) => id);

describe('a pause', () => {
	it('sleeps at least 90 seconds, wakes once, and gives one clean run of the node', async () => {
		const paused = await world.run({ parameters: PAUSE, items: items(3) });
		expect(paused.status).toBe('waiting');
		expect((paused.wakesAt ?? 0) - world.clock.now()).toBeGreaterThanOrEqual(90_000);
		expect(looks()).toHaveLength(0);
		const run = await world.wake(paused, { parameters: PAUSE });
		expect(run.status).toBe('success');
		expect(run.runs).toBe(1);
		expect(submits(world.sandbox)).toBe(3);
		// Submits go side by side, so they may arrive in another order.
		expect(run.rows.map(({ json }) => json.taskId).sort()).toEqual(taskIds().sort());
		expect(run.rows.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(run.rows.every(({ binary }) => binary?.data.mimeType === 'video/mp4')).toBe(true);
	});

	it.each([
		['Retry On Fail', { settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } }],
		['Continue On Fail', { settings: { onError: 'continueRegularOutput' } }],
		['the error output', { settings: { onError: 'continueErrorOutput' } }],
		['Always Output Data', { settings: { alwaysOutputData: true } }],
		['Execute Once', { settings: { executeOnce: true } }],
		['the old execution order', { workflowSettings: { executionOrder: 'v0' } }],
		['a manual run', { mode: 'manual' }],
	] as const)('works with %s', async (label, setup) => {
		const { run, pauses } = await world.runOn({
			...setup,
			...{ parameters: PAUSE, items: items(2), after: true },
		});
		expect(run.status).toBe('success');
		expect(pauses).toBeGreaterThan(0);
		expect(run.runs).toBe(1);
		const count = label === 'Execute Once' ? 1 : 2;
		expect(run.reachedAfter).toEqual([count]);
		expect(run.rows.map(({ json }) => json.taskId)).toEqual(taskIds());
		expect(submits(world.sandbox)).toBe(count);
		expect(run.errorRows).toEqual([]);
	});

	it.each([
		['one after the other', false],
		['at once', true],
	])('pays once though n8n wakes it twice from the same pause, %s', async (_label, atOnce) => {
		const parameters = {
			prompt: '=p {{ $json.number }}',
			options: { concurrency: 1, whileWaiting: 'pause' },
		};
		const setup = { parameters, items: items(3), mode: 'webhook' as const };
		const paused = await world.run(setup);
		// A slot is free: whoever waited for it goes on from what the execution was when it began to wait.
		const wake = async () => await world.wake(paused, setup);
		const runs = atOnce ? await Promise.all([wake(), wake()]) : [await wake(), await wake()];
		let run = runs[1];
		// Of what n8n has stored last nothing is missing, whichever process goes on with it.
		forgetJournals();
		while (run.status === 'waiting') run = await world.wake(run, setup);
		const prompts = world.sandbox.ledger().map(({ body }) => body.prompt);
		expect(prompts.sort()).toEqual(['p 0', 'p 1', 'p 2']);
		expect(run.rows.map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
	});

	it('pays once though the second of two wakes from one pause fails, and is retried', async () => {
		const parameters = {
			prompt: '=p {{ $json.number }}',
			options: { concurrency: 1, whileWaiting: 'pause' },
		};
		const setup = { parameters, items: items(3), mode: 'webhook' as const };
		const paused = await world.run(setup);
		await world.wake(paused, setup);
		const failed = await world.wake(paused, { ...setup, credentialFault: new Error('gone') });
		expect(failed.status).toBe('error');
		forgetJournals();
		let run = await world.retry(failed, setup);
		while (run.status === 'waiting') run = await world.wake(run, setup);
		const prompts = world.sandbox.ledger().map(({ body }) => body.prompt);
		expect(prompts.sort()).toEqual(['p 0', 'p 1', 'p 2']);
		expect(run.rows.map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
	});

	it('leaves in the data what another node of the execution has paid for, which n8n may overwrite', async () => {
		const paused = await world.run({ parameters: PAUSE });
		const { executionId } = paused;
		const members = { getContext: () => ({}) };
		newestJournal(fakeContext({ executionId, node: { name: 'Behind' }, members })).write(
			'run0:item0',
			anEntry('submitted', { taskId: 'task-of-the-other' }),
		);
		const run = await world.wake(paused);
		expect(run.status).toBe('success');
		expect(run.stored).toMatch(/node:Behind.*task-of-the-other/);
	});

	it('submits a failed task again as often as in memory, however many pauses come between', async () => {
		const fault = { kind: 'failTask', code: 'service_error' } as const;
		for (const whileWaiting of ['keepRunning', 'pause']) {
			await world.reset();
			world.sandbox.plan({ on: 'submit', times: 0, fault });
			const options = { submitAgain: 2, whileWaiting, timeout: 60 };
			const { run } = await world.runOn({ parameters: { options } });
			expect([run.status, submits(world.sandbox)]).toEqual(['error', 3]);
			for (const id of taskIds()) expect(JSON.stringify(run.error)).toContain(id);
		}
	});

	it.each(['v0', 'v1'])(
		'hands nothing to a Merge behind it before it is over (order %s)',
		async (executionOrder) => {
			const { run, pauses } = await world.runOn({
				...{ parameters: PAUSE, items: items(2), after: 'merge' },
				workflowSettings: { executionOrder },
			});
			expect([run.status, run.reachedAfter]).toEqual(['success', [2]]);
			expect(pauses).toBeGreaterThan(0);
		},
	);

	it('comes back as often as it takes, and not to what it has kept already', async () => {
		const parameters = {
			prompt: '=picture {{ $json.number }}',
			options: { whileWaiting: 'pause', concurrency: 10 },
		};
		const { run, pauses } = await world.runOn({ parameters, items: items(25) });
		expect(run.status).toBe('success');
		// Three waves of ten, as no more than ten are ever under way.
		expect(pauses).toBeGreaterThanOrEqual(3);
		expect(submits(world.sandbox)).toBe(25);
		expect(downloads()).toHaveLength(25);
		// Submits may arrive in another order; each row has the task of its own item.
		const prompts = new Map<unknown, unknown>(
			world.sandbox.ledger().map(({ id, body }) => [id, body.prompt]),
		);
		expect(run.rows.map(({ json }) => prompts.get(json.taskId))).toEqual(
			items(25).map(({ json }) => `picture ${json.number as number}`),
		);
		expect(new Set(run.rows.map(({ binary }) => binary?.data.id)).size).toBe(25);
	});

	it('works in a loop, where each run of the node is its own', async () => {
		const { run } = await world.runOn({ parameters: PAUSE, loops: 2 });
		expect(run.status).toBe('success');
		expect(run.runs).toBe(2);
		expect(submits(world.sandbox)).toBe(2);
	});

	it('waits in memory for what is nearly done', async () => {
		const short = await startWorld({ taskSeconds: 20, switches: { callbackUrls: 'local' } });
		try {
			const { run, pauses } = await short.runOn({ parameters: PAUSE });
			expect(run.status).toBe('success');
			expect(pauses).toBe(0);
		} finally {
			await short.close();
			await world.reset();
		}
	});

	it("goes on by time where EvoLink does not take n8n's address, though only the last tasks carry it", async () => {
		const strict = await startWorld({ taskSeconds: 200 });
		try {
			const { run, pauses } = await strict.runOn({ parameters: PAUSE, items: items(20) });
			expect(run.status).toBe('success');
			expect(pauses).toBeGreaterThan(0);
			expect(strict.sandbox.ledger()).toHaveLength(20);
			expect(run.rows.every(({ json }) => json.status === 'completed')).toBe(true);
			// Where n8n signs no addresses (1.x), none is sent; else those of the last five that were on their way together.
			expect(submits(strict.sandbox)).toBeGreaterThanOrEqual(20);
			expect(submits(strict.sandbox)).toBeLessThanOrEqual(25);
		} finally {
			await strict.close();
			await world.reset();
		}
	});

	it("holds 'Task: Wait' too", async () => {
		const submitted = await world.run({ parameters: { operation: 'submit' } });
		const { run, pauses } = await world.runOn({
			parameters: {
				resource: 'task',
				operation: 'wait',
				taskId: submitted.rows[0].json.taskId,
				...PAUSE,
			},
		});
		expect(run.status).toBe('success');
		expect(pauses).toBeGreaterThan(0);
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('what happens around a pause', () => {
	it('tells of a callback that was to wake it and never came', async () => {
		const { run, pauses } = await world.runOn({ parameters: PAUSE });
		expect(run.status).toBe('success');
		expect(pauses).toBeGreaterThan(0);
		// Where n8n signs no addresses (1.x), none is given to EvoLink.
		const wasGiven = world.sandbox.ledger().some(({ body }) => 'callback_url' in body);
		const told = run.hints.filter((hint) => hint.includes('WEBHOOK_URL'));
		expect(told).toHaveLength(wasGiven ? 1 : 0);
	});

	it('keeps the deadline over all pauses', async () => {
		const parameters = { options: { whileWaiting: 'pause', timeout: 3 } };
		const begun = world.clock.now();
		world.sandbox.plan({ on: 'look', times: 0, fault: { kind: 'oddState', state: 'processing' } });
		const { run } = await world.runOn({ parameters });
		expect(run.status).toBe('error');
		expect(run.error?.message).toMatch(/did not end within 3 minutes/);
		expect(run.error?.message).toContain(taskIds()[0]);
		const minutes = (world.clock.now() - begun) / 60_000;
		expect(minutes).toBeGreaterThanOrEqual(3);
		expect(minutes).toBeLessThan(5);
	});

	it('does not submit a refused item after the pause, and shows its row and the hints', async () => {
		const parameters = {
			firstFrameUrl:
				'={{ $json.number === 1 ? "not an address" : "https://example.com/first_frame.jpg" }}',
			prompt: '={{ "x".repeat(6000) }}',
			...PAUSE,
		};
		const setup = {
			parameters,
			items: items(3),
			settings: { onError: 'continueRegularOutput' },
		} as const;
		const { run, pauses } = await world.runOn(setup);
		expect(pauses).toBeGreaterThan(0);
		expect(submits(world.sandbox)).toBe(2);
		expect(run.rows.map(({ json }) => typeof json.error)).toEqual([
			'undefined',
			'string',
			'undefined',
		]);
		expect(run.hints.filter((hint) => hint.includes("'Prompt'"))).toEqual([
			expect.stringMatching(/^Items 0, 1, 2: 'Prompt' has 6000 characters/),
		]);
	});

	it('does not look at the materials again', async () => {
		const file = `${world.sandbox.url}/nowhere.jpg`;
		world.sandbox.plan({
			on: 'media',
			times: 0,
			fault: { kind: 'status', status: 404 },
			match: { path: 'nowhere' },
		});
		const paused = await world.run({ parameters: { ...PAUSE, firstFrameUrl: file } });
		const before = requestLines(world.sandbox).filter((line) => line.includes('nowhere')).length;
		expect(before).toBeGreaterThan(0);
		await world.wake(paused, { parameters: { ...PAUSE, firstFrameUrl: file } });
		expect(requestLines(world.sandbox).filter((line) => line.includes('nowhere'))).toHaveLength(
			before,
		);
	});

	it('does not need a file again that was uploaded before the pause', async () => {
		const image = readFileSync('examples/media/first_frame.jpg');
		const binary = await storeBinary(image, 'first.jpg', 'image/jpeg');
		const setup = {
			items: [{ json: {}, binary: { data: binary } }],
			parameters: { ...PAUSE, firstFrameSource: 'binary', firstFrameBinaryField: 'data' },
		};
		const paused = await world.run(setup);
		expect(paused.status).toBe('waiting');
		rmSync(binaryFile(process.env.N8N_USER_FOLDER ?? '', binary.id ?? ''));
		const run = await world.wake(paused, setup);
		expect(run.error).toBeUndefined();
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
		expect(submits(world.sandbox)).toBe(1);
	});

	it('outlives an outage of EvoLink that is longer than any wait in memory', async () => {
		const paused = await world.run({ parameters: PAUSE });
		world.sandbox.plan({ on: 'look', times: 0, fault: { kind: 'status', status: 503 } });
		let run = await world.wake(paused, { parameters: PAUSE });
		for (let wakes = 0; wakes < 3; wakes += 1) {
			expect(run.status).toBe('waiting');
			run = await world.wake(run, { parameters: PAUSE });
		}
		world.sandbox.clearFaults();
		run = await world.wake(run, { parameters: PAUSE });
		expect(run.status).toBe('success');
		expect(submits(world.sandbox)).toBe(1);
	});

	it('ends with an error that names the task when EvoLink cannot be asked any longer', async () => {
		const paused = await world.run({ parameters: PAUSE });
		world.sandbox.plan({ on: 'look', times: 0, fault: { kind: 'status', status: 403 } });
		const run = await world.wake(paused, { parameters: PAUSE });
		expect(run.status).toBe('error');
		expect(run.error?.message).toContain(taskIds()[0]);
	});

	it('lets the Retry button of a paused execution that was stopped find the task', async () => {
		const paused = await world.run({ parameters: PAUSE });
		const again = await world.retry(paused, { retriesAs: 'original' });
		let retried = again;
		for (let pauses = 0; retried.status === 'waiting' && pauses < 10; pauses += 1)
			retried = await world.wake(retried, { parameters: PAUSE, mode: 'retry' });
		expect(retried.status).toBe('success');
		expect(submits(world.sandbox)).toBe(1);
		expect(retried.rows[0].binary?.data.mimeType).toBe('video/mp4');
	});
});

describe('where it cannot pause', () => {
	it.each([
		['the command line', { mode: 'cli' }, /command line/],
		['an evaluation', { mode: 'evaluation' }, /evaluation/],
	] as const)('in %s it keeps running and says why', async (_label, setup, why) => {
		const run = await world.run({ ...setup, parameters: PAUSE });
		expect(run.status).toBe('success');
		expect(run.hints.join('\n')).toMatch(why);
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
	});

	it('does not pause where a webhook answers with the last node, as the caller would get an error and call again', async () => {
		const setup = { mode: 'webhook', startParameters: { responseMode: 'lastNode' } } as const;
		const run = await world.run({ ...setup, parameters: PAUSE });
		expect(run.status).toBe('success');
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
		expect(run.hints.join('\n')).toMatch(
			/kept running: 'Start' answers its caller when the last node finishes.*'Respond to Webhook'.*'Wan Video Trigger'/,
		);
	});

	it('pauses where the webhook answers at once, and in a retry that nobody waits for', async () => {
		const atOnce = await world.run({
			...{ mode: 'webhook', parameters: PAUSE },
			startParameters: { responseMode: 'onReceived' },
		});
		expect(atOnce.status).toBe('waiting');
		const retried = await world.run({
			...{ mode: 'retry', parameters: PAUSE },
			startParameters: { responseMode: 'lastNode' },
		});
		expect(retried.status).toBe('waiting');
	});
});
