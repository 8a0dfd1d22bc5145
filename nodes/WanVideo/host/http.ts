/** The one file that makes HTTP calls: the API with the credential, media hosts without it. */
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod';

import type { ApiPort, ApiRequest, HttpResult } from '../evolink/http';
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

/** The API with the node's credential. Answers of any status are values; nothing is sent twice. */
export async function apiPort(context: IExecuteFunctions): Promise<ApiPort> {
	const { apiKey, baseUrl } = await readCredential(context);
	return {
		redact: (text) => (apiKey === '' ? text : text.split(apiKey).join('[API key]')),
		async send(request) {
			return await sendWithCredential(context, baseUrl, request);
		},
	};
}

async function readCredential(
	context: IExecuteFunctions,
): Promise<{ apiKey: string; baseUrl: string }> {
	const { apiKey, baseUrl } = await context.getCredentials<{ apiKey: unknown; baseUrl: unknown }>(
		CREDENTIAL,
	);
	return {
		apiKey: typeof apiKey === 'string' ? apiKey.trim() : '',
		baseUrl: (typeof baseUrl === 'string' ? baseUrl : '').trim().replace(/\/+$/, ''),
	};
}

async function sendWithCredential(
	context: IExecuteFunctions,
	baseUrl: string,
	{ method, path, body, headers, timeoutMs, endsOnStop }: ApiRequest,
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

/** The same context to n8n's request helper, but one that a Stop does not reach (see ApiRequest.endsOnStop). */
function withoutStop(context: IExecuteFunctions): IExecuteFunctions {
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
