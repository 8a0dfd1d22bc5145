/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// One wish of an agent is paid for once, wherever n8n runs the tool: in an execution, for a client of MCP, or for n8n's own
// Agents, which have no execution, no workflow and a new node ID in each call. The ledger of the sandbox counts the charges.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { forgetAll } from '../../nodes/WanVideo/host/toolMemory';
import { type OutsideCall, processedValues } from '../support/engine';
import { requestLines, startWorld, submits, type World } from '../support/engineWorld';
import { someOf } from '../support/thorough';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const TOOL = { type: 'n8n-nodes-wan-video.wanVideoTool' };
const STILL_RUNNING = {
	on: 'look',
	times: 0,
	fault: { kind: 'oddState', state: 'processing' },
} as const;

let world: World;
beforeAll(async () => {
	world = await startWorld({ taskSeconds: 30 });
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const taskIds = () => world.sandbox.ledger().map(({ id }) => id);
const asGenerate = { tool: 'Generate video' };
const asSubmit = { tool: 'Submit video' };
const submit = { parameters: { operation: 'submit' } };
const prompt = (text: string) => ({ parameters: { prompt: text } });

/** A call in an execution of its own, as in the next message of a chat. */
async function inExecution(
	parameters: IDataObject = {},
	settings: { id?: string } = {},
	executionId?: string,
): Promise<IDataObject> {
	const run = await world.run({
		parameters,
		settings: { ...TOOL, ...settings },
		...(executionId !== undefined && { executionId }),
	});
	expect(run.status).toBe('success');
	return run.rows[0].json;
}

const OUTSIDE = ['agents', 'mcp', 'mcp on a worker', 'mcp by an agent on a worker'] as const;

describe.each(someOf(OUTSIDE, 4))('outside of executions (%s)', (by) => {
	const call = async (more: Partial<OutsideCall> = {}, setup: object = {}) =>
		await world.callOutside({ by, ...more }, setup);

	it.each([
		['video: check', { operation: 'check' }, { ok: true }],
		['video: submit', { operation: 'submit' }, { status: 'pending' }],
		['video: generate', {}, { status: 'completed' }],
		['account: get credits', { resource: 'account', operation: 'getCredits' }, {}],
	])('%s works', async (_label, parameters, expected) => {
		const answer = await call({}, { parameters });
		expect(answer).toMatchObject(expected);
		expect(answer.charged).toBeUndefined();
	});

	it.each(['get', 'wait'])('task: %s works', async (operation) => {
		const { taskId } = await call(asSubmit, submit);
		const answer = await call({}, { parameters: { resource: 'task', operation, taskId } });
		expect(answer).toMatchObject({ taskId });
		expect(answer.charged).toBeUndefined();
	});

	it('equal calls are one charge: one after the other, at once, and an hour long', async () => {
		const first = await call();
		const rest = await Promise.all([call(), call(), call()]);
		await world.clock.pass(3_000_000);
		for (const answer of [...rest, await call()]) expect(answer.taskId).toBe(first.taskId);
		expect(taskIds()).toEqual([first.taskId]);
		await world.clock.pass(3_600_000);
		expect((await call()).taskId).not.toBe(first.taskId);
	});

	it('calls that begin at once are one charge, and all get the video', async () => {
		const answers = await Promise.all([call(), call(), call(), call()]);
		expect(answers.map(({ status }) => status)).toEqual(Array(4).fill('completed'));
		expect(taskIds()).toHaveLength(1);
	});

	it.each([
		['no duration', { duration: null }],
		['an empty duration', { duration: '' }],
		['the duration that is taken anyway', { duration: 5 }],
		['blanks around the prompt', { prompt: ' A cat playing piano\n' }],
		['a dot in the path', { firstFrameUrl: 'https://example.com/./first_frame.jpg' }],
		['a fragment', { firstFrameUrl: 'https://example.com/first_frame.jpg#x' }],
		['a default port', { firstFrameUrl: 'https://example.com:443/first_frame.jpg' }],
		['capital letters of the host', { firstFrameUrl: 'https://EXAMPLE.com/first_frame.jpg' }],
	])('the same wish with %s is not charged again', async (_label, parameters) => {
		const first = await call({}, {});
		const again = await call({}, { parameters });
		expect(again.taskId).toBe(first.taskId);
		expect([first.durationSeconds, again.durationSeconds]).toEqual([5, 5]);
		expect(taskIds()).toHaveLength(1);
	});

	it.each([
		['two blanks inside', { prompt: 'A cat  playing piano' }],
		["a letter's case", { prompt: 'a cat playing piano' }],
		['a seed', { options: { seed: 7 } }],
	])('another wish by %s is another charge', async (_label, parameters) => {
		await call();
		await call({}, { parameters });
		expect(taskIds()).toHaveLength(2);
	});

	it('Submit makes a new task where the one that is there has failed since', async () => {
		const fault = { kind: 'failTask', code: 'content_policy_violation' } as const;
		world.sandbox.plan({ on: 'submit', fault });
		const capped = { parameters: { operation: 'submit', maxBilledSeconds: 9 } };
		const { taskId } = await call(asSubmit, capped);
		await world.clock.pass(60_000);
		const [again, ...equal] = await Promise.all(
			[1, 2, 3].map(async () => await call(asSubmit, capped)),
		);
		expect(again).toMatchObject({ status: 'pending' });
		expect(again.taskId).not.toBe(taskId);
		for (const one of equal) expect(one.taskId).toBe(again.taskId);
		await world.clock.pass(60_000);
		expect((await call(asSubmit, capped)).taskId).toBe(again.taskId);
		expect(taskIds()).toHaveLength(2);
	});

	it('the bytes that are sent are those that were given', async () => {
		const given = ' A cat\n';
		await call({}, { parameters: { prompt: given, firstFrameUrl: 'https://EXAMPLE.com/a.jpg#x' } });
		expect(world.sandbox.ledger()[0].body).toMatchObject({
			prompt: given,
			image_start: 'https://EXAMPLE.com/a.jpg#x',
		});
	});

	it('another tool that generates makes a video of its own', async () => {
		await call();
		await call({ tool: 'Another generator' });
		expect(taskIds()).toHaveLength(2);
	});

	it('Submit and Generate share one task', async () => {
		const submitted = await call(asSubmit, submit);
		const generated = await call(asGenerate);
		expect(generated).toMatchObject({ taskId: submitted.taskId, status: 'completed' });
		expect((await call(asSubmit, submit)).taskId).toBe(submitted.taskId);
		expect(taskIds()).toHaveLength(1);
	});

	it('another account makes its own video', async () => {
		await call();
		await call({}, { settings: { credentials: { evoLinkApi: { id: '2', name: 'Other' } } } });
		expect(taskIds()).toHaveLength(2);
	});

	it('a model that calls again as it is told gets the video of the first call', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const open = await call();
		expect(open).toMatchObject({ status: 'processing', taskId: taskIds()[0] });
		expect(open.nextStep).toMatch(/again now with exactly the same arguments/);
		world.sandbox.clearFaults();
		expect(await call()).toMatchObject({ status: 'completed', taskId: open.taskId });
		expect(taskIds()).toHaveLength(1);
	});

	it('a reply that was lost is never followed by a second submit', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'lostReply' } });
		expect(await call()).toMatchObject({ charged: 'unknown' });
		expect(await call()).toMatchObject({ charged: 'unknown' });
		expect(submits(world.sandbox)).toBe(1);
	});

	it('a task that failed is a new try, by whichever call comes first', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'failTask', code: 'service_error' } });
		const options = { submitAgain: 1, timeout: 5 };
		const setup = { parameters: { options } };
		const answers = await Promise.all([call({}, setup), call({}, setup)]);
		const [failed, made] = taskIds();
		for (const answer of answers)
			expect(answer).toMatchObject({ status: 'completed', taskId: made, earlierTaskIds: [failed] });
		expect(taskIds()).toHaveLength(2);
	});

	it('a client that goes before the submit leaves nothing behind', async () => {
		const client = { gone: true };
		const answer = await call({ client }).catch((error: Error) => ({ message: error.message }));
		expect(answer.message).toMatch(/No bridge acquired/);
		expect(submits(world.sandbox)).toBe(0);
		expect(await call()).toMatchObject({ status: 'completed' });
		expect(taskIds()).toHaveLength(1);
	});

	it('a client that goes after the submit keeps no other call waiting', async () => {
		const client = { gone: false };
		const left = call({ client });
		while (!requestLines(world.sandbox).some((line) => line.includes('/v1/tasks/')))
			await new Promise(setImmediate);
		client.gone = true;
		const from = world.clock.now();
		expect(await call()).toMatchObject({ status: 'completed', taskId: taskIds()[0] });
		expect(world.clock.now() - from).toBeLessThan(45_000);
		await left;
		expect(taskIds()).toHaveLength(1);
	});

	it('the 45 seconds count from the beginning of the call, and the ID is told', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const headers = { 'retry-after': '40' };
		world.sandbox.plan({ on: 'submit', fault: { kind: 'status', status: 429, headers } });
		const from = world.clock.now();
		const answer = await call();
		expect(answer).toMatchObject({ taskId: taskIds()[0] });
		expect(answer.nextStep).toMatch(/already paid for/);
		expect(world.clock.now() - from).toBeLessThan(47_000);
	});

	it('nothing is submitted when the time is up before', async () => {
		const headers = { 'retry-after': '100' };
		world.sandbox.plan({ on: 'submit', fault: { kind: 'status', status: 429, headers } });
		const from = world.clock.now();
		const answer = await call();
		expect(answer).toMatchObject({ status: 'failed', charged: 'no' });
		expect(answer.nextStep).toMatch(/in a minute/);
		expect(world.clock.now() - from).toBeLessThan(47_000);
		await world.clock.pass(200_000);
		expect(submits(world.sandbox)).toBe(1);
		expect(await call()).toMatchObject({ status: 'completed' });
		expect(taskIds()).toHaveLength(1);
	});

	if (by === 'agents') {
		it('after a restart of n8n the process has forgotten', async () => {
			await call();
			forgetAll();
			await call();
			expect(taskIds()).toHaveLength(2);
		});
		return;
	}

	it('after a restart of n8n equal calls are one charge, up to an hour', async () => {
		const first = await call();
		forgetAll();
		const rest = await Promise.all([call(), call(), call()]);
		expect(rest.map(({ taskId }) => taskId)).toEqual(Array(3).fill(first.taskId));
		expect(taskIds()).toHaveLength(1);
		forgetAll();
		expect((await call({}, prompt('Another cat'))).taskId).not.toBe(first.taskId);
		await world.clock.pass(3_700_000);
		forgetAll();
		await call();
		expect(taskIds()).toHaveLength(3);
	});

	it('after a restart of n8n a task that was being made is found, and told with its ID', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const open = await call();
		forgetAll();
		world.sandbox.clearFaults();
		await world.clock.pass(60_000);
		expect(await call()).toMatchObject({ status: 'completed', taskId: open.taskId });
		expect(taskIds()).toHaveLength(1);
	});

	it('after a restart of n8n Submit and Generate share one task, and another generator makes its own', async () => {
		const submitted = await call(asSubmit, submit);
		forgetAll();
		const generated = await call(asGenerate);
		expect(generated).toMatchObject({ taskId: submitted.taskId, status: 'completed' });
		forgetAll();
		expect((await call({ tool: 'Another generator' }, prompt('Another cat'))).taskId).not.toBe(
			submitted.taskId,
		);
		forgetAll();
		const own = await call(asGenerate, prompt('Another cat'));
		forgetAll();
		expect((await call(asGenerate, prompt('Another cat'))).taskId).toBe(own.taskId);
		expect(taskIds()).toHaveLength(3);
	});

	it('what another process was about to submit is found as soon as its ID is known', async () => {
		const before: Array<ReturnType<typeof processedValues.snapshot>> = [];
		processedValues.before = () => void before.push(processedValues.snapshot());
		const first = await call();
		processedValues.before = () => undefined;
		const after = processedValues.snapshot();
		forgetAll();
		// The last that was written is the ID.
		processedValues.restore(before.at(-1) ?? after);
		expect(await call()).toMatchObject({ status: 'failed', charged: 'unknown' });
		processedValues.restore(after);
		expect(await call()).toMatchObject({ status: 'completed', taskId: first.taskId });
		expect(taskIds()).toHaveLength(1);
	});

	it('after a restart of n8n a paid task is followed though its picture is gone since', async () => {
		const parameters = { firstFrameUrl: `${world.sandbox.url}/a.jpg` };
		world.sandbox.plan(STILL_RUNNING);
		const open = await call({}, { parameters });
		forgetAll();
		world.sandbox.clearFaults();
		const looks = () => requestLines(world.sandbox).filter((line) => line.includes('/a.jpg'));
		const before = looks().length;
		expect(before).toBeGreaterThan(0);
		const answer = await call({}, { parameters });
		expect(answer).toMatchObject({ status: 'completed', taskId: open.taskId });
		expect(looks()).toHaveLength(before);
	});

	it('after a restart of n8n a task that failed answers no later call', async () => {
		const fault = { kind: 'failTask', code: 'content_policy_violation' } as const;
		world.sandbox.plan({ on: 'submit', times: 2, fault });
		expect(await call()).toMatchObject({ status: 'failed', charged: 'no' });
		forgetAll();
		// Its claim is gone with it. Of this one the end is seen after a restart only.
		world.sandbox.plan(STILL_RUNNING);
		await call();
		expect(taskIds()).toHaveLength(2);
		forgetAll();
		world.sandbox.clearFaults();
		await world.clock.pass(60_000);
		expect(await call()).toMatchObject({ status: 'failed', taskId: taskIds()[1] });
		forgetAll();
		expect(await call()).toMatchObject({ status: 'completed' });
		expect(taskIds()).toHaveLength(3);
	});

	it('a task whose end another call has seen stands in the way of no later one', async () => {
		const fault = { kind: 'failTask', code: 'content_policy_violation' } as const;
		world.sandbox.plan({ on: 'submit', fault });
		world.sandbox.plan(STILL_RUNNING);
		expect((await call()).nextStep).toMatch(/^The video is still/);
		world.sandbox.clearFaults();
		await world.clock.pass(60_000);
		expect(await call()).toMatchObject({ status: 'failed', charged: 'no', taskId: taskIds()[0] });
		expect(await call()).toMatchObject({ status: 'completed' });
		expect(await call()).toMatchObject({ status: 'completed', taskId: taskIds()[1] });
		expect(taskIds()).toHaveLength(2);
	});

	it('a submit that was turned away, or never sent, leaves no claim', async () => {
		world.sandbox.plan({ on: 'submit', fault: { kind: 'status', status: 400 } });
		expect(await call()).toMatchObject({ status: 'failed', charged: 'no' });
		for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
		expect(processedValues.size).toBe(0);
		forgetAll();
		expect(await call()).toMatchObject({ status: 'completed' });
	});
});

