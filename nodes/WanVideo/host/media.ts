/** Files of media hosts, asked for without the key: videos as a whole, materials in stretches. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { GLANCE_SILENCE_MS, MEDIA_SILENCE_MS } from '../evolink/timeLimits';
import type { Fetched, MediaAnswer } from '../generation/ports';
import { isInternalHost } from '../wan/internalHost';
import { parsedUrl } from '../wan/parsedUrl';
import { type BodyStream, discard, endWhenSilent, isStream } from './answerBody';
import { sendPlain } from './http';
import { answeredInside, failedInside, INSIDE, leadsInside } from './insideAddress';
import { causeOf } from './networkCause';

export type { BodyStream } from './answerBody';

/** Longest time until a media host answers, its redirects included, in milliseconds. */
const OPENING_MS = 120_000;
const MEDIA_REDIRECTS = 5;

/** An opened link; `range` says which part of the file comes, where only a part does. */
export interface OpenedMedia extends MediaAnswer<BodyStream> {
	range?: { start: number; size?: number };
}

/**
 * Opens a link of a media host, from byte `start` on: never with the key, redirects followed but not into one's own
 * network, ended by a Stop. Of an inside address that is not wanted the reason tells nothing.
 */
export async function openMedia(
	context: IExecuteFunctions,
	url: string,
	{ start = 0, mayBeInside = true } = {},
): Promise<Fetched<OpenedMedia>> {
	// A host that sends its answer byte by byte is never silent; once it has answered, the transfer has its own end.
	const tooLate = new AbortController();
	let isOpen = false;
	AbortSignal.timeout(OPENING_MS).addEventListener('abort', () => {
		if (!isOpen) tooLate.abort();
	});
	const stop = context.getExecutionCancelSignal();
	const signal = AbortSignal.any([tooLate.signal, ...(stop === undefined ? [] : [stop])]);
	const inside = { ok: false, reason: INSIDE } as const;
	try {
		const given = parsedUrl(url);
		if (!mayBeInside && given && (await leadsInside(context, given))) return inside;
		for (let link = url, redirects = 0; ; redirects += 1) {
			const { status, headers, body } = await sendPlain(context, {
				url: link,
				headers: {
					// Compressed on the way, a file's length could not be checked.
					'Accept-Encoding': 'identity',
					...(start > 0 && { Range: `bytes=${start}-` }),
				},
				timeout: MEDIA_SILENCE_MS,
				abortSignal: signal,
			});
			if (!isStream(body)) return { ok: false, reason: 'the media host sent no content' };
			if (!mayBeInside && answeredInside(body)) {
				discard(body);
				return inside;
			}
			const { 'content-type': type = '', 'content-length': length, location } = headers;
			const range = rangeOf(headers['content-range']);
			const isRedirect = status >= 300 && status < 400 && location !== undefined;
			const next = isRedirect ? parsedUrl(location, link) : undefined;
			if (next !== undefined && redirects < MEDIA_REDIRECTS) {
				discard(body);
				const reason = await whyNot(context, link, next);
				if (reason !== undefined) return { ok: false, reason };
				link = next.toString();
				continue;
			}
			isOpen = true;
			endWhenSilent(body, MEDIA_SILENCE_MS, () => tooLate.abort());
			const bytes = length === undefined ? undefined : Number(length);
			return {
				ok: true,
				value: {
					status,
					contentType: type.split(';')[0].trim().toLowerCase(),
					...(bytes !== undefined && Number.isSafeInteger(bytes) && { contentLength: bytes }),
					...(range !== undefined && { range }),
					stream: body,
				},
			};
		}
	} catch (error) {
		if (!mayBeInside && failedInside(error)) return inside;
		const reason = tooLate.signal.aborted ? 'no answer came in time' : causeOf(error).reason;
		return { ok: false, reason };
	}
}

/** Why a redirect is not followed. Who is inside already may go on there. */
async function whyNot(
	context: IExecuteFunctions,
	from: string,
	to: URL,
): Promise<string | undefined> {
	if (!/^https?:$/.test(to.protocol)) return 'the media host redirects to what is no web address';
	if (isInternalHost(parsedUrl(from)?.hostname ?? '')) return undefined;
	return (await leadsInside(context, to))
		? 'the media host redirects into the network of n8n'
		: undefined;
}

/** E.g. "bytes 500-999/1000" or "bytes 500-999/*". */
function rangeOf(header: string | undefined): OpenedMedia['range'] {
	const found = /^bytes (\d{1,16})-\d{1,16}\/(\d{1,16}|\*)$/.exec(header ?? '');
	if (found === null) return undefined;
	return { start: Number(found[1]), ...(found[2] !== '*' && { size: Number(found[2]) }) };
}

export interface RangeRequest {
	start: number;
	length: number;
	/** Ends the request, and its body. */
	signal: AbortSignal;
	/** The host is the credential's own. */
	mayBeInside: boolean;
}

/** The answer to a request for a stretch of a file at a public address. */
export interface RangeAnswer {
	status: number;
	/** With status 200 and 206 only; whoever takes it ends it. */
	body?: BodyStream;
	/** Where in the file the body begins: a host that does not know ranges sends everything. */
	from: number;
	/** Bytes of the whole file, where the host says so. */
	size?: number;
	/** Where a redirect leads. */
	location?: string;
}

/**
 * Asks for `length` bytes from `start` of a public file: no credential, no redirects. Of an inside
 * address the reason tells nothing.
 */
export async function openRange(
	context: IExecuteFunctions,
	url: string,
	{ start, length, signal, mayBeInside }: RangeRequest,
): Promise<Fetched<RangeAnswer>> {
	const silent = new AbortController();
	try {
		const { status, headers, body } = await sendPlain(context, {
			url,
			headers: {
				'Accept-Encoding': 'identity',
				Range: `bytes=${start}-${start + length - 1}`,
			},
			timeout: GLANCE_SILENCE_MS,
			abortSignal: AbortSignal.any([signal, silent.signal]),
		});
		const { 'content-range': range, 'content-length': total, location } = headers;
		if (!isStream(body)) return { ok: false, reason: 'the host sent no content' };
		const isContent = status === 200 || status === 206;
		const isInside = !mayBeInside && answeredInside(body);
		if (!isContent || isInside) discard(body);
		if (isInside) return { ok: false, reason: INSIDE };
		if (isContent) endWhenSilent(body, GLANCE_SILENCE_MS, () => silent.abort());
		const [, from, whole] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range ?? '') ?? [];
		const size = Number(status === 206 || status === 416 ? (whole ?? range?.split('/')[1]) : total);
		const begins = status === 206 ? Number(from ?? start) : 0;
		return {
			ok: true,
			value: {
				status,
				from: begins,
				...(isContent && { body }),
				...(Number.isSafeInteger(size) && { size }),
				...(location !== undefined && { location }),
			},
		};
	} catch (error) {
		const isInside = !mayBeInside && failedInside(error);
		return { ok: false, reason: isInside ? INSIDE : causeOf(error).reason };
	}
}
