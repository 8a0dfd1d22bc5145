/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Waiting for something outside this process to come true, by looking again and again.

export const sleep = (ms: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Looks until `look` gives something other than undefined. A look that throws counts as "not yet".
 * Rejects after `timeoutMs`, naming what was waited for and the last thing that was thrown.
 */
export async function until<T>(
	what: string,
	look: () => Promise<T | undefined>,
	{ timeoutMs = 60_000, everyMs = 200 } = {},
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	let lastError = '';
	for (;;) {
		const seen = await look().then(
			(value) => ({ value, error: undefined }),
			(error: Error) => ({ value: undefined, error }),
		);
		if (seen.value !== undefined) return seen.value;
		if (seen.error instanceof GiveUp) throw seen.error;
		if (seen.error !== undefined) lastError = `: ${seen.error.message}`;
		if (Date.now() > deadline) {
			throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}${lastError}`);
		}
		await sleep(everyMs);
	}
}

/** Thrown by a look that knows that it will never come true. */
export class GiveUp extends Error {}
