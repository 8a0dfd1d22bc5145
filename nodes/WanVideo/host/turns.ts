/** Turns of n8n's event loop: whoever works for long in it lets everybody else in now and then. */
import { sleep } from 'n8n-workflow';

import { clock } from './clock';

const LONGEST_TURN_MS = 5;

/** To be asked between small pieces of work; it waits when this turn has lasted a while. */
export function turns(): () => Promise<void> {
	let begunAt = clock.elapsed();
	return async () => {
		if (clock.elapsed() - begunAt <= LONGEST_TURN_MS) return;
		await sleep(0);
		begunAt = clock.elapsed();
	};
}
