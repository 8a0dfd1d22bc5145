/** A callback comes in: what starts the workflow, what is answered, and what is never believed. */
import { receive } from '../../../nodes/WanVideo/actions/trigger/receive';
import { MODELS } from '../../../nodes/WanVideo/wan/models';
import { aTask, TASK_ID, VIDEO_URL } from '../../support/builders';
import {
	completedTask,
	fakeWebhook,
	type FakeWebhookPlan,
	type LookAnswer,
} from '../../support/fakeWebhook';

beforeAll(() => void jest.useFakeTimers());
afterAll(() => void jest.useRealTimers());

let workflows = 0;
/** A call at a trigger of its own, unless the plan names the workflow. */
async function call(plan: FakeWebhookPlan = {}) {
	workflows += 1;
	const fake = fakeWebhook({ workflowId: `workflow-${workflows}`, ...plan });
	const done = receive(fake.context);
	await jest.advanceTimersByTimeAsync(600_000);
	const { workflowData, noWebhookResponse } = await done;
	expect(noWebhookResponse).toBe(true);
	expect(fake.answered.times).toBe(1);
	return { ...fake, rows: workflowData?.[0]?.map(({ json }) => json) };
}

describe('a task that ended', () => {
	it('starts the workflow with what EvoLink says of it, not with what the callback says', async () => {
		const forged = { id: TASK_ID, status: 'failed', results: ['https://evil.example.com/x.mp4'] };
		const { rows, answered, looks } = await call({ body: forged });
		expect(rows).toEqual([
			{
				taskId: TASK_ID,
				model: 'wan2.7-image-to-video',
				status: 'completed',
				progress: 100,
				videoUrl: VIDEO_URL,
				expiresAt: '2025-09-07T14:42:23.000Z',
			},
		]);
		expect(answered).toMatchObject({ status: 200, body: { received: true } });
		expect(looks).toEqual([`/v1/tasks/${TASK_ID}`]);
	});

	it.each(MODELS.map(({ id }) => [id]))('starts it for %s', async (model) => {
		const { rows } = await call({ look: { body: completedTask({ model }) } });
		expect(rows).toEqual([expect.objectContaining({ taskId: TASK_ID, model })]);
	});

	it.each<[string, unknown]>([
		['as text', JSON.stringify({ id: TASK_ID })],
		['in a wrapper', { data: { id: TASK_ID } }],
	])('is found in a body that comes %s', async (_how, body) => {
		expect((await call({ body })).rows).toHaveLength(1);
	});

	it('comes whole without Simplify', async () => {
		const { rows } = await call({ parameters: { simplify: false } });
		expect(rows?.[0]).toMatchObject({ taskId: TASK_ID, task: { model: 'wan2.7-image-to-video' } });
	});

	const failed = aTask({
		status: 'failed',
		error: { code: 'content_policy_violation', message: 'Blocked' },
	});
	const cancelled = aTask({ status: 'canceled' });
	const empty = completedTask({ results: [] });
	it.each<[string, Record<string, unknown>, string[], number]>([
		['completed, by default', completedTask(), ['completed'], 1],
		['completed, where only failures are wanted', completedTask(), ['failed', 'cancelled'], 0],
		['failed, by default', failed, ['completed'], 0],
		['failed, where that is wanted', failed, ['failed'], 1],
		['cancelled, where only failures are wanted', cancelled, ['failed'], 0],
		['cancelled, where that is wanted', cancelled, ['cancelled'], 1],
		['completed without a video, by default', empty, ['completed'], 0],
		['completed without a video, where failures are wanted', empty, ['failed'], 1],
		['completed, where nothing is wanted', completedTask(), [], 0],
	])('as %s', async (_how, body, events, count) => {
		const { rows = [], answered } = await call({ look: { body }, parameters: { events } });
		expect(rows).toHaveLength(count);
		expect(answered.status).toBe(body === empty ? 503 : 200);
	});

	it.each<[string, LookAnswer[]]>([
		[
			'an outage of EvoLink that outlasts its calls',
			Array<LookAnswer>(6).fill({ status: 503, body: '' }),
		],
		['a copy of its database that lags', Array<LookAnswer>(3).fill({ body: aTask() })],
		['one that lags for two minutes', Array<LookAnswer>(8).fill({ body: aTask() })],
		['results that are late', Array<LookAnswer>(3).fill({ body: empty })],
	])('starts the workflow after %s', async (_why, troubles) => {
		const answers = [...troubles];
		const look = async () => await Promise.resolve(answers.shift() ?? { body: completedTask() });
		const { rows, looks } = await call({ look });
		expect(rows).toMatchObject([{ taskId: TASK_ID, status: 'completed' }]);
		expect(looks).toHaveLength(troubles.length + 1);
	});

	it.each([
		['with another type', (text: string) => text],
		['with a byte order mark', (text: string) => `\uFEFF${text}`],
	])('is found in a body that comes %s', async (_how, write) => {
		const rawBody = Buffer.from(write(JSON.stringify({ id: TASK_ID })));
		expect((await call({ body: {}, rawBody })).rows).toHaveLength(1);
	});

	it.each<[string, unknown, number, boolean]>([
		['undefined', undefined, 1, true],
		['null', null, 1, true],
		['an object', { events: ['completed'] }, 1, true],
		['a word that is none', ['done'], 1, true],
		['a label', ['Completed'], 1, false],
		['a list in a text', 'failed, completed', 1, false],
		['another end in a text', 'Failed', 0, false],
	])('and %s is what an expression gave for Trigger On', async (_what, events, count, isTold) => {
		const { rows = [], log } = await call({ parameters: { events } });
		expect(rows).toHaveLength(count);
		expect(log.some((line) => line.includes("'Trigger On' is"))).toBe(isTold);
	});

	it('whose settings cannot be read starts the workflow all the same', async () => {
		const broken = {
			get: () => {
				throw new Error('access to env vars denied');
			},
			enumerable: true,
		};
		const parameters = Object.defineProperties({}, { events: broken, simplify: broken });
		const { rows = [] } = await call({ parameters });
		expect(rows).toHaveLength(1);
	});

	it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
		['failed', failed, { failureCode: 'content_policy_violation', failureMessage: 'Blocked' }],
		['cancelled', cancelled, { failureMessage: 'The task was cancelled at EvoLink' }],
		[
			'without a video',
			empty,
			{ failureMessage: 'EvoLink reports the task as completed but names no video' },
		],
	])(
		'says why it has no video when it %s, in fields that are no error',
		async (_how, body, why) => {
			const events = ['failed', 'cancelled'];
			const { rows } = await call({ look: { body }, parameters: { events } });
			expect(rows?.[0]).toMatchObject(why);
			expect(rows?.[0]).not.toHaveProperty('error');
			expect(rows?.[0]).not.toHaveProperty('videoUrl');
		},
	);
});

