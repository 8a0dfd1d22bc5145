// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Answers that come byte by byte, through n8n's real request helper. The limits are shortened, the bytes are real.
import { type AddressInfo, createServer, type Socket } from 'node:net';

import { startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);
jest.mock('../../nodes/WanVideo/evolink/timeLimits', () => ({
	SUBMIT_MS: 1_000,
	READ_MS: 700,
	UPLOAD_MS: 1_000,
	UPLOAD_SILENCE_MS: 1_000,
	MEDIA_SILENCE_MS: 300,
	GLANCE_SILENCE_MS: 300,
}));

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

/** No silence is longer than the limits, so that only an end of the whole can help. */
const trickle = { kind: 'trickle', everyMs: 100 } as const;

it('one byte at a time costs a look, not the wait', async () => {
	world.sandbox.plan({ on: 'look', times: 2, fault: trickle });
	const run = await world.run();
	expect(run.error).toBeUndefined();
	expect(run.rows[0].binary).toBeDefined();
});

it('one byte at a time leaves a submit unknown, and it is not sent again', async () => {
	world.sandbox.plan({ on: 'submit', times: Infinity, fault: trickle });
	const run = await world.run({ settings: { retryOnFail: true, maxTries: 2 } });
	expect(run.error?.message).toMatch(/got no answer.*no whole answer came within/);
	expect(run.error?.description).toMatch(/may be running and be charged/);
	expect(submits(world.sandbox)).toBe(1);
});

it('ends for the credits, too', async () => {
	world.sandbox.plan({ on: 'credits', fault: trickle });
	const run = await world.run({ parameters: { resource: 'account', operation: 'getCredits' } });
	expect(run.error?.message).toMatch(/no whole answer came within/);
});

it.each(['headers', 'nothing'] as const)('silence after %s ends a look', async (after) => {
	world.sandbox.plan({ on: 'look', fault: { kind: 'stall', after } });
	expect((await world.run()).error).toBeUndefined();
});

it.each(['headers', 'half'] as const)(
	'silence of a media host after %s ends a transfer, and the next one brings the video',
	async (after) => {
		world.sandbox.plan({ on: 'media', fault: { kind: 'stall', after } });
		const run = await world.run();
		expect(run.error).toBeUndefined();
		expect(run.rows[0].binary).toBeDefined();
		expect(submits(world.sandbox)).toBe(1);
	},
);

it.each(['headers', 'half'] as const)(
	'silence of the host of a material after %s ends the look into it, and the video is made',
	async (after) => {
		world.sandbox.plan({ on: 'media', fault: { kind: 'stall', after } });
		const run = await world.run({ parameters: { firstFrameUrl: `${world.sandbox.url}/a.jpg` } });
		expect(run.error).toBeUndefined();
		expect(run.hints.join()).toMatch(/'First Frame URL' could not be checked/);
		expect(submits(world.sandbox)).toBe(1);
	},
);

it('a Stop lets a slow submit end, but not go on for ever', async () => {
	world.sandbox.plan({ on: 'submit', fault: trickle });
	const running = world.start();
	while (submits(world.sandbox) === 0) await new Promise(setImmediate);
	running.stop();
	const run = await running.done;
	expect(run.status).not.toBe('success');
	expect(submits(world.sandbox)).toBe(1);
});

it('a Stop ends a slow look at once', async () => {
	world.sandbox.plan({ on: 'look', times: Infinity, fault: { kind: 'trickle', everyMs: 60_000 } });
	const running = world.start();
	const looks = () => world.sandbox.requests().filter(({ path }) => path.startsWith('/v1/tasks/'));
	while (looks().length === 0) await new Promise(setImmediate);
	running.stop();
	world.clock.poke();
	expect((await running.done).status).not.toBe('success');
	expect(looks()).toHaveLength(1);
});

describe('a host that takes the connection and never says a word', () => {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket.on('error', () => undefined));
		seen += 1;
	});
	let seen = 0;
	let port = 0;
	beforeAll(async () => {
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		({ port } = server.address() as AddressInfo);
	});
	beforeEach(() => (seen = 0));
	afterAll(() => {
		sockets.forEach((socket) => socket.destroy());
		server.close();
	});

	async function runAt(protocol: string) {
		const credential = { apiKey: 'sk-test', baseUrl: `${protocol}://127.0.0.1:${port}` };
		return await world.run({ credential });
	}

	it('before it is encrypted was never sent anything: it is asked again, and nothing is charged', async () => {
		const run = await runAt('https');
		expect(run.error?.message).toMatch(/could not be reached: "no connection came about in time"/);
		expect(run.error?.description).toMatch(/Nothing was charged/);
		expect(seen).toBe(6);
	});

	it('to an open request may have taken it: it is asked once', async () => {
		const run = await runAt('http');
		expect(run.error?.message).toMatch(/got no answer|no whole answer/);
		expect(run.error?.description).toMatch(/may be running and be charged/);
		expect(seen).toBe(1);
	});
});
