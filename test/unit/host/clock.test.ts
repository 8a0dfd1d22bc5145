/** The real clock on jest's fake timers: it sleeps as long as asked, and a Stop ends a sleep within a second. */
import { clock } from '../../../nodes/WanVideo/host/clock';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Whether a promise is settled after the timers ran for so long. */
async function settled(promise: Promise<void>, afterMs: number): Promise<boolean> {
	let done = false;
	void promise.then(() => {
		done = true;
	});
	await jest.advanceTimersByTimeAsync(afterMs);
	return done;
}

it('sleeps as long as asked, not less', async () => {
	const sleeping = clock.sleep(15_000);
	expect(await settled(sleeping, 14_990)).toBe(false);
	expect(await settled(sleeping, 20)).toBe(true);
});

it.each([0, -5])('does not sleep for %i ms', async (ms) => {
	expect(await settled(clock.sleep(ms), 0)).toBe(true);
});

it('wakes within a second of a Stop', async () => {
	const stop = { aborted: false };
	const sleeping = clock.sleep(600_000, stop);
	expect(await settled(sleeping, 10_250)).toBe(false);
	stop.aborted = true;
	expect(await settled(sleeping, 1_000)).toBe(true);
});

it('does not sleep at all after a Stop', async () => {
	expect(await settled(clock.sleep(60_000, { aborted: true }), 0)).toBe(true);
});

it('is not moved by the wall clock', async () => {
	const sleeping = clock.sleep(10_000);
	await jest.advanceTimersByTimeAsync(2_000);
	jest.setSystemTime(Date.now() + 86_400_000);
	expect(await settled(sleeping, 7_000)).toBe(false);
	expect(await settled(sleeping, 1_100)).toBe(true);
});
