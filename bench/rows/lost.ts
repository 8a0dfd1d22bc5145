// Time lost between the end of a task and its video being fetched, and the looks it takes: simulated over thousands of
// tasks, and checked with real waits in a real n8n.

import { type Sandbox, startSandbox } from '../../sandbox';
import { startBench } from '../n8n';
import type { Row } from '../row';
import {
	batchTable,
	measureBatches,
	measureSchedule,
	type ScheduleRow,
	scheduleTable,
} from '../schedule';
import { median, quantile, shown } from '../statistics';
import { numbered } from '../workflows/nodes';
import { allAtOnceWorkflow } from '../workflows/others';
import { oursWorkflow } from '../workflows/ours';

const GOAL = { share: 0.006, secondShare: 0.003, looks: 14 };
/** The row that is told: lengths that differ by up to 10 %, answers without delay. */
const TOLD_SCATTER = 0.1;

interface Live {
	medianShare: number;
	p90Seconds: number;
	looksPerTask: number;
}

/** What the sandbox saw of its tasks: from the end of each to the request for its video. */
function liveFigures(sandbox: Sandbox): Live {
	const requests = sandbox.requests();
	const tasks = sandbox.ledger().map(({ id, at, endedAt = NaN }) => {
		const fetched = requests.find(({ path }) => path.startsWith(`/media/${id}/`))?.at ?? NaN;
		const lostMs = fetched - endedAt;
		return { lostMs, share: lostMs / (endedAt - at) };
	});
	const looks = requests.filter(({ path }) => path.startsWith('/v1/tasks/')).length;
	return {
		medianShare: median(tasks.map(({ share }) => share)),
		p90Seconds: quantile(
			tasks.map(({ lostMs }) => lostMs / 1000),
			0.9,
		),
		looksPerTask: looks / tasks.length,
	};
}

const percent = (share: number): string => `${shown(share * 100)} %`;

const figure = ({ medianLost, looksPerTask }: ScheduleRow['schedule']): string =>
	`${percent(medianLost)} with ${shown(looksPerTask)} looks`;
const live = ({ medianShare, p90Seconds, looksPerTask }: Live): string =>
	`median ${percent(medianShare)}, nine of ten within ${shown(p90Seconds)} s, ${shown(looksPerTask)} looks a task`;

/** Tasks of random length in a real n8n: ours, and all at once by hand, side by side on a sandbox each. */
async function watchLive(quick: boolean): Promise<{ ours: Live; byHand: Live; seconds: string }> {
	const taskSeconds = quick ? { min: 10, max: 30 } : { min: 30, max: 300 };
	const bench = await startBench('lost', { taskSeconds });
	const other = await startSandbox({
		taskSeconds,
		video: 'sample',
		materials: 'trust',
		credits: 1_000_000,
		seed: 1,
	});
	try {
		const items = numbered(20);
		await Promise.all([
			bench.run(oursWorkflow(), items),
			bench.run(allAtOnceWorkflow(other.url, 10), items),
		]);
		const seconds = `${taskSeconds.min} to ${taskSeconds.max} s`;
		return { ours: liveFigures(bench.sandbox), byHand: liveFigures(other), seconds };
	} finally {
		await bench.stop();
		await other.close();
	}
}

export const lost: Row = {
	name: 'lost',
	what: 'Time lost between "completed" and the item leaving the node, tasks of 30 to 300 s',
	goal: `in batches: median under ${GOAL.share * 100} % of the task with at most ${GOAL.looks} looks, under ${GOAL.secondShare * 100} % in the second half; a task alone: no more requests than a fixed 10 s poll`,
	async measure({ quick, say }) {
		const figures = measureSchedule();
		const { schedule, fixed10s, fixed15s } = figures.realLooking;
		say(`simulated: ours ${figure(schedule)}, fixed 10 s ${figure(fixed10s)}`);
		const { ours, byHand, seconds } = await watchLive(quick);
		say(`in n8n: ours ${live(ours)}; by hand ${live(byHand)}`);
		const batches = measureBatches();
		const [told] = batches.filter((one) => one.scatter === TOLD_SCATTER && one.roundTripMs === 0);
		const met =
			schedule.looks <= fixed10s.looks &&
			batches.every(
				({ whole, second }) =>
					whole.medianLost < GOAL.share &&
					second.medianLost < GOAL.secondShare &&
					whole.looksPerTask <= GOAL.looks,
			);
		return {
			ours: `in batches of 20: ${figure(told.whole)}, second half ${figure(told.second)}; a task alone ${figure(schedule)}`,
			others: `fixed 10 s ${figure(fixed10s)}, fixed 15 s ${figure(fixed15s)}`,
			verdict: met ? 'met' : 'missed',
			note: [
				`${figures.realLooking.count} simulated tasks with real-looking progress, with and without an estimate that is right or wrong (\`bench/schedule.ts\`), the same for each pace. How EvoLink's progress really moves is not documented. Over all ${figures.all.count} tasks, those whose progress misleads or says nothing among them: ours ${figure(figures.all.schedule)}, fixed 10 s ${figure(figures.all.fixed10s)}.`,
				`In batches of 20 real-looking tasks, 5 at once, the node learns from the first ones that end. A round trip counts as lost time too, whatever the pace:\n\n\`\`\`\n${batchTable(batches)}\n\`\`\``,
				'Each task alone:',
				`\`\`\`\n${scheduleTable(figures)}\n\`\`\``,
				`In a real n8n, 20 tasks of ${seconds} in one execution, from the task's end to the request for its video; the sandbox gives the longest time as the estimate of all, and progress is linear: ours ${live(ours)}; by hand with a Wait of 10 s ${live(byHand)}. This check is of one run with an estimate that is too long for nearly all; whether the goal is met is decided by the simulation.`,
			].join('\n\n'),
			panels: [
				{
					title: 'Lost time, median share of the task',
					unit: '%',
					goal: GOAL.share * 100,
					bars: [
						{ label: 'Wan Video, second half', value: told.second.medianLost * 100, side: 'ours' },
						{ label: 'Wan Video, in batches', value: told.whole.medianLost * 100, side: 'ours' },
						{ label: 'Wan Video, one task', value: schedule.medianLost * 100, side: 'ours' },
						{ label: 'fixed 10 s', value: fixed10s.medianLost * 100, side: 'others' },
						{ label: 'fixed 15 s', value: fixed15s.medianLost * 100, side: 'others' },
					],
				},
				{
					title: 'Looks for a task',
					unit: '',
					goal: GOAL.looks,
					bars: [
						{ label: 'Wan Video, in batches', value: told.whole.looksPerTask, side: 'ours' },
						{ label: 'Wan Video, one task', value: schedule.looksPerTask, side: 'ours' },
						{ label: 'fixed 10 s', value: fixed10s.looksPerTask, side: 'others' },
						{ label: 'fixed 15 s', value: fixed15s.looksPerTask, side: 'others' },
					],
				},
			],
		};
	},
};
