/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Callbacks: which addresses are taken, what arrives and when, and how often it is tried again.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isRecord, parseJson, type JsonRecord } from '../../sandbox/json';
import { Budget } from './budget';
import { idOf, Target } from './target';

const budget = new Budget('callbacks');
let target: Target;
beforeAll(async () => {
	target = await Target.open();
});
afterAll(() => target.close());

/** A receiver that answers with the given statuses in turn, then with 200. */
class Receiver {
	readonly got: Array<{ at: number; body: JsonRecord }> = [];
	private constructor(
		readonly url: string,
		private readonly server: Server,
	) {}

	static async open(...statuses: number[]): Promise<Receiver> {
		const server = createServer((request, response) => {
			const parts: Buffer[] = [];
			request.on('data', (part: Buffer) => parts.push(part));
			request.on('end', () => {
				const body = parseJson(Buffer.concat(parts).toString('utf8'));
				receiver.got.push({ at: target.sandbox.clock.now(), body: isRecord(body) ? body : {} });
				response.writeHead(statuses.shift() ?? 200).end();
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address: AddressInfo | string | null = server.address();
		const port = typeof address === 'object' ? address?.port : undefined;
		const receiver = new Receiver(`http://127.0.0.1:${port}/done?secret=1`, server);
		return receiver;
	}

	async close(): Promise<void> {
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** Submits with a callback to a local receiver and lets the task and all retries pass. */
async function runWith(receiver: Receiver): Promise<{ id: string; endedAt: number }> {
	target.sandbox.setSwitches({ callbackUrls: 'local' });
	const { first } = await target.materials();
	const id = idOf(await target.submit({ image_start: first, callback_url: receiver.url }));
	await target.sandbox.clock.advance(120_000);
	await receiver.close();
	target.sandbox.setSwitches({ callbackUrls: 'strict' });
	const endedAt = target.sandbox.ledger().find((task) => task.id === id)?.endedAt ?? NaN;
	return { id, endedAt };
}

describe('callback addresses', () => {
	for (const url of [
		'http://example.com/done',
		'https://127.0.0.1/done',
		'https://10.1.2.3/done',
		'https://192.168.0.7/done',
		`https://example.com/${'x'.repeat(2048)}`,
	]) {
		budget.billed(2, `${url.slice(0, 40)} is refused`, async () => {
			const { first } = await target.materials();
			const body = { image_start: first, duration: 2, callback_url: url };
			expect((await target.submit(body)).status).toBe(400);
		});
	}
	for (const url of [
		'https://172.16.0.1/done',
		'https://localhost/done',
		'https://[::1]/done',
		'https://169.254.169.254/done',
		'not a url',
	]) {
		budget.sandboxOnly(`${url} is refused`, async () => {
			const { first } = await target.materials();
			const answer = await target.submit({ image_start: first, callback_url: url });
			expect(answer.status).toBe(400);
		});
	}
	budget.sandboxOnly('a public https address is taken', async () => {
		const { first } = await target.materials();
		const body = { image_start: first, callback_url: 'https://172.32.0.1/done?a=1' };
		expect((await target.submit(body)).status).toBe(200);
	});
});

describe('callbacks', () => {
	budget.sandboxOnly('the body is what a look answers, sent once at the end', async () => {
		const receiver = await Receiver.open();
		const { id, endedAt } = await runWith(receiver);
		expect(receiver.got).toHaveLength(1);
		expect(receiver.got[0]?.at).toBe(endedAt);
		expect(receiver.got[0]?.body).toEqual((await target.look(id)).body);
	});

	budget.sandboxOnly('after failures it is tried again 1, 2 and 4 seconds later', async () => {
		const receiver = await Receiver.open(500, 404, 302);
		const { endedAt } = await runWith(receiver);
		const delays = receiver.got.map(({ at }) => at - endedAt);
		expect(delays).toEqual([0, 1_000, 3_000, 7_000]);
	});

	budget.sandboxOnly('a receiver that never takes it gets four attempts', async () => {
		const receiver = await Receiver.open(500, 500, 500, 500, 500);
		await runWith(receiver);
		expect(receiver.got).toHaveLength(4);
	});

	budget.sandboxOnly('a receiver that is not there does not hurt the task', async () => {
		const receiver = await Receiver.open();
		await receiver.close();
		target.sandbox.setSwitches({ callbackUrls: 'local' });
		const { first } = await target.materials();
		const id = idOf(await target.submit({ image_start: first, callback_url: receiver.url }));
		await target.sandbox.clock.advance(120_000);
		expect((await target.look(id)).body).toHaveProperty('status', 'completed');
		expect(target.sandbox.callbacks().filter(({ taskId }) => taskId === id)).toHaveLength(4);
	});

	budget.sandboxOnly('failed and cancelled tasks call back too', async () => {
		for (const [fault, status] of [
			[{ kind: 'failTask', code: 'service_error' }, 'failed'],
			[{ kind: 'cancelled' }, 'cancelled'],
		] as const) {
			target.sandbox.plan({ on: 'submit', fault });
			const receiver = await Receiver.open();
			await runWith(receiver);
			expect(receiver.got.map(({ body }) => body.status)).toEqual([status]);
		}
	});

	budget.sandboxOnly('an answer that is lost makes the callback repeat', async () => {
		target.sandbox.plan({ on: 'callback', fault: { kind: 'lostReply' } });
		const receiver = await Receiver.open();
		await runWith(receiver);
		expect(receiver.got).toHaveLength(2);
	});
});
