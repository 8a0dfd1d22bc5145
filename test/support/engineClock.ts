// Stands in for the node's host/clock in engine tests (`jest.mock`): a virtual clock that each test installs.

import type { Clock } from '../../nodes/WanVideo/generation/ports';

let installed: Clock | undefined;

export function installClock(clock: Clock): void {
	installed = clock;
}

function current(): Clock {
	if (installed === undefined) throw new Error('This test installed no clock.');
	return installed;
}

export const clock: Clock = {
	now: () => current().now(),
	elapsed: () => current().elapsed(),
	random: () => current().random(),
	sleep: async (ms, stop) => await current().sleep(ms, stop),
};
