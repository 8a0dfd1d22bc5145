// Sets up the same for all n8n versions under test at the same time: n8n starts on one core, and tests wait a lot.
import type { N8nInstall } from './n8nInstall';
import { prepared } from './prepared';

/**
 * Rows for `describe.each`: the version of each n8n under test, and, as soon as tests run, what `start` has made for it. Starts
 * all before the tests of a file and stops them behind, also those that have started when another one has not.
 */
export function sideBySide<World extends { stop(): Promise<void> }>(
	start: (install: N8nInstall) => Promise<World>,
): Array<[version: string, now: () => World, install: N8nInstall]> {
	const ready = new Map<N8nInstall, World>();
	beforeAll(async () => {
		const starts = prepared.installs.map(
			async (install) => void ready.set(install, await start(install)),
		);
		const ends = await Promise.allSettled(starts);
		for (const end of ends) if (end.status === 'rejected') throw end.reason;
	});
	afterAll(async () => {
		await Promise.all([...ready.values()].map(async (world) => await world.stop()));
	});
	return prepared.installs.map((install) => {
		const now = () => {
			const found = ready.get(install);
			if (found === undefined) throw new Error(`n8n ${install.version} has not started yet`);
			return found;
		};
		return [install.version, now, install];
	});
}
