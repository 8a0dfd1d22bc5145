// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Answers that do not fit the question, through n8n's real request helper: of another task, of a gateway,
// too late, too large, too deep, never ending. What is paid for is followed or told, and never paid twice.
import { requestLines, startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const forEver = { times: Infinity };
const looks = () =>
	requestLines(world.sandbox).filter((line) => line.startsWith('GET /v1/tasks/')).length;
const notFound = {
	error: { code: 'task_not_found', message: 'The requested task could not be found', type: 'x' },
};

describe('a task that EvoLink does not know yet', () => {
	it('is looked for again when this run submitted it', async () => {
		world.sandbox.setSwitches({ lookLagSeconds: 40 });
		const run = await world.run();
		expect(run.error).toBeUndefined();
		expect(run.rows[0].binary).toBeDefined();
		expect(submits(world.sandbox)).toBe(1);
	});

	it('is looked for again by Task: Wait and Task: Get behind Video: Submit', async () => {
		world.sandbox.setSwitches({ lookLagSeconds: 10 });
		const { rows } = await world.run({ parameters: { operation: 'submit' } });
		const { taskId } = rows[0].json;
		const got = await world.run({ parameters: { resource: 'task', operation: 'get', taskId } });
		expect(got.rows[0].json.taskId).toBe(taskId);
		const waited = await world.run({ parameters: { resource: 'task', operation: 'wait', taskId } });
		expect(waited.rows[0].binary).toBeDefined();
	});

	it('that stays unknown is told with the ways to its video', async () => {
		world.sandbox.plan({
			on: 'look',
			...forEver,
			fault: { kind: 'status', status: 404, body: notFound },
		});
		const run = await world.run();
		const [{ id }] = world.sandbox.ledger();
		expect(run.error?.message).toContain(id);
		expect(run.error?.description).toMatch(/Retry the execution, or use 'Task: Wait'/);
		expect(run.error?.description).not.toMatch(/Nothing was charged/);
		world.sandbox.clearFaults();
		const retried = await world.retry(run);
		expect(retried.rows[0].json.taskId).toBe(id);
		expect(submits(world.sandbox)).toBe(1);
	});

	it('and is lost from sight for a moment later on is found again', async () => {
		world.sandbox.plan({
			on: 'look',
			after: 2,
			times: 3,
			fault: { kind: 'status', status: 404, body: notFound },
		});
		expect((await world.run()).error).toBeUndefined();
	});
});

describe('what is not the word of EvoLink', () => {
	it.each([401, 403, 302, 404, 405, 402])(
		'is passing trouble for a look: a page with %i',
		async (status) => {
			world.sandbox.plan({ on: 'look', times: 3, fault: { kind: 'page', status } });
			const run = await world.run();
			expect(run.error).toBeUndefined();
			expect(run.rows[0].binary).toBeDefined();
		},
	);

	it.each(['failed', 'cancelled'])(
		'ends no task, though it says %s in a good answer: without its ID it may be about anything',
		async (status) => {
			const body = { status, error: { code: 'service_unavailable', message: 'upstream timeout' } };
			world.sandbox.plan({ on: 'look', times: 3, fault: { kind: 'status', status: 200, body } });
			const run = await world.run({ parameters: { options: { submitAgain: 2 } } });
			expect(run.error).toBeUndefined();
			expect(run.rows[0].binary).toBeDefined();
			expect(submits(world.sandbox)).toBe(1);
		},
	);

	it('makes no item of another task, which it only speaks of', async () => {
		const first = await world.run();
		const taskId = first.rows[0].json.taskId as string;
		const body = { error: `Too many tasks: ${taskId} is still processing` };
		world.sandbox.plan({ on: 'submit', fault: { kind: 'status', status: 200, body } });
		const run = await world.run();
		expect(run.rows).toEqual([]);
		expect(run.error?.message).toContain('It may have been charged');
	});

	it('says of a page that stays what it is, and that the task is paid for', async () => {
		world.sandbox.plan({ on: 'look', ...forEver, fault: { kind: 'page', status: 403 } });
		const run = await world.run();
		expect(run.error?.message).toMatch(/between n8n and EvoLink.*you have been blocked/);
		expect(run.error?.description).toMatch(/The task is paid for/);
		expect(looks()).toBe(12);
	});

	it('does not make a key bad for the other items of a run', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'page', status: 401 } });
		const run = await world.run({
			items: [{ json: { number: 1 } }, { json: { number: 2 } }],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(run.rows.map(({ json }) => json.status)).toEqual([undefined, 'completed']);
	});

	it.each([
		[407, /proxy.*login/],
		[413, /too large/],
	])('has words of its own for %i', async (status, message) => {
		world.sandbox.plan({ on: 'submit', ...forEver, fault: { kind: 'page', status } });
		const run = await world.run();
		expect(run.error?.message).toMatch(message);
		expect(run.error?.description).toMatch(/Nothing was charged/);
		expect(run.error?.description).not.toMatch(/the field that EvoLink names/);
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('a refusal of a look at a task that is paid for', () => {
	const refused = (status: number, code: string) => ({
		kind: 'status' as const,
		status,
		body: { error: { code, message: `No to ${code}`, type: 'x' } },
	});

	it.each([
		[400, 'invalid_request'],
		[400, 'invalid_task_id'],
		[402, 'quota_exceeded'],
		[409, 'conflict'],
		[422, 'unprocessable'],
	])('is forgiven for a while, as a look costs nothing: %i %s', async (status, code) => {
		world.sandbox.plan({ on: 'look', times: 3, fault: refused(status, code) });
		const run = await world.run();
		expect(run.error).toBeUndefined();
		expect(run.rows[0].binary).toBeDefined();
		expect(submits(world.sandbox)).toBe(1);
	});

	it.each([
		[400, 'invalid_request', /does not say how the task stands: "No to invalid_request"/],
		[422, 'unprocessable', /does not say how the task stands/],
		[402, 'quota_exceeded', /credits at EvoLink are not sufficient/],
		[410, 'gone', /does not know the task that it has accepted/],
		[401, 'unauthorized', /does not accept the API key/],
		[403, 'permission_denied', /refuses access/],
		[403, 'model_access_denied', /refuses access/],
	])('that stays is told in the words of a look: %i %s', async (status, code, message) => {
		world.sandbox.plan({ on: 'look', ...forEver, fault: refused(status, code) });
		const run = await world.run();
		const [{ id }] = world.sandbox.ledger();
		expect(run.error?.message).toMatch(message);
		expect(run.error?.message).toContain(id);
		expect(run.error?.description).toMatch(/Retry the execution, or use 'Task: Wait'/);
		expect(run.error?.description).not.toMatch(
			/[Rr]un (the item )?again|Change the field|Nothing was/,
		);
		world.sandbox.clearFaults();
		expect((await world.retry(run)).rows[0].json.taskId).toBe(id);
		expect(submits(world.sandbox)).toBe(1);
	});

	it.each([
		[400, 'invalid_task_id', /does not say how the task stands/, /Check the task ID/],
		[410, 'gone', /does not know the task/, /Check the task ID/],
		[402, 'quota_exceeded', /credits at EvoLink/, /Top up/],
	])(
		'is told at once of a task that is not known: %i %s',
		async (status, code, message, advice) => {
			world.sandbox.plan({ on: 'look', ...forEver, fault: refused(status, code) });
			for (const operation of ['get', 'wait']) {
				const parameters = {
					resource: 'task',
					operation,
					taskId: 'task-unified-1757169743-abcdefgh',
				};
				const before = looks();
				const run = await world.run({ parameters });
				expect(run.error?.message).toMatch(message);
				expect(run.error?.description).toMatch(advice);
				expect(run.error?.description).not.toMatch(/Change the field/);
				expect(looks() - before).toBe(1);
			}
		},
	);
});

describe('an answer about another task', () => {
	it('is never taken for this one', async () => {
		world.sandbox.plan({ on: 'look', times: 2, fault: { kind: 'otherTask' } });
		const run = await world.run();
		const [{ id }] = world.sandbox.ledger();
		expect(run.rows[0].json).toMatchObject({ taskId: id });
		expect(run.rows[0].json.videoUrl).toContain(id);
	});

	it('for ever is an answer that cannot be read, and the task is paid for', async () => {
		world.sandbox.plan({ on: 'look', ...forEver, fault: { kind: 'otherTask' } });
		const run = await world.run();
		expect(run.error?.message).toMatch(/could not be understood/);
		expect(run.error?.message).toContain(world.sandbox.ledger()[0].id);
		expect(run.error?.description).toMatch(/The task is paid for/);
	});
});

describe('a submit', () => {
	it.each([429, 402, 400, 403, 404, 500])(
		'that is refused with %i but names a task is told and never sent again',
		async (status) => {
			world.sandbox.plan({ on: 'submit', ...forEver, fault: { kind: 'refusalWithTask', status } });
			const run = await world.run({ settings: { retryOnFail: true, maxTries: 2 } });
			const ledger = world.sandbox.ledger();
			expect(ledger).toHaveLength(1);
			expect(JSON.stringify([run.error, run.rows])).toContain(ledger[0].id);
			// The refusal may name a task of another run: it is looked at and told, and nothing goes by it.
			expect(run.error?.description).toMatch(
				/EvoLink says of the task now: (pending|processing)\./,
			);
			expect((await world.retry(run)).error?.message ?? '').toContain(ledger[0].id);
			expect(submits(world.sandbox)).toBe(1);
		},
	);

	it('whose answer is wrapped gives the ID of the task, not of the wrapper', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'wrapped' } });
		world.sandbox.plan({ on: 'look', times: 2, fault: { kind: 'wrapped' } });
		const run = await world.run();
		expect(run.rows[0].json.taskId).toBe(world.sandbox.ledger()[0].id);
	});

	it.each([
		['insufficient_quota', /credits at EvoLink are not sufficient/],
		['unauthorized', /does not accept the API key/],
		['content_filter', /safety filter/],
		[402, /credits at EvoLink are not sufficient/],
	])('that is refused by %s with HTTP 200 is a refusal', async (code, message) => {
		const body = { error: { code, message: 'No', type: 'x' } };
		world.sandbox.plan({ on: 'submit', ...forEver, fault: { kind: 'status', status: 200, body } });
		const run = await world.run();
		expect(run.error?.message).toMatch(message);
		expect(run.error?.description).toMatch(/Nothing was charged/);
		world.sandbox.clearFaults();
		expect((await world.retry(run)).error).toBeUndefined();
	});

	it('that is answered with 200 and an unknown error is not sent again, and later says what was heard', async () => {
		const body = { error: { code: 'quantum_flux', message: 'Flux lost', type: 'x' } };
		world.sandbox.plan({ on: 'submit', fault: { kind: 'status', status: 200, body } });
		const run = await world.run();
		expect(run.error?.description).toMatch(/may be running and be charged/);
		const again = await world.retry(run);
		expect(again.error?.message).toMatch(/got an answer.*Flux lost/);
		expect(again.error?.message).not.toMatch(/got no answer/);
		expect(submits(world.sandbox)).toBe(1);
	});
});

