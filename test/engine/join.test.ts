// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Video: Join in n8n's engine: films by group, every store, addresses that break, and all ways of On Error.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { bytesOf, type EngineRun, type NodeSetup, storeBinary } from '../support/engine';
import { requestLines, startWorld, type World } from '../support/engineWorld';
import { decode } from '../support/filmJudge';
import { clipFolder } from '../support/testClips';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

// Clips are made and films decoded by ffmpeg, which takes its time on a busy machine.
jest.setTimeout(60_000);

const clips = clipFolder();
let world: World;
let host: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let address: string;

beforeAll(async () => {
	world = await startWorld();
	await clips.make('a.mp4', { seconds: 2, more: ['-movflags', '+faststart'] });
	await clips.make('b.mp4', { seconds: 1.5, hue: 90 });
	await clips.make('silent.mp4', { seconds: 1.2, hue: 180, sound: 'none' });
	await clips.make('tall.mp4', { seconds: 1.2, size: '180x320' });
	host = createServer((request, response) => answer(request, response));
	await new Promise<void>((resolve) => void host.listen(0, '127.0.0.1', resolve));
	address = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
}, 60_000);
beforeEach(async () => await world.reset());
afterAll(async () => {
	host.close();
	clips.remove();
	await world.close();
});

const bytes = (name: string) => readFileSync(clips.path(name));
const JOIN: IDataObject = {
	resource: 'video',
	operation: 'join',
	clipsSource: 'binary',
	clipsBinaryField: 'data',
	outputBinaryField: 'data',
};
const stored = async (name: string) => await storeBinary(bytes(name), name, 'video/mp4');
const inMemory = (name: string): IBinaryData => ({
	mimeType: 'video/mp4',
	fileName: name,
	data: bytes(name).toString('base64'),
});
const item = async (name: string, json: IDataObject = {}): Promise<INodeExecutionData> => ({
	json,
	binary: { data: await stored(name) },
});
const CONTINUE = { onError: 'continueRegularOutput' } as const;
const BRANCH = { onError: 'continueErrorOutput' } as const;

/** Without a credential, as it is saved by who only joins. */
async function join(setup: Partial<NodeSetup>): Promise<EngineRun> {
	const run = await world.run({
		...setup,
		parameters: { ...JOIN, ...setup.parameters },
		settings: { credentials: undefined, ...setup.settings },
	});
	expect(requestLines(world.sandbox)).toEqual([]);
	return run;
}

async function framesOf(row: INodeExecutionData, field = 'data'): Promise<string[]> {
	const file = clips.path('film.mp4');
	writeFileSync(file, await bytesOf(row.binary?.[field] as IBinaryData));
	const { messages, frames } = await decode(file);
	expect(messages).toBe('');
	return frames;
}
const framesIn = async (...names: string[]) =>
	(await Promise.all(names.map(async (name) => await decode(clips.path(name))))).flatMap(
		({ frames }) => frames,
	);

describe('one video of all items', () => {
	it('in their order, paired with all of them, with when each clip begins', async () => {
		const run = await join({
			items: [await item('a.mp4'), await item('silent.mp4'), await item('b.mp4')],
		});
		expect(run.error).toBeUndefined();
		const [row] = run.rows;
		expect(run.rows).toHaveLength(1);
		expect(row.json).toEqual({
			clips: 3,
			durationSeconds: 4.7,
			width: 320,
			height: 180,
			hasAudio: true,
			startsAt: [0, 2, 3.2],
		});
		expect(row.pairedItem).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(row.binary?.data).toMatchObject({ mimeType: 'video/mp4', fileName: 'wan-film.mp4' });
		expect(await framesOf(row)).toEqual(await framesIn('a.mp4', 'silent.mp4', 'b.mp4'));
	});

	it('from memory, where a file has no ID, and under another name', async () => {
		const run = await join({
			items: ['a.mp4', 'b.mp4'].map((name) => ({ json: {}, binary: { clip: inMemory(name) } })),
			parameters: {
				clipsBinaryField: 'clip',
				outputBinaryField: 'film',
				options: { fileName: 'My film' },
			},
		});
		expect(run.rows[0].binary?.film.fileName).toBe('My film.mp4');
		expect(await framesOf(run.rows[0], 'film')).toEqual(await framesIn('a.mp4', 'b.mp4'));
	});

	it('for each value of Group By, in the order of their first items', async () => {
		const rows = [
			await item('a.mp4', { film: 7 }),
			await item('b.mp4', { film: 'x/y' }),
			await item('silent.mp4', { film: '7' }),
		];
		const run = await join({
			items: rows,
			parameters: { options: { groupBy: '={{ $json.film }}' } },
		});
		expect(run.rows.map(({ json, pairedItem }) => [json.group, json.clips, pairedItem])).toEqual([
			['7', 2, [{ item: 0 }, { item: 2 }]],
			['x/y', 1, [{ item: 1 }]],
		]);
		expect(run.rows.map(({ binary }) => binary?.data.fileName)).toEqual([
			'wan-film-7.mp4',
			'wan-film-x-y.mp4',
		]);
		expect(run.hints).toEqual(['2 videos joined from 3 clips.']);
	});
});

