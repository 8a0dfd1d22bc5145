/** The callback that never came: a run that woke by time says so, as nobody would otherwise learn that it could wake sooner. */
import type { Job, Outcome } from '../generation/outcome';
import { RESULT_LINK_HOURS } from '../wan/resultLink';

/**
 * A hint when a task that was to wake the execution had ended before the time woke it. `wokenAt` is when the time did
 * (ms, wall clock), absent where a callback did: EvoLink calls within seconds, and the pause leaves half a minute for it.
 */
export function missedCallback(
	jobs: readonly Job[],
	outcomes: ReadonlyArray<Outcome<unknown>>,
	wokenAt: number | undefined,
): string[] {
	if (wokenAt === undefined) return [];
	const missed = jobs.find(({ wakeUrl }, index) => {
		const outcome = outcomes[index];
		if (wakeUrl === undefined || outcome.end !== 'completed') return false;
		// Seen as running after the wake, it would have called then.
		const { linkLivesUntil = Infinity } = outcome;
		return linkLivesUntil - RESULT_LINK_HOURS * 3_600_000 < wokenAt;
	});
	if (missed?.wakeUrl === undefined) return [];
	const { origin } = new URL(missed.wakeUrl);
	return [
		`EvoLink was to wake this execution at ${origin} when the video was ready, but no call arrived, so it woke by time and later than it could. Check n8n's environment variable WEBHOOK_URL: it must be the address under which n8n is reached from outside, and lead to n8n's '/webhook-waiting/'.`,
	];
}