describe('results', () => {
	it('that are missing for a moment are waited for', async () => {
		const submitted = await world.run({ parameters: { operation: 'submit' } });
		await world.clock.sleep(240_000);
		world.sandbox.plan({ on: 'look', times: 2, fault: { kind: 'completedWithoutResults' } });
		const { taskId } = submitted.rows[0].json;
		const run = await world.run({ parameters: { resource: 'task', operation: 'wait', taskId } });
		expect(run.rows[0].binary).toBeDefined();
		world.sandbox.plan({ on: 'look', fault: { kind: 'completedWithoutResults' } });
		const got = await world.run({ parameters: { resource: 'task', operation: 'get', taskId } });
		expect(got.rows[0].json.videoUrl).toMatch(/\.mp4$/);
	});

	it.each(['SUCCESS', 'succeeded', 'Finished'])('count with the state %s', async (state) => {
		world.sandbox.plan({ on: 'look', ...forEver, fault: { kind: 'oddState', state } });
		const run = await world.run();
		expect(run.rows[0].json.status).toBe('completed');
		expect(run.rows[0].binary).toBeDefined();
	});

	it('that begin with a picture give the video', async () => {
		world.sandbox.plan({ on: 'look', ...forEver, fault: { kind: 'coverFirst' } });
		const run = await world.run();
		expect(run.rows[0].json.videoUrl).toMatch(/\.mp4$/);
		expect(run.rows[0].binary).toBeDefined();
	});
});

