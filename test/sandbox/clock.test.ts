/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The clock that everything in the sandbox is timed by.

import { Clock } from '../../sandbox';

describe('a manual clock', () => {
	it('stands still until it is moved', async () => {
		const clock = new Clock('manual');
		const start = clock.now();
		expect(clock.now()).toBe(start);
		await clock.advance(86_400_000);
		expect(clock.now()).toBe(start + 86_400_000);
	});

	it('runs what falls due in order, each at its own time', async () => {
		const clock = new Clock('manual');
		const start = clock.now();
		const seen: Array<[string, number]> = [];
		const note = (name: string) => (): void => void seen.push([name, clock.now() - start]);
		clock.at(start + 30, note('later'));
		clock.at(start + 10, note('sooner'));
		clock.at(start + 99, note('too late'));
		await clock.advance(50);
		expect(seen).toEqual([
			['sooner', 10],
			['later', 30],
		]);
	});

	it('waits for what it runs, and runs what that schedules', async () => {
		const clock = new Clock('manual');
		const start = clock.now();
		const seen: number[] = [];
		const again = async (): Promise<void> => {
			await new Promise((resolve) => setImmediate(resolve));
			seen.push(clock.now() - start);
			clock.at(clock.now() + 10, again);
		};
		clock.at(start + 10, again);
		await clock.advance(35);
		expect(seen).toEqual([10, 20, 30]);
	});

	it('takes two callers one after the other', async () => {
		const clock = new Clock('manual');
		const start = clock.now();
		await Promise.all([clock.advance(10), clock.advance(10)]);
		expect(clock.now()).toBe(start + 20);
	});

	it('does not go back', () => {
		expect(() => new Clock('manual').advance(-1)).toThrow('forward');
	});

	it('forgets what is taken back', async () => {
		const clock = new Clock('manual');
		const run = jest.fn();
		clock.at(clock.now() + 5, run)();
		await clock.advance(10);
		expect(run).not.toHaveBeenCalled();
	});
});

describe('a real clock', () => {
	it('can be moved too, and its timers with it', async () => {
		const clock = new Clock('real');
		const run = jest.fn();
		clock.at(clock.now() + 3_600_000, run);
		const before = clock.now();
		await clock.advance(3_600_000);
		expect(clock.now()).toBeGreaterThanOrEqual(before + 3_600_000);
		expect(run).toHaveBeenCalledTimes(1);
	});

	it('runs a timer by itself', async () => {
		const clock = new Clock('real');
		await new Promise<void>((resolve) => {
			clock.at(clock.now() + 5, resolve);
			// The sandbox's timers do not keep a process alive; this one does.
			const alive = setInterval(() => undefined, 1_000);
			clock.at(clock.now() + 5, () => clearInterval(alive));
		});
	});

	it('keeps its time when it becomes manual and back', async () => {
		const clock = new Clock('real');
		await clock.advance(1_000_000);
		const before = clock.now();
		clock.setMode('manual');
		const frozen = clock.now();
		expect(frozen - before).toBeLessThan(60_000);
		await clock.advance(500);
		expect(clock.now()).toBe(frozen + 500);
		clock.setMode('real');
		expect(clock.now()).toBeGreaterThanOrEqual(frozen + 500);
	});
});
