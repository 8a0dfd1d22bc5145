// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// What leaves n8n, seen from the other side: redirects, the key, and how often a request is sent.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { takeLog } from '../support/engine';
import { items, startWorld, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const KEY = 'sk-secret-of-this-test';

interface Answer {
	status: number;
	headers?: Record<string, string>;
	body?: unknown;
}

interface Fake {
	url: string;
	seen: Array<{ line: string; authorization: string | undefined; agent: string | undefined }>;
	server: Server;
}

async function fakeHost(answer: (request: IncomingMessage) => Answer): Promise<Fake> {
	const seen: Fake['seen'] = [];
	const server = createServer((request, response) => {
		const { method, url, headers } = request;
		seen.push({
			line: `${method} ${url}`,
			authorization: headers.authorization,
			agent: headers['user-agent'],
		});
		const { status, headers: extra, body = {} } = answer(request);
		response.writeHead(status, { 'content-type': 'application/json', ...extra });
		response.end(JSON.stringify(body));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
}

let world: World;
const hosts: Fake[] = [];
async function host(answer: (request: IncomingMessage) => Answer): Promise<Fake> {
	const fake = await fakeHost(answer);
	hosts.push(fake);
	return fake;
}
beforeAll(async () => {
	world = await startWorld();
});
afterEach(() => {
	for (const { server } of hosts.splice(0)) server.close();
});
afterAll(async () => await world.close());

it.each([301, 302, 307, 308])(
	'a redirect (%i) of the API is not followed: no key elsewhere, no second POST',
	async (status) => {
		const elsewhere = await host(() => ({
			status: 200,
			body: { id: 'task-unified-1-abcdefgh', status: 'pending' },
		}));
		const api = await host(() => ({
			status,
			headers: { location: `${elsewhere.url}/v1/videos/generations` },
		}));
		const run = await world.run({ credential: { apiKey: KEY, baseUrl: api.url } });
		expect(run.error?.message).toMatch(/does not answer like the EvoLink API/);
		expect(run.error?.description).toMatch(/Nothing was charged/);
		expect(api.seen).toHaveLength(1);
		expect(elsewhere.seen).toEqual([]);
	},
);

it.each([
	['submit', {}],
	['look', { resource: 'task', operation: 'get', taskId: 'task-unified-1-abcdefgh' }],
	['credits', { resource: 'account', operation: 'getCredits' }],
])('a 401 is sent once (%s), and named', async (_label, parameters) => {
	const api = await host(() => ({
		status: 401,
		body: { error: { code: 401, message: `Invalid token ${KEY}` } },
	}));
	const run = await world.run({ credential: { apiKey: KEY, baseUrl: api.url }, parameters });
	expect(api.seen.map(({ authorization }) => authorization)).toEqual([`Bearer ${KEY}`]);
	expect(run.error?.message).toMatch(/API key/);
	expect(JSON.stringify(run)).not.toContain(KEY);
});

it('names the product in every request', async () => {
	const api = await host(() => ({ status: 404 }));
	await world.run({ credential: { apiKey: KEY, baseUrl: api.url } });
	expect(api.seen[0].agent).toMatch(/^n8n-nodes-wan-video\//);
});

it('takes a Base URL with a path and a trailing slash', async () => {
	const api = await host(() => ({ status: 404 }));
	await world.run({ credential: { apiKey: KEY, baseUrl: `${api.url}/gateway/` } });
	expect(api.seen[0].line).toBe('POST /gateway/v1/videos/generations');
});

it.each(['', 'api.evolink.ai', 'nonsense://x'])(
	"says that the Base URL '%s' is no address",
	async (baseUrl) => {
		const run = await world.run({ credential: { apiKey: KEY, baseUrl } });
		expect(run.error?.description).toMatch(/Nothing was charged.*'Base URL'/);
	},
);

it('leaves a list of the tasks in the custom data of the execution (n8n 2.x)', async () => {
	await world.reset();
	const run = await world.run();
	const [{ id }] = world.sandbox.ledger();
	if (process.env.ENGINE_FOLDER === undefined)
		expect(run.customData).toEqual({ wanVideoTasks1: id });
	else expect(run.customData).toEqual({});
});

it('keeps each value of that list so short that n8n says nothing against it', async () => {
	await world.reset();
	takeLog();
	const run = await world.run({ items: items(24) });
	const kept = Object.values(run.customData).join(',').split(',').filter(Boolean);
	const ids = world.sandbox.ledger().map(({ id }) => id);
	if (process.env.ENGINE_FOLDER === undefined) expect(kept.sort()).toEqual(ids.sort());
	expect(takeLog().filter((line) => line.includes('Custom data'))).toEqual([]);
});
