/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Waiting for something outside this process to come true, by looking again and again.

export const sleep = (ms: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, ms));

/** For what takes seconds on a machine that has nothing else to do. */
const PATIENCE_MS = 120_000;

/**
 * Looks until `look` gives something other than undefined. A look that throws counts as "not yet".
 * Rejects after `timeoutMs`, naming what was waited for and the last thing that was thrown.
 */
export async function until<T>(
	what: string,
	look: () => Promise<T | undefined>,
	{ timeoutMs = PATIENCE_MS, everyMs = 200 } = {},
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

/** Asserts again and again until it holds; its own failure is the reason when it never does. */
export async function eventually(assert: () => Promise<void>): Promise<void> {
	await until('what is asserted', async () => {
		await assert();
		return true;
	}).catch(async () => await assert());
}

/** Thrown by a look that knows that it will never come true. */
export class GiveUp extends Error {}
