/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Sends an answer, whole or damaged: the faults that concern the transport (lost, stalled, slow,
// cut) are carried out here, on whatever the routes wanted to say.

import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Fault } from './faults';

/** A piece of a file, both ends included. */
export interface FilePart {
	readonly path: string;
	readonly from: number;
	readonly to: number;
}
export interface Reply {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Buffer | FilePart;
	/** Only for HEAD: the length that a GET would have. */
	readonly contentLength?: number;
}

/** A JSON answer. */
export const json = (
	status: number,
	value: unknown,
	headers: Record<string, string> = {},
): Reply => ({
	status,
	headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
	body: Buffer.from(JSON.stringify(value)),
});

/** An HTML answer. */
export const html = (status: number, page: string): Reply => ({
	status,
	headers: { 'content-type': 'text/html; charset=utf-8' },
	body: Buffer.from(page),
});

/** Cuts the connection so that the other side sees a reset. */
export const cut = (response: ServerResponse): void => {
	response.socket?.resetAndDestroy();
};

/** Sends `reply`, with a transport fault if there is one; true if the client got all of it. */
export async function send(
	response: ServerResponse,
	reply: Reply,
	fault: Fault | undefined,
): Promise<boolean> {
	if (fault?.kind === 'lostReply') {
		cut(response);
		return false;
	}
	if (fault?.kind === 'stall' && fault.after === 'nothing') return false;
	const { body } = reply;
	const bytes = body === undefined ? 0 : lengthOf(body);
	const shortened = shortenedTo(bytes, fault);
	const endless = fault?.kind === 'endless';
	const chunked = endless || (fault?.kind === 'truncate' && fault.chunked === true);
	const length = reply.contentLength ?? bytes;
	response.writeHead(reply.status, {
		...reply.headers,
		...(chunked ? {} : { 'content-length': String(length) }),
	});
	response.flushHeaders();
	if (fault?.kind === 'stall' && fault.after === 'headers') return false;
	const alive = body === undefined || (await writeBody(response, body, shortened, paceOf(fault)));
	if (!alive) return false;
	if (endless) return await writeForEver(response);
	if (shortened < bytes && fault?.kind === 'stall') return false;
	if (shortened < bytes && !chunked) cut(response);
	else response.end();
	return shortened === bytes;
}

function shortenedTo(bytes: number, fault: Fault | undefined): number {
	if (fault?.kind === 'truncate') return Math.min(bytes, fault.bytes);
	if (fault?.kind === 'stall' && fault.after === 'half') return Math.floor(bytes / 2);
	// Without its last bracket a JSON answer is not over.
	if (fault?.kind === 'endless') return Math.max(0, bytes - 1);
	return bytes;
}

const lengthOf = (body: Buffer | FilePart): number =>
	Buffer.isBuffer(body) ? body.length : body.to - body.from + 1;

/** Writes the first `bytes` of a body; false when the client went away meanwhile. */
async function writeBody(
	response: ServerResponse,
	body: Buffer | FilePart,
	bytes: number,
	pace: Pace | undefined,
): Promise<boolean> {
	if (bytes === 0) return true;
	const parts = Buffer.isBuffer(body)
		? [body.subarray(0, bytes)]
		: createReadStream(body.path, { start: body.from, end: body.from + bytes - 1 });
	for await (const part of parts) {
		if (!Buffer.isBuffer(part)) continue;
		for (const piece of pieces(part, pace)) {
			if (response.destroyed) return false;
			const room = response.write(piece);
			if (pace !== undefined) await closedOr(response, pace.everyMs);
			else if (!room) await drained(response);
		}
	}
	return !response.destroyed;
}

const TICK_MS = 50;

interface Pace {
	bytes: number;
	everyMs: number;
}

function paceOf(fault: Fault | undefined): Pace | undefined {
	if (fault?.kind === 'trickle') return { bytes: 1, everyMs: fault.everyMs };
	if (fault?.kind !== 'slowBody') return undefined;
	const bytes = Math.max(1, Math.round((fault.bytesPerSecond * TICK_MS) / 1000));
	return { bytes, everyMs: TICK_MS };
}

function* pieces(part: Buffer, pace: Pace | undefined): Generator<Buffer> {
	const size = pace?.bytes ?? part.length;
	for (let at = 0; at < part.length; at += size) yield part.subarray(at, at + size);
}

/** Spaces until the client goes away. */
async function writeForEver(response: ServerResponse): Promise<boolean> {
	const junk = Buffer.alloc(64 * 1024, ' ');
	while (!response.destroyed) if (!response.write(junk)) await drained(response);
	return false;
}

/** Waits `ms`, or less when the client goes away. */
export const closedOr = (response: ServerResponse, ms: number): Promise<void> =>
	new Promise((resolve) => {
		const done = (): void => {
			clearTimeout(timer);
			response.off('close', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		response.once('close', done);
	});

const drained = (response: ServerResponse): Promise<void> =>
	new Promise((resolve) => {
		const done = (): void => {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		};
		response.once('drain', done);
		response.once('close', done);
	});
