/** A call from outside at the trigger's address: what it holds, read with suspicion, and the answer to it. */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { parseTask } from '../evolink/schemas';

/** A callback describes one task. More than this (bytes) is none, and is not read. */
const LONGEST_BODY_BYTES = 1_000_000;

/** The answers that are given. EvoLink calls again after anything but a 2xx. */
const STATUS = { received: 200, notUnderstood: 400, tooLarge: 413, callAgain: 503 } as const;
export type Reply = keyof typeof STATUS;

export type Call = { ok: true; taskId: string } | { ok: false; reply: Reply };

/** The task that a call is about. Nothing else of its body is ever used. */
export function readCall(context: IWebhookFunctions): Call {
	const { rawBody } = context.getRequestObject();
	const announced = Number(context.getHeaderData()['content-length'] ?? 0);
	const bytes = Buffer.isBuffer(rawBody) ? rawBody.length : announced;
	if (Math.max(bytes, announced) > LONGEST_BODY_BYTES) return { ok: false, reply: 'tooLarge' };
	// Where the type says something else than JSON, n8n gives nothing of the body but its bytes.
	const taskId = idIn(context.getBodyData()) ?? idIn(textOf(rawBody));
	return taskId === undefined ? { ok: false, reply: 'notUnderstood' } : { ok: true, taskId };
}

function idIn(body: unknown): string | undefined {
	return parseTask(asObject(body))?.id;
}

const textOf = (bytes: unknown): string | undefined =>
	Buffer.isBuffer(bytes) ? bytes.toString().replace(/^\uFEFF/, '') : undefined;

/** n8n hands a body over as text where its type does not say JSON. */
function asObject(body: unknown): unknown {
	if (typeof body !== 'string') return body;
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/** Answers the call. The same words whatever became of it: a stranger learns nothing about the account. */
export function reply(context: IWebhookFunctions, word: Reply): IWebhookResponseData {
	const response = context.getResponseObject();
	if (!response.headersSent) response.status(STATUS[word]).json({ received: word === 'received' });
	return { noWebhookResponse: true };
}