describe('what starts nothing', () => {
	it.each<[string, LookAnswer]>([
		['does not exist', { status: 404, body: { error: { code: 'task_not_found' } } }],
		['belongs to somebody else', { status: 403, body: { error: { code: 'forbidden' } } }],
		['is of another model', { body: completedTask({ model: 'gpt-4o-image' }) }],
	])('and is not asked for again: a task that %s', async (_why, look) => {
		const { rows, answered } = await call({ look });
		expect(rows).toBeUndefined();
		expect(answered).toMatchObject({ status: 200, body: { received: true } });
	});

	it.each<[string, NonNullable<FakeWebhookPlan['look']>]>([
		['has not ended', { body: aTask() }],
		['has an unknown state', { body: aTask({ status: 'paused' }) }],
		['cannot be read now (500)', { status: 500, body: 'oops' }],
		['cannot be read now (429)', { status: 429, body: {} }],
		['cannot be read with this key (401)', { status: 401, body: {} }],
		['is answered with rubbish', { body: 'a page' }],
		['is hidden by a page of a gateway (403)', { status: 403, body: '<p>Forbidden</p>' }],
		['is hidden by a page of a gateway (404)', { status: 404, body: '<p>Not found</p>' }],
		['is not reached', () => Promise.reject(new Error('connect ECONNREFUSED 192.0.2.1:443'))],
	])('but may come again: a task that %s', async (_why, look) => {
		const plan = { look, workflowId: `again-${_why}` };
		const { rows, answered } = await call(plan);
		expect(rows).toBeUndefined();
		expect(answered).toMatchObject({ status: 503, body: { received: false } });
		expect((await call({ workflowId: plan.workflowId })).rows).toHaveLength(1);
	});

	it.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['a number', 7],
		['a text', 'hello'],
		['broken JSON', '{"id":"task-1"'],
		['a list', [{ id: TASK_ID }]],
		['no ID', { status: 'completed' }],
		['an ID that is a number', { id: 17 }],
		['an ID that is an object', { id: { $gt: '' } }],
		['a path', { id: '../credits' }],
		['an address', { id: 'https://example.com/' }],
		['an endless ID', { id: 'x'.repeat(5_000) }],
	])('and is refused without a look: a body that is %s', async (_what, body) => {
		const { rows, answered, looks } = await call({ body });
		expect(rows).toBeUndefined();
		expect(answered.status).toBe(400);
		expect(looks).toEqual([]);
	});

	it.each<[string, FakeWebhookPlan]>([
		['was read', { rawBody: Buffer.alloc(1_000_001) }],
		['is announced', { headers: { 'content-length': '1000001' } }],
	])(
		'and is refused without a look: a body that %s as more than a megabyte',
		async (_how, plan) => {
			const { answered, looks } = await call(plan);
			expect(answered.status).toBe(413);
			expect(looks).toEqual([]);
		},
	);
});

