/**
 * Files of items become addresses that EvoLink can open: each content is uploaded once per
 * execution, however many items use it and however often n8n runs the node again.
 */
import { z } from 'zod';

import type { Answer } from '../evolink/client';
import type { FileClient, StoredFile } from '../evolink/fileClient';
import type { UploadFile } from '../evolink/apiPort';
import { lookRetryDelayMs } from '../evolink/retry';
import type { Clock, StopSignal } from './ports';

/** Where uploads are remembered for this execution, by the hash of their content; what is read may be anything. */
export interface UploadStore {
	read(hash: string): unknown;
	write(hash: string, upload: Upload): void;
}

const uploadSchema = z.object({ url: z.string(), expiresAt: z.number() });
export type Upload = z.infer<typeof uploadSchema>;

export interface UploadNeeds {
	files: FileClient;
	store: UploadStore;
	clock: Clock;
	stop: StopSignal;
	/** The whole file, as a form needs it. */
	load(hash: string): Promise<UploadFile>;
	/** An address of n8n's own for the file, where there is one that EvoLink can reach. */
	ownUrl(hash: string): Promise<string | undefined>;
}

/** EvoLink keeps uploads for 72 hours (docs); one with less left than this is made anew. */
const KEPT_MS = 72 * 3_600_000;
const MARGIN_MS = 6 * 3_600_000;
const TRIES = 4;

export class Uploads {
	private readonly underWay = new Map<string, Promise<Answer<string>>>();

	constructor(private readonly needs: UploadNeeds) {}

	/** The address of each file, by the hash of its content. A failure costs nothing: nothing was submitted. */
	async addressesOf(hashes: readonly string[]): Promise<Answer<ReadonlyMap<string, string>>> {
		const addresses = new Map<string, string>();
		for (const hash of hashes) {
			const url = await this.urlFor(hash);
			if (!url.ok) return url;
			addresses.set(hash, url.value);
		}
		return { ok: true, value: addresses };
	}

	private async urlFor(hash: string): Promise<Answer<string>> {
		const { store, clock } = this.needs;
		const known = uploadSchema.safeParse(store.read(hash));
		if (known.success && known.data.expiresAt - clock.now() > MARGIN_MS) {
			return { ok: true, value: known.data.url };
		}
		let upload = this.underWay.get(hash);
		if (upload === undefined) {
			upload = this.uploadOrFail(hash);
			this.underWay.set(hash, upload);
		}
		return await upload;
	}

	/** Whatever throws here, e.g. a file that n8n's store has lost since the check, fails the items that need it, and no others. */
	private async uploadOrFail(hash: string): Promise<Answer<string>> {
		try {
			return await this.upload(hash);
		} catch (error) {
			return { ok: false, failure: { kind: 'fileNotRead', charged: 'no', said: saidOf(error) } };
		} finally {
			this.underWay.delete(hash);
		}
	}

	private async upload(hash: string): Promise<Answer<string>> {
		const { files, store, clock, stop } = this.needs;
		const file = await this.needs.load(hash);
		const answer = await uploadPatiently(file, { files, clock, stop });
		if (answer.ok) {
			const { url, expiresAt = clock.now() + KEPT_MS } = answer.value;
			store.write(hash, { url, expiresAt });
			return { ok: true, value: url };
		}
		if (answer.failure.kind !== 'fileTypeRefused') return answer;
		const own = await this.needs.ownUrl(hash);
		return own === undefined ? answer : { ok: true, value: own };
	}
}

/** Uploads a file, and once more where that may help: it costs nothing. */
export async function uploadPatiently(
	file: UploadFile,
	{ files, clock, stop }: Pick<UploadNeeds, 'files' | 'clock' | 'stop'>,
): Promise<Answer<StoredFile>> {
	for (let tries = 1; ; tries += 1) {
		const answer = await files.upload(file);
		if (answer.ok || tries === TRIES || stop.aborted) return answer;
		const delayMs = lookRetryDelayMs(answer.failure, tries, clock.random());
		if (delayMs === null) return answer;
		await clock.sleep(delayMs, stop);
	}
}

/** What n8n's store says, without the folder that it keeps files in. */
function saidOf(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return message.slice(0, 300).replace(/,? ?\w* '[^']*[/\\][^']*'/g, '');
}
