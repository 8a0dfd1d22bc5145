// Crashes of the worker and of main while many executions are paused and while they wake, against a crash while they wait
// in memory.

import { until } from '../../test/e2e/support/until';
import { CONCURRENCY, type Queue, startQueue } from '../queue';
import type { Row, World } from '../row';
import { oursWorkflow } from '../workflows/ours';

const TASK_SECONDS = 60;
/** n8n gives up an execution of a dead worker after about two minutes. */
const GIVEN_UP_MS = 600_000;

interface Survivors {
	count: number;
	/** Executions that ended with their video by themselves. */
	alone: number;
	/** Those that did so after n8n's Retry button was pressed once for each that had failed. */
	withRetry: number;
	tasks: number;
	twice: number;
}

/** kill -9 of both, and both started again. */
async function crash({ stack }: Queue): Promise<void> {
	await Promise.all([stack.worker(0).kill(), stack.main.kill()]);
	await stack.main.start();
	await stack.worker(0).start();
}

async function fireAndCrash(
	queue: Queue,
	whileWaiting: 'pause' | 'keepRunning',
	count: number,
	crashes: () => Promise<void>,
	{ say }: World,
): Promise<Survivors> {
	await queue.fire(oursWorkflow({ whileWaiting }), count);
	await crashes();
	const { states } = await queue.allEnded(count, GIVEN_UP_MS);
	const { videos: alone } = await queue.judge();
	await queue.retryFailed();
	const { videos: withRetry, tasks, twice } = await queue.judge();
	const survivors = { count, alone, withRetry, tasks, twice };
	say(`${whileWaiting}: ${JSON.stringify(states)} ${JSON.stringify(survivors)}`);
	return survivors;
}

const share = (part: number, { count }: Survivors): number => (100 * part) / count;

const words = ({ count, alone, withRetry, twice }: Survivors): string =>
	`${alone} of ${count} end with their video by themselves, ${withRetry} after Retry; ${twice} tasks twice`;

export const killed: Row = {
	name: 'killed',
	what: '200 paused executions, worker and main killed (kill -9), while they sleep and while they wake',
	goal: 'all end with their video by themselves, no task is paid for twice',
	mostMinutes: 20,
	async measure(world) {
		const count = world.quick ? 20 : 200;
		const queue = await startQueue('killed', TASK_SECONDS);
		const { say } = world;
		try {
			const allAsleep = async () => {
				await until(
					`${count} executions to be paused`,
					async () => ((await queue.lot()).states.waiting === count ? true : undefined),
					{ timeoutMs: 120_000 },
				);
			};
			const asleep = await fireAndCrash(
				queue,
				'pause',
				count,
				async () => {
					await allAsleep();
					say(`${count} are paused: killing the worker and main`);
					await crash(queue);
				},
				world,
			);
			const waking = await fireAndCrash(
				queue,
				'pause',
				count,
				async () => {
					await allAsleep();
					await queue.allEnded(Math.floor(count / 4), GIVEN_UP_MS);
					say('they wake: killing the worker and main');
					await crash(queue);
				},
				world,
			);
			const kept = await fireAndCrash(
				queue,
				'keepRunning',
				2 * CONCURRENCY,
				async () => {
					await until(
						'the worker to be busy',
						async () =>
							await Promise.resolve(
								queue.sandbox.ledger().length >= CONCURRENCY ? true : undefined,
							),
					);
					say('waiting in memory: killing the worker and main');
					await crash(queue);
				},
				world,
			);
			const isWhole = ({ alone, tasks, twice }: Survivors) =>
				alone === count && tasks === count && twice === 0;
			const met = isWhole(asleep) && isWhole(waking);
			return {
				ours: `killed while asleep: ${words(asleep)}. Killed while they wake: ${words(waking)}`,
				others: `waiting in memory, one crash: ${words(kept)}`,
				verdict: met ? 'met' : 'missed',
				note: `Queue mode as above, one worker with concurrency ${CONCURRENCY}, ${TASK_SECONDS} s tasks. Both processes were killed at once: of ${count} executions when all were asleep, and of another ${count} when a quarter had ended and the others were about to wake. What n8n ${queue.stack.install.version} had woken when it was killed it calls crashed or failed; what sleeps is not touched. For each execution that ended so, n8n's Retry button was pressed once: a paused execution carries the journal with the task that is paid for, so Retry fetches its video. One that waited in memory has lost it with the process: only the task's ID in n8n's log brings the video (Task: Wait).`,
				panels: [
					{
						title: 'Executions that give their video after a crash, by themselves or by Retry',
						unit: '%',
						goal: 100,
						bars: [
							{ label: 'asleep', value: share(asleep.withRetry, asleep), side: 'ours' },
							{ label: 'while they wake', value: share(waking.withRetry, waking), side: 'ours' },
							{ label: 'in memory', value: share(kept.withRetry, kept), side: 'others' },
						],
					},
				],
			};
		} finally {
			await queue.stop();
		}
	},
};
