/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Memory that the download of a 500 MB video adds to n8n, where files go to disk (filesystem mode).

import { rmSync, statSync } from 'node:fs';

import type { Workflow } from '../../test/e2e/support/examples';
import { binaryFile } from '../../test/e2e/support/n8nInstall';
import { theVideo } from '../../test/e2e/support/runData';
import { serveBigVideo } from '../bigVideo';
import { openMiniMaxDoor } from '../miniMaxDoor';
import { type Bench, startBench } from '../n8n';
import { forgetPeak, peakBytes, residentBytes } from '../processFigures';
import type { Row } from '../row';
import { median, quantile, shown } from '../statistics';
import { numbered } from '../workflows/nodes';
import { builtInWorkflow, downloadWorkflow } from '../workflows/others';
import { oursWorkflow } from '../workflows/ours';

const MB = 1_000_000;
const GOAL_MB = 64;

/** Megabytes that one run adds to what n8n held just before it. The file goes away again. */
async function added(bench: Bench, workflow: Workflow, bytes: number): Promise<number> {
	forgetPeak(bench.pid);
	const before = residentBytes(bench.pid);
	const { execution } = await bench.run(workflow, numbered(1));
	const peak = peakBytes(bench.pid);
	const { binary } = theVideo(execution);
	const file = binaryFile(bench.userFolder, binary.id ?? '');
	if (statSync(file).size !== bytes) throw new Error(`${file} is not whole`);
	rmSync(file);
	return (peak - before) / MB;
}

export const memory: Row = {
	name: 'memory',
	what: 'Memory added by a 500 MB download (filesystem mode)',
	goal: `at most ${GOAL_MB} MB, and no more than HTTP Request adds`,
	async measure({ quick, say }) {
		const bytes = (quick ? 100 : 500) * MB;
		const rounds = quick ? 3 : 25;
		const video = await serveBigVideo(bytes);
		const bench = await startBench('memory', { taskSeconds: 0 });
		try {
			const to = `${video.url}/video.mp4`;
			bench.sandbox.plan({ on: 'media', times: 0, fault: { kind: 'redirectMedia', to } });
			const door = await openMiniMaxDoor({ taskSeconds: 0, videoUrl: to });
			await bench.addCredential('minimaxApi', {
				apiKey: 'sk-bench',
				region: 'international',
				url: `${door.url}/v1`,
			});
			const ours = oursWorkflow();
			const http = downloadWorkflow(to);
			// Code is compiled and buffers are made by the first runs.
			for (const workflow of [ours, http, ours, http]) await added(bench, workflow, bytes);
			const oursMb: number[] = [];
			const httpMb: number[] = [];
			for (let round = 0; round < rounds; round += 1) {
				oursMb.push(await added(bench, ours, bytes));
				httpMb.push(await added(bench, http, bytes));
				say(`Wan Video +${shown(oursMb[round])} MB, HTTP Request +${shown(httpMb[round])} MB`);
			}
			const builtInMb = await added(bench, builtInWorkflow(), bytes);
			await door.close();
			const [mine, theirs] = [median(oursMb), median(httpMb)];
			// What two runs of the same thing differ by.
			const scatter = quantile(httpMb, 0.75) - quantile(httpMb, 0.25);
			return {
				ours: `+${shown(mine)} MB`,
				others: `HTTP Request +${shown(theirs)} MB, built-in node +${shown(builtInMb)} MB`,
				verdict: mine <= GOAL_MB && mine <= theirs + scatter ? 'met' : 'missed',
				note: [
					`A valid MP4 of ${bytes / MB} MB. Peak of n8n's resident memory as the kernel keeps it, less what n8n held when the execution began; after a warm-up, ${rounds} rounds, the two in turn, medians. Ours ${oursMb.map(shown).join(', ')}; HTTP Request ${httpMb.map(shown).join(', ')}. "No more" is taken to within the scatter of HTTP Request's own runs (${shown(scatter)} MB between its quartiles).`,
					`Built-in: n8n's MiniMax node, which fetches the whole file into memory; once, at the end, as it leaves n8n with a larger heap.`,
				].join('\n\n'),
				panels: [
					{
						title: `Memory added by a download of ${bytes / MB} MB`,
						unit: 'MB',
						goal: GOAL_MB,
						bars: [
							{ label: 'Wan Video', value: mine, side: 'ours' },
							{ label: 'HTTP Request', value: theirs, side: 'others' },
							{ label: 'built-in node', value: builtInMb, side: 'others' },
						],
					},
				],
			};
		} finally {
			await bench.stop();
			await video.close();
		}
	},
};
