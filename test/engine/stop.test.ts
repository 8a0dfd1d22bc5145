/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Stop means stop: nothing is submitted afterwards, and what is paid for is named.
import { SUBMITS_AT_ONCE } from '../../nodes/WanVideo/generation/window';
import { takeLog } from '../support/engine';
import { items, startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => {
	await world.reset();
	takeLog();
});
afterAll(async () => await world.close());

/** Stops the execution at the nth request on a path. */
async function stopAt(path: RegExp, nth: number, setup: Parameters<World['start']>[0] = {}) {
	const running = world.start(setup);
	const begun = world.sandbox.requests().length;
	for (;;) {
		const seen = world.sandbox
			.requests()
			.slice(begun)
			.filter((request) => path.test(request.path)).length;
		if (seen >= nth) break;
		await new Promise(setImmediate);
	}
	running.stop();
	world.clock.poke();
	return await running.done;
}

const SUBMIT = /^\/v1\/videos\/generations/;
const LOOK = /^\/v1\/tasks\//;
const MEDIA = /^\/media\//;

describe.each([
	['as it is', {}],
	['with Continue On Fail', { settings: { onError: 'continueRegularOutput' as const } }],
	['with Retry On Fail', { settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } }],
])('a stop %s', (_label, setup) => {
	it('in the middle of the submits lets none follow, and keeps the IDs of those under way', async () => {
		world.sandbox.plan({ on: 'submit', times: 0, fault: { kind: 'late', ms: 40 } });
		const run = await stopAt(SUBMIT, 2, { items: items(30), ...setup });
		expect(run.status).toBe('canceled');
		const paid = world.sandbox.ledger().map(({ id }) => id);
		expect(submits(world.sandbox)).toBeGreaterThanOrEqual(2);
		expect(submits(world.sandbox)).toBeLessThanOrEqual(1 + SUBMITS_AT_ONCE);
		const log = takeLog().join('\n');
		for (const id of paid) expect(log).toContain(id);
	});

	it('in the wait ends it, and names the tasks in the log', async () => {
		const run = await stopAt(LOOK, 3, { items: items(2), ...setup });
		expect(run.status).toBe('canceled');
		expect(submits(world.sandbox)).toBe(2);
		const log = takeLog().join('\n');
		for (const { id } of world.sandbox.ledger()) expect(log).toContain(id);
	});

	it('in a download ends it', async () => {
		world.sandbox.plan({ on: 'media', fault: { kind: 'slowBody', bytesPerSecond: 500 } });
		const begun = performance.now();
		const run = await stopAt(MEDIA, 1, setup);
		const stopped = performance.now() - begun;
		expect(run.status).toBe('canceled');
		// The body alone would take twenty seconds.
		expect(stopped).toBeLessThan(10_000);
	});
});
