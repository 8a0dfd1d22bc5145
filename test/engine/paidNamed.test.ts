// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Waking from a pause, and on a retry, what is paid for is looked at and fetched without reading prompt and materials
// again; and whatever throws there names the tasks of the journal.
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { items, startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld({ taskSeconds: 200, switches: { callbackUrls: 'local' } });
});
const env = { ...process.env };
beforeEach(async () => {
	await world.reset();
	process.env.WAN_WORD = 'cat';
	process.env.N8N_BLOCK_ENV_ACCESS_IN_NODE = 'false';
});
afterAll(async () => {
	process.env.N8N_BLOCK_ENV_ACCESS_IN_NODE = env.N8N_BLOCK_ENV_ACCESS_IN_NODE;
	await world.close();
});

/** As an upgrade to n8n 2 does it. */
const blockEnv = () => {
	process.env.N8N_BLOCK_ENV_ACCESS_IN_NODE = 'true';
};
const gone = new Error('Credential with ID "1" does not exist for type "evoLinkApi".');
const taskIds = () => world.sandbox.ledger().map(({ id }) => id);
const textOf = ({ json }: INodeExecutionData) =>
	`${json.error as string} ${json.message as string}`;
const pause = (more: IDataObject = {}) => ({ options: { whileWaiting: 'pause', ...more } });

const BY_ENV: Array<[string, IDataObject]> = [
	['the prompt', { prompt: '={{ $env.WAN_WORD }}' }],
	['the address of a material', { firstFrameUrl: '=https://example.com/{{ $env.WAN_WORD }}.jpg' }],
	['the mode', { generationMode: '={{ $env.WAN_WORD ? "first_frame" : "" }}' }],
	['the duration', { duration: '={{ $env.WAN_WORD ? 5 : 0 }}' }],
];

describe('a paused task', () => {
	it.each(BY_ENV)('needs no new reading of %s', async (_label, parameters) => {
		const paused = await world.run({ parameters: { ...parameters, ...pause() } });
		expect(paused.status).toBe('waiting');
		blockEnv();
		const run = await world.wake(paused, { parameters: { ...parameters, ...pause() } });
		expect(run.error).toBeUndefined();
		expect(run.rows[0].json).toMatchObject({ taskId: taskIds()[0], status: 'completed' });
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
		expect(submits(world.sandbox)).toBe(1);
	});

	it('is named when the credential is gone, and found again by a retry', async () => {
		const setup = { parameters: pause(), items: items(2) };
		const paused = await world.run(setup);
		const run = await world.wake(paused, { ...setup, credentialFault: gone });
		expect(run.status).toBe('error');
		for (const id of taskIds()) {
			expect(run.error?.message).toContain(id);
			expect(run.error?.description).toContain(id);
		}
		const still = await world.retry(run, { ...setup, credentialFault: gone });
		for (const id of taskIds()) expect(still.error?.message).toContain(id);
		expect(submits(world.sandbox)).toBe(2);
	});

	it.each([['continueRegularOutput'], ['continueErrorOutput']] as const)(
		'is named in its row when the credential is gone, under %s',
		async (onError) => {
			const setup = { parameters: pause(), items: items(2), settings: { onError } };
			const paused = await world.run(setup);
			const run = await world.wake(paused, { ...setup, credentialFault: gone });
			const failed = onError === 'continueErrorOutput' ? run.errorRows : run.rows;
			expect(failed.map(textOf)).toEqual(
				taskIds().map((id) => expect.stringContaining(id) as string),
			);
			expect([...run.rows, ...run.errorRows]).toHaveLength(2);
		},
	);

	it('of Task: Wait is named as well', async () => {
		const { rows } = await world.run({ parameters: { operation: 'submit' } });
		const setup = {
			parameters: { resource: 'task', operation: 'wait', taskId: rows[0].json.taskId, ...pause() },
		};
		const paused = await world.run(setup);
		const run = await world.wake(paused, { ...setup, credentialFault: gone });
		expect(run.error?.message).toContain(taskIds()[0]);
	});

	it('is named when a setting of its own cannot be read any longer', async () => {
		const parameters = pause({ fileName: '={{ $env.WAN_WORD }}' });
		const paused = await world.run({ parameters });
		blockEnv();
		const run = await world.wake(paused, { parameters });
		expect(run.error?.message).toMatch(/'File Name' could not be read/);
		expect(run.error?.description).toContain(taskIds()[0]);
	});

	it('is named when an item behind it cannot be read, and brought in where the run goes on', async () => {
		const parameters = {
			prompt: '={{ $env.WAN_WORD }}',
			...pause({ concurrency: 1 }),
		};
		const setup = { parameters, items: items(2) };
		const paused = await world.run(setup);
		expect(submits(world.sandbox)).toBe(1);
		blockEnv();
		const stopped = await world.wake(paused, setup);
		expect(stopped.error?.message).toMatch(/^Item 1: 'Prompt' could not be read/);
		expect(stopped.error?.description).toContain(taskIds()[0]);

		await world.reset();
		process.env.N8N_BLOCK_ENV_ACCESS_IN_NODE = 'false';
		const goesOn = { ...setup, settings: { onError: 'continueErrorOutput' } as const };
		const asleep = await world.run(goesOn);
		blockEnv();
		const run = await world.wake(asleep, goesOn);
		expect(run.rows.map(({ json }) => json.taskId)).toEqual(taskIds());
		expect(run.errorRows.map(textOf)).toEqual([
			expect.stringMatching(/'Prompt' could not be read.*nothing was charged/),
		]);
	});
});

describe('a retry', () => {
	it.each(BY_ENV)('finds the task without reading %s again', async (_label, parameters) => {
		const setup = { parameters: { ...parameters, options: { timeout: 1 } } };
		const failed = await world.run(setup);
		expect(failed.error?.message).toContain(taskIds()[0]);
		blockEnv();
		await world.clock.pass(300_000);
		const run = await world.retry(failed, setup);
		expect(run.error).toBeUndefined();
		expect(run.rows[0].json.taskId).toBe(taskIds()[0]);
		expect(submits(world.sandbox)).toBe(1);
	});

	it('of an item whose new setting cannot be read names its task', async () => {
		const failed = await world.run({ parameters: { options: { timeout: 1 } } });
		blockEnv();
		const parameters = { options: { timeout: '={{ $env.WAN_WORD }}' } };
		for (const onError of ['stopWorkflow', 'continueRegularOutput'] as const) {
			const run = await world.retry(failed, { parameters, settings: { onError } });
			const text = `${run.error?.description} ${run.rows.map(textOf).join()}`;
			expect(text).toContain(taskIds()[0]);
			expect(text).not.toMatch(/Nothing was sent/);
		}
		expect(submits(world.sandbox)).toBe(1);
	});

	it('of a run with a fault as a whole names its tasks', async () => {
		const failed = await world.run({ parameters: { options: { timeout: 1 } }, items: items(2) });
		const parameters = { options: { concurrency: 'abc' } };
		const run = await world.retry(failed, { parameters, items: items(2) });
		for (const id of taskIds()) expect(run.error?.message).toContain(id);
		expect(submits(world.sandbox)).toBe(2);
	});
});