describe('in executions', () => {
	it('a task that was told as still being made is found by the next message, for an hour', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const open = await inExecution();
		expect(open.status).toBe('processing');
		world.sandbox.clearFaults();
		await world.clock.pass(3_000_000);
		expect(await inExecution()).toMatchObject({ status: 'completed', taskId: open.taskId });
		expect(taskIds()).toHaveLength(1);
	});

	it('after an hour it is a new wish', async () => {
		world.sandbox.plan(STILL_RUNNING);
		await inExecution();
		world.sandbox.clearFaults();
		await world.clock.pass(3_600_000);
		await inExecution();
		expect(taskIds()).toHaveLength(2);
	});

	it('once the video was handed over, the same call in a later execution is a new wish', async () => {
		await inExecution();
		await inExecution();
		expect(taskIds()).toHaveLength(2);
	});

	it.each(['get', 'wait'])(
		'the same holds where an ordinary Task: %s behind the agent handed it over',
		async (operation) => {
			const { taskId } = await inExecution({ operation: 'submit' }, { id: 's' });
			await world.clock.pass(60_000);
			const task = { resource: 'task', operation, taskId };
			expect((await world.run({ parameters: task })).rows[0].json.videoUrl).toBeDefined();
			await inExecution({ operation: 'submit' }, { id: 's' });
			expect(taskIds()).toHaveLength(2);
		},
	);

	it('what an earlier execution left and this one was handed is not paid for again in it', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const { taskId } = await inExecution({}, { id: 'g' }, '61');
		world.sandbox.clearFaults();
		await world.clock.pass(60_000);
		const task = { resource: 'task', operation: 'get', taskId };
		expect(await inExecution(task, { id: 't' }, '62')).toMatchObject({ status: 'completed' });
		expect(await inExecution({}, { id: 'g' }, '62')).toMatchObject({ taskId, status: 'completed' });
		expect(taskIds()).toHaveLength(1);
		await inExecution({}, { id: 'g' }, '63');
		expect(taskIds()).toHaveLength(2);
	});

	it('Submit of a task whose results are late does not call it failed', async () => {
		const { taskId } = await inExecution({ operation: 'submit' }, { id: 's' });
		await world.clock.pass(60_000);
		world.sandbox.plan({ on: 'look', fault: { kind: 'completedWithoutResults' } });
		const again = await inExecution({ operation: 'submit' }, { id: 's' });
		expect(again).toMatchObject({ taskId });
		expect(again.status).not.toBe('failed');
	});

	it('Submit of a task that is there says how it stands', async () => {
		const { taskId } = await inExecution({ operation: 'submit' }, { id: 's' });
		await world.clock.pass(60_000);
		const again = await inExecution({ operation: 'submit' }, { id: 's' }, '81');
		expect(again).toMatchObject({
			taskId,
			status: 'completed',
			videoUrl: expect.any(String) as string,
		});
		expect(again).not.toHaveProperty('nextStep');
		// In the same execution also after it was handed over.
		expect(await inExecution({ operation: 'submit' }, { id: 's' }, '81')).toEqual(again);
		expect(taskIds()).toHaveLength(1);
	});

	it.each(['get', 'wait'])('the same holds where Task: %s handed it over', async (operation) => {
		const { taskId } = await inExecution({ operation: 'submit' }, { id: 's' });
		await world.clock.pass(60_000);
		const task = { resource: 'task', operation, taskId };
		expect(await inExecution(task, { id: 't' })).toMatchObject({
			status: 'completed',
		});
		await inExecution({ operation: 'submit' }, { id: 's' });
		expect(taskIds()).toHaveLength(2);
	});

	it('Submit and Generate of one agent share a task, in one execution and over two', async () => {
		const submitted = await inExecution({ operation: 'submit' }, { id: 's' }, '71');
		const generated = await inExecution({}, { id: 'g' }, '71');
		expect(generated).toMatchObject({ taskId: submitted.taskId, status: 'completed' });
		// In the same execution also after the video was handed over.
		const again = await inExecution({ operation: 'submit' }, { id: 's' }, '71');
		expect(again.taskId).toBe(submitted.taskId);
		expect(taskIds()).toHaveLength(1);
		const other = await inExecution({ operation: 'submit' }, { id: 's' }, '72');
		const later = await inExecution({}, { id: 'g' }, '73');
		expect(later.taskId).toBe(other.taskId);
		expect(taskIds()).toHaveLength(2);
	});

	it('another execution that goes on at the same time is a wish of its own', async () => {
		const answers = await Promise.all([inExecution({}, {}, '81'), inExecution({}, {}, '82')]);
		expect(new Set(answers.map(({ taskId }) => taskId)).size).toBe(2);
	});

	it('an ordinary node is never held up by what a tool left', async () => {
		world.sandbox.plan(STILL_RUNNING);
		await inExecution();
		world.sandbox.clearFaults();
		const run = await world.run();
		expect(run.rows[0].json.status).toBe('completed');
		expect(taskIds()).toHaveLength(2);
	});

	it('what the user stopped is found by the next message', async () => {
		world.sandbox.plan(STILL_RUNNING);
		const running = world.start({ settings: TOOL });
		while (!requestLines(world.sandbox).some((line) => line.includes('/v1/tasks/')))
			await new Promise(setImmediate);
		running.stop();
		world.clock.poke();
		await running.done;
		world.sandbox.clearFaults();
		expect(await inExecution()).toMatchObject({ status: 'completed', taskId: taskIds()[0] });
		expect(taskIds()).toHaveLength(1);
	});
});

