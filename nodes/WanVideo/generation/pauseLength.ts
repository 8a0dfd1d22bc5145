/**
 * When a paused execution is to wake. A wake is a look at all open tasks, so it comes when they should
 * be over; it costs a worker a moment, so it is never soon.
 */
import type { Outcome } from './outcome';

/** Shorter pauses are not worth one: n8n looks for due executions once a minute (n8n 1.123 and 2.41, run in queue mode). */
export const SHORTEST_PAUSE_MS = 90_000;
/** What should be over within this time is waited for in memory, as n8n could not wake the execution in time. */
export const PATIENCE_MS = 30_000;
/** An estimate may be wrong, and the user wants the video. */
const LONGEST_PAUSE_MS = 600_000;
/** A callback wakes the execution earlier; the time is for the callback that never comes, and leaves room for a late one. */
const ROOM_FOR_CALLBACK = 1.25;
const LEAST_ROOM_FOR_CALLBACK_MS = 30_000;
/** So that a task that ends as expected is over at the wake. */
const MARGIN_MS = 3_000;

export interface PauseFacts {
	/** Pauses of this run so far. */
	pauses: number;
	/** Whether EvoLink was given an address by which it wakes the execution. */
	hasCallback: boolean;
}

/** What a run left for after a pause. */
export function openOf<File>(
	outcomes: ReadonlyArray<Outcome<File>>,
): Array<Extract<Outcome<File>, { end: 'open' }>> {
	return outcomes.flatMap((outcome) => (outcome.end === 'open' ? outcome : []));
}

/** Milliseconds until the wake, from 90,000 to 600,000. */
export function pauseMs(
	open: ReadonlyArray<{ taskId?: string; restMs?: number; leftMs?: number }>,
	{ pauses, hasCallback }: PauseFacts,
): number {
	const rests = open.flatMap(({ taskId, restMs }) =>
		taskId === undefined || restMs === undefined ? [] : restMs,
	);
	const isMoreToSubmit = open.some(({ taskId }) => taskId === undefined);
	// The item leaves with the last task; but while others wait to be submitted, the first one makes room.
	const wanted = isMoreToSubmit ? Math.min(...rests) : Math.max(...rests);
	// Where EvoLink tells nothing: later and later.
	const restMs = rests.length === 0 ? SHORTEST_PAUSE_MS * 1.25 ** pauses : wanted;
	const awakeMs = hasCallback
		? Math.max(SHORTEST_PAUSE_MS, restMs * ROOM_FOR_CALLBACK) + LEAST_ROOM_FOR_CALLBACK_MS
		: Math.max(SHORTEST_PAUSE_MS, restMs + MARGIN_MS);
	// Past a deadline nothing is waited for.
	const leftMs = Math.min(...open.map((task) => task.leftMs ?? Infinity));
	return Math.round(Math.min(LONGEST_PAUSE_MS, awakeMs, Math.max(SHORTEST_PAUSE_MS, leftMs)));
}
