/**
 * Files of items become addresses that EvoLink can open: each content is uploaded once per
 * execution, however many items use it and however often n8n runs the node again.
 */
import { z } from 'zod';

import type { Answer } from '../evolink/client';
import type { Failure } from '../evolink/failure';
import type { FileClient } from '../evolink/files';
import type { UploadFile } from '../evolink/http';
import { lookRetryDelayMs } from '../evolink/retry';
import type { GenerationBody } from '../evolink/wire';
import { isFileAddress } from '../wan/request';
import type { Clock, StopSignal } from './ports';

/** Where uploads are remembered for this execution; what is read may be anything. */
export interface UploadStore {
	read(address: string): unknown;
	write(address: string, upload: Upload): void;
}

const uploadSchema = z.object({ url: z.string(), expiresAt: z.number() });
export type Upload = z.infer<typeof uploadSchema>;

export interface UploadNeeds {
	files: FileClient;
	store: UploadStore;
	clock: Clock;
	stop: StopSignal;
	/** The whole file, as a form needs it. */
	load(address: string): Promise<UploadFile>;
	/** An address of n8n's own for the file, where there is one that EvoLink can reach. */
	ownUrl(address: string): Promise<string | undefined>;
}

/** EvoLink keeps uploads for 72 hours (docs); one with less left than this is made anew. */
const KEPT_MS = 72 * 3_600_000;
const MARGIN_MS = 6 * 3_600_000;
const TRIES = 4;

export class Uploads {
	private readonly underWay = new Map<string, Promise<Answer<string>>>();

	constructor(private readonly needs: UploadNeeds) {}

	/** The body with an address in place of each file. A failure costs nothing: nothing was submitted. */
	async fill(body: GenerationBody): Promise<Answer<GenerationBody>> {
		const filled: Record<string, unknown> = { ...body };
		for (const [field, value] of Object.entries(body)) {
			const address: unknown = Array.isArray(value) ? value[0] : value;
			if (typeof address !== 'string' || !isFileAddress(address)) continue;
			const url = await this.urlFor(address);
			if (!url.ok) return url;
			filled[field] = Array.isArray(value) ? [url.value] : url.value;
		}
		return { ok: true, value: { ...body, ...filled } };
	}

	private async urlFor(address: string): Promise<Answer<string>> {
		const { store, clock } = this.needs;
		const known = uploadSchema.safeParse(store.read(address));
		if (known.success && known.data.expiresAt - clock.now() > MARGIN_MS) {
			return { ok: true, value: known.data.url };
		}
		let upload = this.underWay.get(address);
		if (upload === undefined) {
			upload = this.upload(address);
			this.underWay.set(address, upload);
			void upload.finally(() => this.underWay.delete(address));
		}
		return await upload;
	}

	private async upload(address: string): Promise<Answer<string>> {
		const { files, store, clock, stop } = this.needs;
		const file = await this.needs.load(address);
		for (let tries = 1; ; tries += 1) {
			const answer = await files.upload(file);
			if (answer.ok) {
				const { url, expiresAt = clock.now() + KEPT_MS } = answer.value;
				store.write(address, { url, expiresAt });
				return { ok: true, value: url };
			}
			const failure: Failure = answer.failure;
			if (failure.kind === 'fileTypeRefused') {
				const own = await this.needs.ownUrl(address);
				return own === undefined ? answer : { ok: true, value: own };
			}
			const delayMs = lookRetryDelayMs(failure, tries, clock.random());
			if (delayMs === null || tries === TRIES || stop.aborted) return answer;
			await clock.sleep(delayMs, stop);
		}
	}
}
