/**
 * What earlier tasks of the same kind tell about one that runs: how its progress should go on, how far off
 * estimates were, how long they took. Pure; experience.ts keeps them. All times in milliseconds since the submit.
 */

/** What is known of a task that runs. */
export interface Facts {
	/** EvoLink's guess for the whole task. */
	estimatedMs?: number;
	/** 0 to 100, as last seen. */
	progress?: number;
	/** When this progress was first seen; without it progress counts as just seen. */
	progressAtMs?: number;
	/** The last look that found no progress yet: until then the task may have stood in a queue. */
	idleUntilMs?: number;
}

/** A task that was watched from its submit to its completion. */
export interface Ended {
	/** The last look that found it running, and the one that found it completed. */
	openMs: number;
	foundMs: number;
	estimatedMs?: number;
	/** Until then it had no progress. */
	idleUntilMs: number;
	/** Its progress as it grew, each with the time when it was first seen. */
	trail: ReadonlyArray<readonly [progress: number, atMs: number]>;
}

export interface Foretold {
	endMs: number;
	/** So much earlier or later is no surprise. */
	spreadMs: number;
}

export interface Foresight {
	best: Foretold;
	/** By the task's own progress: only this speaks of this very task. */
	own?: Foretold;
}

/** How far off one task alone may be: by progress, as a share of the rest; by estimate; by length. */
const GUESSED = { rest: 0.03, estimate: 0.04, length: 0.06 };
/** Of the whole time: progress is seen by looks that are seconds apart. */
const PROGRESS_BLUR = 0.01;
/** Tasks are a sample: the next one may be a little outside of all of them. */
const BEYOND_RANGE = 1.2;
/** From so many on the first and the last are left out. */
const MANY = 6;
/** Of the time between the two looks that an end lies between. */
const END_BLUR = 0.4;
/** What says otherwise than the task's own progress, by more than so many of its spreads, is about other tasks. */
const AGREES_WITHIN = 3;

/** When a task should end; nothing where there is no earlier one. */
export function foresee(seen: Facts, ended: readonly Ended[]): Foresight | undefined {
	const own = byProgress(seen, ended);
	const others = [byEstimate(seen, ended), byLength(ended)].filter((one) => one !== undefined);
	const agreeing = others.filter(
		({ endMs }) => own === undefined || Math.abs(endMs - own.endMs) <= AGREES_WITHIN * own.spreadMs,
	);
	const [first, ...rest] = own === undefined ? agreeing : [own, ...agreeing];
	if (first === undefined) return undefined;
	const best = rest.reduce((least, one) => (one.spreadMs < least.spreadMs ? one : least), first);
	return { best, ...(own && { own }) };
}

function byProgress(seen: Facts, ended: readonly Ended[]): Foretold | undefined {
	const { progress = 0, progressAtMs, idleUntilMs = 0 } = seen;
	if (progress <= 0 || progress >= 100 || progressAtMs === undefined) return undefined;
	const beganAtMs = Math.min(idleUntilMs, progressAtMs);
	const ends = ended.map((one) => {
		const workedMs = (whenAt(one, progress) ?? 0) - one.idleUntilMs;
		const share = workedMs <= 0 ? NaN : (progressAtMs - beganAtMs) / workedMs;
		return within(one, (atMs) => beganAtMs + (atMs - one.idleUntilMs) * share);
	});
	return gathered(
		ended,
		ends,
		(endMs) => GUESSED.rest * Math.max(0, endMs - progressAtMs) + PROGRESS_BLUR * endMs,
	);
}

function byEstimate({ estimatedMs }: Facts, ended: readonly Ended[]): Foretold | undefined {
	const ends = ended.map((one) =>
		// Where there is none it is NaN, as a share of nothing is.
		within(one, (atMs) => ((estimatedMs ?? NaN) * atMs) / (one.estimatedMs ?? NaN)),
	);
	return gathered(ended, ends, (endMs) => GUESSED.estimate * endMs);
}

function byLength(ended: readonly Ended[]): Foretold | undefined {
	const ends = ended.map((one) => within(one, (atMs) => atMs));
	return gathered(ended, ends, (endMs) => GUESSED.length * endMs);
}

/** Between two looks, so an earlier task tells no moment but a span. */
interface Span {
	fromMs: number;
	toMs: number;
}

function within({ openMs, foundMs }: Ended, told: (atMs: number) => number): Span {
	return { fromMs: told(openMs), toMs: told(foundMs) };
}

/** When a task had this progress; nothing beyond what was seen of it. */
function whenAt({ trail }: Ended, progress: number): number | undefined {
	const after = trail.findIndex(([reached]) => reached >= progress);
	if (after < 0) return undefined;
	const [high, highMs] = trail[after];
	if (high === progress) return highMs;
	if (after === 0) return undefined;
	const [low, lowMs] = trail[after - 1];
	return lowMs + ((highMs - lowMs) * (progress - low)) / (high - low);
}

/** What most of them tell, and how far they are apart; spans that are no numbers tell nothing. */
function gathered(
	ended: readonly Ended[],
	ends: readonly Span[],
	guessMs: (endMs: number) => number,
): Foretold | undefined {
	const told = ends.filter(({ fromMs, toMs }) => Number.isFinite(fromMs + toMs));
	if (told.length === 0) return undefined;
	const { endMs, rangeMs } = met(told) ?? scattered(told);
	// The more tasks, the less a guess counts.
	const spreadMs = (guessMs(endMs) + told.length * rangeMs * BEYOND_RANGE) / (told.length + 1);
	const blursMs = ended.map((one) => (one.foundMs - one.openMs) / 2);
	const blurMs = END_BLUR * middle(blursMs.sort((a, b) => a - b));
	return { endMs, spreadMs: Math.max(spreadMs, blurMs) };
}

interface Gathered {
	endMs: number;
	/** To both sides. */
	rangeMs: number;
}

/** Tasks of one length were looked at in different moments: what all spans share is narrower than any of them. */
function met(told: readonly Span[]): Gathered | undefined {
	const latestMs = inner(told.map(({ fromMs }) => fromMs)).mostMs;
	const soonestMs = inner(told.map(({ toMs }) => toMs)).leastMs;
	if (latestMs > soonestMs) return undefined;
	return { endMs: (latestMs + soonestMs) / 2, rangeMs: (soonestMs - latestMs) / 2 };
}

/** The middle one, and the range of all. */
function scattered(told: readonly Span[]): Gathered {
	const { leastMs, middleMs, mostMs } = inner(told.map(({ fromMs, toMs }) => (fromMs + toMs) / 2));
	return { endMs: middleMs, rangeMs: (mostMs - leastMs) / 2 };
}

/** Of many, without the first and the last, as one may be by chance. */
function inner(timesMs: readonly number[]): { leastMs: number; middleMs: number; mostMs: number } {
	const sorted = [...timesMs].sort((a, b) => a - b);
	const cut = sorted.length >= MANY ? 1 : 0;
	return {
		leastMs: sorted[cut],
		middleMs: middle(sorted),
		mostMs: sorted[sorted.length - 1 - cut],
	};
}

function middle(sorted: readonly number[]): number {
	const half = (sorted.length - 1) / 2;
	return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}
