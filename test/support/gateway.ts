/** Gateways in front of a fake EvoLink that let only so many submits through, and say no at once. */
import type { Clock } from '../../nodes/WanVideo/generation/ports';
import type { SubmitPlan } from './fakeEvoLink';

export interface Gateway {
	kind: 'fixed window' | 'sliding window' | 'bucket';
	perMinute: number;
	/** Whether a 429 carries a Retry-After. */
	tells: boolean;
	/** Until the answer to what is let through, in milliseconds. */
	answersMs: number;
	/** Until a 429 is here: the way alone. */
	refusesMs?: number;
}

const MINUTE_MS = 60_000;
/** A fixed window does not begin when we do. */
const OFFSET_MS = 25_000;

/** What a POST meets there. `intoRest` counts those that came though a Retry-After had been told. */
export function gatewayOf(
	clock: Clock,
	{ kind, perMinute, tells, answersMs, refusesMs = 0 }: Gateway,
): { planFor: () => SubmitPlan; intoRest: () => number } {
	let passed: number[] = [];
	/** Known once its answer is there. */
	const rests: Array<{ fromMs: number; untilMs: number }> = [];
	let intoRest = 0;

	/** Until the next one may come; 0: now. */
	function waitMs(nowMs: number): number {
		if (kind === 'fixed window') {
			const began = Math.floor((nowMs + OFFSET_MS) / MINUTE_MS) * MINUTE_MS - OFFSET_MS;
			const now = passed.filter((atMs) => atMs >= began);
			return now.length < perMinute ? 0 : began + MINUTE_MS - nowMs;
		}
		if (kind === 'sliding window') {
			const recent = passed.filter((atMs) => atMs > nowMs - MINUTE_MS);
			return recent.length < perMinute ? 0 : recent[recent.length - perMinute] + MINUTE_MS - nowMs;
		}
		// A bucket that is full at first, and gets one more at a time.
		const everyMs = MINUTE_MS / perMinute;
		let fullAtMs = 0;
		for (const atMs of passed) fullAtMs = Math.max(fullAtMs, atMs) + everyMs;
		return Math.max(0, fullAtMs - nowMs - (perMinute - 1) * everyMs);
	}

	return {
		intoRest: () => intoRest,
		planFor() {
			const nowMs = clock.elapsed();
			if (rests.some(({ fromMs, untilMs }) => nowMs > fromMs && nowMs < untilMs)) intoRest += 1;
			const restMs = waitMs(nowMs);
			if (restMs <= 0) {
				passed = [...passed, nowMs];
				return { answer: 'accepted', answersMs, takesMs: 30_000 };
			}
			const retryAfterMs = Math.ceil(restMs / 1000) * 1000;
			const toldMs = nowMs + refusesMs;
			if (tells) rests.push({ fromMs: toldMs, untilMs: toldMs + retryAfterMs - refusesMs });
			return {
				answer: 'refused',
				answersMs: refusesMs,
				failure: { kind: 'rateLimited', ...(tells && { retryAfterMs }) },
			};
		},
	};
}

/** One that says no after the first dozen, for a while, and then never again. */
export function limitedBy(
	clock: Clock,
	{ untilMs, answersMs, retryAfterMs }: Record<'untilMs' | 'answersMs' | 'retryAfterMs', number>,
): (post: number) => SubmitPlan {
	return (post) =>
		post >= 12 && clock.elapsed() < untilMs
			? { answer: 'refused', failure: { kind: 'rateLimited', retryAfterMs } }
			: { answer: 'accepted', answersMs, takesMs: 30_000 };
}
