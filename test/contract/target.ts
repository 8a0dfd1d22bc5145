/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// What the contract suite talks to: the sandbox with a clock that is moved by hand, or the real
// EvoLink when EVOLINK_API_KEY and EVOLINK_CONTRACT_CAP_SECONDS are both set. Plain HTTP, nothing
// of the node.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox';
import { isRecord, parseJson, type JsonRecord } from '../../sandbox/json';
import { onEvoLink } from './budget';

export interface Answer {
	readonly status: number;
	readonly headers: Headers;
	/** The parsed body; an empty object when it is no JSON object. */
	readonly body: JsonRecord;
}
export interface Materials {
	readonly first: string;
	readonly last: string;
	readonly clip: string;
	readonly audio: string;
}

const LOOK_EVERY_MS = 5_000;
const LONGEST_WAIT_MS = 20 * 60_000;
const MEDIA = join(__dirname, '..', '..', 'examples', 'media');
const TYPES = { jpg: 'image/jpeg', mp4: 'video/mp4', mp3: 'audio/mpeg' } as const;

export class Target {
	#materials: Promise<Materials> | undefined;

	private constructor(
		readonly apiUrl: string,
		readonly filesUrl: string,
		readonly key: string,
		private readonly local: Sandbox | undefined,
	) {}

	/** The target that the environment asks for. */
	static async open(options: SandboxOptions = {}): Promise<Target> {
		if (onEvoLink) {
			const key = process.env.EVOLINK_API_KEY ?? '';
			// The two addresses can be changed for a gateway, or to try this very suite out.
			const { EVOLINK_API_URL, EVOLINK_FILES_URL } = process.env;
			const apiUrl = EVOLINK_API_URL ?? 'https://api.evolink.ai';
			const filesUrl = EVOLINK_FILES_URL ?? 'https://files-api.evolink.ai';
			return new Target(apiUrl, filesUrl, key, undefined);
		}
		const sandbox = await startSandbox({ clock: 'manual', video: 'sample', ...options });
		return new Target(sandbox.apiUrl, sandbox.filesUrl, sandbox.key, sandbox);
	}

	/** The sandbox; only tests declared with `sandboxOnly` may ask for it. */
	get sandbox(): Sandbox {
		if (this.local === undefined) throw new Error('the target is not the sandbox');
		return this.local;
	}

	async close(): Promise<void> {
		await this.local?.close();
	}

	/** One request to the API or, for paths under /api/, to the files API. */
	async call(
		method: string,
		path: string,
		init: { body?: unknown; key?: string } = {},
	): Promise<Answer> {
		const { body, key = this.key } = init;
		const base = path.startsWith('/api/') ? this.filesUrl : this.apiUrl;
		const form = body instanceof FormData ? body : undefined;
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		const response = await fetch(`${base}${path}`, {
			method,
			headers: {
				...(key === '' ? {} : { authorization: `Bearer ${key}` }),
				...(form === undefined ? { 'content-type': 'application/json' } : {}),
			},
			...(body === undefined ? {} : { body: form ?? text }),
		});
		const parsed = parseJson(await response.text());
		const { status, headers } = response;
		return { status, headers, body: isRecord(parsed) ? parsed : {} };
	}

	/** Submits with the model filled in. */
	submit(body: JsonRecord, key?: string): Promise<Answer> {
		const whole = { model: 'wan2.7-image-to-video', ...body };
		return this.call('POST', '/v1/videos/generations', { body: whole, ...(key ? { key } : {}) });
	}

	look(taskId: string, key?: string): Promise<Answer> {
		return this.call('GET', `/v1/tasks/${taskId}`, key ? { key } : {});
	}

	/** Waits until a task has ended, moving the sandbox's clock or really waiting. */
	async ended(taskId: string): Promise<JsonRecord> {
		const deadlineMs = Date.now() + LONGEST_WAIT_MS;
		for (;;) {
			const { body } = await this.look(taskId);
			if (body.status !== 'pending' && body.status !== 'processing') return body;
			if (Date.now() > deadlineMs) throw new Error(`${taskId} has not ended`);
			if (this.local) await this.local.clock.advance(LOOK_EVERY_MS);
			else await sleep(LOOK_EVERY_MS);
		}
	}

	/** Addresses of usable materials, uploaded once. */
	materials(): Promise<Materials> {
		this.#materials ??= this.#upload();
		return this.#materials;
	}

	/** Uploads one file of examples/media as a stream. */
	async upload(name: string, fields: Record<string, string> = {}): Promise<Answer> {
		const type = Object.entries(TYPES).find(([ending]) => name.endsWith(ending))?.[1] ?? '';
		const form = new FormData();
		const content = new Uint8Array(await readFile(join(MEDIA, name)));
		form.set('file', new Blob([content], { type }), name);
		for (const [field, value] of Object.entries(fields)) form.set(field, value);
		return this.call('POST', '/api/v1/files/upload/stream', { body: form });
	}

	async #upload(): Promise<Materials> {
		const url = async (name: string): Promise<string> =>
			dataOf(await this.upload(name), 'file_url');
		return {
			first: await url('first_frame.jpg'),
			last: await url('last_frame.jpg'),
			clip: await url('clip.mp4'),
			audio: await url('audio.mp3'),
		};
	}
}

/** A text inside `data` of a files API answer. */
export function dataOf({ body }: Answer, name: string): string {
	const value = isRecord(body.data) ? body.data[name] : undefined;
	if (typeof value !== 'string') throw new Error(`no ${name} in ${JSON.stringify(body)}`);
	return value;
}

/** The error object of an answer. */
export const errorOf = ({ body }: Pick<Answer, 'body'>): JsonRecord =>
	isRecord(body.error) ? body.error : {};

/** The task ID of an accepted submit. */
export function idOf({ status, body }: Answer): string {
	if (status !== 200 || typeof body.id !== 'string') {
		throw new Error(`not accepted: ${status} ${JSON.stringify(body)}`);
	}
	return body.id;
}
