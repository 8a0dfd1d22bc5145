/**
 * When to look again: a pure function of what was seen so far. Few looks while the end is far off, the
 * next one just behind the expected end, slower and slower when a task is overdue. Where nothing
 * foretells the end it is the plain pace of 10 s. Earlier tasks of the same kind tell more than a task alone:
 * far from the end it is then looked at less, and around it several times. `npx tsx bench/schedule.ts` has the figures.
 */
import { type Ended, type Facts, foresee, type Foresight } from './earlier';

export interface Seen extends Facts {
	/** Since the wait began or the task was submitted, whichever is known. */
	elapsedMs: number;
	/** Looks that were answered so far. */
	looks: number;
	/** Tasks of the same kind that have ended. */
	earlier?: readonly Ended[];
	/** How long the last look took: EvoLink is not asked faster than it answers. */
	roundTripMs?: number;
	/** Tasks of this run that are looked at now, this one among them. */
	atOnce?: number;
}

const CLOSEST_MS = 3_000;
const FARTHEST_MS = 15_000;
/** Where the end is unknown: what the loops that users build have. */
const PLAIN_MS = 10_000;
/** Tasks that take longer than five minutes are looked at less often. */
const PLAIN_SHARE_OF_AGE = 1 / 30;
/** Below it, a percent more or less moves the expected end too far. */
const LEAST_PROGRESS = 5;
/** Of the time left: what is expected a little too late costs little, as the next look corrects it. */
const STEP_TOWARDS_END = 0.6;
/** This close to the end, one look just behind it is better than one before it and one long after it. */
const AIM_WITHIN_MS = 5_000;
const AIM_BEHIND_END_MS = 500;
/** Progress that was new at the look before this delay, give or take what the code between takes. */
const JUST_NOW_MS = 1_000;

/** Around an end that earlier tasks foretell; from answer to answer. */
const CLOSEST_FORETOLD_MS = 350;
const FARTHEST_FORETOLD_MS = 25_000;
/** All looks of a run together: one in so many milliseconds at the most. */
const MS_PER_TASK = 40;
/** Around a foretold end, looks are this share of its spread apart. */
const STEP_IN_SPREAD = 0.35;
/** Behind the end by so many spreads, and a little: the earlier tasks were others. */
const REFUTED_AFTER = 1.2;
const REFUTED_AFTER_MS = 1_500;
const AIM_BEHIND_FORETOLD_MS = 150;
/** Before the end by so many spreads nothing is missed. */
const NOTHING_BEFORE = 1.3;

/** Milliseconds until the next look: from 3,000 to 15,000 by the task alone, from 350 (the round trip in it) to 25,000 by earlier ones. */
export function nextLookMs(seen: Seen): number {
	const aloneMs = aloneLookMs(seen);
	const { looks, elapsedMs, earlier = [] } = seen;
	const foresight = looks === 0 ? undefined : foresee(seen, earlier);
	if (foresight === undefined) return aloneMs;
	const { endMs, spreadMs } = foresight.best;
	if (elapsedMs > endMs + REFUTED_AFTER * spreadMs + REFUTED_AFTER_MS) return aloneMs;
	const closestMs = closestForetoldMs(seen);
	const isSharp = spreadMs < closestMs;
	const leftMs = (isSharp ? endMs + AIM_BEHIND_FORETOLD_MS : endMs - spreadMs) - elapsedMs;
	// What a look is told comes a round trip after it is sent, as what all times here are reckoned by did.
	const aimedMs = Math.max(STEP_IN_SPREAD * spreadMs, leftMs) - (seen.roundTripMs ?? 0);
	const wantedMs = Math.max(closestMs, aimedMs);
	return Math.round(Math.min(wantedMs, farthestMs(foresight, elapsedMs, aloneMs)));
}

/** Other tasks bring looks closer together; only the task's own progress may put them further apart. */
function farthestMs({ own }: Foresight, elapsedMs: number, aloneMs: number): number {
	if (own === undefined) return aloneMs;
	const safeMs = own.endMs - NOTHING_BEFORE * own.spreadMs - elapsedMs;
	return Math.max(aloneMs, Math.min(FARTHEST_FORETOLD_MS, safeMs));
}

function closestForetoldMs({ roundTripMs = 0, atOnce = 1 }: Seen): number {
	const politeMs = Math.max(CLOSEST_FORETOLD_MS - roundTripMs, roundTripMs, MS_PER_TASK * atOnce);
	return Math.min(CLOSEST_MS, politeMs);
}

/** As if there had been no other task. */
function aloneLookMs(seen: Seen): number {
	const { elapsedMs, looks, estimatedMs } = seen;
	// The first look comes soon: what EvoLink turns down after the submit fails within seconds.
	if (looks === 0) return CLOSEST_MS;
	const plainMs = Math.max(PLAIN_MS, elapsedMs * PLAIN_SHARE_OF_AGE);
	const byProgressMs = progressEndMs(seen);
	const isMoving = elapsedMs - (seen.progressAtMs ?? elapsedMs) < JUST_NOW_MS;
	const delaysMs = [FARTHEST_MS];
	if (byProgressMs === undefined || !isMoving) delaysMs.push(plainMs);
	if (byProgressMs !== undefined) delaysMs.push(delayMs(byProgressMs - elapsedMs, plainMs));
	// A guess may be anything: it brings looks closer together, never further apart, and moving progress knows better.
	const isGuessOfUse = byProgressMs === undefined || (!isMoving && (estimatedMs ?? 0) > elapsedMs);
	if (estimatedMs !== undefined && isGuessOfUse)
		delaysMs.push(delayMs(estimatedMs - elapsedMs, plainMs));
	return clamp(Math.min(...delaysMs));
}

/** `elapsedMs` at which the task should be over, which may lie behind; nothing where that cannot be told. */
export function expectedEndMs(seen: Seen): number | undefined {
	const ends = [progressEndMs(seen), seen.estimatedMs].filter((end) => end !== undefined);
	return ends.find((end) => end > seen.elapsedMs) ?? ends[0];
}

/**
 * A straight line through the moving progress; at its ends (0, 100) it says nothing. Reckoned from
 * when it last moved, so that a progress that stands still puts the end no further off.
 */
function progressEndMs(seen: Seen): number | undefined {
	const { elapsedMs, progress, progressAtMs = elapsedMs, idleUntilMs = 0 } = seen;
	if (progress === undefined || progress < LEAST_PROGRESS || progress >= 100) return undefined;
	const beganAtMs = Math.min(idleUntilMs, progressAtMs);
	// Whole percents are rounded down: half a percent is missing on the average.
	return beganAtMs + ((progressAtMs - beganAtMs) * 100) / (progress + 0.5);
}

/** Until the next look, when the task should be over in `leftMs`. */
function delayMs(leftMs: number, plainMs: number): number {
	if (leftMs <= 0) return Math.min(plainMs, CLOSEST_MS - leftMs / 2);
	return leftMs <= AIM_WITHIN_MS ? leftMs + AIM_BEHIND_END_MS : leftMs * STEP_TOWARDS_END;
}

function clamp(ms: number): number {
	return Math.min(FARTHEST_MS, Math.max(CLOSEST_MS, Math.round(ms)));
}
