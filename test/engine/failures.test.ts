// What users read when something goes wrong: cause, money, next step, task ID, EvoLink's own words.
import { items, requestLines, startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const LOOK = /^GET \/v1\/tasks\//;
const looks = () => requestLines(world.sandbox).filter((line) => LOOK.test(line)).length;
const error = (code: string, message: string) => ({ error: { code, message, type: 'x' } });
const forEver = { times: Infinity };

describe('a submit that EvoLink refuses', () => {
	it.each([
		[
			400,
			error('invalid_request', 'image_start is not reachable'),
			/does not accept the request: "'First Frame' is not reachable"/,
			/Nothing was charged.*In EvoLink's words: "image_start is not reachable"/,
		],
		[
			401,
			error('unauthorized', 'Invalid or expired token'),
			/API key/,
			/evolink\.ai\/dashboard\/keys/,
		],
		[
			402,
			error('insufficient_quota', 'Insufficient quota. Please top up your account.'),
			/credits/,
			/Top up/,
		],
		[403, error('unknown_error', 'insufficient credits'), /credits/, /Top up/],
		[
			403,
			error('model_access_denied', 'Token does not have access to model: wan2.7-image-to-video'),
			/no access to the model/,
			/Allow the model/,
		],
		[403, error('ip_restricted', 'This IP may not use the key'), /refuses access/, /restrictions/],
		[
			404,
			{ error: { message: 'Invalid URL (POST /x)', type: 'invalid_request_error' } },
			/does not answer like the EvoLink API/,
			/'Base URL'/,
		],
		[400, error('content_filter', 'Blocked'), /safety filter/, /Change the prompt/],
	])('%i %j', async (status, body, message, advice) => {
		world.sandbox.plan({ on: 'submit', ...forEver, fault: { kind: 'status', status, body } });
		const run = await world.run();
		expect(run.error?.message).toMatch(message);
		expect(run.error?.description).toMatch(advice);
		expect(run.error?.description).toMatch(/Nothing was charged/);
		expect(run.error?.context?.itemIndex).toBe(0);
		expect(submits(world.sandbox)).toBe(1);
	});

	it('is told after some patience when it is a rate limit', async () => {
		world.sandbox.plan({
			on: 'submit',
			...forEver,
			fault: {
				kind: 'status',
				status: 429,
				body: error('rate_limit_exceeded', 'Too many requests'),
			},
		});
		const run = await world.run();
		expect(run.error?.message).toMatch(/too many requests/);
		expect(run.error?.description).toMatch(/Nothing was charged.*Tasks at Once/);
		expect(submits(world.sandbox)).toBe(6);
	});

	it('names an address that nobody answers at, without the stock text of n8n', async () => {
		const run = await world.run({ credential: { apiKey: 'k', baseUrl: 'http://127.0.0.1:9' } });
		expect(run.error?.message).toMatch(/could not be reached: "the connection was refused"/);
		expect(run.error?.description).toMatch(/Nothing was charged.*'Base URL'/);
	});
});

describe('a task that ends badly', () => {
	it.each([
		[
			'content_policy_violation',
			'nudity detected',
			/safety filter: "nudity detected"/,
			/Change the prompt or the materials/,
		],
		['image_processing_error', 'download failed', /one of the materials/, /opens without a login/],
		['invalid_parameters', 'Prompt is too long', /does not accept the request/, /Change the field/],
		['service_error', 'try later', /trouble of its own/, /in a few minutes/],
		['something_new', 'odd', /could not make the video: "odd"/, /Run the item again/],
	])('%s', async (code, message, cause, advice) => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'failTask', code, message } });
		const run = await world.run();
		const [task] = world.sandbox.ledger();
		expect(task.creditsCharged).toBe(0);
		expect(run.error?.message).toMatch(cause);
		expect(run.error?.message).toContain(task.id);
		expect(run.error?.description).toMatch(advice);
		expect(run.error?.description).toMatch(/Nothing was charged/);
		expect(run.error?.context?.taskId).toBe(task.id);
	});

	it('says so when EvoLink cancelled it, in either spelling', async () => {
		for (const spelling of ['cancelled', 'canceled']) {
			await world.reset();
			world.sandbox.setSwitches({ cancelledSpelling: spelling });
			world.sandbox.plan({ on: 'submit', fault: { kind: 'cancelled' } });
			const run = await world.run();
			expect(run.status).toBe('error');
			expect(run.error?.message).toMatch(/was cancelled at EvoLink/);
		}
	});

	it('has no video though it is completed', async () => {
		world.sandbox.plan({ on: 'look', ...forEver, fault: { kind: 'completedWithoutResults' } });
		const run = await world.run();
		expect(run.error?.message).toMatch(/names no video/);
		expect(run.error?.message).toContain(world.sandbox.ledger()[0].id);
		expect(run.error?.description).toMatch(/may have been charged/);
	});
});

