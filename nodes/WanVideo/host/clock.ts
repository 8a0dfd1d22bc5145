/** Time in n8n, where timers of one's own are not allowed. */
import { sleep } from 'n8n-workflow';

import type { Clock } from '../generation/ports';

/** A Stop is noticed after this many milliseconds at the latest. n8n 1.x's sleep knows no signal. */
const SLICE_MS = 500;

export const clock: Clock = {
	now: () => Date.now(),
	elapsed: () => performance.now(),
	random: () => Math.random(),
	async sleep(ms, stop) {
		const until = performance.now() + ms;
		for (let left = ms; left > 0 && stop?.aborted !== true; left = until - performance.now()) {
			await sleep(Math.min(left, SLICE_MS));
		}
	},
};
