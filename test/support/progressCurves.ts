/**
 * Simulated tasks for the schedule: what a look would be told at each moment, for tasks of 30 to 300 s.
 * Pure and seeded, so that every run sees the same tasks. They are made up: how EvoLink's progress really
 * moves is not documented, and no recording of it is at hand. `watchTask` counts looks and lost time of any pace.
 */
import type { Seen } from '../../nodes/WanVideo/generation/schedule';

/** What a look finds while the task runs. */
export interface Told {
	status: 'pending' | 'processing';
	/** Absent: EvoLink does not tell it. */
	progress?: number;
}

export interface SimulatedTask {
	kind: CurveKind;
	estimate: EstimateKind;
	totalMs: number;
	estimatedMs?: number;
	told(elapsedMs: number): Told;
}

export interface Watched {
	looks: number;
	/** From the end of the task to the look that finds it. */
	lostMs: number;
	gapsMs: number[];
}

/** Milliseconds until the next look. */
export type Pace = (seen: Seen) => number;

type Random = () => number;
const MOST_LOOKS = 10_000;
/** Progress (not yet rounded) at a share (0 to 1) of the task's time; undefined: none is told. */
type Curve = (share: number) => number | undefined;

/** Curves that a service may well show. A maker is called once per task, so each task has its own chances. */
const REAL_LOOKING = {
	linear: () => (share: number) => share * 100,
	'in steps of 5': () => (share: number) => Math.floor(share * 20) * 5,
	'milestones 10, 50, 90': (random: Random) => {
		const [first, second, third] = [0.02, 0.3, 0.7].map((at) => at + random() * 0.2);
		return (share: number) => (share < first ? 0 : share < second ? 10 : share < third ? 50 : 90);
	},
	sigmoid: () => (share: number) => 100 / (1 + Math.exp(-10 * (share - 0.5))),
	'fast, then slow': () => (share: number) => 100 * Math.sqrt(share),
	'slow, then fast': () => (share: number) => 100 * share * share,
	'queued, then linear': (random: Random) => {
		const begins = 0.1 + random() * 0.6;
		return (share: number) => Math.max(0, (share - begins) / (1 - begins)) * 100;
	},
	'linear with noise': (random: Random) => {
		// Its own waves: the same moment always tells the same.
		const [phase, second] = [random() * 6, random() * 6];
		return (share: number) =>
			share * 100 + 4 * Math.sin(31 * share + phase) + 3 * Math.sin(83 * share + second);
	},
	'creeping up to 95': (random: Random) => {
		const steep = 2 + random() * 2;
		return (share: number) => 95 * (1 - Math.exp(-steep * share));
	},
} satisfies Record<string, (random: Random) => Curve>;

/** Curves that mislead or say nothing. */
const HOSTILE = {
	'stuck at 30': () => (share: number) => Math.min(30, share * 100),
	'99 early, back to 20': (random: Random) => {
		const [lies, truth] = [0.05 + random() * 0.1, 0.25 + random() * 0.15];
		return (share: number) =>
			share < lies ? 0 : share < truth ? 99 : 20 + 80 * Math.max(0, (share - truth) / (1 - truth));
	},
	'always 0': () => () => 0,
	'always 100': () => () => 100,
	missing: () => () => undefined,
} satisfies Record<string, (random: Random) => Curve>;

const CURVES = { ...REAL_LOOKING, ...HOSTILE };
export type CurveKind = keyof typeof CURVES;
export const REAL_LOOKING_KINDS = keysOf(REAL_LOOKING);
export const CURVE_KINDS = keysOf(CURVES);

/** EvoLink's estimate as a share of the real length. */
const ESTIMATES = { none: undefined, half: 0.5, right: 1, double: 2 };
export type EstimateKind = keyof typeof ESTIMATES;
export const ESTIMATE_KINDS = keysOf(ESTIMATES);

export const SHORTEST_MS = 30_000;
export const LONGEST_MS = 300_000;

/** Tasks of each kind of curve and estimate; all classes have the same lengths. */
export function taskFamily(perClass = 60, seed = 27): SimulatedTask[] {
	return CURVE_KINDS.flatMap((kind) =>
		ESTIMATE_KINDS.flatMap((estimate) => {
			const random = seeded(seed);
			return Array.from({ length: perClass }, (_, index) => {
				// Spread evenly, each at an odd place of its own stretch, so that nothing falls on a grid.
				const share = (index + random()) / perClass;
				const totalMs = Math.round(SHORTEST_MS + share * (LONGEST_MS - SHORTEST_MS));
				return simulatedTask(kind, estimate, totalMs, random);
			});
		}),
	);
}

/** One task; `random` decides what its kind leaves open. */
export function simulatedTask(
	kind: CurveKind,
	estimate: EstimateKind,
	totalMs: number,
	random: Random = seeded(1),
): SimulatedTask {
	const curve: Curve = CURVES[kind](random);
	const factor = ESTIMATES[estimate];
	return {
		kind,
		estimate,
		totalMs,
		...(factor !== undefined && { estimatedMs: Math.round((totalMs * factor) / 1000) * 1000 }),
		told(elapsedMs) {
			const exact = curve(elapsedMs / totalMs);
			if (exact === undefined) return { status: 'processing' };
			// A task at work says 99 at most, unless it is its kind to lie.
			const top = kind === 'always 100' ? 100 : 99;
			const progress = Math.max(0, Math.min(top, Math.floor(exact)));
			return { status: exact === 0 ? 'pending' : 'processing', progress };
		},
	};
}

/** Walks a pace through a task as the wait does, until a look finds it ended. */
export function watchTask(task: SimulatedTask, pace: Pace): Watched {
	const gapsMs: number[] = [];
	let elapsedMs = 0;
	let seen: Omit<Seen, 'elapsedMs' | 'looks'> = {
		...(task.estimatedMs !== undefined && { estimatedMs: task.estimatedMs }),
	};
	for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
		const gapMs = pace({ ...seen, elapsedMs, looks });
		gapsMs.push(gapMs);
		elapsedMs += gapMs;
		if (elapsedMs >= task.totalMs)
			return { looks: looks + 1, lostMs: elapsedMs - task.totalMs, gapsMs };
		const { progress } = task.told(elapsedMs);
		if (progress !== undefined && progress !== seen.progress)
			seen = { ...seen, progress, progressAtMs: elapsedMs };
		if (progress === undefined || progress === 0) seen = { ...seen, idleUntilMs: elapsedMs };
	}
	throw new Error('It never looks again.');
}

/** A fixed pace, as the loops that users build have it. */
export const fixedPace =
	(ms: number): Pace =>
	() =>
		ms;

/** Numbers in [0, 1) that repeat with the seed (mulberry32, public domain). */
export function seeded(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

function keysOf<T extends object>(table: T): Array<keyof T> {
	return Object.keys(table) as Array<keyof T>;
}
