/** When a paused execution wakes: never soon, when the tasks should be over, and not at the mercy of an estimate. */
import fc from 'fast-check';

import { openOf, pauseMs } from '../../../nodes/WanVideo/generation/pauseLength';

const MINUTE = 60_000;
const byTime = { pauses: 0, hasCallback: false };
const open = (...minutes: Array<number | undefined>) =>
	minutes.map((rest, index) => ({
		taskId: `task-${index}`,
		...(rest !== undefined && { restMs: rest * MINUTE }),
	}));

describe('the length of a pause', () => {
	it('is at least 90 seconds and at most 10 minutes, whatever is expected', () => {
		const rest = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined });
		fc.assert(
			fc.property(
				fc.array(fc.record({ taskId: fc.option(fc.string(), { nil: undefined }), restMs: rest })),
				fc.nat(1000),
				fc.boolean(),
				(tasks, pauses, hasCallback) => {
					const given = tasks.map(({ taskId, restMs }) => ({
						...(taskId !== undefined && { taskId }),
						...(restMs !== undefined && { restMs }),
					}));
					const ms = pauseMs(given, { pauses, hasCallback });
					expect(ms).toBeGreaterThanOrEqual(90_000);
					expect(ms).toBeLessThanOrEqual(600_000);
				},
			),
		);
	});

	it('ends a little after the last of the tasks should', () => {
		const ms = pauseMs(open(2, 4, 3), byTime);
		expect(ms).toBeGreaterThan(4 * MINUTE);
		expect(ms).toBeLessThan(4.2 * MINUTE);
	});

	it('ends with the first of them while others wait to be submitted', () => {
		const ms = pauseMs([...open(2, 4, 3), {}], byTime);
		expect(ms).toBeGreaterThan(2 * MINUTE);
		expect(ms).toBeLessThan(2.2 * MINUTE);
	});

	it('grows from pause to pause where nothing tells when a task ends', () => {
		const lengths = [0, 1, 2, 3].map((pauses) => pauseMs(open(undefined), { ...byTime, pauses }));
		expect(lengths[0]).toBeLessThan(100_000);
		expect([...lengths].sort((a, b) => a - b)).toEqual(lengths);
		expect(new Set(lengths).size).toBe(4);
	});

	it('goes past no deadline by more than the shortest pause', () => {
		const tasks = [
			{ taskId: 'a', restMs: 8 * MINUTE, leftMs: 4 * MINUTE },
			{ taskId: 'b', restMs: 9 * MINUTE, leftMs: 5 * MINUTE },
		];
		expect(pauseMs(tasks, byTime)).toBe(4 * MINUTE);
		expect(pauseMs([{ ...tasks[0], leftMs: 1_000 }], byTime)).toBe(90_000);
	});

	it('leaves a callback the time to come first', () => {
		const withCallback = pauseMs(open(3), { pauses: 0, hasCallback: true });
		expect(withCallback).toBeGreaterThanOrEqual(pauseMs(open(3), byTime) + 30_000);
	});
});

it('open are the outcomes that a run left for after a pause', () => {
	const stopped = { end: 'stopped' } as const;
	expect(openOf([stopped, { end: 'open' }, stopped])).toEqual([{ end: 'open' }]);
});
