/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A hundred clips of 5 MB to one video in n8n (filesystem mode), beside ffmpeg's own joining of the same files.

import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';

import { run } from '../../sandbox/programs';
import { binaryFile } from '../../test/e2e/support/n8nInstall';
import { itemsOf } from '../../test/e2e/support/runData';
import { serve } from '../localServer';
import { type Bench, nodeMs, startBench } from '../n8n';
import {
	endedChildrenMs,
	forgetPeak,
	peakBytes,
	processorMs,
	residentBytes,
} from '../processFigures';
import type { Row } from '../row';
import { median, shown, times } from '../statistics';
import { COPY, type Gate, JOIN, joinWorkflow } from '../workflows/join';
import { numbered } from '../workflows/nodes';

const MB = 1_000_000;
const GOAL_MB = 64;
const GOAL = 1.3;
const DIFFERENT = 4;
const CLIP_SECONDS = 5;

/** Clips as the model makes them, with noise for their 5 MB; `fast` has its index first. */
async function makeClips(folder: string): Promise<string[]> {
	const files: string[] = [];
	for (let i = 0; i < DIFFERENT; i += 1) {
		const file = pathOf(folder, `clip-${i}.mp4`);
		const picture = `testsrc2=s=1280x720:r=30:d=${CLIP_SECONDS},hue=h=${i * 80},noise=alls=30:allf=t`;
		await run('ffmpeg', [
			...['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', picture],
			...[
				'-f',
				'lavfi',
				'-i',
				`sine=frequency=${300 + i * 100}:sample_rate=48000:d=${CLIP_SECONDS}`,
			],
			...[
				'-c:v',
				'libx264',
				'-preset',
				'ultrafast',
				'-b:v',
				'8M',
				'-maxrate',
				'8M',
				'-bufsize',
				'8M',
			],
			...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2', '-b:a', '128k', file],
		]);
		files.push(file);
	}
	return files;
}

interface Took {
	seconds: number;
	processorSeconds: number;
}

/** ffmpeg writes the same film. */
async function byFfmpeg(folder: string, files: readonly string[], count: number): Promise<Took> {
	const list = pathOf(folder, 'list.txt');
	const lines = Array.from({ length: count }, (_, i) => `file '${files[i % files.length]}'`);
	writeFileSync(list, lines.join('\n'));
	const film = pathOf(folder, 'ffmpeg.mp4');
	const begun = performance.now();
	const before = endedChildrenMs();
	await run('ffmpeg', [
		...['-nostdin', '-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', list],
		...['-c', 'copy', '-movflags', '+faststart', film],
	]);
	const seconds = (performance.now() - begun) / 1000;
	const processorSeconds = (endedChildrenMs() - before) / 1000;
	rmSync(film);
	return { seconds, processorSeconds };
}

interface Joined extends Took {
	addedMb: number;
	bytes: number;
	/** The same bytes in one file, by n8n alone. */
	copied: Took;
}

/** What n8n's process was like when a branch began. */
interface Mark {
	processorMs: number;
	residentBytes: number;
	/** Most of it since the branch before. */
	peakBytes: number;
}

const said = ({ seconds, processorSeconds }: Took): string =>
	`${shown(seconds)} s (${shown(processorSeconds)} s)`;