describe('an answer', () => {
	it('comes though there is no credential, and asks for another call', async () => {
		const { answered, log } = await call({ hasCredential: false });
		expect(answered.status).toBe(503);
		expect(log.join()).toMatch(/could not be handled: Node does not have any credentials/);
	});

	it('comes well within ten seconds while EvoLink is silent; a look that is late starts the workflow', async () => {
		let speak: (answer: LookAnswer) => void = () => undefined;
		const look = () => new Promise<LookAnswer>((resolve) => void (speak = resolve));
		const fake = fakeWebhook({ workflowId: 'silent', look });
		const done = receive(fake.context);
		await jest.advanceTimersByTimeAsync(8_000);
		expect(fake.answered).toMatchObject({ status: 503, times: 1 });
		speak({ body: completedTask() });
		expect((await done).workflowData?.[0]).toHaveLength(1);
		expect(fake.answered).toMatchObject({ status: 503, times: 1 });
		const again = await call({ workflowId: 'silent' });
		expect(again.rows).toBeUndefined();
		expect(again.answered.status).toBe(200);
	});
});

it('an outage lets a few tasks be waited for, and no call beside the first about each', async () => {
	const over = { isOver: false };
	const look = async () =>
		await Promise.resolve(over.isOver ? { body: completedTask() } : { status: 503, body: '' });
	const tasks = Array.from({ length: 30 }, (_, number) => `task-unified-1757169743-${number}`);
	const open = new Set<string>();
	const calls = [...tasks, ...tasks].map(async (id, number) => {
		open.add(`${number}`);
		const { context } = fakeWebhook({ workflowId: 'outage', look, body: { id } });
		const { workflowData } = await receive(context);
		open.delete(`${number}`);
		return workflowData?.[0] ?? [];
	});
	await jest.advanceTimersByTimeAsync(30_000);
	expect(open.size).toBe(10);
	over.isOver = true;
	await jest.advanceTimersByTimeAsync(600_000);
	expect((await Promise.all(calls)).flat().length).toBeLessThanOrEqual(10);
});

describe('calls about the same task', () => {
	it('start the workflow once, one after the other', async () => {
		const first = await call({ workflowId: 'twice' });
		const second = await call({ workflowId: 'twice' });
		expect(first.rows).toHaveLength(1);
		expect(second.rows).toBeUndefined();
		expect(second.answered.status).toBe(200);
		expect(second.looks).toEqual([]);
	});

	it('start it once all at the same time, with one look', async () => {
		const plan = { workflowId: 'burst' };
		const calls = await Promise.all(Array.from({ length: 50 }, async () => await call(plan)));
		expect(calls.flatMap(({ rows }) => rows ?? [])).toHaveLength(1);
		expect(calls.flatMap(({ looks }) => looks)).toHaveLength(1);
		expect(calls.every(({ answered }) => answered.status === 200)).toBe(true);
	});

	it('share a failure, so that none of them is taken for delivered', async () => {
		const plan = { workflowId: 'shared', look: { status: 500, body: '' } };
		const calls = await Promise.all([call(plan), call(plan)]);
		expect(calls.map(({ answered }) => answered.status)).toEqual([503, 503]);
	});

	it('start it again while it is tested in the editor, and leave nothing behind', async () => {
		const plan = { workflowId: 'editor', mode: 'manual' as const };
		for (const { rows, staticData } of [await call(plan), await call(plan)]) {
			expect(rows).toHaveLength(1);
			expect(staticData).toEqual({});
		}
	});

	it('start each trigger once: the same task may be told to several', async () => {
		expect((await call({ workflowId: 'one' })).rows).toHaveLength(1);
		expect((await call({ workflowId: 'two' })).rows).toHaveLength(1);
	});
});