describe('looks', () => {
	it.each([
		['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '9' } }],
		['502 with a web page', { kind: 'garbage', status: 502 }],
		['200 without JSON', { kind: 'garbage' }],
		['500', { kind: 'status', status: 500 }],
		['a reset', { kind: 'reset' }],
		['an unknown state', { kind: 'oddState', state: 'queued' }],
		['no task_info', { kind: 'missingTaskInfo' }],
	] as const)('forgive %s', async (_label, fault) => {
		world.sandbox.plan({ on: 'look', times: 8, fault });
		const run = await world.run();
		expect(run.error).toBeUndefined();
		expect(run.rows[0].binary).toBeDefined();
	});

	it('count failures in a row anew after a good one', async () => {
		for (let block = 0; block < 3; block += 1) {
			world.sandbox.plan({ on: 'look', times: 10, fault: { kind: 'status', status: 500 } });
			world.sandbox.plan({ on: 'look', fault: { kind: 'oddState', state: 'running' } });
		}
		const run = await world.run();
		expect(run.status).toBe('success');
	});

	it('end when EvoLink stays away, with the task ID and the way to go on', async () => {
		world.sandbox.plan({ on: 'look', ...forEver, fault: { kind: 'status', status: 503 } });
		const run = await world.run();
		expect(run.error?.message).toContain(world.sandbox.ledger()[0].id);
		expect(run.error?.description).toMatch(/The task is paid for/);
		expect(looks()).toBe(12);
	});

	it.each([401, 403, 404])('end at once at %i', async (status) => {
		world.sandbox.plan({
			on: 'look',
			...forEver,
			fault: { kind: 'status', status, body: error('x', 'no') },
		});
		const run = await world.run();
		expect(looks()).toBe(1);
		expect(run.error?.message).toContain(world.sandbox.ledger()[0].id);
	});
});

describe('a task that takes too long', () => {
	it('fails with the task, its state and the way to go on', async () => {
		const run = await world.run({ parameters: { options: { timeout: 0.5 } } });
		const [{ id }] = world.sandbox.ledger();
		expect(run.error?.message).toMatch(/did not end within 0.5 minutes: it is processing at \d+ %/);
		expect(run.error?.message).toContain(id);
		expect(run.error?.description).toMatch(/'Task: Wait'/);
	});

	it('is returned as a row that Task: Wait takes', async () => {
		const run = await world.run({ parameters: { options: { timeout: 0.5, onTimeout: 'return' } } });
		expect(run.rows[0].json).toMatchObject({
			taskId: world.sandbox.ledger()[0].id,
			status: 'processing',
		});
		const waited = await world.run({
			items: run.rows.map(({ json }) => ({ json })),
			parameters: { resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}' },
		});
		expect(waited.rows[0].json).toMatchObject({
			status: 'completed',
			taskId: run.rows[0].json.taskId,
		});
		expect(waited.rows[0].binary?.data.mimeType).toBe('video/mp4');
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('the download', () => {
	it.each([
		['cut off', { kind: 'truncate', bytes: 2000 }],
		['cut off without a length', { kind: 'truncate', bytes: 2000, chunked: true }],
		['a web page', { kind: 'htmlInsteadOfVideo' }],
		['a 503', { kind: 'status', status: 503 }],
		['a reset', { kind: 'reset' }],
		['a dead link', { kind: 'expireLink' }],
	] as const)('is made again after %s, with a link from a fresh look', async (_label, fault) => {
		world.sandbox.plan({ on: 'media', times: 3, fault });
		const run = await world.run();
		expect(run.error).toBeUndefined();
		expect(run.rows[0].json.durationSeconds).toBe(2);
		expect(submits(world.sandbox)).toBe(1);
	});

	it('takes a video whose type is not named', async () => {
		world.sandbox.plan({
			on: 'media',
			fault: { kind: 'wrongContentType', contentType: 'application/octet-stream' },
		});
		const run = await world.run();
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
	});

	it('that never works leaves the link, the ID and the reason', async () => {
		world.sandbox.plan({ on: 'media', ...forEver, fault: { kind: 'htmlInsteadOfVideo' } });
		const run = await world.run({ settings: { onError: 'continueRegularOutput' } });
		const row = run.rows[0].json as { error: string; message: string };
		const [{ id }] = world.sandbox.ledger();
		expect(row.error).toContain(id);
		expect(row.error).toMatch(/text\/html instead of a video/);
		expect(row.message).toMatch(/Video URL: http/);
		expect(row.message).toMatch(/The task is paid for/);
		expect(Object.keys(row).sort()).toEqual(['error', 'message']);
	});

	it('of a link that is over says so, and pays for nothing', async () => {
		const pending = await world.run({
			parameters: { options: { timeout: 0.5, onTimeout: 'return' } },
		});
		await world.clock.sleep(25 * 3_600_000);
		const run = await world.run({
			parameters: {
				resource: 'task',
				operation: 'wait',
				taskId: pending.rows[0].json.taskId as string,
			},
		});
		expect(run.error?.message).toMatch(/has expired/);
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('tasks by ID', () => {
	async function submitThree() {
		const run = await world.run({ items: items(3), parameters: { operation: 'submit' } });
		expect(run.rows.map(({ json }) => json.status)).toEqual(['pending', 'pending', 'pending']);
		return run.rows.map(({ json }) => json.taskId as string);
	}

	it('are waited for together, from a list, from another execution', async () => {
		const ids = await submitThree();
		const run = await world.run({
			parameters: { resource: 'task', operation: 'wait', taskId: ids.join(', ') },
		});
		expect(run.rows.map(({ json, pairedItem }) => [json.taskId, pairedItem])).toEqual(
			ids.map((id) => [id, { item: 0 }]),
		);
		expect(run.rows.every(({ binary }) => binary?.data !== undefined)).toBe(true);
		expect(submits(world.sandbox)).toBe(3);
	});

	it('are looked at once, and a failed one is a good answer', async () => {
		world.sandbox.plan({
			on: 'submit',
			fault: { kind: 'failTask', code: 'service_error', message: 'Sorry' },
		});
		const ids = await submitThree();
		await world.clock.sleep(120_000);
		const run = await world.run({
			parameters: { resource: 'task', operation: 'get', taskId: `={{ ${JSON.stringify(ids)} }}` },
		});
		expect(run.rows.map(({ json }) => json.status)).toEqual(['failed', 'completed', 'completed']);
		expect(run.rows[0].json).toMatchObject({
			failureCode: 'service_error',
			failureMessage: 'Sorry',
		});
		expect(run.rows[0].json).not.toHaveProperty('error');
		expect(looks()).toBe(3);
	});

	it.each(['', 'task with spaces/../x', '../credits'])(
		"refuse '%s' before any request",
		async (taskId) => {
			const run = await world.run({
				parameters: {
					resource: 'task',
					operation: 'get',
					taskId: `={{ ${JSON.stringify(taskId)} }}`,
				},
			});
			expect(run.error?.message).toMatch(/'Task ID'/);
			expect(requestLines(world.sandbox)).toEqual([]);
		},
	);

	it('that EvoLink does not know are told with the ID', async () => {
		const run = await world.run({
			parameters: { resource: 'task', operation: 'wait', taskId: 'task-unified-1-aaaaaaaa' },
		});
		expect(run.error?.message).toMatch(/does not know the task.*task-unified-1-aaaaaaaa\)$/);
		expect(run.error?.description).toMatch(/^Nothing was submitted.*Check the task ID/);
	});
});

describe('credits', () => {
	it('are what a task can really draw on', async () => {
		const run = await world.run({ parameters: { resource: 'account', operation: 'getCredits' } });
		expect(run.rows[0].json).toEqual({
			available: expect.any(Number) as number,
			accountRemaining: expect.any(Number) as number,
			accountUsed: expect.any(Number) as number,
			keyRemaining: expect.any(Number) as number,
			keyUsed: expect.any(Number) as number,
			keyUnlimited: expect.any(Boolean) as boolean,
		});
	});
});
