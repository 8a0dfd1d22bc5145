/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A gateway before the sandbox: it takes its time for a submit before it passes it on, or lets only so many a minute
// through (a window that slides), and counts them all.

import { request as ask } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { type LocalServer, serve } from './localServer';

export interface Limit {
	/** Until a submit is passed on, as a look into the materials takes. */
	delayMs?: number;
	perMinute?: number;
	/** Whether a 429 carries a Retry-After. */
	tells?: boolean;
}

export interface SlowGateway extends LocalServer {
	figures(): { submits: number; refused: number; intoRest: number; firstMs: number };
}

const MINUTE_MS = 60_000;
/** A request that was on its way when the Retry-After went out was not sent into it. */
const ON_ITS_WAY_MS = 100;

/** Starts it before the sandbox at `target`. */
export async function openGateway(
	target: string,
	{ delayMs = 0, perMinute = Infinity, tells = false }: Limit,
): Promise<SlowGateway> {
	const { hostname, port } = new URL(target);
	let passed: number[] = [];
	const seen = { submits: 0, refused: 0, intoRest: 0, firstMs: NaN };
	let told: { atMs: number; untilMs: number } | undefined;

	/** Milliseconds until the next may pass; 0: now. */
	function waitMs(nowMs: number): number {
		passed = passed.filter((atMs) => atMs > nowMs - MINUTE_MS);
		return passed.length < perMinute ? 0 : passed[0] + MINUTE_MS - nowMs;
	}

	const server = await serve((request, response) => {
		if (request.method === 'POST') {
			const nowMs = Date.now();
			seen.submits += 1;
			if (Number.isNaN(seen.firstMs)) seen.firstMs = nowMs;
			if (told !== undefined && nowMs > told.atMs + ON_ITS_WAY_MS && nowMs < told.untilMs)
				seen.intoRest += 1;
			const restMs = waitMs(nowMs);
			if (restMs > 0) {
				seen.refused += 1;
				const seconds = Math.ceil(restMs / 1000);
				if (tells) told = { atMs: nowMs, untilMs: nowMs + seconds * 1000 };
				request.resume().on('end', () => {
					response.writeHead(429, {
						'content-type': 'application/json',
						...(tells && { 'retry-after': String(seconds) }),
					});
					const error = { code: 'rate_limit_exceeded', message: 'Too many requests' };
					response.end(JSON.stringify({ error }));
				});
				return;
			}
			passed.push(nowMs);
		}
		const passOn = () => {
			const { method, url: path, headers } = request;
			const onward = ask({ hostname, port, method, path, headers }, (answer) => {
				response.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(response);
			});
			onward.on('error', () => response.destroy());
			request.pipe(onward);
		};
		if (request.method === 'POST') void pause(delayMs).then(passOn);
		else passOn();
	});
	return { ...server, figures: () => ({ ...seen }) };
}
