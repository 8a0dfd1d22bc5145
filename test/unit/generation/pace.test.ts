/** What is learnt from 429s, call by call; window.test.ts has whole runs against gateways. Times in milliseconds. */
import { type Pace, paceOf } from '../../../nodes/WanVideo/generation/pace';

const MINUTE = 61_000;

/** Each is sent and accepted at this moment. */
function letThrough(pace: Pace, ...timesMs: number[]): void {
	for (const atMs of timesMs) {
		pace.sent(atMs);
		pace.accepted(atMs, atMs);
	}
}
const asked = (nowMs: number, heldUntilMs: number, isFirst = true) => ({
	...{ nowMs, heldUntilMs, isFirst },
	isAsked: true,
});
const unasked = (nowMs: number, heldUntilMs: number, isFirst = true) => ({
	...{ nowMs, heldUntilMs, isFirst },
	isAsked: false,
});

/** Five let through in the first five seconds, then a 429 whose Retry-After ends at 60 s: five in 60 s. */
function fiveInAMinute(): Pace {
	const pace = paceOf();
	pace.sent(0);
	letThrough(pace, 1_000, 2_000, 3_000, 4_000, 5_000);
	expect(pace.turnedAway(asked(6_000, 60_000))).toBe(60_000);
	expect(pace.readyMs(60_000, 0)).toBe(61_000);
	return pace;
}

describe('how far apart submits go', () => {
	const gapAfter = (tookMs: number, isAfterRest = false) => {
		const pace = paceOf();
		pace.accepted(10_000 + tookMs, 10_000);
		if (isAfterRest) pace.turnedAway(unasked(20_000, 22_000));
		return pace.gapMs();
	};

	it.each([
		[10, 50],
		[60, 75],
		[400, 100],
		// As long as the way took; from here on it is taken for work.
		[1_000, 100],
		[1_001, 20],
	])('where an answer takes %i ms: %i ms', (tookMs, gapMs) => {
		expect(gapAfter(tookMs)).toBe(gapMs);
	});

	it.each([
		[10, 50],
		[400, 500],
		[2_000, 1_000],
	])('after a rest, where an answer takes %i ms: %i ms', (tookMs, gapMs) => {
		expect(gapAfter(tookMs, true)).toBe(gapMs);
	});

	it('by the quickest answer', () => {
		const pace = paceOf();
		pace.accepted(10_080, 10_000);
		pace.accepted(20_900, 20_000);
		expect(pace.gapMs()).toBe(100);
		pace.accepted(30_060, 30_000);
		expect(pace.gapMs()).toBe(75);
	});

	it('where so many are let through that the gap would keep them back: half of their distance', () => {
		const pace = paceOf();
		pace.sent(0);
		for (let nth = 0; nth < 100; nth += 1) pace.accepted(nth + 2_000, nth);
		pace.turnedAway(asked(3_000, 60_000));
		pace.readyMs(60_000, 0);
		expect(pace.gapMs()).toBe(60_000 / 100 / 2);
	});
});

