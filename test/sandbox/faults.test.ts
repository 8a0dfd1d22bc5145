// Each planned fault, seen from a client, and what it leaves in the ledger.

import { startSandbox, type Fault, type FaultPlace, type Sandbox } from '../../sandbox';
import { call, finishedLink, look, newTask, outcome, submit } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ clock: 'manual', video: 'sample', materials: 'trust', seed: 1 });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const plan = (on: FaultPlace, fault: Fault): void => sandbox.plan({ on, fault });
const last = () => sandbox.ledger().at(-1);

describe('faults of a submit', () => {
	it.each<[string, Fault, number | 'broken', boolean]>([
		['429', { kind: 'status', status: 429 }, 429, false],
		['503', { kind: 'status', status: 503, body: 'down' }, 503, false],
		['reset', { kind: 'reset' }, 'broken', false],
		['garbage with 502', { kind: 'garbage', status: 502 }, 502, false],
		['garbage with 200', { kind: 'garbage' }, 200, true],
		['lostReply', { kind: 'lostReply' }, 'broken', true],
		['truncate', { kind: 'truncate', bytes: 10 }, 'broken', true],
	])('%s', async (_label, fault, expected, carriedOut) => {
		plan('submit', fault);
		expect(await outcome(submit(sandbox))).toBe(expected);
		expect(sandbox.ledger()).toHaveLength(carriedOut ? 1 : 0);
		if (carriedOut) expect(last()).toMatchObject({ replyLost: true, creditsReserved: 10.88 });
		expect(sandbox.requests().at(-1)).toMatchObject({ fault: fault.kind });
	});

	it('a task whose reply was lost runs on and is charged', async () => {
		plan('submit', { kind: 'lostReply' });
		await outcome(submit(sandbox));
		await sandbox.clock.advance(60_000);
		expect(last()).toMatchObject({ state: 'completed', creditsCharged: 10.88 });
	});

	it('headers of a status are sent', async () => {
		plan('submit', { kind: 'status', status: 429, headers: { 'retry-after': '7' } });
		expect((await submit(sandbox)).headers.get('retry-after')).toBe('7');
	});

	it('a stalled answer comes as far as planned and no further', async () => {
		plan('submit', { kind: 'stall', after: 'headers' });
		const stopper = new AbortController();
		const response = await fetch(`${sandbox.url}/v1/videos/generations`, {
			method: 'POST',
			headers: { authorization: `Bearer ${sandbox.key}` },
			body: JSON.stringify({
				model: 'wan2.7-image-to-video',
				image_start: 'https://a.example/b.png',
			}),
			signal: stopper.signal,
		});
		expect(response.status).toBe(200);
		const text = response.text();
		stopper.abort();
		await expect(text).rejects.toThrow();
		expect(last()).toMatchObject({ replyLost: true });
	});

	it('numericCode turns the code of an error into the status', async () => {
		plan('submit', { kind: 'numericCode' });
		expect((await submit(sandbox, { duration: 1 })).body).toMatchObject({ error: { code: 400 } });
	});
});

