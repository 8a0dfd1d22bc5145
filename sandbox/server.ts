/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The one HTTP server of a sandbox: reads a request whole, notes it, lets planned faults strike,
// and hands it to the route. API, files API, media, status page and admin share its port.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorReply, unknownPath } from './errorReply';
import type { Fault, FaultPlace } from './faults';
import { messageOf } from './json';
import { bent, gatewayPage } from './oddAnswers';
import { EXAMPLES_PATH } from './publicFiles';
import { closedOr, cut, html, json, send, type Reply } from './reply';
import { loggedBody } from './requestLog';
import type { Answer, Request, Room } from './room';
import { credits, look, models } from './routes/api';
import { files } from './routes/files';
import { example, media, uploadedFile, watchForKey } from './routes/media';
import { submit } from './routes/submit';
import { statusPage } from './statusPage';

/** Uploads may have 100 MB, and base64 makes a third more of it. */
const MAX_UPLOAD_BYTES = 140 * 1024 * 1024;
/** Documented for sibling models on the same endpoint; assumed here. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const DOWNLOAD_PATH = '/api/v1/files/download/';

type Admin = (request: Request) => Promise<Reply | undefined>;
export type Listener = (line: string) => void;

/** Listens on `port` (0: any) and gives the port. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	const address: AddressInfo | string | null = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	return address.port;
}

/**
 * A server that answers for a room; `room` is asked for on each request, as reset replaces it.
 * `stalled` holds the answers that a stall never ends, as long as somebody waits for them.
 */
export function makeServer(
	room: () => Room,
	admin: Admin,
	listener: Listener,
	stalled: Set<ServerResponse>,
): Server {
	const server = createServer((incoming, response) => {
		response.once('close', () => stalled.delete(response));
		handle(room(), admin, listener, stalled, incoming, response).catch((error: unknown) => {
			listener(`sandbox error: ${messageOf(error)}`);
			if (response.headersSent) return cut(response);
			response.writeHead(500, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ error: { message: messageOf(error), type: 'sandbox' } }));
		});
	});
	// Keep connections a little longer than usual clients do, so that they end them, not we.
	server.keepAliveTimeout = 20_000;
	return server;
}

async function handle(
	room: Room,
	admin: Admin,
	listener: Listener,
	stalled: Set<ServerResponse>,
	incoming: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const { method = 'GET', headers } = incoming;
	const url = new URL(incoming.url ?? '/', room.url);
	const limit = url.pathname.startsWith('/api/v1/files/') ? MAX_UPLOAD_BYTES : MAX_BODY_BYTES;
	const own = url.pathname.startsWith('/_sandbox/') || url.pathname === '/';
	const entry = own ? undefined : room.log.add(room.clock.now(), method, url.pathname, headers);
	const place = placeOf(method, url.pathname);
	const fault = place && room.faults.take({ on: place, path: url.pathname, ...taskIdIn(url) });
	if (entry && fault) entry.fault = fault.kind;
	if (fault?.kind === 'reset') return cut(response);
	const content = await readAll(incoming, limit);
	if (entry && content) entry.body = loggedBody(content, headers['content-type']);
	const request: Request = { method, url, headers, content: content ?? Buffer.alloc(0), fault };
	const answer =
		content === undefined
			? { reply: errorReply(room.switches, 'any', 413) }
			: await answerTo(room, admin, request);
	const { reply } = answer;
	const lateMs = fault?.kind === 'late' ? fault.ms : answerMs(room, answer);
	if (lateMs > 0) await closedOr(response, lateMs);
	if (entry) entry.status = reply.status;
	const complete = await send(response, reply, fault);
	if (fault?.kind === 'stall' && !complete && !response.destroyed) stalled.add(response);
	const cutOff = !complete && fault?.kind !== 'endless';
	const unreadable = cutOff || (fault?.kind === 'garbage' && reply.status === 200);
	const task = unreadable && answer.createdTaskId && room.world.find(answer.createdTaskId);
	if (task) task.replyLost = true;
	if (entry)
		listener(`${method} ${url.pathname} ${reply.status}${fault ? ` [${fault.kind}]` : ''}`);
}

/** A gateway that looks at the materials takes its time for what it accepts; a refusal is quick. */
function answerMs({ switches }: Room, { createdTaskId }: Answer): number {
	return createdTaskId === undefined ? 0 : switches.submitAnswerMs;
}