describe('an address that EvoLink can never open', () => {
	it.each([
		['http://localhost/a.jpg'],
		['http://127.0.0.1:1/a.jpg'],
		['https://10.0.0.5/a.jpg'],
		['http://n8n/a.jpg'],
		['https://files.internal/a.jpg'],
		['https://no-such-name.invalid/a.jpg'],
	])('is refused before the charge: %s', async (firstFrameUrl) => {
		for (const parameters of [{}, { options: { checkMaterials: false } }]) {
			const answer = await inExecution({ firstFrameUrl, ...parameters });
			expect(answer).toMatchObject({ status: 'failed', charged: 'no' });
			expect(answer.message).toMatch(/^'First Frame URL' cannot be opened by EvoLink: .* public/);
		}
		expect(submits(world.sandbox)).toBe(0);
	});

	it('is a hint for a person, as ever', async () => {
		const run = await world.run({ parameters: { firstFrameUrl: 'http://localhost/a.jpg' } });
		expect(run.hints.join()).toMatch(/inside a network/);
		expect(submits(world.sandbox)).toBe(1);
	});

	it("is fine on the credential's own host", async () => {
		const firstFrameUrl = `${world.sandbox.url}/a.jpg`;
		expect(await inExecution({ firstFrameUrl })).toMatchObject({ status: 'completed' });
	});
});

