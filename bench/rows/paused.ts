// Many executions of a long task on one worker: waiting in memory against paused, by time wakes and by callbacks.

import { CONCURRENCY, type Judgement, type Queue, startQueue } from '../queue';
import type { Row, World } from '../row';
import { median, shown, times } from '../statistics';
import { oursWorkflow } from '../workflows/ours';

const GOALS = { time: 10, callback: 15 };
const MIB = 1024 ** 2;
/** By so much the peaks of two equal runs differ, as the largest part of a worker is what it needed to start. */
const MEMORY_SCATTER = 0.05;
/** An address that EvoLink cannot be given: n8n then wakes by time alone. */
const NOT_REACHABLE = 'http://n8n.example.com/';

interface Mode {
	seconds: number;
	/** The worker's memory in MiB: before, the median of samples, the peak. */
	before: number;
	usual: number;
	peak: number;
	judgement: Judgement;
	states: string;
	/** Callbacks that n8n answered at their first attempt, within EvoLink's 10 seconds. */
	callbacks: number;
}

async function runMode(
	queue: Queue,
	whileWaiting: 'pause' | 'keepRunning',
	count: number,
	{ say }: World,
	env = {},
): Promise<Mode> {
	const worker = queue.stack.worker(0);
	// A fresh process for each mode: memory that an earlier one left behind must not count.
	if (worker.isRunning()) await worker.kill();
	await worker.start(env);
	await worker.resetPeakRss();
	const before = worker.rss() / MIB;
	const samples: number[] = [];
	await queue.fire(oursWorkflow({ whileWaiting }), count);
	const { seconds, states } = await queue.allEnded(count, 2_400_000, () =>
		samples.push(worker.rss() / MIB),
	);
	const peak = worker.peakRss() / MIB;
	const judgement = await queue.judge();
	const words = Object.entries(states).map(([state, number]) => `${number} ${state}`);
	say(
		`${whileWaiting}: ${shown(seconds)} s, worker ${shown(before)} to ${shown(peak)} MiB, ${words.join(', ')}, ${JSON.stringify(judgement)}`,
	);
	return {
		seconds,
		before,
		usual: median(samples),
		peak,
		judgement,
		states: words.join(', '),
		callbacks: queue.sandbox
			.callbacks()
			.filter(({ attempt, status }) => attempt === 1 && status === 200).length,
	};
}

const isWhole = ({ judgement: { tasks, twice, videos } }: Mode, count: number): boolean =>
	tasks === count && twice === 0 && videos === count;

export const paused: Row = {
	name: 'paused',
	what: `200 executions of 60 s tasks on one worker with concurrency ${CONCURRENCY}, paused`,
	goal: `by time wakes ${GOALS.time} x, with callbacks ${GOALS.callback} x the throughput of waiting in memory; worker memory no higher`,
	mostMinutes: 40,
	async measure(world) {
		const count = world.quick ? 20 : 200;
		const taskSeconds = 60;
		const queue = await startQueue('paused', taskSeconds);
		try {
			const callback = await runMode(queue, 'pause', count, world);
			const time = await runMode(queue, 'pause', count, world, { WEBHOOK_URL: NOT_REACHABLE });
			const kept = await runMode(queue, 'keepRunning', count, world);
			const [byTime, byCallback] = [kept.seconds / time.seconds, kept.seconds / callback.seconds];
			const peak = Math.max(time.peak, callback.peak);
			const usual = Math.max(time.usual, callback.usual);
			const whole = [kept, time, callback].every((mode) => isWhole(mode, count));
			const met =
				byTime >= GOALS.time &&
				byCallback >= GOALS.callback &&
				peak <= kept.peak * (1 + MEMORY_SCATTER) &&
				whole;
			const line = (
				label: string,
				{ seconds, before, usual, peak: most, judgement, states, callbacks }: Mode,
			) =>
				`| ${label} | ${shown(seconds)} s | ${shown(before)} / ${shown(usual)} / ${shown(most)} MiB | ${states} | ${judgement.tasks} | ${judgement.twice} | ${judgement.videos} | ${callbacks} |`;
			return {
				ours: `by time ${times(byTime)} (${shown(time.seconds)} s), with callbacks ${times(byCallback)} (${shown(callback.seconds)} s); worker ${shown(peak)} MiB at most, ${shown(usual)} MiB for most of the time`,
				others: `waiting in memory ${shown(kept.seconds)} s, worker ${shown(kept.peak)} MiB at most, ${shown(kept.usual)} MiB for most of the time`,
				verdict: met ? 'met' : 'missed',
				note: [
					`n8n in queue mode (main, webhook process, one worker, Redis, PostgreSQL), ${count} executions started in one moment through the webhook process: webhook, Wan Video with one item. From the first execution's start to the last one's end, by n8n's own clock in its database; each mode ran once, on a fresh worker. Ten database connections a process instead of n8n's two, for all modes alike: with two, n8n itself refuses part of such a burst of webhooks. In memory the limit is ${count} x ${taskSeconds} s / ${CONCURRENCY} = ${(count * taskSeconds) / CONCURRENCY} s. So the most that can be had is ${times((count * taskSeconds) / CONCURRENCY / 90)} by time (n8n wakes no execution that sleeps less than 90 s on time) and ${times(count / CONCURRENCY)} with callbacks. "No higher" is taken to within ${MEMORY_SCATTER * 100} %.`,
					[
						'| Mode | Time | Worker memory before / median / peak | Executions | Tasks | Twice | Own video | Callbacks answered in time |',
						'| --- | --- | --- | --- | --- | --- | --- | --- |',
						line('in memory', kept),
						line('paused, by time', time),
						line('paused, with callbacks', callback),
					].join('\n'),
					`Otherwise: waiting in memory is what the built-in nodes do. "Own video": the execution ended with the file of the one task that was made for its item.`,
				].join('\n\n'),
				panels: [
					{
						title: `${count} executions of ${taskSeconds} s tasks on one worker`,
						unit: 's',
						bars: [
							{ label: 'paused, callbacks', value: callback.seconds, side: 'ours' },
							{ label: 'paused, by time', value: time.seconds, side: 'ours' },
							{ label: 'waiting in memory', value: kept.seconds, side: 'others' },
						],
					},
					{
						title: 'Most memory of the worker meanwhile',
						unit: 'MiB',
						bars: [
							{ label: 'paused, callbacks', value: callback.peak, side: 'ours' },
							{ label: 'paused, by time', value: time.peak, side: 'ours' },
							{ label: 'waiting in memory', value: kept.peak, side: 'others' },
						],
					},
				],
			};
		} finally {
			await queue.stop();
		}
	},
};
