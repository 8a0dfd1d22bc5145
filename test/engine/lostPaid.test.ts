/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// After n8n has lost a run, nothing is said to have cost nothing before n8n's database was asked: an item whose material,
// prompt, setting or credential is gone by then is followed or named all the same.
import { readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject } from 'n8n-workflow';

import { type EngineRun, processedValues } from '../support/engine';
import { items, requestLines, startWorld, submits, type World } from '../support/engineWorld';
import { lostAfter, lostWhile, rerunOf, retryOf } from '../support/lostRun';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

/** Another request in the same place is told of only where n8n tells whose retry it is. */
const KNOWS_WHOSE = process.env.ENGINE_FOLDER === undefined;
const ENV = process.env.N8N_BLOCK_ENV_ACCESS_IN_NODE;
const gone = new Error('Credential with ID "1" does not exist for type "evoLinkApi".');
const NOTHING = /[Nn]othing was (sent|submitted|charged)/;

let world: World;
let own: Server;
/** What the user's own host gives for the first frame. */
let frame: Buffer;
beforeAll(async () => {
	world = await startWorld();
	// EvoLink and the host of the material under one name: addresses of other local hosts are not looked at.
	own = createServer((asked, answer) => {
		if (asked.url === '/frame.jpg') return void answer.end(frame);
		const { method, headers, url = '/' } = asked;
		const passed = request(new URL(url, world.sandbox.url), { method, headers }, (got) => {
			answer.writeHead(got.statusCode ?? 500, got.headers);
			got.pipe(answer);
		});
		asked.pipe(passed);
	});
	await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
	await world.reset();
	processedValues.clear();
	frame = readFileSync('examples/media/first_frame.jpg');
	process.env.WAN_WORD = 'cat';
	process.env.N8N_BLOCK_ENV_ACCESS_IN_NODE = 'false';
});
afterAll(async () => {
	process.env.N8N_BLOCK_ENV_ACCESS_IN_NODE = ENV;
	own.close();
	await world.close();
});

const taskIds = () => world.sandbox.ledger().map(({ id }) => id);
const blockEnv = () => {
	process.env.N8N_BLOCK_ENV_ACCESS_IN_NODE = 'true';
};
const textOf = ({ error, rows }: EngineRun) =>
	[error?.message, error?.description, ...rows.map(({ json }) => JSON.stringify(json))].join('\n');
const onOwnHost = () => {
	const baseUrl = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
	return {
		credential: { apiKey: world.sandbox.key, baseUrl },
		parameters: { firstFrameUrl: `${baseUrl}/frame.jpg` },
	};
};

const AGAIN = [
	['the Retry button', retryOf],
	['n8n itself runs it again', rerunOf],
] as const;

describe.each(AGAIN)('%s', (_name, again) => {
	it('brings the video though its material is another file by now', async () => {
		const setup = onOwnHost();
		const lost = await lostAfter(world, 2, setup);
		frame = Buffer.from('<html>This page has moved</html>');
		const run = await again(world, lost, setup);
		expect(run.error).toBeUndefined();
		expect(run.rows[0].json.taskId).toBe(taskIds()[0]);
		expect(submits(world.sandbox)).toBe(1);
	});

	it.each<[string, IDataObject]>([
		['the prompt', { prompt: '={{ $env.WAN_WORD }}' }],
		['the duration', { duration: '={{ $env.WAN_WORD ? 5 : 0 }}' }],
	])('brings the video though %s cannot be read any longer', async (_label, parameters) => {
		const lost = await lostAfter(world, 2, { parameters });
		blockEnv();
		const run = await again(world, lost, { parameters });
		expect(run.error).toBeUndefined();
		expect(run.rows[0].json.taskId).toBe(taskIds()[0]);
		expect(submits(world.sandbox)).toBe(1);
	});

	it.each([['stopWorkflow'], ['continueRegularOutput']] as const)(
		'names the task where the credential is gone or a setting of its own cannot be read, under %s',
		async (onError) => {
			const parameters = { options: { fileName: '={{ $env.WAN_WORD }}' } };
			const setup = { parameters, settings: { onError }, items: items(2) };
			const lost = await lostAfter(world, 4, setup);
			const without = await again(world, lost, { ...setup, credentialFault: gone });
			blockEnv();
			const unread = await again(world, lost, setup);
			for (const id of taskIds()) {
				expect(textOf(without)).toContain(id);
				expect(textOf(unread)).toContain(id);
			}
			expect(textOf(without)).not.toMatch(NOTHING);
			expect(textOf(unread)).not.toMatch(NOTHING);
			expect(submits(world.sandbox)).toBe(2);
		},
	);
});

