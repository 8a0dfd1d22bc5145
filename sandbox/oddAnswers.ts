// Answers that do not fit the question, or that no client expects: what gateways, lagging copies of a
// database and other services send. Assumed, none is documented; each only by a planned fault.

import type { Fault } from './faults';
import { isRecord, parseJson, type JsonRecord } from './json';
import { html, json, type Reply } from './reply';

/** Another account's task, which no submit ever gives. */
const OTHER_TASK = 'task-unified-1757169743-0ther0ne';
const GATEWAY_PAGE =
	'<html><head><title>Attention Required!</title><style>p{color:red}</style></head><body><h1>Sorry, you have been blocked</h1></body></html>';

/** A page that stands in the way of the API; nothing behind it was reached. */
export const gatewayPage = (status: number): Reply => {
	const page = html(status, GATEWAY_PAGE);
	const isRedirect = status >= 300 && status < 400;
	return isRedirect ? { ...page, headers: { ...page.headers, location: '/login' } } : page;
};

/** The same answer, bent by a fault; untouched by every other. */
export function bent(reply: Reply, fault: Fault | undefined): Reply {
	const body = Buffer.isBuffer(reply.body) ? parseJson(reply.body.toString('utf8')) : undefined;
	if (fault === undefined || !isRecord(body)) return reply;
	const { kind } = fault;
	if (kind === 'otherTask')
		return json(200, { ...body, id: OTHER_TASK, status: 'completed', results: otherResults(body) });
	if (kind === 'refusalWithTask') {
		const error = { code: 'upstream_error', message: 'Please try again later', type: 'api_error' };
		return json(fault.status, { error, task_id: body.id });
	}
	if (kind === 'wrapped') return json(reply.status, { id: 'req_1', status: 'ok', data: body });
	if (kind === 'coverFirst' && Array.isArray(body.results))
		return json(200, { ...body, results: [coverOf(body.results), ...(body.results as unknown[])] });
	return kind === 'deep' ? deepened(reply, fault.levels) : reply;
}

function otherResults({ results }: JsonRecord): unknown {
	return Array.isArray(results) && results.length > 0
		? results
		: ['https://media.example/other.mp4'];
}

function coverOf(results: unknown[]): string {
	return `${String(results[0]).replace(/\.mp4$/, '')}.jpg`;
}

/** By text, as no object that deep can be turned into JSON. */
function deepened(reply: Reply, levels: number): Reply {
	const text = Buffer.isBuffer(reply.body) ? reply.body.toString('utf8') : '{}';
	const extra = `,"extra":${'['.repeat(levels)}${']'.repeat(levels)}}`;
	return { ...reply, body: Buffer.from(text.replace(/\}$/, extra)) };
}
