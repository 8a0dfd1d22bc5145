// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The sandbox's own controls: the admin API, the ledger and the log, what they must not show, the
// status page, the order of tasks in time, and the command line.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startSandbox, type Sandbox } from '../../sandbox';
import { isRecord, parseJson } from '../../sandbox/json';
import { progressAt } from '../../sandbox/progress';
import { call, finishedLink, FIRST, look, newTask, outcome, submit } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ clock: 'manual', video: 'sample', materials: 'trust', seed: 7 });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const admin = (method: string, path: string, body?: unknown) =>
	call(sandbox, method, `/_sandbox/${path}`, body);

describe('the admin API', () => {
	it('moves the clock and waits for what falls due', async () => {
		const id = await newTask(sandbox);
		const { body } = await admin('POST', 'clock', { advanceMs: 60_000 });
		expect(body).toEqual({ mode: 'manual', now: sandbox.clock.now() });
		expect(parseJson((await admin('GET', 'ledger')).text)).toMatchObject([
			{ id, state: 'completed', creditsCharged: 10.88 },
		]);
	});

	it('plans and clears faults', async () => {
		const plan = { on: 'look', fault: { kind: 'status', status: 500 }, times: 2 };
		expect(parseJson((await admin('POST', 'faults', plan)).text)).toEqual([plan]);
		const id = await newTask(sandbox);
		expect((await look(sandbox, id)).status).toBe(500);
		await admin('DELETE', 'faults');
		expect((await look(sandbox, id)).status).toBe(200);
	});

	it('sets switches, credits and keys, and resets all of it', async () => {
		await admin('POST', 'switches', { unknownFields: 'ignored' });
		expect((await submit(sandbox, { fps: 30 })).status).toBe(200);
		await admin('POST', 'credits', { credits: 1 });
		expect((await submit(sandbox)).status).toBe(402);
		await admin('POST', 'keys', { key: 'sk-new', credits: 100 });
		const key = { authorization: 'Bearer sk-new' };
		expect((await submit(sandbox, {}, key)).status).toBe(200);
		await admin('POST', 'reset');
		expect((await submit(sandbox, { fps: 30 })).status).toBe(400);
		expect((await submit(sandbox, {}, key)).status).toBe(401);
		expect((await submit(sandbox)).status).toBe(200);
		expect((await admin('GET', 'health')).body).toMatchObject({ ok: true, tasks: 1 });
	});

	it.each([
		['switches', { coffee: 1 }],
		['clock', { mode: 'fast' }],
		['clock', { advanceMs: -1 }],
		['faults', { on: 'moon', fault: { kind: 'reset' } }],
		['faults', { on: 'look', fault: { kind: 'oddState' } }],
		['keys', {}],
		['credits', {}],
	])('POST %s refuses %j', async (path, body) => {
		expect((await admin('POST', path, body)).status).toBe(400);
	});
});

describe('the log', () => {
	it('has every request with its body, and of the key only its end', async () => {
		const id = await newTask(sandbox);
		await look(sandbox, id);
		const [submitted, looked] = sandbox.requests();
		expect(submitted).toMatchObject({
			method: 'POST',
			path: '/v1/videos/generations',
			status: 200,
			body: { image_start: FIRST },
			headers: { authorization: 'Bearer …dbox' },
		});
		expect(looked).toMatchObject({ method: 'GET', path: `/v1/tasks/${id}` });
		expect(JSON.stringify([sandbox.requests(), sandbox.ledger()])).not.toContain(sandbox.key);
	});

	it('notes a key that is sent to a media address, and serves it all the same', async () => {
		const link = await finishedLink(sandbox, await newTask(sandbox));
		await fetch(link);
		expect(sandbox.violations()).toEqual([]);
		const headers = { authorization: `Bearer ${sandbox.key}` };
		expect(await fetch(link, { headers })).toHaveProperty('status', 200);
		expect(await fetch(`${link}?api_key=x`)).toHaveProperty('status', 200);
		expect(sandbox.violations()).toHaveLength(2);
		expect((await admin('GET', 'violations')).text).toContain('API key');
	});
});

