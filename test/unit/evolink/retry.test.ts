/** The two policies by their exact series of delays: a submit is repeated rarely and never after a possible charge, a look often. */
import { CATALOGUE, type FailureKind } from '../../../nodes/WanVideo/evolink/catalogue';
import type { Failure } from '../../../nodes/WanVideo/evolink/failure';
import {
	askedOfLooksMs,
	isWorthWaiting,
	type LookedAt,
	lookRetryDelayMs,
	refusesForLongMs,
	retryAfterMs,
	submitRetryDelayMs,
} from '../../../nodes/WanVideo/evolink/retry';
import { aFailure } from '../../support/builders';

type Policy = (failure: Failure, tries: number, random: number) => number | null;

/** All delays until the policy gives up. */
function series(policy: Policy, failure: Failure, random: number): number[] {
	const delays: number[] = [];
	for (let tries = 1; tries < 100; tries += 1) {
		const delayMs = policy(failure, tries, random);
		if (delayMs === null) return delays;
		delays.push(delayMs);
	}
	throw new Error('It never gives up.');
}

const kinds = Object.keys(CATALOGUE) as FailureKind[];
const limited = aFailure({ kind: 'rateLimited' });

describe('a submit', () => {
	it.each([
		[0, [1000, 2000, 4000, 8000, 16000]],
		[0.5, [1500, 3000, 6000, 12000, 24000]],
	])('after 429 is sent again five times, with random %d after %j ms', (random, delays) => {
		expect(series(submitRetryDelayMs, limited, random)).toEqual(delays);
		expect(series(submitRetryDelayMs, aFailure({ kind: 'notReached' }), random)).toEqual(delays);
	});

	it('never comes before Retry-After, and no sooner than by its own growing waits', () => {
		const failure = aFailure({ kind: 'rateLimited', retryAfterMs: 7000 });
		expect(series(submitRetryDelayMs, failure, 0)).toEqual([7000, 7000, 7000, 8000, 16000]);
		expect(submitRetryDelayMs(failure, 1, 0.999)).toBeCloseTo(7999);
	});

	it('does not wait for a Retry-After of more than five minutes', () => {
		const at = (ms: number) =>
			submitRetryDelayMs(aFailure({ kind: 'rateLimited', retryAfterMs: ms }), 1, 0);
		expect([at(300_000), at(300_001)]).toEqual([300_000, null]);
	});

	it('is not repeated where what keeps it from leaving stays', () => {
		const failure = aFailure({ kind: 'notReached', lasting: true });
		expect(isWorthWaiting(failure)).toBe(false);
		expect(submitRetryDelayMs(failure, 1, 0)).toBeNull();
	});

	it.each([
		['rateLimited', 300_000, undefined],
		['rateLimited', 300_001, 300_001],
		['rateLimited', undefined, undefined],
		['serviceTrouble', 300_001, undefined],
	] as const)('turned away by %s for %s ms keeps others away for %s', (kind, asked, away) => {
		const failure = aFailure({ kind, ...(asked !== undefined && { retryAfterMs: asked }) });
		expect(refusesForLongMs(failure)).toBe(away);
	});

	it('is repeated after no other kind of failure', () => {
		const repeated = kinds.filter(
			(kind) => submitRetryDelayMs(aFailure({ kind }), 1, 0.5) !== null,
		);
		expect(repeated.sort()).toEqual(['notReached', 'rateLimited']);
	});

	it.each(['yes', 'unknown'] as const)(
		'is never repeated when charged is %s, whatever the kind',
		(charged) => {
			const repeated = kinds.filter(
				(kind) =>
					submitRetryDelayMs(aFailure({ kind, charged, retryAfterMs: 1000 }), 1, 0.5) !== null,
			);
			expect(repeated).toEqual([]);
		},
	);
});

