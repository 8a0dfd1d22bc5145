// What the engine adds for each item: instant tasks by our node, against HTTP Request nodes that make the same calls.

import { type Bench, startBench } from '../n8n';
import { processorMs } from '../processFigures';
import type { Row } from '../row';
import { median, shown, times } from '../statistics';
import { numbered } from '../workflows/nodes';
import { bareCallsWorkflow } from '../workflows/others';
import { oursWorkflow } from '../workflows/ours';
import type { Workflow } from '../../test/e2e/support/examples';

const GOAL = 2;
const ITEMS = 100;

interface Cost {
	/** Processor time of n8n for an item, in milliseconds. */
	processorMs: number;
	/** Time on the clock for an item, in milliseconds. */
	wallMs: number;
}

async function costOf(bench: Bench, workflow: Workflow): Promise<Cost> {
	const before = processorMs(bench.pid);
	const { ms } = await bench.run(workflow, numbered(ITEMS));
	return { processorMs: (processorMs(bench.pid) - before) / ITEMS, wallMs: ms / ITEMS };
}

/** Of the time on the clock our node sleeps this much: its first look comes so long after the last submit. */
function sleptMs({ sandbox }: Bench): number {
	const requests = sandbox.requests();
	const lastSubmit = requests.map(({ method }) => method).lastIndexOf('POST');
	const firstLook = requests.findIndex(({ path }) => path.startsWith('/v1/tasks/'));
	return Math.max(0, requests[firstLook].at - requests[Math.min(lastSubmit, firstLook)].at);
}

export const overhead: Row = {
	name: 'overhead',
	what: 'Engine overhead per item (100 items, instant tasks)',
	goal: `under ${GOAL} x bare HTTP Request nodes that make the same calls`,
	async measure({ quick, say }) {
		const rounds = quick ? 2 : 7;
		const bench = await startBench('overhead', { taskSeconds: 0 });
		try {
			const ours = oursWorkflow({ concurrency: 100, maxBilledSeconds: 1000 });
			const bare = bareCallsWorkflow(bench.sandbox.url);
			for (const workflow of [ours, bare, ours, bare]) await costOf(bench, workflow);
			const mine: Cost[] = [];
			const theirs: Cost[] = [];
			const slept: number[] = [];
			for (let round = 0; round < rounds; round += 1) {
				await bench.sandbox.reset();
				mine.push(await costOf(bench, ours));
				slept.push(sleptMs(bench) / ITEMS);
				theirs.push(await costOf(bench, bare));
				say(
					`processor ${shown(mine[round].processorMs)} ms against ${shown(theirs[round].processorMs)} ms, clock ${shown(mine[round].wallMs)} (${shown(slept[round])} asleep) against ${shown(theirs[round].wallMs)} ms`,
				);
			}
			const of = (costs: Cost[], field: keyof Cost) => median(costs.map((cost) => cost[field]));
			const [ourCpu, bareCpu] = [of(mine, 'processorMs'), of(theirs, 'processorMs')];
			const awake = median(mine.map(({ wallMs }, round) => wallMs - slept[round]));
			const bareWall = of(theirs, 'wallMs');
			return {
				ours: `${times(ourCpu / bareCpu)} (${shown(ourCpu)} ms of processor for an item); on the clock ${times(awake / bareWall)} (${shown(awake)} ms)`,
				others: `HTTP Request ${shown(bareCpu)} ms of processor, ${shown(bareWall)} ms on the clock`,
				verdict: ourCpu < GOAL * bareCpu && awake < GOAL * bareWall ? 'met' : 'missed',
				note: `Submit, look and download of ${ITEMS} tasks that are done at once, in one execution: processor time of the whole n8n process, and time on the clock without the seconds that our node sleeps before its first look by design (${shown(median(slept) * ITEMS)} ms a run). Medians of ${rounds} rounds, the two in turn. Our node had a concurrency of 100 and its check of materials off, as the bare calls have neither a limit nor a check.`,
				panels: [
					{
						title: 'Processor time of n8n for an item, instant tasks',
						unit: 'ms',
						goal: GOAL * bareCpu,
						bars: [
							{ label: 'Wan Video', value: ourCpu, side: 'ours' },
							{ label: 'HTTP Request x 3', value: bareCpu, side: 'others' },
						],
					},
				],
			};
		} finally {
			await bench.stop();
		}
	},
};