it('a paid task is followed though its picture is gone since', async () => {
	world.sandbox.plan(STILL_RUNNING);
	const firstFrameUrl = `${world.sandbox.url}/a.jpg`;
	const open = await inExecution({ firstFrameUrl }, {}, '61');
	world.sandbox.clearFaults();
	const looks = requestLines(world.sandbox).filter((line) => line.includes('/a.jpg')).length;
	expect(await inExecution({ firstFrameUrl }, {}, '61')).toMatchObject({
		...{ status: 'completed', taskId: open.taskId },
	});
	expect(requestLines(world.sandbox).filter((line) => line.includes('/a.jpg'))).toHaveLength(looks);
});

describe('what a model is told', () => {
	const FOR_PEOPLE =
		/option|credential|execution|'(Task|Video|File|Account): |Tasks at Once|name of the field|source to None/;
	const STATUS = (status: number, code: string) =>
		({ on: 'submit', fault: { kind: 'status', status, body: { error: { code } } } }) as const;

	it.each([
		['a seed of 0', { options: { seed: 0 } }],
		['a duration of 30', { duration: 30 }],
		['no picture', { firstFrameUrl: 'the picture above' }],
		['a clip in the wrong mode', { generationMode: 'first_frame', quality: '4K' }],
		['a file that is not there', { firstFrameSource: 'binary', firstFrameBinaryField: 'data' }],
		['a callback inside', { options: { callbackUrl: 'https://localhost/done' } }],
		['over the cap', { options: { maxBilledSeconds: 1 } }],
	])('is nothing that only people can do: %s', async (_label, parameters) => {
		const answer = await inExecution(parameters);
		expect(answer).toMatchObject({ status: 'failed', charged: 'no' });
		expect(`${answer.message as string} ${answer.nextStep as string}`).not.toMatch(FOR_PEOPLE);
	});

	it.each([
		[401, 'unauthorized'],
		[402, 'insufficient_quota'],
		[403, 'forbidden'],
		[400, 'invalid_request'],
		[500, 'internal_error'],
	])('the same of an answer %i', async (status, code) => {
		world.sandbox.plan(STATUS(status, code));
		const answer = await inExecution();
		expect(answer.status).toBe('failed');
		expect(`${answer.message as string} ${answer.nextStep as string}`).not.toMatch(FOR_PEOPLE);
	});

	it.each(['wait', 'get'])('Task: %s with words in place of an ID is free', async (operation) => {
		const answer = await inExecution({ resource: 'task', operation, taskId: 'the last one' });
		expect(answer).toMatchObject({ status: 'failed', charged: 'no' });
		expect(answer.message).toMatch(/^"the last one" is no task ID/);
		expect(answer.message).not.toMatch(/may have been charged|Other tasks/);
		expect(answer.nextStep).toMatch(/call this tool again/);
		expect(requestLines(world.sandbox)).toEqual([]);
	});

	it('a task that EvoLink does not know is told alike by Get and Wait', async () => {
		const taskId = 'task-unified-1757169743-7cvnl5zw';
		const answers: IDataObject[] = [];
		for (const operation of ['get', 'wait'])
			answers.push(await inExecution({ resource: 'task', operation, taskId }));
		expect(answers[0]).toEqual(answers[1]);
		expect(answers[0]).toMatchObject({ status: 'failed', charged: 'no', taskId });
		expect(answers[0].nextStep).toMatch(/^Check the taskId and call this tool again/);
	});

	it('an ID among words is found', async () => {
		const { taskId } = await inExecution({ operation: 'submit' });
		const said = `the task ${taskId as string}.`;
		const answer = await inExecution({ resource: 'task', operation: 'get', taskId: said });
		expect(answer.taskId).toBe(taskId);
	});

	it.each([['720P'], ['HD'], ['1280x720']])('%s is 720p', async (quality) => {
		await inExecution({ quality }, {}, '51');
		await inExecution({ quality: '720p' }, {}, '51');
		expect(taskIds()).toHaveLength(1);
		expect(world.sandbox.ledger()[0].body.quality).toBe('720p');
	});

	it.each([['Full HD'], ['1080P'], ['1920x1080']])('%s is 1080p', async (quality) => {
		await inExecution({ quality });
		expect(world.sandbox.ledger()[0].body.quality).toBe('1080p');
	});
});

