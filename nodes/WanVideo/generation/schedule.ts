/** When to look again: a pure function of what was seen so far. Early looks are rare, looks near the expected end are close together. */

export interface Seen {
	/** Since the wait began or the task was submitted, whichever is known. */
	elapsedMs: number;
	/** Looks that were answered so far. */
	looks: number;
	/** EvoLink's guess for the whole task. */
	estimatedMs?: number;
	/** 0 to 100, as last seen. */
	progress?: number;
	/** `elapsedMs` at which this progress was first seen; without it progress counts as just seen. */
	progressAtMs?: number;
}

const CLOSEST_MS = 3_000;
const FARTHEST_MS = 15_000;

/** Milliseconds until the next look, from 3,000 to 15,000. */
export function nextLookMs(seen: Seen): number {
	// The first look comes soon: what EvoLink turns down after the submit fails within seconds.
	if (seen.looks === 0) return CLOSEST_MS;
	const endMs = expectedEndMs(seen);
	if (endMs === undefined) return clamp(seen.elapsedMs / 8);
	const leftMs = endMs - seen.elapsedMs;
	// Half of what is left, so that an estimate that is a little long costs little. Overdue: slower and slower.
	return leftMs > 0 ? clamp(leftMs / 2) : clamp(-leftMs / 4);
}

/** Where progress moves it knows more than the estimate made at the submit; at its ends (0, 100) it says nothing. */
function expectedEndMs(seen: Seen): number | undefined {
	const { elapsedMs, estimatedMs, progress, progressAtMs = elapsedMs } = seen;
	// Reckoned from when it last moved: a progress that stands still puts the end no further off.
	if (progress !== undefined && progress >= 10 && progress < 100) {
		return (progressAtMs * 100) / progress;
	}
	return estimatedMs;
}

function clamp(ms: number): number {
	return Math.min(FARTHEST_MS, Math.max(CLOSEST_MS, Math.round(ms)));
}