describe('what cannot be joined', () => {
	it('ends the run before anything is written, naming items and what differs', async () => {
		const run = await join({
			items: [
				await item('a.mp4', { film: 1 }),
				await item('b.mp4', { film: 2 }),
				await item('tall.mp4', { film: 1 }),
				{ json: { film: 3 } },
			],
			parameters: { options: { groupBy: '={{ $json.film }}' } },
		});
		expect(run.status).toBe('error');
		expect(run.error?.message).toBe('Item 2 is 180 x 320, item 0 is 320 x 180');
		expect(run.error?.context?.itemIndex).toBe(0);
		expect(run.error?.description).toMatch(/No video was written.*costs nothing/);
		expect(run.error?.description).toMatch(/Item 3: .*no file in the field 'data'/);
	});

	it.each([
		['a web page', '<!doctype html><p>Not found</p>', /web page or other text, not a video/],
		['a picture', '\x89PNG\r\n\x1a\n', /it is png, not MP4/],
		['a cut file', undefined, /it is not complete/],
	])('%s in place of a clip', async (_, content, words) => {
		const wrong =
			content === undefined ? bytes('a.mp4').subarray(0, 30_000) : Buffer.from(content, 'latin1');
		const data = await storeBinary(wrong, 'clip.mp4', 'video/mp4');
		const run = await join({ items: [await item('a.mp4'), { json: {}, binary: { data } }] });
		expect(run.error?.message).toMatch(/^Item 1 cannot be joined: /);
		expect(run.error?.message).toMatch(words);
	});

	it('under Continue On Fail is an error row for its film, paired with its items; the others are made', async () => {
		const items = [
			await item('a.mp4', { film: 1 }),
			await item('b.mp4', { film: 2 }),
			await item('tall.mp4', { film: 1 }),
		];
		const parameters = { options: { groupBy: '={{ $json.film }}' } };
		const run = await join({ items, parameters, settings: CONTINUE });
		expect(run.rows.map(({ json }) => json.error ?? json.group)).toEqual([
			'Item 2 is 180 x 320, item 0 is 320 x 180',
			'2',
		]);
		expect(run.rows[0].pairedItem).toEqual([{ item: 0 }, { item: 2 }]);
		const branched = await join({ items, parameters, settings: BRANCH });
		expect(branched.rows.map(({ json }) => json.group)).toEqual(['2']);
		expect(branched.errorRows.map(({ json }) => json.error)).toEqual([
			'Item 2 is 180 x 320, item 0 is 320 x 180',
		]);
	});

	it('an item that failed in the node before is named with its reason; no film is made with a hole', async () => {
		const run = await join({
			items: [await item('a.mp4'), { json: { error: 'The safety filter said no' } }],
			settings: CONTINUE,
		});
		expect(run.rows).toHaveLength(1);
		expect(run.rows[0].json.error).toMatch(/Item 1: .*failed before: The safety filter said no/);
	});

	it.each([
		['{{ $json.film.id }}', "'Group By' gives nothing", 0],
		['{{ $json.nothing.at.all.x.y.z() }}', '', 0],
	])(
		'a Group By that gives nothing (%s) is the error of its row',
		async (expression, words, good) => {
			const run = await join({
				items: [await item('a.mp4'), await item('b.mp4')],
				parameters: { options: { groupBy: `=${expression}` } },
				settings: CONTINUE,
			});
			expect(run.rows.filter(({ json }) => json.error === undefined)).toHaveLength(good);
			expect(run.rows.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }], [{ item: 1 }]]);
			expect(run.rows[0].json.error).toContain(words);
		},
	);
});