describe('a limit by Retry-After', () => {
	it('nothing is learnt before there is one', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100, 200, 300);
		expect(pace.readyMs(400, 8)).toBe(400);
	});

	it('holds over every span of that length', () => {
		const pace = fiveInAMinute();
		// The one of 1 s is out of the span when it is exactly as old.
		expect(pace.readyMs(60_999, 0)).toBe(61_000);
		expect(pace.readyMs(61_000, 0)).toBe(61_000);
		expect(pace.readyMs(61_000, 1)).toBe(62_000);
		expect(pace.readyMs(61_000, 3)).toBe(64_000);
	});

	it('who is under way counts, and is waited for where nobody else can leave', () => {
		const pace = fiveInAMinute();
		expect(pace.readyMs(70_000, 4)).toBe(70_000);
		expect(pace.readyMs(70_000, 5)).toBe(Infinity);
		letThrough(pace, 70_000);
		expect(pace.readyMs(70_001, 3)).toBe(70_001);
		expect(pace.readyMs(70_001, 4)).toBe(130_000);
		expect(pace.readyMs(70_001, 5)).toBe(Infinity);
	});

	it('is learnt when the rest is over: who was under way then counts', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100, 200);
		pace.turnedAway(asked(300, 60_000));
		letThrough(pace, 400);
		expect(pace.readyMs(59_999, 9)).toBe(59_999);
		expect(pace.readyMs(60_000, 0)).toBe(60_000);
		// Four in 60 s: of those, 100, 200 and 400 are still within it.
		expect(pace.readyMs(60_000, 1)).toBe(60_100);
	});

	it('of fewer than three is chance, once', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100);
		pace.turnedAway(asked(200, 60_000));
		expect(pace.readyMs(60_000, 7)).toBe(60_000);
		// The second time it counts what came since the rest.
		letThrough(pace, 60_000);
		pace.turnedAway(asked(60_100, 120_000));
		expect(pace.readyMs(120_000, 1)).toBe(Infinity);
		expect(pace.readyMs(120_000, 0)).toBe(120_000);
	});

	it('of three is one', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100, 200);
		pace.turnedAway(asked(300, 60_000));
		expect(pace.readyMs(60_000, 3)).toBe(Infinity);
	});

	it('of none is none', () => {
		const pace = paceOf();
		for (const atMs of [0, 60_000, 120_000]) {
			pace.sent(atMs);
			pace.turnedAway(asked(atMs + 100, atMs + 60_000));
			expect(pace.readyMs(atMs + 60_000, 8)).toBe(atMs + 60_000);
		}
	});

	it('a second one of those that were under way together prolongs the rest, and is no rest of its own', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100, 200);
		pace.turnedAway(asked(300, 60_000));
		expect(pace.turnedAway(asked(400, 70_000, false))).toBe(70_000);
		expect(pace.readyMs(65_000, 8)).toBe(65_000);
		// Three in 70 s.
		expect(pace.readyMs(70_000, 1)).toBe(70_100);
	});

	it('a late one without a rest before it teaches nothing', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100, 200);
		expect(pace.turnedAway(asked(300, 60_000, false))).toBe(60_000);
		expect(pace.readyMs(60_000, 8)).toBe(60_000);
		expect(pace.gapMs()).toBe(50);
	});
});

describe('a limit without Retry-After', () => {
	it('the first 429 may be by chance', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100, 200);
		expect(pace.turnedAway(unasked(300, 2_300))).toBe(2_300);
		expect(pace.readyMs(2_300, 8)).toBe(2_300);
	});

	it('a second one within a minute is a limit, by the minute', () => {
		const pace = paceOf();
		letThrough(pace, 1_000, 1_100, 1_200);
		pace.turnedAway(unasked(1_300, 3_300));
		// The rest lasts until the first of them is a minute old.
		expect(pace.turnedAway(unasked(1_300 + MINUTE - 1, 64_000))).toBe(64_000);
		const other = paceOf();
		letThrough(other, 1_000, 1_100, 1_200);
		other.turnedAway(unasked(1_300, 3_300));
		expect(other.turnedAway(unasked(4_000, 8_000))).toBe(1_000 + MINUTE);
		expect(other.readyMs(1_000 + MINUTE, 0)).toBe(1_000 + MINUTE);
		expect(other.readyMs(1_000 + MINUTE, 1)).toBe(1_100 + MINUTE);
	});

	it('one a minute later is chance again', () => {
		const pace = paceOf();
		letThrough(pace, 1_000);
		pace.turnedAway(unasked(1_300, 3_300));
		letThrough(pace, 50_000, 50_100, 50_200);
		expect(pace.turnedAway(unasked(1_300 + MINUTE, 70_000))).toBe(70_000);
		// And the next within a minute of that is not.
		expect(pace.turnedAway(unasked(72_000, 74_000))).toBe(50_000 + MINUTE);
	});

	it('with fewer than three in the minute there is nothing to keep to', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100);
		pace.turnedAway(unasked(300, 2_300));
		expect(pace.turnedAway(unasked(2_400, 6_400))).toBe(6_400);
		letThrough(pace, 6_400);
		expect(pace.turnedAway(unasked(6_500, 14_500))).toBe(MINUTE);
	});

	it('those of more than a minute ago do not count', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100);
		pace.turnedAway(unasked(MINUTE - 100, MINUTE));
		letThrough(pace, MINUTE + 1);
		// The one of 0 is older than a minute, two are left.
		expect(pace.turnedAway(unasked(MINUTE + 50, 70_000))).toBe(70_000);
	});

	it('a rest that is longer anyway stays as long', () => {
		const pace = paceOf();
		letThrough(pace, 0, 100, 200);
		pace.turnedAway(unasked(300, 2_300));
		expect(pace.turnedAway(unasked(2_400, 100_000))).toBe(100_000);
	});
});

