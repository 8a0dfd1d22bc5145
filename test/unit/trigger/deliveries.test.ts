/** What a trigger remembers: over crossing calls, over restarts, and no more than it should. */
import type { IDataObject } from 'n8n-workflow';

import type { deliveriesOf } from '../../../nodes/WanVideo/host/deliveries';
import { fakeWebhook } from '../../support/fakeWebhook';

/** The trigger in a new process: what it had in memory is gone. */
function newProcess(): (staticData?: IDataObject) => ReturnType<typeof deliveriesOf> {
	let module: { deliveriesOf: typeof deliveriesOf } | undefined;
	jest.isolateModules(() => {
		module = jest.requireActual('../../../nodes/WanVideo/host/deliveries');
	});
	if (module === undefined) throw new Error('the module did not load');
	const { deliveriesOf: open } = module;
	return (staticData = {}) => open(fakeWebhook({ staticData }).context);
}

/** As n8n writes it to its database, and loads it again. */
const saved = (staticData: IDataObject) => JSON.parse(JSON.stringify(staticData)) as IDataObject;

describe('the memory of deliveries', () => {
	it('gives one claim for each task', () => {
		const open = newProcess();
		const deliveries = open();
		expect(deliveries.has('task-1')).toBe(false);
		expect(deliveries.claim('task-1')).toBe(true);
		expect(deliveries.has('task-1')).toBe(true);
		expect(deliveries.claim('task-1')).toBe(false);
		expect(open().claim('task-1')).toBe(false);
		expect(open().claim('task-2')).toBe(true);
	});

	it('outlives a restart in the static data of the workflow', () => {
		const staticData = {};
		newProcess()(staticData).claim('task-1');
		const afterRestart = newProcess();
		expect(afterRestart(saved(staticData)).claim('task-1')).toBe(false);
	});

	it('saves everything whichever of two crossing calls is saved last', () => {
		const open = newProcess();
		const [early, late] = [{}, {}];
		const [first, second] = [open(early), open(late)];
		first.claim('task-1');
		second.claim('task-2');
		for (const staticData of [early, late]) {
			const afterRestart = newProcess()(saved(staticData));
			expect([afterRestart.has('task-1'), afterRestart.has('task-2')]).toEqual([true, true]);
		}
	});

	it('takes in what another process has saved, and saves it again', () => {
		const [other, own] = [{}, {}];
		newProcess()(other).claim('task-1');
		const open = newProcess();
		open(own).claim('task-2');
		const both = saved(other);
		open(both).claim('task-3');
		const afterRestart = newProcess()(saved(both));
		const ids = ['task-1', 'task-2', 'task-3'];
		expect(ids.filter((id) => afterRestart.has(id))).toEqual(ids);
	});

	it('puts back what another process has saved over, at the next call about whatever task', () => {
		const open = newProcess();
		open({}).claim('task-1');
		const savedOver = {};
		newProcess()(savedOver).claim('task-2');
		const next = saved(savedOver);
		open(next).has('task-3');
		expect(newProcess()(saved(next)).has('task-1')).toBe(true);
	});

	it('keeps the last 2,000, in less than 50 kB', () => {
		const staticData = {};
		const deliveries = newProcess()(staticData);
		for (let count = 1; count <= 2_100; count += 1) deliveries.claim(`task-${count}`);
		expect([100, 101, 2_100].map((count) => deliveries.has(`task-${count}`))).toEqual([
			false,
			true,
			true,
		]);
		expect(JSON.stringify(staticData).length).toBeLessThan(50_000);
	});

	it.each<[string, unknown]>([
		['a text', 'x'],
		['numbers', [1, 2]],
		['an object', { length: 3 }],
		['null', null],
		['texts that are no hashes', ['x'.repeat(100)]],
	])('starts anew where %s stands in its place', (_what, startedFor) => {
		const staticData = { startedFor } as IDataObject;
		const deliveries = newProcess()(staticData);
		expect(deliveries.claim('task-1')).toBe(true);
		expect(deliveries.claim('task-1')).toBe(false);
		expect(saved(staticData).startedFor).toHaveLength(1);
	});
});
