/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Every request the sandbox got, for tests that count and compare, with the key masked; and the
// violations: requests that sent a secret where it does not belong.

import type { IncomingHttpHeaders } from 'node:http';
import { isRecord, parseJson } from './json';

export interface LoggedRequest {
	readonly at: number;
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	/** The parsed JSON body, or a text that says what it was. */
	body: unknown;
	/** Status of the answer; undefined while open or when the connection was cut. */
	status?: number;
	/** The planned fault that struck. */
	fault?: string;
}

export interface Violation {
	readonly at: number;
	readonly path: string;
	readonly problem: string;
}

/** Request logs are capped, so that long bench runs do not fill the memory. */
const MAX_REQUESTS = 50_000;
const LONGEST_TEXT = 500;

export class RequestLog {
	requests: LoggedRequest[] = [];
	violations: Violation[] = [];

	add(at: number, method: string, path: string, headers: IncomingHttpHeaders): LoggedRequest {
		const entry = { at, method, path, headers: masked(headers), body: undefined };
		this.requests.push(entry);
		if (this.requests.length > MAX_REQUESTS) this.requests.shift();
		return entry;
	}

	clear(): void {
		this.requests = [];
		this.violations = [];
	}
}

/** `Bearer …abcd`: enough to tell keys apart. */
function masked(headers: IncomingHttpHeaders): IncomingHttpHeaders {
	const { authorization, ...rest } = headers;
	if (authorization === undefined) return rest;
	return { ...rest, authorization: authorization.replace(/\S+$/, (key) => `…${key.slice(-4)}`) };
}

/** The form in which a body is logged. */
export function loggedBody(content: Buffer, contentType: string | undefined): unknown {
	if (content.length === 0) return undefined;
	if (contentType?.startsWith('multipart/')) return `multipart, ${content.length} bytes`;
	const value = parseJson(content.toString('utf8'));
	if (!isRecord(value)) return value ?? `not JSON, ${content.length} bytes`;
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [
			name,
			name === 'base64_data' ? `${String(inner).slice(0, LONGEST_TEXT)}…` : inner,
		]),
	);
}