describe('Max Billed Seconds of a tool', () => {
	const with60 = (text: string, more: IDataObject = {}) => ({
		...{ prompt: text, duration: 15, maxBilledSeconds: 40, ...more },
	});

	it('counts over all calls of an execution, of Submit and Generate together', async () => {
		const answers: IDataObject[] = [];
		for (const [index, text] of ['a', 'b', 'a', 'c'].entries()) {
			const operation = index === 1 ? 'submit' : 'generate';
			answers.push(await inExecution(with60(text, { operation }), { id: operation }, '91'));
		}
		expect(answers.map(({ status }) => status)).toEqual([
			...['completed', 'pending', 'completed', 'failed'],
		]);
		expect(answers[3]).toMatchObject({ charged: 'no' });
		expect(answers[3].message).toMatch(/30 seconds of earlier calls .* \(40\)/);
		expect(answers[3].message).not.toMatch(/option/);
		expect(taskIds()).toHaveLength(2);
		// Another execution has its own.
		expect(await inExecution(with60('c'), {}, '92')).toMatchObject({ status: 'completed' });
	});

	it('counts the same wish for each tool that submits it, and takes back its own only', async () => {
		const call = async (id: string) => await inExecution(with60('a'), { id }, '93');
		expect(await call('one')).toMatchObject({ status: 'completed' });
		const fault = { kind: 'failTask', code: 'content_policy_violation' } as const;
		world.sandbox.plan({ on: 'submit', fault });
		expect(await call('two')).toMatchObject({ status: 'failed', charged: 'no' });
		expect(await call('three')).toMatchObject({ status: 'completed' });
		expect((await call('four')).message).toMatch(/30 seconds of earlier calls .* \(40\)/);
	});

	it('counts calls that come in one breath', async () => {
		const calls = ['a', 'b', 'c', 'd', 'e'].map(
			async (text) => await world.callOutside({ by: 'mcp' }, { parameters: with60(text) }),
		);
		const answers = await Promise.all(calls);
		expect(answers.filter(({ status }) => status === 'failed')).toHaveLength(3);
		expect(taskIds()).toHaveLength(2);
	});

	it.each(OUTSIDE)('is of an hour outside of executions (%s)', async (by) => {
		const call = async (text: string) =>
			await world.callOutside({ by }, { parameters: with60(text) });
		await call('a');
		await call('b');
		expect(await call('c')).toMatchObject({ status: 'failed', charged: 'no' });
		await world.clock.pass(3_600_000);
		expect(await call('c')).toMatchObject({ status: 'completed' });
	});

	it('does not count what cost nothing', async () => {
		const fault = { kind: 'failTask', code: 'content_policy_violation' } as const;
		world.sandbox.plan({ on: 'submit', times: 3, fault });
		for (const text of ['a', 'b', 'c', 'd'])
			await world.callOutside({ by: 'mcp' }, { parameters: with60(text) });
		expect(taskIds()).toHaveLength(4);
	});

	it.each([
		['not set: no limit', {}, 'completed'],
		['0 as it stands: no limit', { maxBilledSeconds: 0 }, 'completed'],
		['0 from an expression: refused', { maxBilledSeconds: '={{ 0 }}' }, 'failed'],
		['nothing from an expression: refused', { maxBilledSeconds: '={{ "" }}' }, 'failed'],
		['the option of a saved tool', { options: { maxBilledSeconds: 10 } }, 'failed'],
	])('%s', async (_label, parameters, status) => {
		const answer = await inExecution({ duration: 15, ...parameters });
		expect(answer.status).toBe(status);
	});
});