describe('faults of a look', () => {
	it.each(['queued', 'running', 'cancelled'])('oddState %s is shown once', async (state) => {
		const id = await newTask(sandbox);
		plan('look', { kind: 'oddState', state });
		expect((await look(sandbox, id)).body.status).toBe(state);
		expect((await look(sandbox, id)).body.status).toBe('pending');
	});

	it('cancelled and failTask end the task for good', async () => {
		for (const [fault, status] of [
			[{ kind: 'cancelled' }, 'cancelled'],
			[{ kind: 'failTask', code: 'service_error' }, 'failed'],
		] as const) {
			const id = await newTask(sandbox);
			plan('look', fault);
			expect((await look(sandbox, id)).body.status).toBe(status);
			await sandbox.clock.advance(120_000);
			expect((await look(sandbox, id)).body.status).toBe(status);
			expect(last()).toMatchObject({ state: status, creditsCharged: 0 });
		}
	});

	it('completedWithoutResults and missingTaskInfo bend one answer', async () => {
		const id = await newTask(sandbox);
		await sandbox.clock.advance(60_000);
		plan('look', { kind: 'completedWithoutResults' });
		expect((await look(sandbox, id)).body.results).toEqual([]);
		plan('look', { kind: 'missingTaskInfo' });
		expect((await look(sandbox, id)).body).not.toHaveProperty('task_info');
		expect((await look(sandbox, id)).body).toHaveProperty('task_info');
	});

	it('a plan can wait, repeat, and be about one task', async () => {
		const [one, two] = [await newTask(sandbox), await newTask(sandbox)];
		const fault = { kind: 'status', status: 500 } as const;
		sandbox.plan({ on: 'look', fault, times: 2, after: 1, match: { taskId: two } });
		const seen = [];
		for (const id of [one, two, two, one, two, two]) seen.push((await look(sandbox, id)).status);
		expect(seen).toEqual([200, 200, 500, 200, 500, 200]);
	});

	it('a plan can name the nth request of its place', async () => {
		const id = await newTask(sandbox);
		sandbox.plan({ on: 'look', fault: { kind: 'reset' }, match: { nth: 2 } });
		const seen = [];
		for (let n = 1; n <= 3; n += 1) seen.push(await outcome(look(sandbox, id)));
		expect(seen).toEqual([200, 'broken', 200]);
	});

	it('times 0 is for ever, until the faults are cleared', async () => {
		sandbox.plan({ on: 'credits', times: 0, fault: { kind: 'status', status: 503 } });
		for (let n = 0; n < 3; n += 1) {
			expect((await call(sandbox, 'GET', '/v1/credits')).status).toBe(503);
		}
		sandbox.clearFaults();
		expect((await call(sandbox, 'GET', '/v1/credits')).status).toBe(200);
	});
});

describe('faults of media', () => {
	let link: string;
	beforeEach(async () => {
		link = await finishedLink(sandbox, await newTask(sandbox));
	});
	const download = async (): Promise<Buffer> =>
		Buffer.from(await (await fetch(link)).arrayBuffer());

	it('truncate keeps the full content-length and breaks off', async () => {
		plan('media', { kind: 'truncate', bytes: 1_000 });
		const response = await fetch(link);
		expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1_000);
		await expect(response.arrayBuffer()).rejects.toThrow();
	});

	it('truncate, chunked, ends early as if that were all', async () => {
		plan('media', { kind: 'truncate', bytes: 1_000, chunked: true });
		expect(await download()).toHaveLength(1_000);
	});

	it('slowBody still brings all bytes', async () => {
		const whole = await download();
		plan('media', { kind: 'slowBody', bytesPerSecond: 100_000 });
		expect(await download()).toEqual(whole);
	});

	it('expireLink kills this link; the next look has one that works', async () => {
		plan('media', { kind: 'expireLink' });
		expect(await fetch(link)).toHaveProperty('status', 403);
		expect(await fetch(link)).toHaveProperty('status', 403);
		const id = sandbox.ledger()[0]?.id ?? '';
		const { body } = await look(sandbox, id);
		expect(String(body.results)).not.toBe(link);
		expect(await fetch(String(body.results))).toHaveProperty('status', 200);
	});

	it('htmlInsteadOfVideo, wrongContentType and redirectMedia', async () => {
		plan('media', { kind: 'htmlInsteadOfVideo' });
		expect((await fetch(link)).headers.get('content-type')).toContain('text/html');
		plan('media', { kind: 'wrongContentType', contentType: 'application/json' });
		expect((await fetch(link)).headers.get('content-type')).toBe('application/json');
		plan('media', { kind: 'redirectMedia' });
		const redirect = await fetch(link, { redirect: 'manual' });
		expect(redirect.status).toBe(302);
		const there = new URL(redirect.headers.get('location') ?? '');
		expect(there.origin).not.toBe(new URL(link).origin);
	});

	it('half a body, then nothing', async () => {
		plan('media', { kind: 'stall', after: 'half' });
		const stopper = new AbortController();
		const { body, headers } = await fetch(link, { signal: stopper.signal });
		const half = Math.floor(Number(headers.get('content-length')) / 2);
		let bytes = 0;
		const reader = body?.getReader();
		while (reader && bytes < half) bytes += (await reader.read()).value?.length ?? 0;
		expect(bytes).toBe(half);
		const more = reader?.read();
		stopper.abort();
		await expect(more).rejects.toThrow();
	});
});
