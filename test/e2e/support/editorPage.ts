// How a person treats a page that may be drawn anew at any moment: an action whose outcome does not show is done again.
import type { Locator } from 'playwright-core';
import { until } from './until';

export const byTestId = (id: string) => `[data-test-id="${id}"]`;

/** How long one try of an action may take before it is done again, in milliseconds. */
export const PATIENCE_OF_A_TRY_MS = 15_000;

/** Whether something comes true within the patience of one try. */
const comesTrue = async (isDone: () => Promise<boolean>): Promise<boolean> =>
	await until('an outcome', async () => (await isDone()) || undefined, {
		...{ timeoutMs: PATIENCE_OF_A_TRY_MS, everyMs: 50 },
	}).catch(() => false);

/**
 * Acts until the outcome is in sight. A page that is being drawn may lose a click, or have it before it listens. Looks first: what
 * is so already needs no action, and an action that only took long is not done a second time.
 */
export async function actUntil(
	what: string,
	act: () => Promise<void>,
	isDone: () => Promise<boolean>,
): Promise<void> {
	await until(what, async () => {
		if (await isDone()) return true;
		await act();
		return (await comesTrue(isDone)) || undefined;
	});
}

/** Clicks until the outcome is in sight. */
export const settledClick = async (
	target: Locator,
	isDone: () => Promise<boolean>,
): Promise<void> =>
	await actUntil(
		`a click on ${target.toString()} to be taken`,
		async () => await target.click({ timeout: PATIENCE_OF_A_TRY_MS }),
		isDone,
	);
