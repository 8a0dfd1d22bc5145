/**
 * What a gateway lets through in its time, as far as its 429s tell: so many submits in such a span. It is
 * kept to over every span, which suits fixed and sliding windows and buckets alike. Now and then one submit
 * more is tried, more and more seldom, so that a limit that was only for once is found to be gone.
 */

/** Without a Retry-After: limits are told by the minute (EvoLink docs, rate limits), and a little more for the way. */
const MINUTE_MS = 61_000;
/** After fewer than these a 429 may be by chance; the second time it is a limit. */
const LEAST_TO_LEARN_FROM = 3;
/** Spans, and time, without a 429 before one more is tried; twice as long after each try that failed. */
const SPANS_BEFORE_TRY = 5;
const LEAST_BEFORE_TRY_MS = 300_000;
/**
 * How far apart (ms) submits go. A 429 takes its way too, and what was sent meanwhile meets the next one: so as
 * long as the quickest answer took, where that is the way; before work of seconds the way is not known, and what
 * waits for all of a window adds up. After a 429 there is no hurry.
 */
const GAP = { leastMs: 50, mostMs: 100, workMs: 1_000, beforeWorkMs: 20, afterRestMs: 1_000 };
/** Longer than any span that is kept to. */
const KEPT_MS = 600_000;

export interface TurnedAway {
	nowMs: number;
	/** Until when nobody is sent, by Retry-After or by the growing delay. */
	heldUntilMs: number;
	/** Whether EvoLink named that time. */
	isAsked: boolean;
	/** Whether it is the first of those that were under way together. */
	isFirst: boolean;
}

/** Times are on the growing clock, in milliseconds. */
export interface Pace {
	/** When the next may go with so many under way; Infinity: when one of those has its answer. */
	readyMs(nowMs: number, inFlight: number): number;
	/** How far apart (ms) submits go that are under way together. */
	gapMs(): number;
	sent(nowMs: number): void;
	/** `sentMs`: when it was sent. */
	accepted(nowMs: number, sentMs: number): void;
	/** Learns; says until when to rest. */
	turnedAway(event: TurnedAway): number;
}

interface Limit {
	count: number;
	/** What it was learnt as; it may have been raised by tries since. */
	learnt: number;
	spanMs: number;
	triesAtMs: number;
}

export function paceOf(): Pace {
	/** When those that were accepted had their answers, the oldest first. */
	let accepted: number[] = [];
	let limit: Limit | undefined;
	/** Of the stretch since the last rest. */
	let beganMs: number | undefined;
	let lesson: { untilMs: number; spanMs: number; since: number } | undefined;
	let patience = 1;
	let mayTryMore = false;
	let isTryingMore = false;
	let isSecondTime = false;
	let restedAtMs = -Infinity;
	let quickestMs = Infinity;

	function patienceMs(spanMs: number): number {
		return patience * Math.max(SPANS_BEFORE_TRY * spanMs, LEAST_BEFORE_TRY_MS);
	}

	/** What was under way when the rest began still counts, so a lesson is learnt when it is over. */
	function learn(nowMs: number): void {
		if (lesson === undefined || nowMs < lesson.untilMs) return;
		const { spanMs, since } = lesson;
		lesson = undefined;
		beganMs = undefined;
		const count = accepted.filter((atMs) => atMs >= since).length;
		const isLimit = count >= LEAST_TO_LEARN_FROM || (count > 0 && isSecondTime);
		isSecondTime = true;
		if (isLimit) limit = { count, learnt: count, spanMs, triesAtMs: nowMs + patienceMs(spanMs) };
	}

	return {
		readyMs(nowMs, inFlight) {
			learn(nowMs);
			if (limit === undefined) return nowMs;
			const { count, spanMs, triesAtMs } = limit;
			const recent = accepted.filter((atMs) => atMs > nowMs - spanMs);
			const tooMany = recent.length + inFlight - count;
			mayTryMore = tooMany === 0 && inFlight === 0 && nowMs >= triesAtMs;
			if (tooMany < 0 || mayTryMore) return nowMs;
			return tooMany < recent.length ? recent[tooMany] + spanMs : Infinity;
		},
		gapMs() {
			const hasRested = restedAtMs > -Infinity;
			if (!hasRested && quickestMs > GAP.workMs) return GAP.beforeWorkMs;
			const restedMs = Math.min(GAP.afterRestMs, limit ? limit.spanMs / limit.count / 2 : Infinity);
			const mostMs = hasRested ? restedMs : GAP.mostMs;
			return Math.max(GAP.leastMs, Math.min(1.25 * quickestMs, mostMs));
		},
		sent(nowMs) {
			beganMs ??= nowMs;
			isTryingMore = mayTryMore;
			mayTryMore = false;
		},
		accepted(nowMs, sentMs) {
			quickestMs = Math.min(quickestMs, nowMs - sentMs);
			accepted = [...accepted.filter((atMs) => atMs > nowMs - KEPT_MS), nowMs];
			if (isTryingMore && limit !== undefined) limit.count += 1;
			isTryingMore = false;
		},
		turnedAway({ nowMs, heldUntilMs, isAsked, isFirst }) {
			if (!isFirst && lesson === undefined) return heldUntilMs;
			const isAgain = nowMs - restedAtMs < MINUTE_MS;
			if (isFirst) restedAtMs = nowMs;
			if (limit !== undefined && (isTryingMore || limit.count > limit.learnt)) {
				patience *= 2;
				isTryingMore = false;
				limit.count = limit.learnt;
				limit.triesAtMs = nowMs + patienceMs(limit.spanMs);
				// What is kept to stands, and needs no second witness.
				const { spanMs } = limit;
				const oldest = accepted.find((atMs) => atMs > nowMs - spanMs) ?? nowMs;
				return isAsked ? heldUntilMs : Math.max(heldUntilMs, oldest + spanMs);
			}
			if (isAsked) {
				const since = lesson?.since ?? beganMs ?? nowMs;
				lesson = { untilMs: heldUntilMs, spanMs: heldUntilMs - since, since };
				return heldUntilMs;
			}
			// Once may be by chance; a second time is a limit.
			const inMinute = accepted.filter((atMs) => atMs > nowMs - MINUTE_MS);
			const isChance = limit === undefined && !isAgain;
			if (isChance || inMinute.length < LEAST_TO_LEARN_FROM) return heldUntilMs;
			const untilMs = Math.max(heldUntilMs, inMinute[0] + MINUTE_MS);
			lesson = { untilMs, spanMs: MINUTE_MS, since: inMinute[0] };
			return untilMs;
		},
	};
}
