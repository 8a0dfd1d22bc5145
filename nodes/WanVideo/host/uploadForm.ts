/**
 * A file as the body of a form (RFC 7578) with a known length. What n8n's store hands over as a stream goes
 * on as one, so that a file of 100 MB is never in memory; both n8n lines send a stream as it is.
 */
import { randomUUID } from 'node:crypto';

import type { UploadFile } from '../evolink/apiPort';
import { type BodyStream, discard, isStream } from './answerBody';

export interface UploadForm {
	headers: Readonly<Record<string, string>>;
	body: Buffer | BodyStream;
	/** To be called when the request is over: a file that was not sent to its end stays open otherwise. */
	close(): void;
}

/** The form with the file in its field `file`. Throws when the file is not there any longer. */
export async function uploadForm({ name, mimeType, bytes, open }: UploadFile): Promise<UploadForm> {
	const boundary = `----wan-video-${randomUUID()}`;
	const head = Buffer.from(
		`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(name)}"\r\nContent-Type: ${mimeType.replace(/[^\x20-\x7e]/g, '')}\r\n\r\n`,
	);
	const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
	const headers = {
		'Content-Type': `multipart/form-data; boundary=${boundary}`,
		'Content-Length': String(head.length + bytes + tail.length),
	};
	const content = await open();
	if (bytes > 0 && isStream(content)) {
		const body = framed(content, head, bytes, tail);
		return { headers, body, close: () => [body, content].forEach(discard) };
	}
	const chunks: Uint8Array[] = [];
	for await (const chunk of content) chunks.push(chunk);
	return { headers, body: Buffer.concat([head, ...chunks, tail]), close: () => undefined };
}

/** The stream with the form's frame around its bytes. */
function framed(content: BodyStream, head: Buffer, bytes: number, tail: Buffer): BodyStream {
	let left = bytes;
	return content.flatMap((chunk: Uint8Array) => {
		const before = left === bytes ? [head] : [];
		left -= chunk.length;
		return [...before, chunk, ...(left === 0 ? [tail] : [])];
	});
}

/** As browsers write names (HTML, multipart/form-data). */
function quoted(name: string): string {
	const escapes: Readonly<Record<string, string>> = { '"': '%22', '\r': '%0D', '\n': '%0A' };
	return name.replace(/["\r\n]/g, (character) => escapes[character]);
}
