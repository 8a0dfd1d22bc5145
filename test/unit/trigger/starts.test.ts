/** The guard where the workflow begins, over n8n's own list of processed values. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { isFirstStart } from '../../../nodes/WanVideo/host/starts';
import { NODE } from '../../support/fakeContext';

/** n8n's list as both lines keep it: read, then written whole, without a lock. */
class ProcessedValues {
	values: string[] | undefined;
	/** How many of the next calls fail. */
	failures = 0;

	async check(items: string[], maxEntries: number) {
		const known = this.values;
		await Promise.resolve();
		if (this.failures > 0) {
			this.failures -= 1;
			throw new Error('duplicate key value violates unique constraint');
		}
		const processed = items.filter((item) => known?.includes(item));
		const fresh = items.filter((item) => !known?.includes(item));
		this.values = [...(known ?? []), ...fresh].slice(-maxEntries);
		return { new: fresh, processed };
	}
}

/** The guard in a process of its own. */
function newProcess(list: ProcessedValues, mode = 'webhook') {
	let module: { isFirstStart: typeof isFirstStart } | undefined;
	jest.isolateModules(() => {
		module = jest.requireActual('../../../nodes/WanVideo/host/starts');
	});
	return async (taskId: string, executionId: string): Promise<boolean> => {
		const members: Record<string, unknown> = {
			getMode: () => mode,
			getWorkflow: () => ({ id: 'workflow' }),
			getNode: () => NODE,
			getExecutionId: () => executionId,
			helpers: {
				checkProcessedAndRecord: (
					items: string[],
					_scope: string,
					options: { maxEntries: number },
				) => list.check(items, options.maxEntries),
			},
		};
		const context = new Proxy({} as IExecuteFunctions, {
			get: (_target, name): unknown => members[String(name)],
		});
		return (await module?.isFirstStart(context, taskId)) ?? false;
	};
}

describe('of the executions that a task has started', () => {
	it('the first one goes on, on whichever worker the others run', async () => {
		const list = new ProcessedValues();
		const [one, other] = [newProcess(list), newProcess(list)];
		expect(await one('task-1', '7')).toBe(true);
		expect(await one('task-1', '8')).toBe(false);
		expect(await other('task-1', '9')).toBe(false);
		expect(await other('task-2', '10')).toBe(true);
	});

	it('exactly one goes on when they begin at the same time on one worker', async () => {
		const start = newProcess(new ProcessedValues());
		const ids = Array.from({ length: 10 }, (_, index) => String(index));
		const answers = await Promise.all(ids.map(async (id) => await start('task-1', id)));
		expect(answers.filter(Boolean)).toHaveLength(1);
	});

	it('the same one goes on when a crashed worker has it run again', async () => {
		const list = new ProcessedValues();
		expect(await newProcess(list)('task-1', '7')).toBe(true);
		expect(await newProcess(list)('task-1', '7')).toBe(true);
	});

	it.each(['manual', 'retry'])('all go on in mode %s, and leave nothing behind', async (mode) => {
		const list = new ProcessedValues();
		const start = newProcess(list, mode);
		expect([await start('task-1', '7'), await start('task-1', '8')]).toEqual([true, true]);
		expect(list.values).toBeUndefined();
	});
});

describe('the list', () => {
	it('gets back what another process has overwritten', async () => {
		const list = new ProcessedValues();
		const start = newProcess(list);
		await start('task-1', '7');
		list.values = [];
		await start('task-2', '8');
		expect(await newProcess(list)('task-1', '9')).toBe(false);
	});

	it('is asked again when another process has just made it', async () => {
		const list = new ProcessedValues();
		list.values = ['task-1'];
		list.failures = 1;
		expect(await newProcess(list)('task-1', '7')).toBe(false);
	});

	it('holds nothing up when it cannot be read: rather twice than never', async () => {
		const list = new ProcessedValues();
		list.failures = 2;
		expect(await newProcess(list)('task-1', '7')).toBe(true);
	});

	it('stays bounded', async () => {
		const list = new ProcessedValues();
		const start = newProcess(list);
		for (let count = 0; count < 1_200; count += 1) await start(`task-${count}`, String(count));
		expect(list.values).toHaveLength(2_000);
	});
});
