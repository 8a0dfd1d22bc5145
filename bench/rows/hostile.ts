/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What answers without measure cost: memory, time, and how long all of n8n stands still. The stranger gives up by
// himself after a while, as he would fill the machine of whoever takes all he sends.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { Workflow } from '../../test/e2e/support/examples';
import { ftyp } from '../../test/support/tinyMp4';
import { serve } from '../localServer';
import { type Bench, nodeMs, startBench } from '../n8n';
import type { Felt } from '../probe';
import type { Row } from '../row';
import { seconds, shown } from '../statistics';
import { type BenchNode, node, numbered, start, workflow } from '../workflows/nodes';
import { OURS } from '../workflows/ours';

const MB = 1_000_000;
/** The stranger sends no more than this, and not for longer. */
const PATIENCE = { bytes: 300 * MB, ms: 15_000, trickleMs: 75_000 };
const JUNK = Buffer.alloc(256 * 1024, 7);
const MOST_MB = 16;
const STANDS_STILL_MS = 500;

interface Sent {
	bytes: number;
}

type Answer = (response: ServerResponse, sent: Sent) => Promise<void>;

async function pour(response: ServerResponse, sent: Sent, first: Buffer): Promise<void> {
	const until = Date.now() + PATIENCE.ms;
	response.write(first);
	while (!response.destroyed && sent.bytes < PATIENCE.bytes && Date.now() < until) {
		sent.bytes += JUNK.length;
		if (response.write(JUNK)) await pause(0);
		else await Promise.race([new Promise((go) => response.once('drain', go)), pause(500)]);
	}
	response.end();
}

async function drip(response: ServerResponse, sent: Sent): Promise<void> {
	const until = Date.now() + PATIENCE.trickleMs;
	while (!response.destroyed && Date.now() < until) {
		sent.bytes += 1;
		response.write(' ');
		await pause(3000);
	}
	response.end();
}

const json = { 'content-type': 'application/json' };

interface Kind {
	name: string;
	/** Where HTTP Request asks. */
	path: string;
	asFile: boolean;
	ours: Record<string, unknown>;
	answer: Answer;
}

const WAIT = {
	...{ resource: 'task', operation: 'wait', taskId: 'task-unified-1795900000-hostile1' },
	options: { timeout: 1 },
};

const KINDS: readonly Kind[] = [
	{
		name: 'a clip that never ends, its index last, ranges ignored',
		path: '/clip.mp4',
		asFile: true,
		ours: { operation: 'check', generationMode: 'video_continuation', duration: 5 },
		async answer(response, sent) {
			response.writeHead(200, { 'content-type': 'video/mp4' });
			await pour(
				response,
				sent,
				Buffer.concat([ftyp, Buffer.from('\x7f\xff\xff\xffmdat', 'latin1')]),
			);
		},
	},
	{
		name: 'an answer of the API that never ends',
		path: '/v1/tasks/x',
		asFile: false,
		ours: WAIT,
		async answer(response, sent) {
			response.writeHead(200, json);
			await pour(response, sent, Buffer.from('{"id":"'));
		},
	},
	{
		name: 'one byte every 3 s, Timeout 1 minute',
		path: '/v1/tasks/x',
		asFile: false,
		ours: WAIT,
		async answer(response, sent) {
			response.writeHead(200, json);
			await drip(response, sent);
		},
	},
	{
		name: 'an error page of 900 kB, cut inside a script',
		path: '/v1/tasks/x',
		asFile: false,
		ours: { ...WAIT, operation: 'get' },
		async answer(response, sent) {
			const page = `<html><script>${'<'.repeat(900_000)}`;
			sent.bytes += page.length;
			response.writeHead(502, { 'content-type': 'text/html' });
			response.end(page);
			await pause(0);
		},
	},
	{
		name: 'a video that is endless junk',
		path: '/junk.mp4',
		asFile: true,
		ours: WAIT,
		async answer(response, sent) {
			response.writeHead(200, { 'content-type': 'video/mp4' });
			await pour(response, sent, JUNK);
		},
	},
];

