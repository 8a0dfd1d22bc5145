/**
 * Waking a paused execution by EvoLink's callback. The callback only says "look now": its body is not
 * read, nothing is downloaded here, and without it the execution wakes by time. An address is given to
 * EvoLink only where it can be reached from outside and n8n lets one of several callbacks through (2.x).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

import type {
	IExecuteFunctions,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { z } from 'zod';

import { isInternalHost } from '../wan/internalHost';
import { parsedUrl } from '../wan/parsedUrl';
import { readCredential } from './api';

/** No expression: n8n would start an engine for it at each call. Which node is meant, the proof says. */
const PATH = 'wan-video';

/** n8n's entrance for the node of an execution that waits, below the execution's own address. */
export const wakeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		responseData: '',
		path: PATH,
		restartWebhook: true,
		isFullPath: true,
	},
];

const PROOF = 'wan';

/** The address at which n8n wakes this execution, as far as n8n knows its own address. */
export function resumeUrlOf(context: IExecuteFunctions): URL | undefined {
	const { $execution } = context.getWorkflowDataProxy(0);
	const url = z.object({ resumeUrl: z.string().url() }).safeParse($execution);
	return url.success ? new URL(url.data.resumeUrl) : undefined;
}

/** n8n 2.x signs that address and lets one of several callbacks through; 1.x does neither, and shows it nowhere else. */
export function isSigned(resumeUrl: URL | undefined): boolean {
	return resumeUrl?.searchParams.has('signature') === true;
}

/** What EvoLink is to call when a task ends; nothing where that cannot work. */
export async function wakeUrlOf(context: IExecuteFunctions): Promise<string | undefined> {
	const url = resumeUrlOf(context);
	// A manual run in queue mode would go on in the webhook process, which runs no code nodes (run on n8n 2.41).
	if (url === undefined || !isSigned(url) || context.getMode() === 'manual') return undefined;
	const { apiKey, hosts } = await readCredential(context);
	const isOutside = url.protocol === 'https:' && !isInternalHost(url.hostname);
	const isAllLocal = isInternalHost(url.hostname) && isInternalHost(hostnameOf(hosts.api));
	if (!isOutside && !isAllLocal) return undefined;
	const { id } = context.getNode();
	url.pathname += `/${PATH}`;
	url.searchParams.set(PROOF, proofOf(apiKey, context.getExecutionId(), id));
	return url.href;
}

/**
 * EvoLink's callback at a paused execution. Answers at once, and wakes the execution only for who has the
 * proof. It never throws: n8n would then wake the execution with nothing in it (run on n8n 1.123 and 2.41).
 */
export async function receiveWake(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	let isProven = false;
	try {
		const { apiKey } = await readCredential(context);
		const given = z.object({ [PROOF]: z.string() }).parse(context.getQueryData())[PROOF];
		const wanted = proofOf(apiKey, context.getExecutionId(), context.getNode().id);
		isProven = isSame(given, wanted);
	} catch {
		// Neither a proof nor a credential to hold it against: the time wakes the execution.
	}
	const response = context.getResponseObject();
	response.status(isProven ? 200 : 403).json({ received: isProven });
	return { noWebhookResponse: true, ...(isProven && { workflowData: [] }) };
}

function proofOf(apiKey: string, executionId: string, nodeId: string): string {
	return createHmac('sha256', apiKey).update(`${executionId}/${nodeId}`).digest('hex');
}

function isSame(given: string, wanted: string): boolean {
	const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
	return a.length === b.length && timingSafeEqual(a, b);
}

function hostnameOf(address: string): string {
	return parsedUrl(address)?.hostname ?? '';
}
