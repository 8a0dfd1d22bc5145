/**
 * A file at a public address, as a source of bytes: a few requests, each for more than the one before,
 * each body read only as far as somebody wants it. Memory holds one short stretch, whatever comes.
 */
import type { Clock, Fetched } from '../generation/ports';
import { type ByteSource, MediaError, type StreamSource, streamSource } from '../media/source';
import { parsedUrl } from '../wan/parsedUrl';
import type { RangeAnswer } from './media';

/** Enough for every header; what needs more needs much more. */
const FIRST_BYTES = 64 * 1024;
const GROWTH = 4;
const MOST_REQUESTS = 8;
/** Of one file, passed-over bytes included. */
export const MOST_BYTES = 8 * 1024 * 1024;
/** Forward by this much is read past, even where that takes a request more; further on is asked for anew. */
const PASSED_OVER_BYTES = 256 * 1024;
/** For one file in all: a host that sends a byte now and then has this long. */
export const MOST_MS = 20_000;
const MOST_REDIRECTS = 3;

const NO_RANGE = 'its host gives out no part of it (HTTP status 416)';

export interface RemoteNeeds {
	/** Asks for a stretch. */
	open(
		url: URL,
		range: { start: number; length: number; signal: AbortSignal },
	): Promise<Fetched<RangeAnswer>>;
	/** Throws MediaError for an address that must not be asked for. */
	allow(url: URL): Promise<void>;
	clock: Pick<Clock, 'elapsed'>;
	/** The user's Stop. */
	stop?: AbortSignal;
}

/** Opens the file with its first request. `close` ends whatever is under way. Throws MediaError. */
export async function openRemote(
	address: string,
	needs: RemoteNeeds,
): Promise<{ source: ByteSource; close: () => Promise<void> }> {
	const file = new RemoteFile(urlOf(address), needs);
	let opened = false;
	try {
		await file.read(0, 1);
		opened = true;
	} finally {
		if (!opened) await file.close();
	}
	return { source: file, close: async () => await file.close() };
}

/** What is read from one place onwards. */
interface Run {
	base: number;
	source: StreamSource;
	/** Where the request that is open now ends. */
	until: number;
	/** How far it was read. */
	at: number;
}

class RemoteFile implements ByteSource {
	size?: number;
	private run?: Run;
	private requests = 0;
	private received = 0;
	/** The host sends everything, whatever is asked for. */
	private knowsRanges = true;
	private readonly begunAt: number;
	/** Held here: until Node 22.16 a signal that only `AbortSignal.any` knows may be collected before its time comes. */
	private readonly late = AbortSignal.timeout(MOST_MS);
	private readonly end: AbortSignal;

	constructor(
		private url: URL,
		private readonly needs: RemoteNeeds,
	) {
		this.begunAt = needs.clock.elapsed();
		this.end = needs.stop === undefined ? this.late : AbortSignal.any([needs.stop, this.late]);
	}

	get isSlowAhead(): boolean {
		return !this.knowsRanges;
	}

	async read(start: number, length: number): Promise<Uint8Array> {
		const run = await this.runFor(start);
		const read = await run.source.read(start - run.base, length).catch(asMediaError);
		if (read instanceof MediaError) throw this.isLate() ? tooSlow() : read;
		return read;
	}

	async close(): Promise<void> {
		await this.run?.source.close();
		this.run = undefined;
	}

	/** Reads on where that leads there soon, and asks anew where it does not. */
	private async runFor(start: number): Promise<Run> {
		const { run } = this;
		if (run !== undefined) {
			const isBehind = start - run.base < run.source.keptFrom;
			const gap = start - run.at;
			// What would not be reached anyway is not even begun.
			if (!this.knowsRanges && this.received + gap > MOST_BYTES) throw tooMuch();
			const isNear = gap <= PASSED_OVER_BYTES || start < run.until;
			if (!this.knowsRanges || (!isBehind && isNear)) return run;
			await this.close();
		}
		const next: Run = {
			base: start,
			until: start,
			at: start,
			source: streamSource(this.bytesFrom(start, () => next)),
		};
		this.run = next;
		return next;
	}