describe('one more than the limit', () => {
	/** Five spans of a minute, and five minutes at the least. */
	const TRIES_AT = 60_000 + 300_000;

	/** Full at this moment: five in the last 60 s. */
	const fill = (pace: Pace, atMs: number) =>
		letThrough(pace, ...[50, 40, 30, 20, 10].map((seconds) => atMs - seconds * 1_000));

	function aboutToTry(): Pace {
		const pace = fiveInAMinute();
		fill(pace, TRIES_AT);
		pace.readyMs(TRIES_AT, 0);
		return pace;
	}

	/** The try was let through: six in a minute. */
	function raised(): Pace {
		const pace = aboutToTry();
		letThrough(pace, TRIES_AT);
		return pace;
	}

	it('is tried after five spans without a 429, alone, where the span is full', () => {
		const pace = fiveInAMinute();
		fill(pace, TRIES_AT);
		expect(pace.readyMs(TRIES_AT - 1, 0)).toBe(TRIES_AT + 10_000);
		expect(pace.readyMs(TRIES_AT, 1)).toBe(TRIES_AT + 20_000);
		expect(pace.readyMs(TRIES_AT, 0)).toBe(TRIES_AT);
	});

	it('after five spans of more than a minute', () => {
		const pace = paceOf();
		pace.sent(0);
		letThrough(pace, 1_000, 2_000, 3_000);
		pace.turnedAway(asked(4_000, 100_000));
		pace.readyMs(100_000, 0);
		const full = (atMs: number) => letThrough(pace, atMs - 30_000, atMs - 20_000, atMs - 10_000);
		full(590_000);
		expect(pace.readyMs(590_000, 0)).toBe(660_000);
		full(600_000);
		// More than three are within it: what is over is not more by one.
		expect(pace.readyMs(600_000, 0)).toBeGreaterThan(600_000);
		full(720_000);
		expect(pace.readyMs(720_000, 0)).toBe(720_000);
	});

	it('that is let through raises it by one', () => {
		const pace = raised();
		// Six are within the span, and six may be.
		expect(pace.readyMs(TRIES_AT + 10_000, 1)).toBe(TRIES_AT + 20_000);
		expect(pace.readyMs(TRIES_AT + 10_000, 0)).toBe(TRIES_AT + 10_000);
	});

	it('one that was sent as any other raises nothing', () => {
		const pace = fiveInAMinute();
		letThrough(pace, TRIES_AT);
		expect(pace.readyMs(TRIES_AT + 1, 4)).toBe(TRIES_AT + 60_000);
		expect(pace.readyMs(TRIES_AT + 1, 3)).toBe(TRIES_AT + 1);
	});

	function turnedAwayAtMore(isAsked: boolean): { pace: Pace; untilMs: number } {
		const pace = aboutToTry();
		pace.sent(TRIES_AT);
		const event = { nowMs: TRIES_AT + 100, heldUntilMs: TRIES_AT + 2_100, isFirst: true, isAsked };
		return { pace, untilMs: pace.turnedAway(event) };
	}

	it('that is turned away with Retry-After: the rest is what is asked for, the limit stands', () => {
		const { pace, untilMs } = turnedAwayAtMore(true);
		expect(untilMs).toBe(TRIES_AT + 2_100);
		expect(pace.readyMs(TRIES_AT + 2_100, 0)).toBe(TRIES_AT + 10_000);
		expect(pace.readyMs(TRIES_AT + 200_000, 4)).toBe(TRIES_AT + 200_000);
		expect(pace.readyMs(TRIES_AT + 200_000, 5)).toBe(Infinity);
	});

	it('that is turned away without: until the oldest in the span has left it', () => {
		expect(turnedAwayAtMore(false).untilMs).toBe(TRIES_AT + 10_000);
	});

	it('is then tried half as often', () => {
		const { pace } = turnedAwayAtMore(true);
		const next = TRIES_AT + 100 + 600_000;
		fill(pace, next);
		expect(pace.readyMs(next - 1, 0)).toBe(next + 10_000);
		expect(pace.readyMs(next, 0)).toBe(next);
	});

	it('that was let through and is one too many later: back to what was learnt', () => {
		const pace = raised();
		const nowMs = TRIES_AT + 15_000;
		pace.readyMs(nowMs, 0);
		pace.sent(nowMs);
		expect(pace.turnedAway(unasked(nowMs, nowMs + 2_000))).toBe(TRIES_AT + 20_000);
		expect(pace.readyMs(nowMs + 200_000, 5)).toBe(Infinity);
		expect(pace.readyMs(nowMs + 200_000, 4)).toBe(nowMs + 200_000);
	});

	it('with nothing in the span the rest is a span from now', () => {
		const pace = raised();
		const nowMs = TRIES_AT + 500_000;
		expect(pace.turnedAway(unasked(nowMs, nowMs + 2_000))).toBe(nowMs + 60_000);
	});
});
