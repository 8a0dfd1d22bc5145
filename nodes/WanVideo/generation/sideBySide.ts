/** Several things at once, a limited number at a time, with their results in the order of the inputs. */

/**
 * Runs `one` for every input, started in order, at most `concurrency` at once. When one throws, no
 * further input is started, and the error is thrown after all that were under way have ended.
 * A result that `keepsItsPlace` leaves one less for the inputs to come; those that find no place have no result.
 */
export async function sideBySide<In, Out>(
	inputs: readonly In[],
	concurrency: number,
	one: (input: In) => Promise<Out>,
	keepsItsPlace: (result: Out) => boolean = () => false,
): Promise<Out[]> {
	const results: Out[] = [];
	let started = 0;
	async function lane(): Promise<void> {
		while (started < inputs.length) {
			const index = started;
			started += 1;
			let ended = false;
			try {
				results[index] = await one(inputs[index]);
				ended = true;
			} finally {
				if (!ended) started = inputs.length;
			}
			if (keepsItsPlace(results[index])) return;
		}
	}
	const lanes = await Promise.allSettled(
		Array.from({ length: Math.min(concurrency, inputs.length) }, lane),
	);
	for (const result of lanes) if (result.status === 'rejected') throw result.reason;
	return results;
}
