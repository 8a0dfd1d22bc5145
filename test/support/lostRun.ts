/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** An execution that n8n loses in the middle (kill -9), and what the user does about it: for engine tests. */
import { forgetJournals } from '../../nodes/WanVideo/host/newestJournal';
import { type EngineRun, processedValues, rerunLost, retryLost, takeLog } from './engine';
import { FIRST_FRAME, type World } from './engineWorld';

type Setup = Parameters<World['run']>[0];

/**
 * A run that n8n loses when the sandbox has got so many looks: of what it did later, the database knows nothing.
 * The run itself goes on to its end, as nobody can kill a part of a process; its submits are over by then.
 */
export async function lostAfter(
	world: World,
	looks: number,
	setup: Setup = {},
): Promise<EngineRun> {
	return await lostWhile(world, looks, world.start(setup).done);
}

/** The same of a run that has begun, e.g. a retry. */
export async function lostWhile(
	world: World,
	looks: number,
	running: Promise<EngineRun>,
): Promise<EngineRun> {
	let over = false;
	void running.finally(() => (over = true));
	const seen = () =>
		world.sandbox.requests().filter(({ path }) => /^\/v1\/tasks\//.test(path)).length;
	while (!over && seen() < looks) await new Promise(setImmediate);
	const left = processedValues.snapshot();
	const run = await running;
	processedValues.restore(left);
	forgetJournals();
	return run;
}

/**
 * A run whose process dies after so many of its calls to EvoLink and to n8n's database: nothing that it does later
 * reaches EvoLink, is kept, or is logged. Nothing where the run is over before. Faults that were planned are gone.
 */
export async function killedAfter(
	world: World,
	calls: number,
	running: { done: Promise<EngineRun> },
): Promise<{ lost: EngineRun; log: string[] } | undefined> {
	const { sandbox } = world;
	let over = false;
	void running.done.finally(() => (over = true));
	while (!over && sandbox.requests().length + processedValues.calls < calls)
		await new Promise(setImmediate);
	if (over) return undefined;
	const left = processedValues.snapshot();
	const log = takeLog();
	sandbox.clearFaults();
	for (const on of ['submit', 'look', 'media', 'upload', 'credits'] as const)
		sandbox.plan({ on, times: 0, fault: { kind: 'status', status: 401 } });
	const lost = await running.done;
	sandbox.clearFaults();
	processedValues.restore(left);
	forgetJournals();
	takeLog();
	return { lost, log };
}

/** The Retry button on it. */
export async function retryOf(
	world: World,
	lost: EngineRun,
	setup: Setup = {},
): Promise<EngineRun> {
	return await retryLost(lost, wholeOf(world, setup)).done;
}

/** n8n runs it again by itself under the same ID, as 1.x does when a worker died. */
export async function rerunOf(
	world: World,
	lost: EngineRun,
	setup: Setup = {},
): Promise<EngineRun> {
	return await rerunLost(lost, wholeOf(world, setup)).done;
}

function wholeOf({ sandbox }: World, setup: NonNullable<Setup>) {
	const credential = { apiKey: sandbox.key, baseUrl: sandbox.url };
	return { credential, ...setup, parameters: { ...FIRST_FRAME, ...setup.parameters } };
}