export const join: Row = {
	name: 'join',
	what: 'Join 100 clips of 5 MB (filesystem mode)',
	goal: `at most ${GOAL} x ffmpeg's concat with -c copy and fast start; at most ${GOAL_MB} MB of memory added`,
	async measure({ quick, say }) {
		const count = quick ? 20 : 100;
		const rounds = quick ? 1 : 5;
		const folder = mkdtempSync(pathOf(tmpdir(), 'wan-bench-join-'));
		const files = await makeClips(folder);
		let bench: Bench | undefined;
		const marks = new Map<Gate, Mark>();
		const server = await serve((request, response) => {
			const number = /^\/(\d+)\.mp4$/.exec(request.url ?? '')?.[1];
			if (number !== undefined) {
				const file = files[Number(number) % files.length];
				response.writeHead(200, {
					'content-type': 'video/mp4',
					'content-length': statSync(file).size,
				});
				createReadStream(file).pipe(response);
				return;
			}
			if (bench !== undefined) {
				const { pid } = bench;
				const mark = {
					processorMs: processorMs(pid),
					residentBytes: residentBytes(pid),
					peakBytes: peakBytes(pid),
				};
				marks.set(request.url?.split('/').at(-1) as Gate, mark);
				forgetPeak(pid);
			}
			response.end('{}');
		});
		try {
			bench = await startBench('join', { taskSeconds: 0 }, { withCopy: true });
			const { userFolder } = bench;
			const workflow = joinWorkflow(server.url, `${server.url}/gate`);
			const once = async (): Promise<Joined> => {
				const { execution } = await (bench as Bench).run(workflow, numbered(count));
				const [item] = itemsOf(execution, JOIN);
				const [clips, joined, copied] = (['clips', 'joined', 'copied'] as const).map(
					(gate) => marks.get(gate) as Mark,
				);
				if (item.json.clips !== count) throw new Error(`joined ${String(item.json.clips)} clips`);
				const file = binaryFile(userFolder, item.binary?.data.id ?? '');
				const bytes = statSync(file).size;
				for (const { binary } of [
					item,
					...itemsOf(execution, 'Clips'),
					...itemsOf(execution, COPY),
				])
					rmSync(binaryFile(userFolder, binary?.data.id ?? ''));
				const took = (name: string, from: Mark, to: Mark): Took => ({
					seconds: nodeMs(execution, name) / 1000,
					processorSeconds: (to.processorMs - from.processorMs) / 1000,
				});
				return {
					...took(JOIN, clips, joined),
					addedMb: (joined.peakBytes - clips.residentBytes) / MB,
					bytes,
					copied: took(COPY, joined, copied),
				};
			};
			// The first join of a fresh n8n: its code is not compiled yet, its memory has not grown yet.
			const cold = await once();
			say(`Join, the first one: ${shown(cold.seconds)} s, +${shown(cold.addedMb)} MB`);
			const ours: Joined[] = [];
			const theirs: Took[] = [];
			for (let round = 0; round < rounds; round += 1) {
				ours.push(await once());
				theirs.push(await byFfmpeg(folder, files, count));
				const { copied, addedMb, ...joined } = ours[round];
				say(
					`Join ${said(joined)}, +${shown(addedMb)} MB; copy ${said(copied)}; ffmpeg ${said(theirs[round])}`,
				);
			}
			const of = (rounds: readonly Took[]) => median(rounds.map((one) => one.seconds));
			const [seconds, copy, ffmpeg] = [of(ours), of(ours.map(({ copied }) => copied)), of(theirs)];
			const addedMb = median(ours.map((one) => one.addedMb));
			const film = shown(ours[0].bytes / MB);
			return {
				ours: `${times(seconds / ffmpeg)} (${shown(seconds)} s), +${shown(addedMb)} MB (the first one +${shown(cold.addedMb)} MB), nothing goes over the network`,
				others: `ffmpeg ${shown(ffmpeg)} s, where there is one; by a service ${film} MB up and ${film} MB down, and its price. n8n's own helpers take ${shown(copy)} s to copy the same bytes into one file`,
				verdict:
					seconds / ffmpeg <= GOAL && Math.max(addedMb, cold.addedMb) <= GOAL_MB ? 'met' : 'missed',
				note: `${count} clips of ${CLIP_SECONDS} s, 720p, H.264 and AAC, their index last. ffmpeg: concat with \`-c copy -movflags +faststart\` on the same files. Copy: a node that hands the bytes of all clips from n8n's store into n8n's store, in pieces of 512 KiB; Join is below it, as it spares n8n collections of its whole heap (host/films.ts). Medians of ${rounds} round${rounds === 1 ? '' : 's'} in turn, after the first one of this n8n; in brackets the processor time, all threads together. Ours ${ours.map(said).join(', ')} and +${ours.map((one) => shown(one.addedMb)).join(', ')} MB; copy ${ours.map(({ copied }) => said(copied)).join(', ')}; ffmpeg ${theirs.map(said).join(', ')}. Memory: the peak of n8n's resident memory as the kernel keeps it, less what n8n held when the node began.`,
				panels: [
					{
						title: `${count} clips of 5 MB to one video`,
						unit: 's',
						goal: ffmpeg * GOAL,
						bars: [
							{ label: 'Wan Video', value: seconds, side: 'ours' },
							{ label: 'n8n copies the bytes', value: copy, side: 'others' },
							{ label: 'ffmpeg', value: ffmpeg, side: 'others' },
						],
					},
				],
			};
		} finally {
			await bench?.stop();
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		}
	},
};