describe('the Retry button, after an edit', () => {
	it('with a cap below what is paid for brings the video', async () => {
		const lost = await lostAfter(world, 2);
		const run = await retryOf(world, lost, { parameters: { options: { maxBilledSeconds: 1 } } });
		expect(run.error).toBeUndefined();
		expect(run.rows[0].json.taskId).toBe(taskIds()[0]);
	});

	if (KNOWS_WHOSE) {
		it('that cannot be read names the task', async () => {
			const lost = await lostAfter(world, 2);
			const run = await retryOf(world, lost, { parameters: { options: { concurrency: 'abc' } } });
			expect(textOf(run)).toContain(taskIds()[0]);
			expect(textOf(run)).not.toMatch(NOTHING);
			const other = await retryOf(world, lost, { parameters: { duration: 99 } });
			expect(textOf(other)).toContain(taskIds()[0]);
		});
	}

	if (KNOWS_WHOSE) {
		it('and again, pays once for what the first retry submitted and did not bring', async () => {
			const setup = { items: items(3), parameters: { options: { concurrency: 1 } } };
			const lost = await lostAfter(world, 1, setup);
			expect(submits(world.sandbox)).toBe(3);
			// The first two come, the third does not.
			const fault = { kind: 'status', status: 503 } as const;
			world.sandbox.plan({ on: 'media', after: 2, times: 0, fault });
			expect((await retryOf(world, lost, setup)).status).toBe('error');
			expect(submits(world.sandbox)).toBe(5);
			world.sandbox.clearFaults();
			expect((await retryOf(world, lost, setup)).status).toBe('success');
			expect(submits(world.sandbox)).toBe(5);
		});
	}
});

describe('a retry that n8n lost', () => {
	it.each([
		['turned away', { kind: 'status', status: 402 }],
		['reported as failed', { kind: 'failTask', code: 'content_policy_violation' }],
	] as const)(
		'is found by the next one, where what it had to do again was %s',
		async (_what, fault) => {
			const setup = onOwnHost();
			world.sandbox.plan({ on: 'submit', fault });
			const failed = await world.run(setup);
			expect(failed.status).toBe('error');
			const before = taskIds().length;
			const looks = requestLines(world.sandbox).filter((line) => line.includes('/v1/tasks/'));
			await lostWhile(world, looks.length + 2, world.retry(failed, setup));
			const paid = taskIds()[before];
			// Then it is refused before any submit, or comes to none.
			const another = await world.retry(failed, { ...setup, credentialFault: gone });
			expect(textOf(another)).toContain(paid);
			expect(textOf(another)).not.toMatch(NOTHING);
			frame = Buffer.from('<html>This page has moved</html>');
			const run = await world.retry(failed, setup);
			expect(run.error).toBeUndefined();
			expect(run.rows[0].json.taskId).toBe(paid);
			expect(taskIds()).toHaveLength(before + 1);
		},
	);
});

describe('the Retry button, where a setting cannot be read any longer', () => {
	const if010 = (good: string, odd: string) => `={{ $env.WAN_WORD ? ${good} : ${odd} }}`;
	it.each<[string, IDataObject, RegExp]>([
		['a field', { outputBinaryField: if010('"data"', '""') }, /'Output Data Field Name' is empty/],
		['On Timeout', { options: { onTimeout: if010('"fail"', '""') } }, /'On Timeout' is empty/],
		['a time-out', { options: { timeout: if010('9', '"1e2"') } }, /'Timeout/],
		['a switch', { simplify: if010('true', '"x"') }, /'Simplify'/],
	])('brings what is paid for, whatever %s says', async (_label, parameters, told) => {
		world.sandbox.plan({ on: 'media', times: 0, fault: { kind: 'status', status: 410 } });
		const failed = await world.run({ parameters });
		expect(failed.status).toBe('error');
		world.sandbox.clearFaults();
		process.env.WAN_WORD = '';
		const run = await world.retry(failed, { parameters });
		expect([run.status, run.error]).toEqual(['success', undefined]);
		expect(run.rows[0].binary?.data.mimeType).toBe('video/mp4');
		expect(run.hints.join()).toMatch(told);
		expect(run.hints.join()).toMatch(/brought by the defaults/);
		expect(submits(world.sandbox)).toBe(1);
		// A new execution is refused, as ever.
		const anew = await world.run({ parameters });
		expect(anew.error?.message).toMatch(told);
		expect(submits(world.sandbox)).toBe(1);
	});
});

it('a run that is refused in its first life leaves nothing behind, and says that it cost nothing', async () => {
	const run = await world.run({ parameters: { duration: 99 } });
	expect(textOf(run)).toMatch(NOTHING);
	expect(processedValues.size).toBe(0);
});
