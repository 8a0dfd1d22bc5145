// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- runs in Node, outside n8n */
// What never left n8n, with real sockets: told as not charged, at once where no patience can help.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startWorld, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
let folder: string;
const servers: Server[] = [];
/** Requests that a server got to see. */
let seen = 0;

beforeAll(async () => {
	world = await startWorld();
	folder = mkdtempSync(join(tmpdir(), 'wan-video-'));
});
afterEach(() => {
	for (const server of servers.splice(0)) server.close();
	seen = 0;
});
afterAll(async () => {
	rmSync(folder, { recursive: true });
	await world.close();
});

async function portOf(server: Server): Promise<number> {
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

function certificate(name: string, more: string[]): { key: string; cert: string } {
	const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
	const to = ['-keyout', key, '-out', cert, '-subj', `/CN=${name}`];
	execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...to, ...more], {
		stdio: 'ignore',
	});
	return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** Runs, and says how long the node was patient (in its own time). */
async function runAt(baseUrl: string) {
	await world.reset();
	const began = world.clock.now();
	const run = await world.run({ credential: { apiKey: 'sk-test', baseUrl } });
	return { run, waitedMs: world.clock.now() - began };
}

const AT_ONCE = 1_000;

describe('what never left is not charged', () => {
	it('a certificate that nobody signed, at once and with the way out', async () => {
		const port = await portOf(
			createHttps(certificate('self', ['-days', '2']), (_request, response) => {
				seen += 1;
				response.end('{}');
			}),
		);
		const { run, waitedMs } = await runAt(`https://127.0.0.1:${port}`);
		expect(run.error?.message).toMatch(
			/certificate.*is not trusted: "its certificate is self-signed"/,
		);
		expect(run.error?.description).toMatch(/Nothing was charged.*NODE_EXTRA_CA_CERTS/);
		expect(waitedMs).toBeLessThan(AT_ONCE);
		expect(seen).toBe(0);
	});

	it('https where http is spoken', async () => {
		const port = await portOf(createHttp((_request, response) => response.end('{}')));
		const { run } = await runAt(`https://127.0.0.1:${port}`);
		expect(run.error?.message).toMatch(/could not be reached: ".*speaks http there"/);
		expect(run.error?.description).toMatch(/Nothing was charged/);
	});

	it('a connection that is cut before it is encrypted, with patience', async () => {
		const port = await portOf(createTcp((socket) => socket.end()));
		const { run, waitedMs } = await runAt(`https://127.0.0.1:${port}`);
		expect(run.error?.message).toMatch(/could not be reached: ".*before it was encrypted"/);
		expect(run.error?.description).toMatch(/Nothing was charged/);
		expect(waitedMs).toBeGreaterThan(10_000);
	});

	it('a reset before it is encrypted', async () => {
		const port = await portOf(createTcp((socket) => socket.resetAndDestroy()));
		const { run } = await runAt(`https://127.0.0.1:${port}`);
		expect(run.error?.description).toMatch(/charged/);
	});

	it.each(['http://127.0.0.1:9', 'http://localhost:9', 'https://localhost:9'])(
		'nobody at %s, at once',
		async (baseUrl) => {
			const { run, waitedMs } = await runAt(baseUrl);
			expect(run.error?.message).toMatch(/could not be reached: "the connection was refused"/);
			expect(run.error?.description).toMatch(/Nothing was charged.*'Base URL'/);
			expect(waitedMs).toBeLessThan(AT_ONCE);
		},
	);

	it('a host that does not exist', async () => {
		const { run } = await runAt('https://nobody.invalid');
		expect(run.error?.message).toMatch(/could not be reached: "the host name/);
		expect(run.error?.description).toMatch(/Nothing was charged/);
	});

	it.each([
		[40, 'handshake failure'],
		[70, 'protocol version'],
		[71, 'insufficient security'],
		[112, 'unrecognised name'],
		[120, 'no application protocol'],
	])('a handshake that is answered by alert %i (%s)', async (alert) => {
		const port = await portOf(
			createTcp((socket) => {
				socket.on('error', () => undefined);
				socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
			}),
		);
		const { run } = await runAt(`https://127.0.0.1:${port}`);
		expect(run.error?.message).toMatch(/could not be reached: "no encrypted connection/);
		expect(run.error?.description).toMatch(/Nothing was charged/);
	});

	it('a handshake that cannot be agreed on', async () => {
		const old = {
			...certificate('old', ['-days', '2']),
			maxVersion: 'TLSv1.1',
			minVersion: 'TLSv1',
		} as const;
		const port = await portOf(createHttps(old, (_request, response) => response.end('{}')));
		const { run } = await runAt(`https://127.0.0.1:${port}`);
		expect(run.error?.message).toMatch(/could not be reached: "no encrypted connection/);
		expect(run.error?.description).toMatch(/Nothing was charged/);
	});
});

it('a credential that n8n takes away while the node runs is no trouble: it was read before', async () => {
	await world.reset();
	const { key, url } = world.sandbox;
	let isTaken = false;
	const credential = {
		get apiKey() {
			if (isTaken) throw new Error('No bridge acquired for this context');
			return key;
		},
		baseUrl: url,
	};
	const running = world.start({
		items: [{ json: { number: 1 } }, { json: { number: 2 } }],
		credential,
		parameters: { options: { concurrency: 1 } },
	});
	while (world.sandbox.requests().length === 0) await new Promise(setImmediate);
	isTaken = true;
	const run = await running.done;
	expect(run.error).toBeUndefined();
	expect(run.rows.map(({ json }) => json.status)).toEqual(['completed', 'completed']);
});

describe('what may have arrived stays unknown', () => {
	it('a reset of an open connection', async () => {
		const port = await portOf(createHttp((request) => request.socket.resetAndDestroy()));
		const { run } = await runAt(`http://127.0.0.1:${port}`);
		expect(run.error?.description).toMatch(/may be running and be charged/);
	});
});

describe('a credential that cannot be used', () => {
	it.each([
		['', /'Base URL' is empty/],
		['   ', /'Base URL' is empty/],
		['api.evolink.ai', /'Base URL' is "api.evolink.ai", which does not begin with https:\/\//],
		['https://', /'Base URL' is "https:", which does not begin with|which is no address/],
		['https://api .evolink.ai', /has a blank inside/],
		['https://api.evolink.ai/?a=b', /more behind its path/],
	])('is told at once: Base URL "%s"', async (baseUrl, message) => {
		const { run, waitedMs } = await runAt(baseUrl);
		expect(run.error?.message).toMatch(message);
		expect(run.error?.description).toMatch(/Nothing was charged.*'Base URL'/);
		expect(waitedMs).toBeLessThan(AT_ONCE);
	});

	it.each([' KEY\n', '"KEY"', "'KEY'", 'Bearer KEY', 'bearer  KEY ', 'Authorization: Bearer KEY'])(
		'is put right where it is clear what is meant: API Key %j',
		async (typed) => {
			await world.reset();
			const apiKey = typed.replace('KEY', world.sandbox.key);
			const baseUrl = ` "${world.sandbox.url}/" `;
			const run = await world.run({ credential: { apiKey, baseUrl } });
			expect(run.error).toBeUndefined();
			expect(run.rows[0].binary).toBeDefined();
		},
	);

	it.each([
		['', /'API Key' is empty/],
		['sk-a b', /'API Key' has a blank/],
		['••••••••', /'API Key' holds a character that no key has/],
	])('is told at once: API Key %j', async (apiKey, message) => {
		await world.reset();
		const run = await world.run({ credential: { apiKey, baseUrl: world.sandbox.url } });
		expect(run.error?.message).toMatch(message);
		expect(run.error?.description).toMatch(/Nothing was charged/);
	});
});