it('rows of every kind have the seconds that are billed', async () => {
	const run = await world.run();
	expect(run.rows[0].json.durationSeconds).toEqual(expect.any(Number));
	const submitted = await inExecution({
		operation: 'submit',
		...prompt('x').parameters,
		duration: '',
	});
	expect(submitted.durationSeconds).toBe(5);
});

describe('a talking portrait as long as a sound that is gone since', () => {
	let host: Server;
	let isGone = false;
	const sound = readFileSync(join(__dirname, '../../examples/media/audio.mp3'));
	beforeAll(async () => {
		host = createServer((_request, response) => {
			response.writeHead(isGone ? 404 : 200, { 'content-type': 'audio/mpeg' });
			response.end(isGone ? '' : sound);
		});
		await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
	});
	beforeEach(() => (isGone = false));
	afterAll(async () => await new Promise((resolve) => host.close(resolve)));

	function setup(more: IDataObject = {}) {
		const filesUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
		return {
			credential: { apiKey: world.sandbox.key, baseUrl: world.sandbox.url, filesUrl },
			parameters: {
				...{ drivingAudioSource: 'url', drivingAudioUrl: `${filesUrl}/a.mp3` },
				...{ durationMode: 'asAudio', ...more },
			},
		};
	}

	it.each([
		['in an execution', async () => await inOne()],
		['for a client of MCP', async () => await world.callOutside({ by: 'mcp' }, setup())],
		['over a worker', async () => await world.callOutside({ by: 'mcp on a worker' }, setup())],
		["for n8n's Agents", async () => await world.callOutside({ by: 'agents' }, setup())],
	])('%s the task that is paid for answers', async (_, call) => {
		world.sandbox.plan(STILL_RUNNING);
		const open = await call();
		isGone = true;
		world.sandbox.clearFaults();
		await world.clock.pass(60_000);
		expect(await call()).toMatchObject({ status: 'completed', taskId: open.taskId });
		expect(taskIds()).toHaveLength(1);
	});

	async function inOne(): Promise<IDataObject> {
		const run = await world.run({ ...setup(), settings: TOOL, executionId: '61' });
		return run.rows[0].json;
	}

	it('a call that asks for something else is a wish of its own, and refused', async () => {
		await inOne();
		isGone = true;
		const run = await world.run({
			...setup({ prompt: 'Another cat' }),
			settings: TOOL,
			executionId: '61',
		});
		expect(run.rows[0].json).toMatchObject({ status: 'failed', charged: 'no' });
		expect(run.rows[0].json.message).toMatch(/could not be read/);
		expect(taskIds()).toHaveLength(1);
	});
});
