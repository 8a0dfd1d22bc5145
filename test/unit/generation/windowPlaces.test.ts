/** The window of submits, place by place on a virtual clock; window.test.ts has whole runs. Times in milliseconds. */
import type { Failure } from '../../../nodes/WanVideo/evolink/failure';
import {
	type Leaving,
	type Place,
	SUBMITS_AT_ONCE,
	windowOf,
} from '../../../nodes/WanVideo/generation/window';
import { aFailure } from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';

interface Entered {
	name: number;
	atMs: number;
	place: Place | undefined;
}

/** A window, and who is in it. */
class Line {
	/** Without chance: a delay is half of what it may be, a Retry-After what is asked for. */
	readonly clock = new FakeClock(0);
	readonly stop = new FakeStop();
	readonly window = windowOf(this.clock, this.stop);
	readonly entered: Entered[] = [];
	private came = 0;

	comes(count: number, isAgain = false): void {
		for (let left = count; left > 0; left -= 1) {
			const name = this.came;
			this.came += 1;
			void this.window.enter(isAgain).then((place) => {
				this.entered.push({ name, atMs: this.clock.elapsed(), place });
			});
		}
	}

	async pass(ms: number): Promise<void> {
		await this.clock.sleep(ms);
	}

	/** These leave now, and whoever may enters. */
	async leave(names: readonly number[], how: Leaving): Promise<void> {
		for (const name of names) this.of(name)?.leave(how);
		await Promise.resolve();
	}

	of(name: number): Place | undefined {
		return this.entered.find((one) => one.name === name)?.place;
	}

	get names(): number[] {
		return this.entered.map(({ name }) => name);
	}

	get timesMs(): number[] {
		return this.entered.map(({ atMs }) => atMs);
	}
}

const accepted: Leaving = { end: 'accepted' };
const away = (more: Partial<Failure> = {}): Leaving => ({
	end: 'turnedAway',
	failure: aFailure({ kind: 'rateLimited', ...more }),
});
const numbers = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => from + index);

/** Twelve have come, the first four are accepted after 2 s each, so that all eight places are taken at 4.2 s. */
async function fullAt4200(): Promise<Line> {
	const line = new Line();
	line.comes(20);
	await line.pass(2_000);
	await line.leave([0], accepted);
	await line.pass(2_000);
	await line.leave([1, 2, 3], accepted);
	await line.pass(200);
	expect(line.names).toEqual(numbers(0, 12));
	return line;
}

it('the first goes alone, then three times as many, up to eight', async () => {
	const line = new Line();
	line.comes(20);
	await line.pass(1_000);
	expect(line.names).toEqual([0]);
	await line.pass(1_000);
	await line.leave([0], accepted);
	await line.pass(1_000);
	expect(line.names).toEqual([0, 1, 2, 3]);
	await line.leave([1, 2, 3], accepted);
	await line.pass(1_000);
	expect(line.entered).toHaveLength(4 + SUBMITS_AT_ONCE);
});

it('one that is not accepted opens nothing', async () => {
	const line = new Line();
	line.comes(3);
	await line.pass(100);
	await line.leave([0], { end: 'other' });
	await line.pass(100);
	expect(line.names).toEqual([0, 1]);
});

it('who is alone waits for no gap, who is not does', async () => {
	const line = new Line();
	line.comes(4);
	await line.pass(10);
	await line.leave([0], accepted);
	await line.pass(200);
	expect(line.timesMs).toEqual([0, 10, 60, 110]);
});

it('with a limit that is used up by those under way, nobody sleeps: an answer wakes', async () => {
	const line = new Line();
	line.comes(1);
	await line.pass(10);
	await line.leave([0], accepted);
	line.comes(3);
	await line.pass(200);
	await line.leave([1, 2], accepted);
	await line.leave([3], away({ retryAfterMs: 60_000 }));
	// Three in 60.21 s: all of them have left the span long ago.
	await line.pass(200_000);
	line.comes(5);
	await line.pass(10_000);
	await line.leave([4], accepted);
	await line.pass(10_000);
	await line.leave([5, 6], { end: 'other' });
	const sleeps = line.clock.sleeps.length;
	await line.pass(1_000);
	expect(line.names).toContain(8);
	expect(line.clock.sleeps.length).toBeLessThanOrEqual(sleeps + 3);
});