describe('by URL', () => {
	const asUrls = (...names: string[]) => ({
		items: names.map((name) => ({
			json: { link: name.startsWith('http') ? name : `${address}/${name}` },
		})),
		parameters: { clipsSource: 'url', clipsUrl: '={{ $json.link }}' },
	});
	const give = (request: IncomingMessage, response: ServerResponse): void => {
		const content = bytes(request.url?.slice(1) ?? '');
		response.setHeader('content-length', content.length).end(content);
	};

	it('reads the index, then the clip', async () => {
		answer = give;
		const run = await join(asUrls('a.mp4', 'b.mp4'));
		expect(run.error).toBeUndefined();
		expect(await framesOf(run.rows[0])).toEqual(await framesIn('a.mp4', 'b.mp4'));
	});

	it.each([
		['where it broke', true],
		['from the beginning, where the host knows no ranges', false],
	])('a transfer that breaks goes on %s', async (_, knowsRanges) => {
		let breaks = 0;
		answer = (request, response) => {
			const content = bytes(request.url?.slice(1) ?? '');
			const asked = /bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1];
			const from = knowsRanges && asked !== undefined ? Number(asked) : 0;
			if (from > 0)
				response.writeHead(206, {
					'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
				});
			else response.setHeader('content-length', content.length);
			if (request.url === '/b.mp4' && breaks < 2) {
				breaks += 1;
				response.write(content.subarray(from, from + 20_000), () => response.destroy());
			} else response.end(content.subarray(from));
		};
		const run = await join(asUrls('a.mp4', 'b.mp4'));
		expect(run.error).toBeUndefined();
		expect(breaks).toBe(2);
		expect(await framesOf(run.rows[0])).toEqual(await framesIn('a.mp4', 'b.mp4'));
	});

	it.each([
		['is over', 403, /^Item 1 cannot be joined: its address does not give it \(HTTP status 403\)/],
		['gives a page', 200, /^Item 1 cannot be joined: it is a web page or other text, not a video/],
	])('a link that %s', async (_, status, words) => {
		answer = (request, response) => {
			if (request.url === '/a.mp4') give(request, response);
			else response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Sorry</html>');
		};
		const run = await join(asUrls('a.mp4', 'b.mp4'));
		expect(run.error?.message).toMatch(words);
	});

	it('a link that is not yet known everywhere is asked for again', async () => {
		let asked = 0;
		answer = (request, response) => {
			if (request.url === '/b.mp4' && (asked += 1) <= 2) response.writeHead(404).end();
			else give(request, response);
		};
		const run = await join(asUrls('a.mp4', 'b.mp4'));
		expect(run.error).toBeUndefined();
		expect(asked).toBeGreaterThan(2);
	});

	it('a file that is asked for where there is only a link says how to take the link', async () => {
		const items = [{ json: { videoUrl: 'https://example.com/a.mp4' } }];
		const run = await join({ items });
		expect(run.error?.message).toMatch(
			/has no file in the field 'data'.*set 'Clip Source' to URL with \{\{ \$json\.videoUrl \}\}/,
		);
	});

	it('another file behind the address at the second time is no film', async () => {
		let first = true;
		answer = (request, response) => {
			const name =
				request.url === '/b.mp4' && !first ? 'silent.mp4' : (request.url?.slice(1) ?? '');
			if (request.url === '/b.mp4') first = false;
			const content = bytes(name);
			response.setHeader('content-length', content.length).end(content);
		};
		const run = await join(asUrls('a.mp4', 'b.mp4'));
		expect(run.error?.message).toMatch(/^Item 1 cannot be joined: .*another file the second time/);
	});

	it.each([
		['', "Item 0: 'Clip URL' is empty"],
		['file:///etc/passwd', "Item 0: 'Clip URL' is not an http(s) address: 'file:///etc/passwd'"],
	])('the address "%s" is refused with its field', async (link, words) => {
		const run = await join({
			items: [{ json: { link } }],
			parameters: { clipsSource: 'url', clipsUrl: '={{ $json.link }}' },
		});
		expect(run.error?.message).toContain(words);
	});
});

it('a Stop ends it, and nothing is handed on', async () => {
	const waiting = new Promise<void>((resolve) => {
		answer = (request, response) => {
			const content = bytes('a.mp4');
			response.setHeader('content-length', content.length).write(content.subarray(0, 1000));
			if (request.url === '/b.mp4') resolve();
			else response.end(content.subarray(1000));
		};
	});
	const running = world.start({
		items: ['a.mp4', 'b.mp4'].map((name) => ({ json: { link: `${address}/${name}` } })),
		parameters: { ...JOIN, clipsSource: 'url', clipsUrl: '={{ $json.link }}' },
		settings: { credentials: undefined, ...CONTINUE },
		after: true,
	});
	await waiting;
	running.stop();
	const run = await running.done;
	expect(run.status).toBe('canceled');
	expect(run.reachedAfter).toEqual([]);
});
