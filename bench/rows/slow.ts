// Gateways that take their time for a submit, or let only a few a minute through.

import { type Bench, startBench } from '../n8n';
import type { Row } from '../row';
import { openGateway, type SlowGateway } from '../slowGateway';
import { seconds, shown, times } from '../statistics';
import { numbered } from '../workflows/nodes';
import { allAtOnceWorkflow } from '../workflows/others';
import { oursWorkflow } from '../workflows/ours';

const SUBMIT_MS = 2000;
const WAIT_SECONDS = 10;

/** A real n8n whose credential points at a gateway that takes its time. */
async function behind(name: string, taskSeconds: number) {
	const bench = await startBench(name, { taskSeconds });
	const gateway = await openGateway(bench.sandbox.url, { delayMs: SUBMIT_MS });
	await bench.pointAt({ baseUrl: gateway.url });
	return { bench, gateway };
}

export const slow: Row = {
	name: 'slow',
	what: '20 tasks of 20 s where a submit takes 2 s',
	goal: 'at most 1.3 x one task',
	async measure({ quick, say }) {
		const taskSeconds = quick ? 10 : 20;
		const count = quick ? 6 : 20;
		const { bench, gateway } = await behind('slow', taskSeconds);
		try {
			await bench.run(oursWorkflow(), numbered(1));
			const one = (await bench.run(oursWorkflow(), numbered(1))).ms;
			const many = (await bench.run(oursWorkflow(), numbered(count))).ms;
			const by = allAtOnceWorkflow(gateway.url, WAIT_SECONDS);
			const byHand = (await bench.run(by, numbered(count))).ms;
			say(`one ${seconds(one)}, ${count} ${seconds(many)}, by hand all at once ${seconds(byHand)}`);
			return {
				ours: `${times(many / one)} (${seconds(many)}; one task ${seconds(one)})`,
				others: `by hand, all at once ${times(byHand / one)} (${seconds(byHand)})`,
				verdict: many / one <= 1.3 ? 'met' : 'missed',
				note: `${count} tasks of ${taskSeconds} s in one execution of a real n8n. By hand: HTTP Request, Wait (${WAIT_SECONDS} s), HTTP Request, If, HTTP Request; all submits in one moment, with no limit, no slow-down on 429 and no journal.`,
				panels: [
					{
						title: `${count} tasks of ${taskSeconds} s, a submit takes 2 s`,
						unit: 's',
						goal: (one * 1.3) / 1000,
						bars: [
							{ label: 'one task', value: one / 1000, side: 'ours' },
							{ label: 'Wan Video', value: many / 1000, side: 'ours' },
							{ label: 'by hand, all at once', value: byHand / 1000, side: 'others' },
						],
					},
				],
			};
		} finally {
			await bench.stop();
			await gateway.close();
		}
	},
};

export const many: Row = {
	name: 'many',
	what: '200 tasks of 60 s where a submit takes 2 s, 50 at once',
	goal: 'at most 1.15 x the least that 50 at once allows',
	async measure({ quick, say }) {
		const [taskSeconds, count, atOnce] = quick ? [10, 12, 6] : [60, 200, 50];
		const { bench, gateway } = await behind('many', taskSeconds);
		try {
			const leastMs = (count / atOnce) * (taskSeconds * 1000 + SUBMIT_MS);
			const flow = oursWorkflow({ concurrency: atOnce });
			// Like the others: without a video, as 200 copies of one would only be more of the same.
			const { ms } = await bench.run(flow, numbered(count));
			const tasks = bench.sandbox.ledger().length;
			say(`${seconds(ms)}, least ${seconds(leastMs)}, ${tasks} tasks`);
			const oneByOneMs = count * SUBMIT_MS + taskSeconds * 1000;
			return {
				ours: `${times(ms / leastMs)} (${seconds(ms)}; least ${seconds(leastMs)})`,
				others: `submits one after the other would take ${seconds(oneByOneMs)} at the least (${times(oneByOneMs / leastMs)})`,
				verdict: ms / leastMs <= 1.15 && tasks === count ? 'met' : 'missed',
				note: `${count} items in one execution of a real n8n, Tasks at Once ${atOnce}, one run. The least: ${count / atOnce} rounds of a submit and a task each. HTTP Request knows no number of tasks at once: it sends all ${count} submits in one moment, or waits between batches of them whatever becomes of the tasks. The other figure is reckoned, not measured.`,
				panels: [],
			};
		} finally {
			await bench.stop();
			await gateway.close();
		}
	},
};

const PER_MINUTE = 10;

/** One run through such a gateway, on a credential of its own. */
async function through(bench: Bench, tells: boolean, count: number) {
	const gateway: SlowGateway = await openGateway(bench.sandbox.url, {
		perMinute: PER_MINUTE,
		tells,
	});
	await bench.pointAt({ baseUrl: gateway.url });
	const running = bench.run(
		oursWorkflow({ concurrency: 50, timeout: 60 }),
		numbered(count),
		1_800_000,
	);
	return { gateway, running };
}

export const limited: Row = {
	name: 'limited',
	what: 'A gateway with 10 submits a minute (429 with and without Retry-After)',
	goal: 'all items made, at most 5 % more requests than needed, none into a known Retry-After',
	async measure({ quick, say }) {
		const count = quick ? 15 : 100;
		const bench = await startBench('limited', { taskSeconds: 20 });
		try {
			const lines: string[] = [];
			let isMet = true;
			const told = await through(bench, true, count);
			// The credential of a workflow is placed when it is stored, so the two go side by side.
			const untold = await through(bench, false, count);
			const other = await openGateway(bench.sandbox.url, { perMinute: PER_MINUTE, tells: true });
			const failed = await bench
				.run(allAtOnceWorkflow(other.url, WAIT_SECONDS), numbered(count))
				.then(
					() => false,
					() => true,
				);
			const { submits, refused } = other.figures();
			for (const [name, { gateway, running }] of [
				['with Retry-After', told],
				['without', untold],
			] as const) {
				const { ms, execution } = await running;
				const rows = execution.data.resultData.runData['Wan Video']?.at(-1)?.data?.main?.[0] ?? [];
				const figures = gateway.figures();
				const more = figures.submits / count - 1;
				isMet &&= rows.length === count && more <= 0.05 && figures.intoRest === 0;
				const line = `${name}: ${rows.length} of ${count} made, ${figures.submits} submits (${shown(more * 100)} % more), ${figures.intoRest} into a rest, ${seconds(ms)}`;
				say(line);
				lines.push(line);
				await gateway.close();
			}
			await other.close();
			return {
				ours: lines.join('; '),
				others: `by hand, all at once: ${submits} submits, ${refused} refused, ${failed ? 'the execution failed and lost sight of the tasks that were made' : 'it ended'}`,
				verdict: isMet ? 'met' : 'missed',
				note: `${count} tasks of 20 s, Tasks at Once 50, a window of a minute that slides, in a real n8n. What is needed: one submit an item. Fewer items make the share of refused ones larger, as the limit has to be found out once: at 40 items up to three. A refusal takes its way too: what was sent meanwhile is refused as well, so submits go as far apart as an answer took, 50 to 100 ms, and one after the other once one was refused.`,
				panels: [],
			};
		} finally {
			await bench.stop();
		}
	},
};
