// Bill once: whatever n8n does again, a task that is paid for is found, and an item that is meant twice is made twice.
import type { WorkflowExecuteMode } from 'n8n-workflow';

import type { FaultPlan } from '../../sandbox';
import { processedValues, takeLog } from '../support/engine';
import { items, requestLines, startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
/** EvoLink's own trouble with one task. */
const FAILED = {
	kind: 'failTask',
	code: 'content_policy_violation',
	message: 'Blocked by safety filters',
} as const;

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const taskIds = () => world.sandbox.ledger().map(({ id }) => id);

describe('Retry On Fail', () => {
	it('submits three items three times, though one fails in every try', async () => {
		world.sandbox.plan({ on: 'submit', fault: FAILED });
		const run = await world.run({ items: items(3), settings: RETRY });
		expect(run.status).toBe('error');
		expect(submits(world.sandbox)).toBe(3);
		expect(run.error?.message).toContain('Blocked by safety filters');
	});

	it('does the same under Continue On Fail, where n8n runs the node again for item 0', async () => {
		world.sandbox.plan({ on: 'submit', fault: FAILED });
		const run = await world.run({
			items: items(3),
			settings: { ...RETRY, onError: 'continueRegularOutput' },
		});
		expect(submits(world.sandbox)).toBe(3);
		expect(run.rows.map(({ json }) => json.status)).toEqual([undefined, 'completed', 'completed']);
		expect(new Set(run.rows.slice(1).map(({ json }) => json.taskId))).toEqual(
			new Set(taskIds().slice(1)),
		);
	});

	it('goes on with a task whose download failed, without a new one', async () => {
		world.sandbox.plan({ on: 'media', times: 4, fault: { kind: 'status', status: 503 } });
		const run = await world.run({ settings: RETRY });
		expect(run.status).toBe('success');
		expect(submits(world.sandbox)).toBe(1);
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
	});

	it('tries a refused submit again, as it cost nothing', async () => {
		world.sandbox.plan({
			on: 'submit',
			fault: {
				kind: 'status',
				status: 402,
				body: {
					error: {
						code: 'insufficient_quota',
						message: 'Insufficient quota. Please top up your account.',
					},
				},
			},
		});
		const run = await world.run({ settings: RETRY });
		expect(run.status).toBe('success');
		expect(world.sandbox.ledger()).toHaveLength(1);
	});

	it('never repeats a submit whose reply was lost', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'lostReply' } });
		const run = await world.run({ settings: RETRY });
		expect(run.status).toBe('error');
		expect(submits(world.sandbox)).toBe(1);
		expect(run.error?.description).toMatch(/may have been charged/);
		expect(run.error?.description).toMatch(/dashboard/);
	});

	it('tells how the other items of a batch go on beside one whose reply was lost, and they do', async () => {
		world.sandbox.plan({ on: 'submit', after: 1, fault: { kind: 'lostReply' } });
		const run = await world.run({ items: items(4) });
		expect(run.status).toBe('error');
		expect(run.error?.description).toMatch(/set 'On Error' of the node to continue/);
		const paid = submits(world.sandbox);
		const retried = await world.retry(run, {
			items: items(4),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(retried.rows.map(({ json }) => json.status ?? 'not made')).toEqual([
			'completed',
			'not made',
			'completed',
			'completed',
		]);
		expect(submits(world.sandbox)).toBe(4);
		expect(paid).toBeLessThan(4);
	});

	it('finds the task again though the prompt is another one at every try', async () => {
		world.sandbox.plan({ on: 'media', times: 4, fault: { kind: 'status', status: 503 } });
		const run = await world.run({
			settings: RETRY,
			parameters: { prompt: '={{ Math.random() }}' },
		});
		expect(run.status).toBe('success');
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('the Retry button', () => {
	it('finds the task that timed out, also when the user has raised the time-out since', async () => {
		const failed = await world.run({ parameters: { options: { timeout: 0.5 } } });
		expect(failed.error?.message).toMatch(/did not end within 0.5 minutes/);
		const run = await world.retry(failed, { parameters: { options: { timeout: 10 } } });
		expect(run.status).toBe('success');
		expect(run.rows[0].json.taskId).toBe(taskIds()[0]);
		expect(submits(world.sandbox)).toBe(1);
	});

	it('finds the tasks of all items and submits only what was never submitted', async () => {
		const late = {
			kind: 'status',
			status: 400,
			body: { error: { code: 'invalid_request', message: 'no' } },
		} as const;
		world.sandbox.plan({ on: 'submit', after: 2, fault: late });
		const failed = await world.run({
			items: items(4),
			parameters: { prompt: '={{ "video " + $json.number }}' },
		});
		expect(failed.status).toBe('error');
		const before = taskIds();
		expect(before).toHaveLength(2);
		for (const taskId of before) expect(failed.error?.description).toContain(taskId);
		const run = await world.retry(failed, {
			parameters: { prompt: '={{ "video " + $json.number }}' },
		});
		expect(run.status).toBe('success');
		expect(taskIds()).toHaveLength(4);
		expect(run.rows.map(({ json }) => json.taskId).slice(0, before.length)).toEqual(before);
	});

	it('submits anew what EvoLink reported as failed', async () => {
		world.sandbox.plan({ on: 'submit', fault: FAILED });
		const failed = await world.run();
		const run = await world.retry(failed);
		expect(run.status).toBe('success');
		expect(taskIds()).toHaveLength(2);
		expect(run.rows[0].json).toMatchObject({
			taskId: taskIds()[1],
			earlierTaskIds: [taskIds()[0]],
		});
	});

	it.each([
		['turned down', { kind: 'status', status: 402 }, 3, 1],
		['reported as failed', FAILED, 3, 3],
	] as const)(
		'submits anew at each retry what EvoLink has %s again and again',
		async (_what, fault, expected, tasks) => {
			world.sandbox.plan({ on: 'submit', times: 2, fault });
			const failed = await world.retry(await world.run());
			expect(failed.status).toBe('error');
			const run = await world.retry(failed);
			expect(run.status).toBe('success');
			expect(submits(world.sandbox)).toBe(expected);
			expect(taskIds()).toHaveLength(tasks);
			expect(processedValues.size).toBe(0);
		},
	);

	it('submits anew when the user has changed the request', async () => {
		const failed = await world.run({ parameters: { options: { timeout: 0.5 } } });
		await world.retry(failed, { parameters: { prompt: 'Another one' } });
		expect(world.sandbox.ledger().map(({ body }) => body.prompt)).toEqual([
			'A cat playing piano',
			'Another one',
		]);
	});

	it('does not submit again after a lost reply', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'lostReply' } });
		const run = await world.retry(await world.run());
		expect(run.error?.message).toMatch(/not submitted again/);
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('in a sub-workflow', () => {
	const NOT_THAT = /retry this execution, not that of the caller/;
	const failed = async (mode: WorkflowExecuteMode, submit: FaultPlan['fault']) => {
		world.sandbox.plan({ on: 'submit', fault: submit });
		world.sandbox.plan({ on: 'media', times: 0, fault: { kind: 'status', status: 404 } });
		return (await world.run({ mode })).error?.description;
	};

	it('an error about what is paid for says whose Retry brings it', async () => {
		expect(await failed('integrated', { kind: 'late', ms: 0 })).toMatch(NOT_THAT);
		expect(await failed('integrated', { kind: 'lostReply' })).toMatch(NOT_THAT);
		expect(await failed('trigger', { kind: 'lostReply' })).not.toMatch(NOT_THAT);
	});

	it('an error about what cost nothing does not', async () => {
		expect(await failed('integrated', FAILED)).not.toMatch(NOT_THAT);
	});

	it('its own Retry, which finds what is paid for, does not', async () => {
		const lost = await world.run({ mode: 'integrated', parameters: { options: { timeout: 0.1 } } });
		const credentialFault = new Error('gone');
		const run = await world.retry(lost, { credentialFault });
		expect(run.error?.description).toContain(taskIds()[0]);
		expect(run.error?.description).not.toMatch(NOT_THAT);
	});
});

it('makes two identical items twice', async () => {
	const run = await world.run({ items: [{ json: {} }, { json: {} }] });
	expect(new Set(run.rows.map(({ json }) => json.taskId)).size).toBe(2);
});

it('makes the same item again in each round of a loop, and finds both after a failure', async () => {
	world.sandbox.plan({ on: 'look', after: 12, fault: { kind: 'status', status: 403 } });
	const failed = await world.run({ loops: 2 });
	expect(taskIds()).toHaveLength(2);
	expect(failed.status).toBe('error');
	const run = await world.retry(failed, { loops: 2 });
	expect(run.status).toBe('success');
	expect(run.rows[0].json.taskId).toBe(taskIds()[1]);
	expect(submits(world.sandbox)).toBe(2);
});

describe('a submit', () => {
	it.each([
		['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }],
		['429 without', { kind: 'status', status: 429 }],
	] as const)('is sent again after %s', async (_label, fault) => {
		world.sandbox.plan({ on: 'submit', times: 2, fault });
		const run = await world.run();
		expect(run.status).toBe('success');
		expect(world.sandbox.ledger()).toHaveLength(1);
		expect(submits(world.sandbox)).toBe(3);
	});

	it.each([
		['500', { kind: 'status', status: 500 }],
		['503 with Retry-After', { kind: 'status', status: 503, headers: { 'retry-after': '1' } }],
		['a reset', { kind: 'reset' }],
		['a web page instead of an answer', { kind: 'garbage' }],
	] as const)(
		'is not sent again after %s, and says that it may be charged',
		async (_label, fault) => {
			world.sandbox.plan({ on: 'submit', fault });
			const run = await world.run({ settings: RETRY });
			expect(submits(world.sandbox)).toBe(1);
			expect(run.error?.description).toMatch(/may have been charged/);
		},
	);

	it('is sent once with a key that EvoLink refuses, however many items there are', async () => {
		world.sandbox.plan({
			on: 'submit',
			times: Infinity,
			fault: {
				kind: 'status',
				status: 401,
				body: { error: { code: 'unauthorized', message: 'Invalid or expired token' } },
			},
		});
		const run = await world.run({
			items: items(5),
			settings: { onError: 'continueRegularOutput' },
		});
		expect(submits(world.sandbox)).toBe(1);
		expect(run.rows.map(({ json }) => json.error)).toEqual(
			Array(5).fill(expect.stringContaining('API key')),
		);
	});

	it('carries an Idempotency-Key that stays the same for the same entry', async () => {
		world.sandbox.plan({ on: 'submit', times: 2, fault: { kind: 'status', status: 429 } });
		await world.run({ items: items(2), parameters: { options: { concurrency: 1 } } });
		const keys = world.sandbox
			.requests()
			.flatMap(({ method, headers }) => (method === 'POST' ? [headers['idempotency-key']] : []));
		expect(keys).toHaveLength(4);
		expect(new Set(keys).size).toBe(2);
	});

	it('leaves the task ID in the log at once', async () => {
		takeLog();
		await world.run();
		expect(takeLog().join('\n')).toContain(taskIds()[0]);
	});
});

describe('Submit Again on Failure', () => {
	const trouble = { kind: 'failTask', code: 'service_error', message: 'Service error' } as const;

	it('is off by default', async () => {
		world.sandbox.plan({ on: 'submit', times: 2, fault: trouble });
		const run = await world.run();
		expect(run.status).toBe('error');
		expect(taskIds()).toHaveLength(1);
	});

	it("submits again for EvoLink's own trouble and shows every task", async () => {
		world.sandbox.plan({ on: 'submit', times: 2, fault: trouble });
		const run = await world.run({ parameters: { options: { submitAgain: 3 } } });
		const [first, second, third] = taskIds();
		expect(run.rows[0].json).toMatchObject({ taskId: third, earlierTaskIds: [first, second] });
	});

	it('does not submit again what EvoLink blocks', async () => {
		world.sandbox.plan({ on: 'submit', times: 2, fault: FAILED });
		await world.run({ parameters: { options: { submitAgain: 3 } } });
		expect(taskIds()).toHaveLength(1);
	});

	it('ends after the number of times that was set, naming every task', async () => {
		world.sandbox.plan({ on: 'submit', times: Infinity, fault: trouble });
		const run = await world.run({ parameters: { options: { submitAgain: 2 } } });
		expect(taskIds()).toHaveLength(3);
		for (const taskId of taskIds())
			expect(`${run.error?.message} ${run.error?.description}`).toContain(taskId);
	});
});

it('never sends the key to the media host', async () => {
	world.sandbox.plan({ on: 'media', fault: { kind: 'redirectMedia' } });
	const run = await world.run();
	expect(run.status).toBe('success');
	expect(world.sandbox.violations()).toEqual([]);
	expect(requestLines(world.sandbox).some((line) => line.includes('/media/'))).toBe(true);
});

it('keeps the key out of everything n8n stores', async () => {
	for (const status of [401, 403, 500]) {
		world.sandbox.plan({
			on: 'submit',
			fault: {
				kind: 'status',
				status,
				body: { error: { message: `Invalid API key ${world.sandbox.key}` } },
			},
		});
		const run = await world.run();
		expect(run.status).toBe('error');
		expect(run.stored + JSON.stringify(run.error)).not.toContain(world.sandbox.key);
	}
});