describe('a 429', () => {
	it('holds all who were under way: they are late, those after it are not', async () => {
		const line = await fullAt4200();
		expect(line.of(5)?.isLate()).toBe(false);
		await line.leave([4], away({ retryAfterMs: 10_000 }));
		expect(line.of(5)?.isLate()).toBe(true);
		await line.leave(numbers(5, 12), { end: 'other' });
		await line.pass(12_001);
		expect(line.names).toHaveLength(13);
		expect(line.of(12)?.isLate()).toBe(false);
		// Four from the beginning to the end of the rest: the next when the first of them is as old.
		expect(line.timesMs[12]).toBe(2_000 + 14_200);
	});

	it('of several under way is one rest: the delay grows once', async () => {
		const line = await fullAt4200();
		await line.leave(numbers(4, 12), away());
		await line.pass(999);
		expect(line.entered).toHaveLength(12);
		await line.pass(1);
		expect(line.entered).toHaveLength(13);
	});

	it('after a 429 makes the rest twice as long, up to the fifth', async () => {
		const line = new Line();
		const restsMs: number[] = [];
		line.comes(10);
		await line.pass(0);
		for (let name = 0; name < 9; name += 1) {
			await Promise.resolve();
			const atMs = line.clock.elapsed();
			await line.leave([name], away());
			while (line.entered.length <= name + 1) await line.pass(500);
			restsMs.push(line.timesMs[name + 1] - atMs);
		}
		expect(restsMs.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 16_000]);
	});

	it('then one alone, then half as many as before, and slowly more', async () => {
		const line = await fullAt4200();
		await line.leave([4], away());
		await line.leave(numbers(5, 12), { end: 'other' });
		line.comes(60);
		await line.pass(30_000);
		expect(line.entered).toHaveLength(13);
		await line.leave([12], accepted);
		await line.pass(30_000);
		// A half of eight.
		expect(line.names.slice(13)).toEqual(numbers(13, 17));
		await line.leave([13], accepted);
		await line.leave([14], accepted);
		await line.leave([15], accepted);
		await line.pass(30_000);
		expect(line.names.slice(13)).toEqual(numbers(13, 20));
		// 4, and a quarter, and less than a quarter for each: the fifth makes five.
		await line.leave([16], accepted);
		await line.pass(30_000);
		expect(line.names.slice(13)).toEqual(numbers(13, 22));
		await line.leave([17], accepted);
		await line.pass(30_000);
		expect(line.names.slice(13)).toEqual(numbers(13, 23));
	});

	it('who is accepted during the rest says nothing about what comes after it', async () => {
		const line = await fullAt4200();
		await line.leave([4], away());
		await line.pass(999);
		await line.leave(numbers(5, 11), accepted);
		await line.pass(10_000);
		expect(line.entered).toHaveLength(12);
		await line.leave([11], { end: 'other' });
		await line.pass(10_000);
		expect(line.entered).toHaveLength(13);
	});

	it('who is accepted as it ends opens the window', async () => {
		const line = await fullAt4200();
		await line.leave([4], away());
		await line.leave(numbers(6, 12), { end: 'other' });
		await line.pass(1_000);
		await line.leave([5], accepted);
		await line.pass(10_000);
		// A half of eight.
		expect(line.names).toEqual(numbers(0, 16));
	});

	it('who was turned away comes before those who wait', async () => {
		const line = await fullAt4200();
		await line.leave([4], away({ retryAfterMs: 10_000 }));
		await line.leave(numbers(5, 12), { end: 'other' });
		line.comes(1, true);
		await line.pass(12_001);
		expect(line.names.at(-1)).toBe(20);
	});
});

it('a connection that was refused is no limit', async () => {
	const line = await fullAt4200();
	await line.leave([4], away({ kind: 'notReached' }));
	await line.leave(numbers(5, 12), { end: 'other' });
	await line.pass(1_000);
	await line.leave([12], away({ kind: 'notReached' }));
	// Four were accepted within the minute; of 429s, the second in a minute would be one.
	await line.pass(2_000);
	expect(line.names.at(-1)).toBe(13);
});

describe('a rest that nobody waits for', () => {
	it('closes the window, for as long as it lasts, and tells what is left of it', async () => {
		const line = new Line();
		line.comes(2);
		await line.pass(1_000);
		expect(line.window.closedBy()).toBeUndefined();
		await line.leave([0], away({ retryAfterMs: 300_000 }));
		expect(line.window.closedBy()).toBeUndefined();
		await line.pass(300_000);
		await line.leave([1], away({ retryAfterMs: 3_600_000, said: 'tomorrow' }));
		expect(line.window.closedBy()).toMatchObject({ said: 'tomorrow', retryAfterMs: 3_600_000 });
		await line.pass(600_000);
		expect(line.window.closedBy()).toMatchObject({ retryAfterMs: 3_000_000 });
		await line.pass(2_999_999);
		expect(line.window.closedBy()).toMatchObject({ retryAfterMs: 1 });
		await line.pass(1);
		expect(line.window.closedBy()).toBeUndefined();
	});
});

it('after a Stop all who wait go with nothing', async () => {
	const line = await fullAt4200();
	line.stop.press();
	await line.leave([4], accepted);
	expect(line.entered).toHaveLength(20);
	for (const name of numbers(12, 20)) expect(line.of(name)).toBeUndefined();
});
