/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What looking into materials costs, and sending files: one check of a 20 MB file by each way, many addresses at once,
// and the memory of four uploads of 95 MB.

import type { RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { Workflow } from '../../test/e2e/support/examples';
import { box, ftyp, moov } from '../../test/support/tinyMp4';
import { serve } from '../localServer';
import { type Bench, nodeMs, startBench } from '../n8n';
import type { Felt } from '../probe';
import { forgetPeak, peakBytes, residentBytes } from '../processFigures';
import type { Row } from '../row';
import { median, shown } from '../statistics';
import { node, start, workflow } from '../workflows/nodes';
import { OURS } from '../workflows/ours';

const MB = 1_000_000;
const TYPE = 'n8n-nodes-wan-video.wanVideo';

/** A clip of so many bytes with its index at the end. */
const clipOf = (bytes: number): Buffer =>
	Buffer.concat([ftyp, box('mdat', Buffer.alloc(bytes, 7)), moov({ durationSeconds: 4 })]);

interface Seen {
	requests: number;
	bytes: number;
}

/** Serves these bytes at every path, by ranges where `ranges` says so, and counts what goes out. */
function files(content: Buffer, seen: Seen, { ranges = true, delayMs = 0 } = {}): RequestListener {
	return (request, response) => {
		seen.requests += 1;
		const [, first, last] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
		const isPart = ranges && first !== undefined;
		const from = isPart ? Number(first) : 0;
		const to = isPart ? Math.min(Number(last) + 1, content.length) : content.length;
		response.writeHead(isPart ? 206 : 200, {
			'content-length': to - from,
			...(isPart && { 'content-range': `bytes ${from}-${to - 1}/${content.length}` }),
		});
		const { socket } = response;
		response.on('close', () => (seen.bytes += socket?.bytesWritten ?? 0));
		void pause(delayMs).then(() => response.end(content.subarray(from, to)));
	};
}

const wan = (parameters: Record<string, unknown>, from: 'Items' | 'Download'): Workflow =>
	workflow(
		'Materials',
		[
			...start(),
			...(from === 'Download' ? [download] : []),
			node(OURS, TYPE, 1, parameters, { needs: 'evoLinkApi' }),
		],
		[
			['Webhook', 'Items'],
			...(from === 'Download' ? [['Items', 'Download'] as [string, string]] : []),
			[from, OURS],
		],
	);

const download = node('Download', 'n8n-nodes-base.httpRequest', 4.2, {
	url: '={{ $json.url }}',
	options: { response: { response: { responseFormat: 'file' } } },
});

const CHECK = { operation: 'check', generationMode: 'video_continuation', duration: 5 };

/** A server whose host counts as the credential's own: any other on this machine is inside, and not looked at. */
async function own(bench: Bench, answer: RequestListener) {
	const server = await serve(answer);
	await bench.pointAt({ filesUrl: server.url });
	return server;
}

export const check: Row = {
	name: 'check',
	what: 'One check of a 20 MB clip with its index last',
	goal: 'at most 8 requests and 16 MB of memory by URL; as a file no more than its hash',
	async measure({ quick, say }) {
		const content = clipOf(20 * MB);
		const rounds = quick ? 3 : 9;
		const bench = await startBench('check', { taskSeconds: 0 });
		try {
			const lines: string[] = [];
			let isMet = true;
			for (const [way, ranges] of [
				['URL, ranges known', true],
				['URL, ranges ignored', false],
				['file', true],
			] as const) {
				const seen: Seen = { requests: 0, bytes: 0 };
				const server = await own(bench, files(content, seen, { ranges }));
				const url = `${server.url}/clip.mp4`;
				const flow =
					way === 'file'
						? wan({ ...CHECK, clipSource: 'binary' }, 'Download')
						: wan({ ...CHECK, clipUrl: '={{ $json.url }}' }, 'Items');
				const ms: number[] = [];
				const added: number[] = [];
				for (let round = 0; round <= rounds; round += 1) {
					Object.assign(seen, { requests: 0, bytes: 0 });
					forgetPeak(bench.pid);
					const before = residentBytes(bench.pid);
					const { execution } = await bench.run(flow, { items: [{ url }] });
					// The first run compiles.
					if (round === 0) continue;
					ms.push(nodeMs(execution, OURS));
					added.push((peakBytes(bench.pid) - before) / MB);
				}
				await server.close();
				const cost =
					way === 'file' ? '' : `${seen.requests} requests, ${shown(seen.bytes / MB)} MB, `;
				const line = `${way}: ${cost}${shown(median(ms))} ms, +${shown(median(added))} MB`;
				if (way !== 'file') isMet &&= seen.requests <= 8 && median(added) <= 16;
				say(line);
				lines.push(line);
			}
			return {
				ours: lines.join('; '),
				others: 'none: other nodes look at nothing before they pay',
				verdict: isMet ? 'met' : 'missed',
				note: `An MP4 of 20 MB. Milliseconds are n8n's own of the node alone (a file is hashed in them); memory is the peak of the whole execution, for the file with its download. Bytes are what the host's socket took, the reader closes it early. Medians of ${rounds} rounds.`,
				panels: [],
			};
		} finally {
			await bench.stop();
		}
	},
};

export const checks: Row = {
	name: 'checks',
	what: '40 addresses whose host takes 1 s each, until the first submit',
	goal: 'different ones at most 2.5 s, equal ones 1.2 s',
	async measure({ quick, say }) {
		const seen: Seen = { requests: 0, bytes: 0 };
		const bench = await startBench('checks', { taskSeconds: 0 });
		try {
			const content = clipOf(10_000);
			const server = await own(bench, files(content, seen, { delayMs: 1000 }));
			const flow = wan({ ...CHECK, clipUrl: '={{ $json.url }}' }, 'Items');
			const urls = (name: (number: number) => string) => ({
				items: Array.from({ length: 40 }, (_, number) => ({
					url: `${server.url}/${name(number)}`,
				})),
			});
			const figures: Record<'different' | 'equal', number[]> = { different: [], equal: [] };
			for (let round = 0; round <= (quick ? 2 : 5); round += 1) {
				const different = await bench.run(
					flow,
					urls((number) => `${round}-${number}.mp4`),
				);
				const equal = await bench.run(
					flow,
					urls(() => `${round}.mp4`),
				);
				if (round === 0) continue;
				figures.different.push(nodeMs(different.execution, OURS));
				figures.equal.push(nodeMs(equal.execution, OURS));
				say(`different ${figures.different.at(-1)} ms, equal ${figures.equal.at(-1)} ms`);
			}
			await server.close();
			const [different, equal] = [median(figures.different), median(figures.equal)];
			return {
				ours: `${shown(different / 1000)} s different, ${shown(equal / 1000)} s equal`,
				others: 'none: other nodes look at nothing before they pay',
				verdict: different <= 2500 && equal <= 1200 ? 'met' : 'missed',
				note: "The check alone, by n8n's own clock, on one host that is the credential's own (20 at once); of a public host 6 are read at once, of many hosts 40 in all.",
				panels: [],
			};
		} finally {
			await bench.stop();
		}
	},
};

const UPLOAD_MB = 64;

type Uploaded = Felt & { residentMb: number };

function saidOf(all: readonly Uploaded[]): string {
	const of = (pick: (one: Uploaded) => number) => shown(median(all.map(pick)));
	return `+${of((one) => one.heldMb)} MB held (+${of((one) => one.mostMb)} MB with what is not yet collected, +${of((one) => one.residentMb)} MB resident)`;
}

export const uploads: Row = {
	name: 'uploads',
	what: 'Memory added by uploading four clips of 95 MB (filesystem mode)',
	goal: "at most 64 MB, and no more than HTTP Request's own upload",
	async measure({ quick, say }) {
		const bytes = (quick ? 20 : 95) * MB;
		const bench = await startBench('uploads', { taskSeconds: 0 }, { withProbe: true });
		const clips = [0, 1, 2, 3].map((number) => clipOf(bytes + number));
		const server = await serve((request, response) => {
			response.end(clips[Number(/\d/.exec(request.url ?? '')?.[0] ?? 0)]);
		});
		const sink = await serve((request, response) => {
			request.resume().on('end', () => response.end('{}'));
		});
		try {
			const ours = wan({ resource: 'file', operation: 'upload', binaryField: 'data' }, 'Download');
			const http = workflow(
				'HTTP Request',
				[
					...start(),
					download,
					node('Upload', 'n8n-nodes-base.httpRequest', 4.2, {
						method: 'POST',
						url: `${sink.url}/upload`,
						sendBody: true,
						contentType: 'multipart-form-data',
						bodyParameters: {
							parameters: [
								{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: 'data' },
							],
						},
						options: {},
					}),
				],
				[
					['Webhook', 'Items'],
					['Items', 'Download'],
					['Download', 'Upload'],
				],
			);
			const input = {
				items: [0, 1, 2, 3].map((number) => ({ url: `${server.url}/${number}.mp4` })),
			};
			const run = async (flow: Workflow) => {
				forgetPeak(bench.pid);
				const before = residentBytes(bench.pid);
				const { felt } = await bench.probe.during(async () => await bench.run(flow, input));
				return { ...felt, residentMb: (peakBytes(bench.pid) - before) / MB };
			};
			const rounds = quick ? 1 : 3;
			const mine: Uploaded[] = [];
			const theirs: Uploaded[] = [];
			for (let round = 0; round <= rounds; round += 1) {
				const [a, b] = [await run(ours), await run(http)];
				if (round === 0) continue;
				mine.push(a);
				theirs.push(b);
				say(`File: Upload ${saidOf([a])}; HTTP Request ${saidOf([b])}`);
			}
			const held = (all: readonly Uploaded[]) => all.map(({ heldMb }) => heldMb);
			const [own95, other95] = [median(held(mine)), median(held(theirs))];
			const scatter = Math.max(...held(theirs)) - Math.min(...held(theirs));
			return {
				ours: saidOf(mine),
				others: `HTTP Request ${saidOf(theirs)}`,
				verdict: own95 <= UPLOAD_MB && own95 <= other95 + scatter ? 'met' : 'missed',
				note: `Four MP4s of ${bytes / MB} MB, downloaded by HTTP Request into n8n's store and uploaded in one execution; medians of ${rounds} rounds, the two in turn. Held: n8n's heap and buffers after a collection, twice a second, less what was held before; "no more" is taken to within the scatter of HTTP Request's own runs (${shown(scatter)} MB). Not yet collected, and resident memory, stand beside it: they tell when Node frees what was read, and differ from run to run by more than both.`,
				panels: [
					{
						title: 'Memory held by four uploads',
						unit: 'MB',
						goal: UPLOAD_MB,
						bars: [
							{ label: 'Wan Video', value: own95, side: 'ours' },
							{ label: 'HTTP Request', value: other95, side: 'others' },
						],
					},
				],
			};
		} finally {
			await bench.stop();
			await server.close();
			await sink.close();
		}
	},
};
