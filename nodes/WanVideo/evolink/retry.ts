/**
 * Whether and when to send again. Two policies, by what a repeat costs: a look is free and is
 * forgiven a lot; a submit is repeated only when it certainly did not arrive or was turned away.
 */
import type { FailureKind } from './catalogue';
import type { Failure } from './failure';

/** Tries of one submit, the first included. */
const SUBMIT_TRIES = 6;
/** Looks that may fail in a row; a good one starts the count anew. About five minutes of outage. */
const LOOK_FAILURES_IN_A_ROW = 12;
/** What a proxy answers of itself, which the next try gets as well. */
const OF_THE_WAY: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'proxyRefused',
	'requestTooLarge',
]);
/** Looks in a row that do not find a task which EvoLink must have: about a minute and a half. */
const NOT_FOUND_IN_A_ROW = 7;
/** A word against what EvoLink said of a task before. It ends a first look, and is borne for as long as a task that is not found. */
const AGAINST_ITS_WORD: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'outOfCredits',
	'taskNotTold',
]);
/** Of 429s in a row to looks, as many make the next one later where EvoLink asks for no time. */
export const LIMITS_THAT_SLOW_DOWN = 5;
/** Looks in a row that something else than EvoLink answers, where EvoLink never did. */
const FOREIGN_IN_A_ROW = 4;
/** What a look may meet and the next one may not. Everything else (401, 403, ...) stays as it is, where it is EvoLink's own word. */
const PASSING_TROUBLE: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'rateLimited',
	'serviceTrouble',
	'notReached',
	'replyLost',
	'unreadableAnswer',
	'nodeTrouble',
]);
/**
 * Nobody waits longer than this for a Retry-After. A submit is given up instead; a look is made then all the
 * same, as an hour, or a date in place of seconds, would leave a paid video lying until the deadline.
 */
const LONGEST_RETRY_AFTER_MS = 300_000;

/**
 * Milliseconds to wait before a submit is sent again, or null when it must not be.
 * `tries` counts those made so far; `random` is in [0, 1).
 */
export function submitRetryDelayMs(failure: Failure, tries: number, random: number): number | null {
	// Order is trust: anything that may have been charged ends here, whatever else is known of it.
	if (failure.charged !== 'no') return null;
	if (tries >= SUBMIT_TRIES) return null;
	if (!isWorthWaiting(failure)) return null;
	if ((failure.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS) return null;
	return delayMs(failure, tries, 2_000, 60_000, random);
}

/** A refusal that time alone may put right. */
export function isWorthWaiting({ kind, lasting }: Failure): boolean {
	return (kind === 'rateLimited' || kind === 'notReached') && lasting !== true;
}

/** How long (ms) EvoLink asks submits to stay away, where that is longer than anybody waits; else nothing. */
export function refusesForLongMs({ kind, retryAfterMs = 0 }: Failure): number | undefined {
	return kind === 'rateLimited' && retryAfterMs > LONGEST_RETRY_AFTER_MS ? retryAfterMs : undefined;
}

/** What is known beforehand of the task that is looked at. */
export interface LookedAt {
	/** EvoLink has answered for it before: what stands in the way now has not always stood there. */
	isKnown?: boolean;
	/** EvoLink is sure to have it, and may only be late to know it everywhere. */
	mayBeLate?: boolean;
}

/** Milliseconds until the next look after `failuresInARow` bad ones, or null when it is no use. */
export function lookRetryDelayMs(
	failure: Failure,
	failuresInARow: number,
	random: number,
	{ isKnown = false, mayBeLate = false }: LookedAt = {},
): number | null {
	if (failuresInARow >= LOOK_FAILURES_IN_A_ROW) return null;
	const isUnknownTask = failure.kind === 'taskNotFound' && failure.foreign !== true;
	if (isUnknownTask && !(mayBeLate && isOnlyNotFound(failure))) return null;
	if (isUnknownTask && failuresInARow >= NOT_FOUND_IN_A_ROW) return null;
	// Where nothing has ever come through, a page in EvoLink's place is more likely to stay.
	if (failure.foreign === true && !isKnown && failuresInARow >= FOREIGN_IN_A_ROW) return null;
	if (failure.lasting === true && !isKnown) return null;
	const isAgainst = isKnown && AGAINST_ITS_WORD.has(failure.kind);
	if (isAgainst && failuresInARow >= NOT_FOUND_IN_A_ROW) return null;
	const mayPass =
		PASSING_TROUBLE.has(failure.kind) ||
		(failure.foreign === true && !OF_THE_WAY.has(failure.kind)) ||
		failure.lasting === true ||
		isAgainst ||
		isUnknownTask;
	if (!mayPass) return null;
	return delayMs({ retryAfterMs: askedOfLooksMs(failure) }, failuresInARow, 3_000, 30_000, random);
}

/** Any other code of a 404 is a word on something else than the task. */
function isOnlyNotFound({ code = '404' }: Failure): boolean {
	return /^(404|(task_|resource_)?not_found)$/.test(code);
}

/** How long (ms) EvoLink asks looks to stay away, as far as that is kept to; 0 where it asks for nothing. */
export function askedOfLooksMs({ retryAfterMs = 0 }: Failure): number {
	return Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
}

/** Doubling with jitter, and never less than Retry-After asks for. */
function delayMs(
	{ retryAfterMs: asked = 0 }: Pick<Failure, 'retryAfterMs'>,
	tries: number,
	baseMs: number,
	capMs: number,
	random: number,
): number {
	const full = Math.min(capMs, baseMs * 2 ** (tries - 1));
	const own = full / 2 + (full / 2) * random;
	// A little more than asked for, so that several workflows do not return in the same instant.
	return asked === 0 ? own : Math.max(own, asked + random * 1_000);
}

/** Retry-After in milliseconds: seconds or an HTTP date, which is read against the answer's own Date. */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
	const value = headers['retry-after']?.trim();
	if (value === undefined || value === '') return undefined;
	if (/^\d{1,9}(\.\d{1,9})?$/.test(value)) return Number(value) * 1_000;
	const until = Date.parse(value);
	const from = Date.parse(headers.date ?? '');
	if (Number.isNaN(until) || Number.isNaN(from)) return undefined;
	return Math.max(0, until - from);
}
