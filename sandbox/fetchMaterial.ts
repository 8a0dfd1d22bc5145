/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Gets the bytes behind a material's URL the way a server without internet can: the known public
// addresses, what was uploaded here, results made here, data: URLs, and local http addresses.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPrivateHost } from './privateHost';
import { publicFile } from './publicFiles';

/** A material on disk; equal bytes have the same path. */
export interface FetchedMaterial {
	readonly path: string;
	readonly bytes: number;
	readonly hash: string;
}
/** Why a material could not be had, in the words of a task error. */
export class UnfetchableError extends Error {}

const FETCH_TIMEOUT_MS = 15_000;

/** In the sandbox's own words: whoever tries the node with a picture from the web must see why it fails only here. */
const NO_INTERNET =
	'host unreachable; this is the sandbox, not EvoLink, and it has no internet: keep the address of the example, or give a file instead';

export class MaterialFetcher {
	constructor(
		private readonly folder: string,
		/** The bytes behind one of the sandbox's own addresses; undefined: not one of its own. */
		private readonly ownFile: (url: URL) => Promise<Buffer | 'gone'> | undefined,
	) {}

	/** Fetches at most `bytesMax` + 1 bytes, so that the check can see that it was too much. */
	async fetch(address: string, bytesMax: number): Promise<FetchedMaterial> {
		const content = await this.#read(address, bytesMax);
		const hash = createHash('sha256').update(content).digest('hex').slice(0, 32);
		const path = join(this.folder, `material-${hash}`);
		if (!existsSync(path)) {
			const partial = `${path}.${process.hrtime.bigint()}`;
			await writeFile(partial, content);
			await rename(partial, path);
		}
		return { path, bytes: content.length, hash };
	}

	async #read(address: string, bytesMax: number): Promise<Buffer> {
		const known = publicFile(address);
		if (known !== undefined) return readFile(known);
		const url = new URL(address);
		if (url.protocol === 'data:') {
			return Buffer.from(await (await fetch(url)).arrayBuffer());
		}
		const own = await this.ownFile(url);
		if (own === 'gone') throw new UnfetchableError('not found');
		if (own !== undefined) return own;
		if (!isPrivateHost(url.hostname)) throw new UnfetchableError(NO_INTERNET);
		return download(url, bytesMax);
	}
}

async function download(url: URL, bytesMax: number): Promise<Buffer> {
	const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
	const response = await fetch(url, { signal }).catch(() => undefined);
	if (response === undefined) throw new UnfetchableError('connection failed');
	if (!response.ok || response.body === null) {
		await response.body?.cancel();
		throw new UnfetchableError(response.status === 404 ? 'not found' : `HTTP ${response.status}`);
	}
	const content = await readUpTo(response.body, bytesMax).catch(() => undefined);
	if (content === undefined) throw new UnfetchableError('connection broke off');
	return content;
}

/** Reads until the end, or until there is more than `bytesMax`. */
async function readUpTo(body: ReadableStream<Uint8Array>, bytesMax: number): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	const reader = body.getReader();
	for (let part = await reader.read(); !part.done; part = await reader.read()) {
		parts.push(part.value);
		bytes += part.value.length;
		if (bytes > bytesMax) {
			await reader.cancel();
			break;
		}
	}
	return Buffer.concat(parts);
}