	/** The bytes from one place to the end of the file, by as many requests as it takes. */
	private async *bytesFrom(base: number, runOf: () => Run): AsyncGenerator<Uint8Array> {
		const run = runOf();
		for (let at = base; this.size === undefined || at < this.size; ) {
			const { body, from, whole } = await this.request(at);
			if (body === undefined) return;
			let position = from;
			const asked = at;
			run.until = whole ? Infinity : at + this.lengthOf(this.requests);
			for await (const chunk of body as AsyncIterable<Uint8Array>) {
				this.count(chunk.length);
				const fresh = chunk.subarray(Math.max(0, at - position));
				position += chunk.length;
				if (fresh.length === 0) continue;
				at += fresh.length;
				run.at = at;
				yield fresh;
			}
			if (whole || at === asked) return;
		}
	}

	private lengthOf(request: number): number {
		return Math.min(FIRST_BYTES * GROWTH ** (request - 1), MOST_BYTES);
	}

	/** One more request for what follows `start`; no body behind the end of the file. */
	private async request(start: number) {
		if (this.requests >= MOST_REQUESTS) throw tooMuch();
		this.requests += 1;
		const most = this.lengthOf(this.requests);
		for (let redirects = 0; ; redirects += 1) {
			// Some hosts know no range that goes on behind the end of the file.
			const length = Math.min(most, (this.size ?? Infinity) - start);
			await this.needs.allow(this.url);
			if (this.isLate()) throw tooSlow();
			const answer = await this.needs.open(this.url, { start, length, signal: this.end });
			if (this.isLate()) throw tooSlow();
			if (!answer.ok) throw new MediaError('unreadable', answer.reason);
			const { status, body, from, size, location } = answer.value;
			if (status >= 300 && status < 400 && location !== undefined && redirects < MOST_REDIRECTS) {
				this.url = urlOf(location, this.url.toString());
				continue;
			}
			this.size ??= size;
			if (status === 416) {
				if (start >= (this.size ?? 1)) return { whole: false, from: start };
				const isCut = length <= (this.size ?? 0) - start;
				if (this.size === undefined || isCut || redirects >= MOST_REDIRECTS)
					throw new MediaError('unreadable', NO_RANGE);
				continue;
			}
			if (body === undefined)
				throw new MediaError('unreadable', `its host answered with HTTP status ${status}`);
			if (from > start) throw new MediaError('unreadable', 'its host sent another part of it');
			this.knowsRanges = status === 206;
			return { body, from, whole: status === 200 };
		}
	}

	private count(bytes: number): void {
		this.received += bytes;
		if (this.received > MOST_BYTES) throw tooMuch();
		if (this.isLate()) throw tooSlow();
	}

	private isLate(): boolean {
		const isStopped = this.needs.stop?.aborted === true;
		const isOver = this.needs.clock.elapsed() - this.begunAt >= MOST_MS;
		return !isStopped && (isOver || this.end.aborted);
	}
}

function urlOf(address: string, base?: string): URL {
	const url = parsedUrl(address, base);
	if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
	throw new MediaError('unreadable', 'its address leads nowhere');
}

function asMediaError(error: unknown): MediaError {
	if (error instanceof MediaError) return error;
	const said = error instanceof Error ? error.message : 'the connection broke';
	return new MediaError('unreadable', `reading it failed: ${said}`);
}

function tooMuch(): MediaError {
	const megabytes = MOST_BYTES / 1024 / 1024;
	return new MediaError(
		'tooMuch',
		`more than ${megabytes} MB or ${MOST_REQUESTS} requests would be needed to read it from its address`,
	);
}

function tooSlow(): MediaError {
	return new MediaError(
		'unreadable',
		`its host is too slow (${MOST_MS / 1000} seconds were not enough)`,
	);
}