describe('a look', () => {
	const passing: FailureKind[] = [
		'nodeTrouble',
		...(['notReached', 'rateLimited', 'replyLost'] as const),
		...(['serviceTrouble', 'unreadableAnswer'] as const),
	];

	it.each(passing)('forgives %s eleven times in a row, doubling to half a minute', (kind) => {
		expect(series(lookRetryDelayMs, aFailure({ kind }), 0)).toEqual([
			...[1500, 3000, 6000, 12000, 15000, 15000],
			...[15000, 15000, 15000, 15000, 15000],
		]);
	});

	it('forgives whatever was charged, as it costs nothing', () => {
		for (const charged of ['no', 'yes', 'unknown'] as const)
			expect(lookRetryDelayMs(aFailure({ kind: 'replyLost', charged }), 1, 0)).toBe(1500);
	});

	it('forgives nothing else: what stays as it is is told at once', () => {
		const forgiven = kinds.filter((kind) => lookRetryDelayMs(aFailure({ kind }), 1, 0) !== null);
		expect(forgiven.sort()).toEqual([...passing].sort());
	});

	/** How many looks in a row may fail so, the last one told. */
	const patience = (failure: Failure, known: LookedAt): number =>
		series((one, tries, random) => lookRetryDelayMs(one, tries, random, known), failure, 0).length +
		1;
	const known = { isKnown: true };
	const late = { mayBeLate: true };

	it.each<[string, Failure, LookedAt, number]>([
		['a task that nobody knows', aFailure({ kind: 'taskNotFound' }), {}, 1],
		['the same of a known one', aFailure({ kind: 'taskNotFound' }), known, 1],
		['a task that may be late', aFailure({ kind: 'taskNotFound' }), late, 7],
		['the same by its code', aFailure({ kind: 'taskNotFound', code: 'task_not_found' }), late, 7],
		[
			'the same by another',
			aFailure({ kind: 'taskNotFound', code: 'resource_not_found' }),
			late,
			7,
		],
		['the same by a short one', aFailure({ kind: 'taskNotFound', code: 'not_found' }), late, 7],
		['the same by a number', aFailure({ kind: 'taskNotFound', code: '404' }), late, 7],
		[
			'a word on something else',
			aFailure({ kind: 'taskNotFound', code: 'key_not_found' }),
			late,
			1,
		],
		['a longer word', aFailure({ kind: 'taskNotFound', code: 'not_found_here' }), late, 1],
		['a page that says 404', aFailure({ kind: 'taskNotFound', foreign: true }), {}, 4],
		[
			'a page that says 404 of a late one',
			aFailure({ kind: 'taskNotFound', foreign: true }),
			late,
			4,
		],
		['a page after good looks', aFailure({ kind: 'taskNotFound', foreign: true }), known, 12],
		['a page that says 403', aFailure({ kind: 'gatewayAnswer', foreign: true }), {}, 4],
		['the same after good looks', aFailure({ kind: 'gatewayAnswer', foreign: true }), known, 12],
		["the gateway's own 403", aFailure({ kind: 'gatewayAnswer' }), known, 1],
		['a proxy that wants a name', aFailure({ kind: 'proxyRefused', foreign: true }), known, 1],
		['a body too large', aFailure({ kind: 'requestTooLarge', foreign: true }), known, 1],
		['a certificate', aFailure({ kind: 'certificateRefused', lasting: true }), {}, 1],
		[
			'the same after good looks',
			aFailure({ kind: 'certificateRefused', lasting: true }),
			known,
			12,
		],
		['a certificate that is new', aFailure({ kind: 'certificateRefused' }), known, 1],
		['no credits, at first', aFailure({ kind: 'outOfCredits' }), {}, 1],
		['no credits, against its word', aFailure({ kind: 'outOfCredits' }), known, 7],
		['not told, against its word', aFailure({ kind: 'taskNotTold' }), known, 7],
		['a refused key', aFailure({ kind: 'unauthorized' }), known, 1],
	])('has this much patience with %s', (_what, failure, how, looks) => {
		expect(patience(failure, how)).toBe(looks);
	});

	it('waits as long as it is asked to, and never more than five minutes', () => {
		const asked = (ms: number) => aFailure({ kind: 'rateLimited', retryAfterMs: ms });
		expect([0, 299_000, 301_000].map((ms) => askedOfLooksMs(asked(ms)))).toEqual([
			0, 299_000, 300_000,
		]);
		expect(lookRetryDelayMs(asked(90_000), 1, 0)).toBe(90_000);
		expect(lookRetryDelayMs(asked(3_600_000), 1, 0)).toBe(300_000);
	});

	it('does not use up its patience in an instant when Retry-After is 0', () => {
		const failure = aFailure({ kind: 'rateLimited', retryAfterMs: 0 });
		const total = series(lookRetryDelayMs, failure, 0).reduce((sum, ms) => sum + ms, 0);
		expect(total).toBeGreaterThan(60_000);
	});
});

describe('Retry-After', () => {
	const date = 'Sun, 22 Nov 2026 12:00:00 GMT';

	it.each([
		['seconds', { 'retry-after': '7' }, 7000],
		['spaces around', { 'retry-after': ' 7 ' }, 7000],
		['several figures', { 'retry-after': '120' }, 120_000],
		['fractions of a second', { 'retry-after': '1.25' }, 1250],
		['a number with a unit', { 'retry-after': '7s' }, undefined],
		['a number behind a word', { 'retry-after': 's7' }, undefined],
		['zero', { 'retry-after': '0' }, 0],
		[
			'a date against that of the answer',
			{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT', date },
			30_000,
		],
		['a date that is over', { 'retry-after': 'Sun, 22 Nov 2026 11:59:00 GMT', date }, 0],
		['a date without that of the answer', { 'retry-after': date }, undefined],
		['words', { 'retry-after': 'soon', date }, undefined],
		['nothing', {}, undefined],
		['an empty text', { 'retry-after': '' }, undefined],
	])('is read: %s', (_label, headers, expected) => {
		expect(retryAfterMs(headers)).toBe(expected);
	});
});
