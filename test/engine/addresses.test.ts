// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Addresses of materials that strangers may have given: what is inside, and hosts that never end.
import dns from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

import type { INode } from 'n8n-workflow';

import { items, startWorld, type World } from '../support/engineWorld';
import { ftyp } from '../support/tinyMp4';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

/** n8n 1.x lends nodes no lookup. */
const ASKS_FIRST = process.env.ENGINE_FOLDER === undefined;
const INSIDE = /inside a network, and was not looked at/;

let world: World;
const servers: Server[] = [];
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterEach(() => {
	jest.restoreAllMocks();
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});
afterAll(async () => await world.close());

/** The port of a host on this machine. */
async function host(answer: RequestListener): Promise<number> {
	const server = createServer(answer);
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

/** Lets every name ending in `.inside-test.example` lead to this machine, as a name server of a stranger could. */
function nameLeadsInside(): void {
	const isOurs = (name: unknown) => String(name).endsWith('.inside-test.example');
	const { lookup } = dns;
	const byPromise = dns.promises.lookup;
	const address = { address: '127.0.0.1', family: 4 };
	jest.spyOn(dns, 'lookup').mockImplementation(((name: string, options: never, done: never) => {
		const answer = (typeof options === 'function' ? options : done) as (
			...given: unknown[]
		) => void;
		if (!isOurs(name)) return lookup(name, options, done);
		const all = (options as { all?: boolean }).all === true;
		setImmediate(() => (all ? answer(null, [address]) : answer(null, '127.0.0.1', 4)));
	}) as never);
	jest.spyOn(dns.promises, 'lookup').mockImplementation((async (name: string, options: never) => {
		if (!isOurs(name)) return await byPromise(name, options);
		return (options as { all?: boolean } | undefined)?.all === true ? [address] : address;
	}) as never);
}

/** What N8N_SSRF_PROTECTION_ENABLED sets. */
function ssrfProtection(): { enabled: boolean } {
	const requireOfEngine = createRequire(require.resolve('n8n-core'));
	const { Container } = requireOfEngine('@n8n/di') as { Container: { get<T>(type: unknown): T } };
	const { SsrfProtectionConfig } = requireOfEngine('@n8n/config') as Record<string, unknown>;
	return Container.get(SsrfProtectionConfig);
}

async function hintsFor(firstFrameUrl: string, baseUrl?: string): Promise<unknown[]> {
	const run = await world.run({
		parameters: { operation: 'check', firstFrameUrl },
		...(baseUrl !== undefined && { credential: { apiKey: 'sk-x', baseUrl } }),
	});
	return run.rows[0].json.hints as unknown[];
}

describe('a name that leads inside', () => {
	it('is not asked for where n8n sees it, and its hint never tells what is there', async () => {
		nameLeadsInside();
		let touched = 0;
		const port = await host((_request, response) => {
			touched += 1;
			response.writeHead(404);
			response.end('secret');
		});
		const closed = await host(() => undefined);
		await new Promise((resolve) => servers[1].close(resolve));
		const answered = await hintsFor(`http://a.inside-test.example:${port}/a.jpg`);
		const refused = await hintsFor(`http://a.inside-test.example:${closed}/a.jpg`);
		expect(answered).toEqual([expect.stringMatching(INSIDE)]);
		expect(refused).toEqual(answered);
		expect(touched).toBe(ASKS_FIRST ? 0 : 1);
	});

	it('by a redirect, as well', async () => {
		nameLeadsInside();
		let touched = 0;
		const port = await host((_request, response) => {
			touched += 1;
			response.end('secret');
		});
		const own = await host((_request, response) => {
			response.writeHead(302, { location: `http://b.inside-test.example:${port}/a.jpg` });
			response.end();
		});
		const base = `http://127.0.0.1:${own}`;
		expect(await hintsFor(`${base}/a.jpg`, base)).toEqual([expect.stringMatching(INSIDE)]);
		expect(touched).toBe(ASKS_FIRST ? 0 : 1);
	});
});

describe('a clip of Video: Join at an address inside', () => {
	const TOOL = { type: 'n8n-nodes-wan-video.wanVideoTool' };
	const HIDDEN = 'Item 0 cannot be joined: its address is inside a network, and was not looked at';
	const joined = async (clipsUrl: string, settings: Partial<INode> = {}): Promise<string> => {
		const run = await world.run({
			parameters: { operation: 'join', clipsSource: 'url', clipsUrl },
			settings: { credentials: undefined, ...settings },
		});
		return run.error?.message ?? (run.rows[0].json.message as string);
	};

	it('is opened for whoever builds a workflow, as by HTTP Request', async () => {
		const port = await host((_request, response) => void response.writeHead(404).end('secret'));
		expect(await joined(`http://127.0.0.1:${port}/a.mp4`)).toMatch(/HTTP status 404/);
	});

	it('is not asked for by an agent, whatever stands there', async () => {
		let touched = 0;
		const port = await host((_request, response) => {
			touched += 1;
			response.writeHead(404).end('secret');
		});
		for (const place of [`127.0.0.1:${port}`, `localhost:${port}`, '127.0.0.1:9', '[::1]:9'])
			expect(await joined(`http://${place}/a.mp4`, TOOL)).toContain(HIDDEN);
		expect(touched).toBe(0);
	});

	it('nor by a name that leads there: where n8n does not see it, nothing is told of the answer', async () => {
		nameLeadsInside();
		let touched = 0;
		const port = await host((_request, response) => {
			touched += 1;
			response.writeHead(404).end('secret');
		});
		const closed = await host(() => undefined);
		await new Promise((resolve) => servers[1].close(resolve));
		for (const there of [port, closed])
			expect(await joined(`http://a.inside-test.example:${there}/a.mp4`, TOOL)).toContain(HIDDEN);
		expect(touched).toBe(ASKS_FIRST ? 0 : 1);
	});

	// n8n 1.x has none.
	if (ASKS_FIRST)
		it("is refused to all by n8n's own protection where it is on", async () => {
			let touched = 0;
			const port = await host((_request, response) => {
				touched += 1;
				response.writeHead(404).end('secret');
			});
			const protection = ssrfProtection();
			protection.enabled = true;
			try {
				expect(await joined(`http://127.0.0.1:${port}/a.mp4`)).toMatch(/protection of its network/);
			} finally {
				protection.enabled = false;
			}
			expect(touched).toBe(0);
		});
});

it('a host that ignores ranges and never ends is given up after a few megabytes, in one request', async () => {
	let requests = 0;
	let sent = 0;
	const junk = Buffer.alloc(256 * 1024, 7);
	const port = await host((_request, response) => {
		requests += 1;
		response.writeHead(200, { 'content-type': 'video/mp4' });
		response.write(Buffer.concat([ftyp, Buffer.from('\x7f\xff\xff\xffmdat', 'latin1')]));
		const more = () => {
			while (!response.destroyed) {
				sent += junk.length;
				if (!response.write(junk)) return void response.once('drain', more);
			}
		};
		more();
	});
	const base = `http://127.0.0.1:${port}`;
	const run = await world.run({
		parameters: {
			...{ operation: 'check', generationMode: 'video_continuation' },
			clipUrl: `${base}/a.mp4`,
		},
		credential: { apiKey: 'sk-x', baseUrl: base },
	});
	expect(run.rows[0].json.hints).toEqual([expect.stringMatching(/8 MB/)]);
	expect(requests).toBe(1);
	expect(sent).toBeLessThan(20_000_000);
});

describe('a run that ends by a field', () => {
	/** Two items, the second without a prompt where one is needed; how often the material's host was asked. */
	async function asked(onError: 'stopWorkflow' | 'continueRegularOutput'): Promise<number> {
		let requests = 0;
		const port = await host((_request, response) => {
			requests += 1;
			response.writeHead(404);
			response.end();
		});
		const base = `http://127.0.0.1:${port}`;
		await world.run({
			parameters: { firstFrameUrl: `${base}/a.jpg`, duration: '={{ $itemIndex === 1 ? 99 : 5 }}' },
			items: items(2),
			credential: { apiKey: 'sk-x', baseUrl: base },
			settings: { onError },
		});
		return requests;
	}

	it('reads no address', async () => {
		expect(await asked('stopWorkflow')).toBe(0);
	});

	it('reads them where it goes on with the others', async () => {
		expect(await asked('continueRegularOutput')).toBeGreaterThan(0);
	});
});