describe('the status page', () => {
	it('shows tasks with their state and escapes what it was sent', async () => {
		await newTask(sandbox, { prompt: '</pre><script>alert(1)</script>' });
		await finishedLink(sandbox, await newTask(sandbox));
		const page = await (await fetch(sandbox.url)).text();
		expect(page).toContain('<video src="');
		expect(page).toContain('&lt;script&gt;');
		expect(page).not.toContain('<script>');
	});
});

describe('time and chance', () => {
	it('random task times lie within their bounds', async () => {
		const random = await startSandbox({
			clock: 'manual',
			video: 'sample',
			materials: 'trust',
			taskSeconds: { min: 10, max: 20 },
			seed: 3,
		});
		for (let n = 0; n < 20; n += 1) await newTask(random);
		await random.clock.advance(60_000);
		const took = random.ledger().map(({ at, endedAt = 0 }) => endedAt - at);
		expect(Math.min(...took)).toBeGreaterThanOrEqual(10_000);
		expect(Math.max(...took)).toBeLessThanOrEqual(20_000);
		expect(new Set(took).size).toBeGreaterThan(10);
		await random.close();
	});

	it('every curve stays between 0 and 99', () => {
		for (const curve of ['linear', 'stuck', 'jumpy', 'lies'] as const) {
			for (let fraction = 0; fraction <= 1; fraction += 0.01) {
				const progress = progressAt(curve, fraction);
				expect(progress).toBeGreaterThanOrEqual(0);
				expect(progress).toBeLessThanOrEqual(99);
			}
		}
	});

	it('an unknown path is 404 without a code', async () => {
		const { status, body } = await call(sandbox, 'GET', '/v1/videos/generations/x');
		expect(status).toBe(404);
		expect(body.error).toEqual({
			message: 'Invalid URL (GET /v1/videos/generations/x)',
			type: 'invalid_request_error',
		});
	});

	it('closing ends what hangs', async () => {
		const other = await startSandbox({ video: 'sample', materials: 'trust' });
		other.plan({ on: 'submit', fault: { kind: 'stall', after: 'nothing' } });
		const hanging = outcome(submit(other));
		while (other.ledger().length === 0) await new Promise((resolve) => setImmediate(resolve));
		await other.close();
		expect(await hanging).toBe('broken');
	});
});

describe('the command line', () => {
	const root = join(__dirname, '..', '..');
	const start = (...args: string[]) =>
		// eslint-disable-next-line @n8n/community-nodes/no-dangerous-functions -- a test, not shipped
		spawn(process.execPath, ['--import', 'tsx', 'sandbox/cli.ts', ...args], { cwd: root });

	it('says where it listens in one line of JSON and ends on SIGTERM', async () => {
		const child = start('--port', '0', '--video', 'sample', '--switch', 'dataUrls=accepted');
		const lines = createInterface(child.stdout);
		const ready = parseJson(await new Promise<string>((resolve) => lines.once('line', resolve)));
		expect(ready).toMatchObject({ ready: true, key: 'sk-sandbox' });
		const url = isRecord(ready) ? String(ready.url) : '';
		const switches: unknown = await (await fetch(`${url}/_sandbox/switches`)).json();
		expect(switches).toHaveProperty('dataUrls', 'accepted');
		child.kill('SIGTERM');
		expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
	});

	it.each([
		['a port in use', async () => ['--port', String(await usedPort())], 'port is in use'],
		['an unknown switch', () => ['--switch', 'coffee=hot'], 'no switch "coffee"'],
		['a wrong value', () => ['--progress', 'fast'], 'must be one of'],
	])('%s ends with one line and code 1', async (_label, args, text) => {
		const child = start(...(await args()));
		let told = '';
		child.stderr.on('data', (part: Buffer) => (told += part.toString('utf8')));
		expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
		expect(told).toContain(text);
		expect(told.trim().split('\n')).toHaveLength(1);
		blocker.close();
	});

	const blocker = createServer();
	const usedPort = (): Promise<number> =>
		new Promise((resolve) => {
			blocker.listen(0, '127.0.0.1', () => {
				const address = blocker.address();
				resolve(typeof address === 'object' && address ? address.port : 0);
			});
		});
});