/** Whoever asks gets what the kind answers; where the video is the trouble, the task itself is fine. */
function door({ path, answer }: Kind, sent: Sent) {
	return ({ url = '', headers }: IncomingMessage, response: ServerResponse): void => {
		if (path.endsWith('junk.mp4') && url.startsWith('/v1/')) {
			response.writeHead(200, json);
			response.end(
				JSON.stringify({
					...{ id: url.split('/').at(-1), status: 'completed', progress: 100 },
					...{ created: Math.floor(Date.now() / 1000), model: 'wan2.7-image-to-video' },
					results: [`http://${headers.host}${path}`],
				}),
			);
			return;
		}
		void answer(response, sent);
	};
}

interface Cost extends Felt {
	ms: number;
	sentMb: number;
}

async function costOf(bench: Bench, flow: Workflow, sent: Sent, name: string): Promise<Cost> {
	sent.bytes = 0;
	const { felt, result } = await bench.probe.during(async () => await bench.run(flow, numbered(1)));
	return { ...felt, ms: nodeMs(result.execution, name), sentMb: sent.bytes / MB };
}

const one = (under: BenchNode): Workflow =>
	workflow(
		under.name,
		[...start(), under],
		[
			['Webhook', 'Items'],
			['Items', under.name],
		],
	);

const said = ({ ms, heldMb, mostMb, sentMb, stillMs }: Cost): string =>
	`${seconds(ms)}, +${shown(heldMb)} MB (+${shown(mostMb)} MB not yet collected), took ${shown(sentMb)} MB, n8n still for ${shown(stillMs)} ms`;

export const hostile: Row = {
	name: 'hostile',
	what: 'Answers without measure: memory, time, and how long n8n stands still',
	goal: `at most ${MOST_MB} MB for each, every request over within about a minute, n8n never still for ${STANDS_STILL_MS} ms`,
	async measure({ say }) {
		const bench = await startBench('hostile', { taskSeconds: 0 }, { withProbe: true });
		try {
			const lines: string[] = [];
			let isMet = true;
			const idle = await bench.probe.during(async () => await pause(3000));
			for (const kind of KINDS) {
				const sent: Sent = { bytes: 0 };
				const server = await serve(door(kind, sent));
				await bench.pointAt({ baseUrl: server.url, filesUrl: server.url });
				const onError = 'continueRegularOutput';
				const parameters =
					kind.path === '/clip.mp4'
						? { ...kind.ours, clipUrl: `${server.url}/clip.mp4` }
						: kind.ours;
				const ours = one(
					node(OURS, 'n8n-nodes-wan-video.wanVideo', 1, parameters, {
						needs: 'evoLinkApi',
						onError,
					}),
				);
				const theirs = one(
					node(
						'HTTP Request',
						'n8n-nodes-base.httpRequest',
						4.2,
						{
							url: `${server.url}${kind.path}`,
							options: kind.asFile ? { response: { response: { responseFormat: 'file' } } } : {},
						},
						{ onError },
					),
				);
				// The first run of all compiles.
				if (kind === KINDS[0]) await costOf(bench, ours, sent, OURS);
				const mine = await costOf(bench, ours, sent, OURS);
				const other = await costOf(bench, theirs, sent, 'HTTP Request');
				await server.close();
				isMet &&= mine.heldMb <= MOST_MB && mine.ms <= 75_000 && mine.stillMs < STANDS_STILL_MS;
				say(`${kind.name}: ours ${said(mine)}; HTTP Request ${said(other)}`);
				lines.push(`| ${kind.name} | ${said(mine)} | ${said(other)} |`);
			}
			return {
				ours: `${isMet ? 'kept for each kind' : 'not kept for each kind'}, see below`,
				others: 'HTTP Request takes all that the stranger sends, see below',
				verdict: isMet ? 'met' : 'missed',
				note: [
					`The stranger gives up by himself after ${PATIENCE.bytes / MB} MB or ${PATIENCE.ms / 1000} s, and after ${PATIENCE.trickleMs / 1000} s where he sends a byte now and then; without that, HTTP Request would go on. Time is n8n's own of the node, Task: Wait and Task: Get with all their looks again; memory what n8n's heap and buffers hold after a collection, twice a second, less what they held before, and beside it what Node had not yet freed; "still" the longest that nothing else in n8n's process had a turn, collections left out: ${shown(idle.felt.stillMs)} ms where n8n has nothing to do. One run each, after one of the first kind.`,
					['| What | Ours | HTTP Request |', '| --- | --- | --- |', ...lines].join('\n'),
				].join('\n\n'),
				panels: [],
			};
		} finally {
			await bench.stop();
		}
	},
};