function placeOf(method: string, path: string): FaultPlace | undefined {
	if (path === '/v1/videos/generations') return 'submit';
	if (path.startsWith('/v1/tasks/')) return 'look';
	if (path === '/v1/credits') return 'credits';
	if (path.startsWith('/media/') || path.startsWith('/files/')) return 'media';
	return method === 'POST' && path.startsWith('/api/v1/files/') ? 'upload' : undefined;
}

const taskIdIn = (url: URL): { taskId?: string } => {
	const taskId = url.pathname.split('/').find((part) => part.startsWith('task-unified-'));
	return taskId === undefined ? {} : { taskId };
};

/** The whole body; undefined when it is more than `limit` bytes. */
async function readAll(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined> {
	const parts: Buffer[] = [];
	let bytes = 0;
	for await (const part of incoming) {
		if (!Buffer.isBuffer(part)) continue;
		bytes += part.length;
		if (bytes <= limit) parts.push(part);
	}
	return bytes > limit ? undefined : Buffer.concat(parts);
}

/** Faults that change what is said are applied here, before or after the route. */
async function answerTo(room: Room, admin: Admin, request: Request): Promise<Answer> {
	const { fault } = request;
	if (fault?.kind === 'status') return { reply: statusReply(room, request, fault) };
	if (fault?.kind === 'page') return { reply: gatewayPage(fault.status) };
	const status = fault?.kind === 'garbage' ? (fault.status ?? 200) : 200;
	if (fault?.kind === 'garbage' && status !== 200) return { reply: garbage(status) };
	const answer = await route(room, admin, request);
	if (fault?.kind === 'garbage') return { ...answer, reply: garbage(200) };
	if (fault?.kind === 'numericCode') return { ...answer, reply: withNumericCode(answer.reply) };
	return { ...answer, reply: bent(answer.reply, fault) };
}

async function route(room: Room, admin: Admin, request: Request): Promise<Answer> {
	const { method, url } = request;
	const { pathname } = url;
	if (method === 'POST' && pathname === '/v1/videos/generations') return submit(room, request);
	return { reply: (await otherReply(room, admin, request)) ?? unknownPath(method, pathname) };
}

async function otherReply(room: Room, admin: Admin, request: Request): Promise<Reply | undefined> {
	const { pathname } = request.url;
	const reading = request.method === 'GET' || request.method === 'HEAD';
	if (reading && pathname.startsWith(EXAMPLES_PATH)) {
		watchForKey(room, request);
		return example(room, request);
	}
	if (pathname.startsWith('/_sandbox/')) return admin(request);
	if (reading && pathname === '/') return html(200, statusPage(room));
	if (reading && (pathname.startsWith('/media/') || pathname.startsWith('/files/'))) {
		watchForKey(room, request);
		if (pathname.startsWith('/media/')) return media(room, request);
		return uploadedFile(room, request, decoded(pathname.slice('/files/'.length)));
	}
	if (reading && pathname.startsWith(DOWNLOAD_PATH)) {
		watchForKey(room, request);
		return uploadedFile(room, request, pathname.slice(DOWNLOAD_PATH.length));
	}
	if (pathname.startsWith('/api/v1/files/')) return files(room, request);
	if (request.method !== 'GET') return undefined;
	if (pathname === '/v1/credits') return credits(room, request);
	if (pathname === '/v1/models') return models(room, request);
	const taskId = /^\/v1\/tasks\/([^/]+)$/.exec(pathname)?.[1];
	return taskId === undefined ? undefined : look(room, request, decoded(taskId));
}

function statusReply(
	room: Room,
	request: Request,
	fault: Extract<Fault, { kind: 'status' }>,
): Reply {
	const { status, body, headers = {} } = fault;
	if (typeof body === 'string') {
		return {
			status,
			headers: { 'content-type': 'text/plain', ...headers },
			body: Buffer.from(body),
		};
	}
	if (body !== undefined) return json(status, body, headers);
	const place = placeOf(request.method, request.url.pathname);
	if (place === 'upload') {
		return json(status, { success: false, code: status, msg: `HTTP ${status}` }, headers);
	}
	const endpoint = place === 'submit' || place === 'look' || place === 'credits' ? place : 'any';
	return errorReply(room.switches, endpoint, status, undefined, headers);
}

/** A piece of a path as it was meant; what is no valid escape stays as it is. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

const garbage = (status: number): Reply =>
	status === 200
		? { status, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"id":"tas') }
		: html(status, '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>');

function withNumericCode(reply: Reply): Reply {
	if (!Buffer.isBuffer(reply.body)) return reply;
	const changed = reply.body.toString('utf8').replace(/"code":"[^"]*"/, `"code":${reply.status}`);
	return { ...reply, body: Buffer.from(changed) };
}
