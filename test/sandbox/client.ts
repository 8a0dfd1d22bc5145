// The few requests that the tests of the sandbox make again and again.

import type { Sandbox } from '../../sandbox';
import { isRecord, parseJson, type JsonRecord } from '../../sandbox/json';

export const FIRST = 'https://example.com/first_frame.jpg';
export const LAST = 'https://example.com/last_frame.jpg';
export const CLIP = 'https://example.com/clip.mp4';
export const AUDIO = 'https://example.com/audio.mp3';

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	readonly body: JsonRecord;
}

/** One request with the sandbox's key. */
export async function call(
	sandbox: Sandbox,
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const response = await fetch(`${sandbox.url}${path}`, {
		method,
		headers: {
			authorization: `Bearer ${sandbox.key}`,
			'content-type': 'application/json',
			...headers,
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	const value = parseJson(text);
	const { status } = response;
	return { status, headers: response.headers, text, body: isRecord(value) ? value : {} };
}

/** A submit; by default a first frame for two seconds. */
export const submit = (
	sandbox: Sandbox,
	change: JsonRecord = {},
	headers: Record<string, string> = {},
): Promise<Answer> => {
	const body = { model: 'wan2.7-image-to-video', image_start: FIRST, duration: 2, ...change };
	return call(sandbox, 'POST', '/v1/videos/generations', body, headers);
};

/** The ID of a task that was accepted. */
export async function newTask(sandbox: Sandbox, change: JsonRecord = {}): Promise<string> {
	const { status, body, text } = await submit(sandbox, change);
	if (status !== 200) throw new Error(`not accepted: ${status} ${text}`);
	return String(body.id);
}

export const look = (sandbox: Sandbox, id: string): Promise<Answer> =>
	call(sandbox, 'GET', `/v1/tasks/${id}`);

/** Moves the clock past the end of a task and gives the link of its video. */
export async function finishedLink(sandbox: Sandbox, id: string): Promise<string> {
	await sandbox.clock.advance(120_000);
	const { body, text } = await look(sandbox, id);
	if (!Array.isArray(body.results)) throw new Error(`no results: ${text}`);
	return String(body.results[0]);
}

/** How a request ended: its status, or the word `broken`. */
export const outcome = (request: Promise<{ status: number }>): Promise<number | 'broken'> =>
	request.then(
		({ status }) => status,
		() => 'broken' as const,
	);