describe('an answer without measure', () => {
	it('nested 6,000 levels deep is that item alone, with its ID', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'deep', levels: 6_000 } });
		const run = await world.run({
			items: [{ json: { number: 1 } }, { json: { number: 2 } }],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(run.rows).toHaveLength(2);
		const told = JSON.stringify(run.rows.map(({ json }) => json));
		for (const { id } of world.sandbox.ledger()) expect(told).toContain(id);
	});

	it('nested deep for ever ends the look in words', async () => {
		world.sandbox.plan({ on: 'look', ...forEver, fault: { kind: 'deep', levels: 60_000 } });
		const run = await world.run();
		expect(run.error?.message).toMatch(/could not be understood/);
		expect(run.error?.message).toContain(world.sandbox.ledger()[0].id);
	});

	it('that never ends costs a look, not the run, and no more memory than it may have', async () => {
		world.sandbox.plan({ on: 'look', times: 2, fault: { kind: 'endless' } });
		const before = process.memoryUsage().rss;
		const run = await world.run();
		expect(run.rows[0].binary).toBeDefined();
		expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
	});

	it('that never ends keeps the ID of a submit', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'endless' } });
		const run = await world.run();
		const [{ id }] = world.sandbox.ledger();
		expect(JSON.stringify([run.rows.map(({ json }) => json), run.error?.message])).toContain(id);
		expect(submits(world.sandbox)).toBe(1);
	});
});
