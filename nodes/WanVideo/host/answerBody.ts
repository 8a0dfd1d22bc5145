/**
 * The body of an API answer within limits: of bytes here, of time by the signal that ends the request, and of
 * depth, as nobody can walk through JSON that is nested deeper than a call stack. Never throws.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { causeOf } from './networkCause';

/** Anything that streams, as n8n's request helper gives it. */
export type BodyStream = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer
>;

/** A task takes a kilobyte, a long list of results some more. */
const MOST_BYTES = 4 * 1024 * 1024;
/** What is kept of an answer beyond the limit: it is only told, in a few words. */
const TOLD_BYTES = 64 * 1024;
/** A task has three levels (EvoLink docs). */
const MOST_LEVELS = 100;

export type AnswerBody =
	/** Parsed JSON; or the text where it is none, is nested too deep or was cut at the limit of size. */
	| { whole: true; content: unknown }
	/** It broke off. `heard` is what had come in, without a word that may be cut in two. */
	| { whole: false; heard: string; reason: string };

/** Reads a body to its end, to the limit or until `end`. What is no stream was read by n8n already. */
export async function readAnswerBody(body: unknown, end: AbortSignal): Promise<AnswerBody> {
	if (!isStream(body)) return { whole: true, content: body };
	// Whatever still goes wrong with a body that nobody reads any longer is nobody's trouble.
	body.on('error', () => undefined);
	const cutOff = () => body.destroy(new Error('the answer did not end in time'));
	end.addEventListener('abort', cutOff, { once: true });
	if (end.aborted) cutOff();
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			chunks.push(chunk);
			if (bytes > MOST_BYTES) break;
		}
	} catch (error) {
		const heard = withoutLastWord(Buffer.concat(chunks).toString('utf8'));
		return { whole: false, heard, reason: causeOf(error).reason };
	} finally {
		end.removeEventListener('abort', cutOff);
	}
	const isTooLong = bytes > MOST_BYTES;
	const text = Buffer.concat(chunks, isTooLong ? TOLD_BYTES : bytes)
		.toString('utf8')
		.replace(/^\uFEFF/, '');
	if (isTooLong) return { whole: true, content: withoutLastWord(text) };
	return { whole: true, content: levelsOf(text) <= MOST_LEVELS ? parsed(text) : text };
}

export function isStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && 'pipe' in body && 'map' in body;
}

/** Ends a body that nobody reads; whatever still goes wrong with it is nobody's trouble. */
export function discard(body: BodyStream): void {
	body.on('error', () => undefined);
	body.destroy();
}

/**
 * Ends a body of which nothing comes for so long (ms), or up to twice as long: once there are headers, n8n's helper
 * does not watch it any longer. `end` aborts its request, as a stream that waits for more cannot be destroyed.
 */
export function endWhenSilent(body: BodyStream, ms: number, end: () => void): void {
	let isHeard = true;
	const push = body.push.bind(body);
	body.push = (chunk, encoding) => {
		isHeard = true;
		return push(chunk, encoding);
	};
	body.on('error', () => undefined);
	const look = () => {
		if (body.destroyed || body.readableEnded) return;
		// What has come and is not read yet waits for n8n, not for the other side.
		if (!isHeard && body.readableLength === 0) return end();
		isHeard = false;
		AbortSignal.timeout(ms).addEventListener('abort', look);
	};
	look();
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// An answer without a length may break off and seem whole.
		return /[[{<]/.test(text) ? withoutLastWord(text) : text;
	}
}

/** How deep brackets are nested outside of JSON's strings; counted, as every parser has a stack of its own. */
function levelsOf(text: string): number {
	let level = 0;
	let deepest = 0;
	let isText = false;
	for (let at = 0; at < text.length; at += 1) {
		const character = text[at];
		if (isText) {
			if (character === '\\') at += 1;
			else if (character === '"') isText = false;
		} else if (character === '"') isText = true;
		else if (character === '{' || character === '[') deepest = Math.max(deepest, (level += 1));
		else if (character === '}' || character === ']') level -= 1;
	}
	return deepest;
}

/** Half a task ID would be another task's. */
function withoutLastWord(text: string): string {
	const ends = ' \n\r\t"\'<>,;{}[]';
	for (let at = text.length - 1; at >= 0; at -= 1)
		if (ends.includes(text[at])) return text.slice(0, at + 1);
	return '';
}
