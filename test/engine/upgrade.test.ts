/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// An upgrade of the package pays nothing twice: executions that a released version left in n8n's database are retried with
// the code of today, and with a release to come that knows one parameter more. test/engine/stored holds what releases wrote.

import type { INodeProperties } from 'n8n-workflow';

import { type EngineRun, wanVideo } from '../support/engine';
import { startWorld, submits, type World } from '../support/engineWorld';
import { restore, STORED_PLANS, storeAs, storedBy } from '../support/storedExecutions';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

// For a new release only: docs/releasing.md.
const STORE_AS = process.env.STORE_AS;
if (STORE_AS !== undefined)
	it('stores executions for a new release', async () => {
		await storeAs(STORE_AS, world);
	});

const ledgerIds = () => world.sandbox.ledger().map(({ id }) => id);
const taskIdsOf = ({ rows }: EngineRun) => rows.map(({ json }) => json.taskId);

/** A parameter of the next release: with a default, shown where a video is made. */
const NEXT: INodeProperties = {
	displayName: 'Aspect Ratio',
	name: 'aspectRatio',
	type: 'options',
	options: [{ name: '16:9', value: '16:9' }],
	default: '16:9',
	displayOptions: { show: { resource: ['video'], operation: ['generate', 'submit'] } },
};
const NEXT_ROWS: INodeProperties = {
	displayName: 'Reference Images',
	name: 'referenceImages',
	type: 'fixedCollection',
	default: {},
	options: [],
	displayOptions: { show: { resource: ['video'], operation: ['generate', 'submit'] } },
};

/** Lets n8n fill in the defaults of a release to come. */
async function withNextRelease<T>(work: () => Promise<T>): Promise<T> {
	const { properties } = wanVideo.description;
	const before = properties.length;
	properties.push(NEXT, NEXT_ROWS);
	try {
		return await work();
	} finally {
		properties.length = before;
	}
}

const RELEASES = ['0.1.0'];
const WAYS = ['saved', 'original'] as const;
const VERSIONS: Array<[string, <T>(work: () => Promise<T>) => Promise<T>]> = [
	['today', async (work) => await work()],
	['a release with more parameters', withNextRelease],
];

describe.each(RELEASES)('what %s stored', (release) => {
	const stored = storedBy(release);

	it('is there for every plan', () => {
		expect(Object.keys(stored)).toEqual(Object.keys(STORED_PLANS));
	});

	describe.each(VERSIONS)('with %s', (_version, within) => {
		async function retried(name: string, retriesAs: 'saved' | 'original', more: object = {}) {
			const { run, ids } = await restore(stored[name], world);
			const setup = { ...STORED_PLANS[name].setup, retriesAs, ...more };
			return { ids, run: await within(async () => await world.retry(run, setup)) };
		}

		describe.each(WAYS)('retried as %s', (retriesAs) => {
			it.each(Object.keys(STORED_PLANS).filter((name) => /^timed out/.test(name)))(
				'%s: the paid tasks are delivered, and nothing is submitted',
				async (name) => {
					const { ids, run } = await retried(name, retriesAs);
					expect(run.error).toBeUndefined();
					expect(taskIdsOf(run)).toEqual(ids);
					expect(ledgerIds()).toEqual(ids);
				},
			);

			it('failed at EvoLink: it is a new try', async () => {
				const { ids, run } = await retried('failed at EvoLink', retriesAs);
				expect(run.rows[0].json).toMatchObject({ status: 'completed', earlierTaskIds: ids });
				expect(submits(world.sandbox)).toBe(2);
			});

			it('reply lost: it is never sent again', async () => {
				const { ids, run } = await retried('reply lost', retriesAs);
				expect(run.error?.message).toMatch(/An earlier try/);
				expect(ledgerIds()).toEqual(ids);
			});

			it('submitted: only what was refused is submitted', async () => {
				const { ids, run } = await retried('submitted, the second item refused', retriesAs);
				expect(ids).toHaveLength(1);
				expect(taskIdsOf(run)[0]).toBe(ids[0]);
				expect(ledgerIds()).toHaveLength(2);
			});

			it('stopped in a pause: nothing is submitted', async () => {
				const { ids, run } = await retried('paused, with $now in the prompt', retriesAs);
				// With the saved workflow n8n skips the node: it switches one object off, and both its entries are that.
				if (retriesAs === 'original') expect(taskIdsOf(run)).toEqual(ids);
				expect(ledgerIds()).toEqual(ids);
			});

			it('a stopped tool: the same call finds the task', async () => {
				const { ids, run } = await retried('a tool, stopped', retriesAs);
				expect(taskIdsOf(run)).toEqual(ids);
				expect(ledgerIds()).toEqual(ids);
			});
		});

		it('timed out: found by the request where the user has raised the time-out', async () => {
			const parameters = { options: { timeout: 60 } };
			const { ids, run } = await retried('timed out', 'saved', { parameters });
			expect(taskIdsOf(run)).toEqual(ids);
			expect(ledgerIds()).toEqual(ids);
		});

		it('timed out: another prompt is another video', async () => {
			const parameters = { options: { timeout: 1 }, prompt: 'A dog' };
			await retried('timed out', 'saved', { parameters });
			expect(ledgerIds()).toHaveLength(2);
		});

		it('paused: it goes on when its time has come', async () => {
			const name = 'paused, with $now in the prompt';
			const { run, ids } = await restore(stored[name], world);
			expect(run.status).toBe('waiting');
			let woken = run;
			await within(async () => {
				for (let wakes = 0; woken.status === 'waiting' && wakes < 100; wakes += 1)
					woken = await world.wake(woken, STORED_PLANS[name].setup);
			});
			expect(taskIdsOf(woken)).toEqual(ids);
			expect(ledgerIds()).toEqual(ids);
		});
	});
});

it.each(WAYS)(
	'what today stores is found by a release with more parameters, retried as %s',
	async (retriesAs) => {
		const { setup, faults = [] } = STORED_PLANS['timed out, with $now in the prompt'];
		for (const fault of faults) world.sandbox.plan(fault);
		const run = await world.run(setup);
		expect(run.error?.message).toMatch(/did not end within/);
		world.sandbox.clearFaults();
		const ids = ledgerIds();
		const again = await withNextRelease(
			async () => await world.retry(run, { ...setup, retriesAs }),
		);
		expect(taskIdsOf(again)).toEqual(ids);
		expect(ledgerIds()).toEqual(ids);
	},
);
