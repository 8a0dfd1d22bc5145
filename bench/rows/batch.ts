// A batch of equal tasks in one execution, against one task alone, and against what users put together by hand.

import { type Bench, startBench } from '../n8n';
import { openMiniMaxDoor } from '../miniMaxDoor';
import type { Row } from '../row';
import { median, shown, times } from '../statistics';
import { allAtOnceWorkflow, builtInWorkflow, loopWorkflow } from '../workflows/others';
import { numbered } from '../workflows/nodes';
import { oursWorkflow } from '../workflows/ours';

const GOAL = 1.3;
const WAIT_SECONDS = 10;

/** Where the built-in node fetches its video: a finished task of the sandbox. */
async function anyVideo({ sandbox }: Bench): Promise<string> {
	const task = sandbox.ledger().find(({ state }) => state === 'completed');
	const answer = await fetch(`${sandbox.url}/v1/tasks/${task?.id}`, {
		headers: { authorization: `Bearer ${sandbox.key}` },
	});
	const { results } = (await answer.json()) as { results: string[] };
	return results[0];
}

export const batch: Row = {
	name: 'batch',
	what: 'A batch of 20 equal tasks in one node',
	goal: `at most ${GOAL} x one task`,
	async measure({ quick, say }) {
		const taskSeconds = quick ? 5 : 14;
		const items = quick ? 4 : 20;
		const rounds = quick ? 1 : 3;
		const bench = await startBench('batch', { taskSeconds });
		try {
			await bench.run(oursWorkflow(), numbered(2));
			const one: number[] = [];
			const many: number[] = [];
			for (let round = 0; round < rounds; round += 1) {
				one.push((await bench.run(oursWorkflow(), numbered(1))).ms / 1000);
				many.push((await bench.run(oursWorkflow(), numbered(items))).ms / 1000);
				say(`one task ${shown(one[round])} s, ${items} tasks ${shown(many[round])} s`);
			}
			const door = await openMiniMaxDoor({ taskSeconds, videoUrl: await anyVideo(bench) });
			await bench.addCredential('minimaxApi', {
				apiKey: 'sk-bench',
				region: 'international',
				url: `${door.url}/v1`,
			});
			const { url } = bench.sandbox;
			// They sleep nearly all the time, so they do not disturb one another.
			const [loop, builtIn, atOnce] = await Promise.all(
				[
					loopWorkflow(url, WAIT_SECONDS),
					builtInWorkflow(),
					allAtOnceWorkflow(url, WAIT_SECONDS),
				].map(async (workflow) => (await bench.run(workflow, numbered(items))).ms / 1000),
			);
			await door.close();
			const single = median(one);
			const ours = median(many);
			const ratio = (seconds: number) => times(seconds / single);
			return {
				ours: `${ratio(ours)} (${shown(ours)} s; one task ${shown(single)} s)`,
				others: `Loop Over Items by hand ${ratio(loop)}, built-in node ${ratio(builtIn)}, by hand all at once ${ratio(atOnce)}`,
				verdict: ours / single <= GOAL ? 'met' : 'missed',
				note: [
					`${items} tasks of ${taskSeconds} s each. One task by our node is the measure for all; ours is the median of ${rounds} round${rounds === 1 ? '' : 's'}, the others ran once.`,
					`By hand: HTTP Request, Wait (${WAIT_SECONDS} s), HTTP Request, If, HTTP Request; once inside Loop Over Items, once for all items together. All at once comes close, but that workflow sends every submit in the same moment, knows no slow-down on 429 and no upper limit, loses the order of the items, and as n8n sets it up one failed request ends all.`,
					`Built-in: n8n's MiniMax node (looks every 15 s, one item after the other) against a stand-in for its API with tasks of the same length.`,
				].join('\n\n'),
				panels: [
					{
						title: `${items} tasks of ${taskSeconds} s in one execution`,
						unit: 's',
						goal: single * GOAL,
						bars: [
							{ label: 'one task', value: single, side: 'ours' },
							{ label: 'Wan Video', value: ours, side: 'ours' },
							{ label: 'by hand, all at once', value: atOnce, side: 'others' },
							{ label: 'by hand, Loop', value: loop, side: 'others' },
							{ label: 'built-in node', value: builtIn, side: 'others' },
						],
					},
				],
			};
		} finally {
			await bench.stop();
		}
	},
};
