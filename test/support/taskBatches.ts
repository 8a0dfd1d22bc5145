/**
 * Batches of simulated tasks: some at once, each watched by the node's schedule, which learns from those that ended
 * before. The curves are those of progressCurves.ts; every look takes a round trip, which counts as lost time too.
 */
import type { Ended } from '../../nodes/WanVideo/generation/earlier';
import { Experiences } from '../../nodes/WanVideo/generation/experience';
import { nextLookMs, type Seen } from '../../nodes/WanVideo/generation/schedule';
import {
	CURVE_KINDS,
	ESTIMATE_KINDS,
	LONGEST_MS,
	seeded,
	SHORTEST_MS,
	type SimulatedTask,
	simulatedTask,
} from './progressCurves';

export interface BatchWatched {
	task: SimulatedTask;
	/** From 0, in the order of the submits. */
	place: number;
	looks: number;
	/** From the end of the task to the answer that tells it. */
	lostMs: number;
}

export interface BatchPlan {
	atOnce: number;
	roundTripMs: number;
	/** Of the same kind and account, the last ones first. */
	before?: readonly Ended[];
	/** False: each task is watched as if it were alone. */
	learns?: boolean;
}

export const BATCH_SIZE = 20;

/** One batch for each length, kind of progress and kind of estimate; the lengths in it differ by up to `scatter`. */
export function batchFamily(perClass: number, scatter: number, seed = 27): SimulatedTask[][] {
	return CURVE_KINDS.flatMap((kind) =>
		ESTIMATE_KINDS.flatMap((estimate) => {
			const random = seeded(seed);
			return Array.from({ length: perClass }, (_, index) => {
				const share = (index + random()) / perClass;
				const typicalMs = SHORTEST_MS + share * (LONGEST_MS - SHORTEST_MS);
				return Array.from({ length: BATCH_SIZE }, () => {
					const totalMs = Math.round(typicalMs * (1 + scatter * (2 * random() - 1)));
					return simulatedTask(kind, estimate, totalMs, random);
				});
			});
		}),
	);
}

interface Live {
	task: SimulatedTask;
	place: number;
	submittedMs: number;
	seen: Omit<Seen, 'elapsedMs' | 'looks'>;
	looks: number;
	/** When the next answer comes. */
	answerMs: number;
	openMs: number;
	trail: Array<[number, number]>;
}

/** Walks through a batch as a run does; also gives what it has learnt. */
export function watchBatch(
	tasks: readonly SimulatedTask[],
	{ atOnce, roundTripMs, before = [], learns = true }: BatchPlan,
): { watched: BatchWatched[]; ended: readonly Ended[] } {
	const experience = new Experiences().at('account');
	for (const one of [...before].reverse()) experience.add('kind', one);
	const watched: BatchWatched[] = [];
	const live = new Set<Live>();
	let submitted = 0;

	function delayMs({ seen, looks, submittedMs }: Live, nowMs: number): number {
		const earlier = learns ? experience.of('kind') : [];
		const elapsedMs = nowMs - submittedMs;
		return nextLookMs({ ...seen, elapsedMs, looks, roundTripMs, earlier, atOnce });
	}

	function submit(nowMs: number): void {
		if (submitted === tasks.length) return;
		const task = tasks[submitted];
		const one: Live = {
			...{
				task,
				place: submitted,
				submittedMs: nowMs,
				looks: 0,
				answerMs: 0,
				openMs: 0,
				trail: [],
			},
			seen: { ...(task.estimatedMs !== undefined && { estimatedMs: task.estimatedMs }) },
		};
		one.answerMs = nowMs + delayMs(one, nowMs) + roundTripMs;
		submitted += 1;
		live.add(one);
	}

	function answered(one: Live): void {
		const { task, answerMs, submittedMs, place, openMs, trail } = one;
		const ageMs = answerMs - submittedMs;
		// What EvoLink tells was true half a round trip ago.
		const toldMs = ageMs - roundTripMs / 2;
		one.looks += 1;
		if (toldMs >= task.totalMs) {
			live.delete(one);
			watched.push({ task, place, looks: one.looks, lostMs: ageMs - task.totalMs });
			const { estimatedMs, idleUntilMs = 0 } = one.seen;
			experience.add('kind', {
				...{ openMs, foundMs: ageMs, idleUntilMs, trail },
				...(estimatedMs !== undefined && { estimatedMs }),
			});
			submit(answerMs);
			return;
		}
		one.openMs = ageMs;
		const { progress } = task.told(toldMs);
		if (progress !== undefined && progress !== one.seen.progress)
			one.seen = { ...one.seen, progress, progressAtMs: ageMs };
		if (!progress) one.seen = { ...one.seen, idleUntilMs: ageMs };
		else if (progress > (trail.at(-1)?.[0] ?? 0)) trail.push([progress, ageMs]);
		one.answerMs += delayMs(one, answerMs) + roundTripMs;
	}

	for (let first = 0; first < atOnce; first += 1) submit(first * 100);
	while (live.size > 0)
		answered([...live].reduce((next, one) => (one.answerMs < next.answerMs ? one : next)));
	return { watched, ended: experience.of('kind') };
}
