/** The one file that makes HTTP calls: the API with the credential, media hosts without it. */
import type { IExecuteFunctions, IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { ApiPort, ApiRequest, HttpResult, UploadFile } from '../evolink/http';
import type { Fetched, MediaAnswer } from '../generation/ports';
import { causeOf } from './networkCause';

export const CREDENTIAL = 'evoLinkApi';
/** Some media hosts turn away default agents, so every request names the product. Equals package.json's version (tested). */
export const USER_AGENT = 'n8n-nodes-wan-video/0.1.0';

/** Longest silence of a media host, in milliseconds. */
const MEDIA_TIMEOUT_MS = 60_000;

/** Anything that streams; only n8n's binary store reads it. */
export type BodyStream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer
>;

const fullAnswer = z.object({
	statusCode: z.number(),
	headers: z.record(z.unknown()).default({}),
	body: z.unknown(),
});

/** Who may call the API: a run of a node, or a callback on its way in. */
export type ApiCaller = IExecuteFunctions | IWebhookFunctions;

/** The API with the node's credential. Answers of any status are values; nothing is sent twice. */
export async function apiPort(context: ApiCaller): Promise<ApiPort> {
	const { apiKey, hosts } = await readCredential(context);
	return {
		redact: (text) => (apiKey === '' ? text : text.split(apiKey).join('[API key]')),
		async send(request) {
			return await sendWithCredential(context, hosts[request.host ?? 'api'], request);
		},
	};
}

interface Credential {
	apiKey: string;
	/** Base addresses without a slash at the end. */
	hosts: Readonly<Record<'api' | 'files', string>>;
}

/** The credential as the user filled it in. */
export async function readCredential(context: ApiCaller): Promise<Credential> {
	const text = z.string().trim().catch('');
	const fields = await context.getCredentials<Record<string, unknown>>(CREDENTIAL);
	const address = (field: unknown) => text.parse(field).replace(/\/+$/, '');
	return {
		apiKey: text.parse(fields.apiKey),
		hosts: { api: address(fields.baseUrl), files: address(fields.filesUrl) },
	};
}

async function sendWithCredential(
	context: ApiCaller,
	baseUrl: string,
	{ method, path, body, file, headers, timeoutMs, endsOnStop }: ApiRequest,
): Promise<HttpResult> {
	const url = `${baseUrl}${path}`;
	if (!/^https?:\/\/[^/]/i.test(url)) {
		return { answered: false, sent: 'no', reason: 'the address is not valid' };
	}
	const options: IHttpRequestOptions = {
		method,
		url,
		headers: { ...headers, 'User-Agent': USER_AGENT },
		json: true,
		timeout: timeoutMs,
		returnFullResponse: true,
		// Every status is an answer to read. It also keeps n8n from sending a request again after a 401.
		ignoreHttpStatusErrors: true,
		// A redirect would carry the key elsewhere, or turn the paid POST into a GET.
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		...(body !== undefined && { body }),
		...(file !== undefined && { body: formOf(file) }),
	};
	const caller = endsOnStop ? context : withoutStop(context);
	try {
		const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
			caller,
			CREDENTIAL,
			options,
		);
		const { statusCode, headers: received, body: content } = fullAnswer.parse(answer);
		return {
			answered: true,
			answer: { status: statusCode, headers: plainHeaders(received), body: content },
		};
	} catch (error) {
		return { answered: false, ...causeOf(error) };
	}
}

/** A spec FormData can be sent by both n8n lines with its length; it holds the file in memory. */
function formOf({ name, mimeType, bytes }: UploadFile): FormData {
	const form = new FormData();
	form.append('file', new Blob([bytes], { type: mimeType }), name);
	return form;
}

/** The same context to n8n's request helper, but one that a Stop does not reach (see ApiRequest.endsOnStop). */
function withoutStop<Caller extends ApiCaller>(context: Caller): Caller {
	return new Proxy(context, {
		get(target, name): unknown {
			return name === 'getExecutionCancelSignal'
				? () => undefined
				: Reflect.get(target, name, target);
		},
	});
}

