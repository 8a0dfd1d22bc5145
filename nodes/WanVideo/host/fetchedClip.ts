/**
 * A clip at a public address, read as one stream from its beginning. A transfer that breaks goes on where it
 * broke; what can come is less than what was announced, never more.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { MediaError } from '../media/source';
import { type BodyStream, discard } from './answerBody';
import { clock } from './clock';
import type { ClipFile } from './clips';
import { INSIDE } from './insideAddress';
import { openMedia } from './media';
import { causeOf } from './networkCause';
import { isTool } from './scope';

const TRIES = 4;
const FIRST_DELAY_MS = 1_000;
/** A host that sends a little now and then would keep the execution for ever. */
const LONGEST_TRANSFER_MS = 20 * 60_000;
/** Answers that another try does not change. A link that was made a moment ago may not be known everywhere: 403, 404. */
const FINAL_STATUS = new Set([400, 401, 405, 410, 451]);

interface Opened {
	stream: BodyStream;
	/** Where it begins in the file. */
	start: number;
	/** Bytes of the whole file, where the host says so. */
	size?: number;
}

/** The clip at this address; its size is known once it has been opened. */
export function fetchedClip(context: IExecuteFunctions, url: string): ClipFile {
	let size: number | undefined;

	async function open(start: number): Promise<Opened> {
		let reason = '';
		for (let tries = 1; tries <= TRIES; tries += 1) {
			if (tries > 1)
				await clock.sleep(FIRST_DELAY_MS * 3 ** (tries - 2), context.getExecutionCancelSignal());
			if (context.getExecutionCancelSignal()?.aborted === true) break;
			const result = await openOnce(context, url, start);
			if (result.ok) return result.value;
			({ reason } = result);
			if (result.isFinal) break;
		}
		throw new MediaError('unreadable', reason);
	}

	return {
		get size() {
			return size;
		},
		async open() {
			const first = await open(0);
			if (size !== undefined && first.size !== undefined && first.size !== size) {
				discard(first.stream);
				throw new MediaError('unreadable', 'its address gave another file the second time');
			}
			({ size } = first);
			return whole(first, open);
		},
	};
}

type Try = { ok: true; value: Opened } | { ok: false; reason: string; isFinal: boolean };

async function openOnce(context: IExecuteFunctions, url: string, start: number): Promise<Try> {
	// Whoever builds a workflow may keep clips on a server inside; an agent's model has its addresses from anywhere.
	const opened = await openMedia(context, url, { start, mayBeInside: !isTool(context) });
	if (!opened.ok) return { ok: false, reason: opened.reason, isFinal: opened.reason === INSIDE };
	const { status, contentLength, stream, range } = opened.value;
	if (status === 200)
		return {
			ok: true,
			value: { stream, start: 0, ...(contentLength !== undefined && { size: contentLength }) },
		};
	if (status === 206 && range?.start === start) return { ok: true, value: { stream, ...range } };
	discard(stream);
	const reason =
		status === 206
			? 'its host sent another part of it than was asked for'
			: `its address does not give it (HTTP status ${status})`;
	return { ok: false, reason, isFinal: FINAL_STATUS.has(status) };
}

/** The file from its beginning. Throws MediaError when it cannot be had as a whole. */
async function* whole(
	first: Opened,
	open: (start: number) => Promise<Opened>,
): AsyncGenerator<Uint8Array> {
	const begunAt = clock.elapsed();
	let at = 0;
	let part = first;
	for (let breaks = 0; ; breaks += 1) {
		let said = 'the connection ended too early';
		let isLate = false;
		try {
			// A host that does not know ranges sends everything again.
			let skip = at - part.start;
			for await (const chunk of part.stream as AsyncIterable<Uint8Array>) {
				isLate = clock.elapsed() - begunAt > LONGEST_TRANSFER_MS;
				if (isLate) break;
				const fresh = chunk.subarray(Math.min(skip, chunk.length));
				skip -= chunk.length - fresh.length;
				at += fresh.length;
				if (fresh.length > 0) yield fresh;
			}
			if (!isLate && (first.size === undefined || at >= first.size)) return;
		} catch (error) {
			said = causeOf(error).reason;
		}
		if (isLate) throw new MediaError('unreadable', 'it did not come within 20 minutes');
		if (first.size === undefined || breaks + 1 >= TRIES)
			throw new MediaError('unreadable', `it did not come to its end: ${said}`);
		part = await open(at);
		if (part.size !== first.size) {
			discard(part.stream);
			throw new MediaError('unreadable', 'its address gave another file the second time');
		}
	}
}
