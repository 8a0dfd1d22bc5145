/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Random executions with faults, stops and retries (test/chaos), and what a built-in node does with the plainest of them.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { prepared } from '../../test/e2e/support/prepared';
import { openMiniMaxDoor } from '../miniMaxDoor';
import { startBench } from '../n8n';
import type { Row, World } from '../row';
import { numbered } from '../workflows/nodes';
import { builtInWorkflow } from '../workflows/others';
import { oursWorkflow } from '../workflows/ours';

const run = promisify(execFile);

interface Tally {
	stories: number;
	executions: number;
	stopped: number;
	submits: number;
	tasks: number;
	delivered: number;
	rescued: number;
	unknown: number;
}

interface Told {
	tally?: Tally;
	clean: boolean;
	/** Of jest, when it failed. */
	words: string;
}

/** Runs the random stories; every double charge, lost video or hang makes jest fail. */
async function tellStories({ quick, say }: World): Promise<Told> {
	const runs = quick ? 60 : 1000;
	say(`${runs} random executions`);
	const jest = join(prepared.projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
	const told = await run(process.execPath, [jest, 'test/chaos'], {
		cwd: prepared.projectRoot,
		env: { ...process.env, CHAOS_RUNS: String(runs), CHAOS_SEED: '1' },
		maxBuffer: 64 * 1024 * 1024,
	}).then(
		({ stdout }) => ({ clean: true, stdout, words: '' }),
		({ stdout, stderr }: { stdout?: string; stderr?: string }) => ({
			clean: false,
			stdout: stdout ?? '',
			words: (stderr ?? '').slice(-600),
		}),
	);
	const line = /^Chaos from seed \d+: (\{.*\})$/m.exec(told.stdout)?.[1];
	const { clean, words } = told;
	return { clean, words, ...(line !== undefined && { tally: JSON.parse(line) as Tally }) };
}

/** Paid submits for three items of which the first fails, under Retry On Fail and Continue On Fail. */
async function retried(): Promise<{ ours: number; builtIn: number }> {
	const settings = {
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 100,
		onError: 'continueRegularOutput',
	};
	const bench = await startBench('chaos', { taskSeconds: 0 });
	try {
		const { sandbox } = bench;
		const blocked = {
			kind: 'failTask',
			code: 'content_policy_violation',
			message: 'Blocked',
		} as const;
		sandbox.plan({ on: 'submit', fault: blocked });
		await bench.run(oursWorkflow({}, settings), numbered(3));
		const ours = sandbox.requests().filter(({ method }) => method === 'POST').length;
		const door = await openMiniMaxDoor({
			taskSeconds: 0,
			videoUrl: `${sandbox.url}/nothing.mp4`,
			failing: (submit) => submit % 3 === 1,
		});
		await bench.addCredential('minimaxApi', {
			apiKey: 'sk-bench',
			region: 'international',
			url: `${door.url}/v1`,
		});
		await bench.run(builtInWorkflow(settings), numbered(3));
		await door.close();
		return { ours, builtIn: door.submits() };
	} finally {
		await bench.stop();
	}
}

export const chaos: Row = {
	name: 'chaos',
	what: 'Randomised faults (429, 5xx, resets, lost replies, cut bodies, stops, retries), 1,000 executions',
	goal: '0 double charges, 0 lost videos, 0 hangs',
	async measure(world) {
		const { tally, clean, words } = await tellStories(world);
		const submits = await retried();
		const counts =
			tally === undefined
				? words
				: `${tally.stories} stories in ${tally.executions} executions: ${tally.submits} submits made ${tally.tasks} tasks; ${tally.delivered} videos came out, ${tally.rescued} more by their task ID after the trouble, ${tally.stopped} stories were stopped, ${tally.unknown} replies to a submit were lost (told as "may have been charged", never sent again).`;
		return {
			ours: clean
				? '0 double charges, 0 lost videos, 0 hangs'
				: 'some stories ended badly, see the note',
			others: `3 items, the first refused, Retry On Fail with 3 tries: built-in node ${submits.builtIn} paid submits, ours ${submits.ours}`,
			verdict: clean && tally !== undefined && submits.ours === 3 ? 'met' : 'missed',
			note: `n8n's engine on a virtual clock against the sandbox, from seed 1; after each story the sandbox's ledger and what the node told are compared. ${counts}\n\nThe comparison with the built-in node (MiniMax) ran in a real n8n server: it submits all items again in every try.`,
			panels: [
				{
					title: 'Paid submits for 3 items, one of them refused, under Retry On Fail',
					unit: '',
					goal: 3,
					bars: [
						{ label: 'Wan Video', value: submits.ours, side: 'ours' },
						{ label: 'built-in node', value: submits.builtIn, side: 'others' },
					],
				},
			],
		};
	},
};
