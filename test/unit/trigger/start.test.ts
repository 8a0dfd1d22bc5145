/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** The start of the workflow: with the video, or with the reason why there is none. */
import { Readable } from 'node:stream';

import { startWorkflow } from '../../../nodes/WanVideo/actions/trigger/start';
import { TASK_ID, VIDEO_URL } from '../../support/builders';
import { fakeContext } from '../../support/fakeContext';
import { completedTask } from '../../support/fakeWebhook';
import { tinyMp4 } from '../../support/tinyMp4';

beforeAll(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
afterAll(() => void jest.useRealTimers());

const FRESH_URL = 'https://media.example.com/fresh.mp4';
const video = tinyMp4({ width: 1280, height: 720, durationSeconds: 5, audio: true });
const row = {
	taskId: TASK_ID,
	status: 'completed',
	videoUrl: VIDEO_URL,
	expiresAt: '2025-09-07T14:42:23.000Z',
};
const facts = { durationSeconds: 5, width: 1280, height: 720, hasAudio: true };

interface MediaPlan {
	status?: number;
	type?: string;
	body?: Buffer;
}

interface StartPlan {
	json?: Record<string, unknown>;
	parameters?: Record<string, unknown>;
	/** What the media host sends, the last one again and again. */
	media?: MediaPlan[];
	stop?: AbortSignal;
	/** What n8n throws where the credential is asked for. */
	credentialFault?: Error;
}

/** Runs the trigger's part of the workflow, with all the time it takes. */
async function start({
	json = row,
	parameters = {},
	media = [{}],
	stop,
	credentialFault,
}: StartPlan) {
	const opened: string[] = [];
	const context = fakeContext({
		input: [{ json: json as typeof row }],
		parameters: { download: true, ...parameters },
		...(stop && { stop }),
		helpers: {
			httpRequest: async ({ url }: { url: string }) => {
				const {
					status = 200,
					type = 'video/mp4',
					body = video,
				} = media[Math.min(opened.length, media.length - 1)];
				opened.push(url);
				const headers = { 'content-type': type, 'content-length': String(body.length) };
				return await Promise.resolve({ statusCode: status, headers, body: Readable.from([body]) });
			},
			httpRequestWithAuthentication: async () =>
				await Promise.resolve({
					statusCode: 200,
					headers: {},
					body: completedTask({ results: [FRESH_URL] }),
				}),
			prepareBinaryData: async (stream: Readable, fileName: string, mimeType: string) => {
				const chunks = (await stream.toArray()) as Buffer[];
				return { data: Buffer.concat(chunks).toString('base64'), fileName, mimeType };
			},
		},
	});
	const more: Record<string, unknown> = {
		getMode: () => 'manual',
		getContext: () => ({}),
		getCredentials: async () => {
			if (credentialFault !== undefined) throw credentialFault;
			return await Promise.resolve({ apiKey: 'key', baseUrl: 'https://api.example.com' });
		},
	};
	const whole = new Proxy(context, {
		get: (target, name): unknown =>
			typeof name === 'string' && name in more ? more[name] : Reflect.get(target, name),
	});
	return { opened, rows: await inFastTime(startWorkflow(whole)) };
}

async function inFastTime<T>(work: Promise<T>): Promise<T> {
	let isOver = false;
	const end = () => void (isOver = true);
	work.then(end, end);
	for (let turns = 0; !isOver && turns < 5_000; turns += 1)
		await jest.advanceTimersByTimeAsync(100);
	return await work;
}

describe('the workflow starts', () => {
	it('with the item as it is, and no request, unless Download is on', async () => {
		const { rows, opened } = await start({ parameters: { download: false } });
		expect(rows).toEqual([{ json: row, pairedItem: { item: 0 } }]);
		expect(opened).toEqual([]);
	});

	it('with the video where Download is neither yes nor no', async () => {
		const { rows } = await start({ parameters: { download: 'perhaps' } });
		expect(rows[0].binary).toBeDefined();
	});

	it('with the video and its facts in front of the raw task', async () => {
		const task = { id: TASK_ID };
		const parameters = { outputBinaryField: 'video', options: { fileName: 'mine' } };
		const { rows } = await start({ json: { ...row, task }, parameters });
		expect(rows).toEqual([
			{
				json: { ...row, ...facts, task },
				binary: {
					video: {
						data: video.toString('base64'),
						fileName: 'mine.mp4',
						mimeType: 'video/mp4',
					},
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(Object.keys(rows[0].json).at(-1)).toBe('task');
	});

	it('without the video, and with the reason, where the credential is gone by now', async () => {
		const credentialFault = new Error('Credential with ID "1" does not exist.');
		const { rows, opened } = await start({ credentialFault });
		expect(rows[0].json).toEqual({
			...row,
			downloadProblem: expect.stringMatching(/does not exist/) as string,
		});
		expect(opened).toEqual([]);
	});

	it('with the link of a fresh look where the first one breaks', async () => {
		const { rows, opened } = await start({ media: [{ body: video.subarray(0, 50) }, {}] });
		expect(opened).toEqual([VIDEO_URL, FRESH_URL]);
		expect(rows[0].json).toEqual({ ...row, ...facts, videoUrl: FRESH_URL });
	});

	it.each<[string, MediaPlan, RegExp]>([
		[
			'an error page',
			{ type: 'text/html', body: Buffer.from('<p>Sorry</p>') },
			/sent text\/html instead of a video/,
		],
		['an error', { status: 500 }, /HTTP status 500/],
		['half a video', { body: video.subarray(0, 50) }, /no whole MP4/],
	])('with the reason in a field after some tries that gave %s', async (_what, media, reason) => {
		const { rows, opened } = await start({ media: [media] });
		expect(opened.length).toBeGreaterThanOrEqual(4);
		expect(rows).toEqual([
			{
				json: {
					...row,
					videoUrl: FRESH_URL,
					downloadProblem: expect.stringMatching(reason) as string,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('without a request where there is no video: a failed task', async () => {
		const json = { taskId: TASK_ID, status: 'failed', failureCode: 'service_error' };
		const { rows, opened } = await start({ json });
		expect(rows[0].json).toEqual(json);
		expect(opened).toEqual([]);
	});
});

it('a Stop ends the download with a message that names the task', async () => {
	const controller = new AbortController();
	controller.abort();
	await expect(start({ stop: controller.signal })).rejects.toThrow(TASK_ID);
});