/** Opens a link of a media host: never with the key, redirects followed, ended by a Stop. */
export async function openMedia(
	context: IExecuteFunctions,
	url: string,
): Promise<Fetched<MediaAnswer<BodyStream>>> {
	try {
		const answer: unknown = await context.helpers.httpRequest({
			url,
			// Compressed on the way, a file's length could not be checked.
			headers: { 'User-Agent': USER_AGENT, 'Accept-Encoding': 'identity' },
			encoding: 'stream',
			timeout: MEDIA_TIMEOUT_MS,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			abortSignal: context.getExecutionCancelSignal(),
		});
		const { statusCode, headers, body } = fullAnswer.parse(answer);
		if (!isStream(body)) return { ok: false, reason: 'the media host sent no content' };
		const { 'content-type': type = '', 'content-length': length } = plainHeaders(headers);
		const bytes = length === undefined ? undefined : Number(length);
		return {
			ok: true,
			value: {
				status: statusCode,
				contentType: type.split(';')[0].trim().toLowerCase(),
				...(bytes !== undefined && Number.isSafeInteger(bytes) && { contentLength: bytes }),
				stream: body,
			},
		};
	} catch (error) {
		return { ok: false, reason: causeOf(error).reason };
	}
}

/** A stretch of a file at a public address. */
export interface RangeAnswer {
	status: number;
	bytes: Uint8Array;
	/** Bytes of the whole file, where the host says so. */
	size?: number;
	/** Where a redirect leads. */
	location?: string;
}

/** Longest silence of a host whose file is only looked at, in milliseconds. */
const GLANCE_TIMEOUT_MS = 10_000;

/** Reads `length` bytes from `start` of a public file: no credential, no redirects, no more than asked for. */
export async function readRange(
	context: IExecuteFunctions,
	url: string,
	start: number,
	length: number,
): Promise<Fetched<RangeAnswer>> {
	try {
		const answer: unknown = await context.helpers.httpRequest({
			url,
			headers: {
				'User-Agent': USER_AGENT,
				'Accept-Encoding': 'identity',
				Range: `bytes=${start}-${start + length - 1}`,
			},
			encoding: 'stream',
			timeout: GLANCE_TIMEOUT_MS,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			abortSignal: context.getExecutionCancelSignal(),
		});
		const { statusCode: status, headers, body } = fullAnswer.parse(answer);
		const { 'content-range': range, 'content-length': total, location } = plainHeaders(headers);
		if (!isStream(body)) return { ok: false, reason: 'the host sent no content' };
		// A host that does not know ranges sends everything: what stands before `start` is passed over.
		const skip = status === 200 ? start : 0;
		const whole = status === 206 ? range?.split('/')[1] : total;
		const size = Number(whole);
		return {
			ok: true,
			value: {
				status,
				bytes:
					status === 200 || status === 206
						? await firstBytes(body, skip, length)
						: new Uint8Array(0),
				...(whole !== undefined && Number.isSafeInteger(size) && { size }),
				...(location !== undefined && { location }),
			},
		};
	} catch (error) {
		return { ok: false, reason: causeOf(error).reason };
	}
}

/** `length` bytes after the first `skip`; the rest of the body is left unread. */
async function firstBytes(body: BodyStream, skip: number, length: number): Promise<Uint8Array> {
	const chunks: Buffer[] = [];
	let passed = 0;
	let kept = 0;
	for await (const chunk of body as AsyncIterable<Buffer>) {
		const from = Math.min(chunk.length, Math.max(0, skip - passed));
		passed += chunk.length;
		chunks.push(chunk.subarray(from, from + length - kept));
		kept += chunks[chunks.length - 1].length;
		if (kept >= length) break;
	}
	return Buffer.concat(chunks);
}

function isStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && 'pipe' in body && 'map' in body;
}

function plainHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
	const plain: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (typeof value === 'string' || typeof value === 'number')
			plain[name.toLowerCase()] = String(value);
	}
	return plain;
}
