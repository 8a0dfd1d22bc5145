/** Finished videos into n8n's binary store: nothing goes there before the first bytes prove an MP4. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { Kept, VideoPort } from '../generation/ports';
import type { Mp4Proof } from '../media/mp4';
import { clock } from './clock';
import { type BodyStream, discard } from './answerBody';
import { openMedia } from './media';
import { causeOf } from './networkCause';
import { storeReason, storeTrouble } from './storeTrouble';

const MIME_TYPE = 'video/mp4';
/** A host that sends a little now and then would keep the execution for ever; silence ends a transfer much sooner. */
const LONGEST_TRANSFER_MS = 20 * 60_000;

/** Fetches and keeps videos for this execution. */
export function videoPort(context: IExecuteFunctions): VideoPort<IBinaryData, BodyStream> {
	return {
		open: async (url) => await openMedia(context, url),
		keep: async (stream, fileName, proof) => await keep(context, stream, fileName, proof),
		// The ID begins with the mode that made it: all but `filesystem` take a file as a whole (n8n 1.123 and 2.41).
		buffers: ({ id }) => id?.startsWith('filesystem') !== true,
		discard,
	};
}

async function keep(
	context: IExecuteFunctions,
	stream: BodyStream,
	fileName: string,
	proof: Mp4Proof,
): Promise<Kept<IBinaryData>> {
	const begunAt = clock.elapsed();
	let broken: unknown;
	let ended = false;
	/** Why the transfer was ended from here. */
	let objection: Exclude<Kept<IBinaryData>, { ok: true }> | undefined;
	stream.on('error', (error: unknown) => (broken ??= error));
	stream.on('end', () => (ended = true));

	/** Shows the proof what came; false when that is enough. */
	function goesOnWith(chunk: Uint8Array): boolean {
		if (clock.elapsed() - begunAt > LONGEST_TRANSFER_MS)
			objection = { ok: false, trouble: 'transfer', reason: 'it did not come within 20 minutes' };
		if (chunk.length > 0) proof.push(chunk);
		const contrary = proof.contrary();
		if (contrary !== undefined) objection = { ok: false, trouble: 'content', reason: contrary };
		return objection === undefined;
	}

	try {
		const first: Uint8Array[] = [];
		const chunks: AsyncIterable<Uint8Array> = stream.iterator({ destroyOnReturn: false });
		for await (const chunk of chunks) {
			first.push(chunk);
			if (!goesOnWith(chunk) || proof.hasBegun()) break;
		}
		if (objection === undefined && !proof.hasBegun()) {
			const verdict = proof.end();
			const reason = verdict.whole ? 'it holds no video' : verdict.reason;
			objection = { ok: false, trouble: 'content', reason };
		}
		if (objection !== undefined) {
			discard(stream);
			return objection;
		}
		if (ended)
			return {
				ok: true,
				value: await context.helpers.prepareBinaryData(Buffer.concat(first), fileName, MIME_TYPE),
			};
		// What the proof has seen goes back, so that the store gets the file from its beginning.
		let seen = first.reduce((bytes, chunk) => bytes + chunk.length, 0);
		for (const chunk of first.reverse()) stream.unshift(chunk);
		const proven = stream.map((chunk: Uint8Array) => {
			const fresh = chunk.subarray(Math.min(seen, chunk.length));
			seen -= chunk.length - fresh.length;
			if (!goesOnWith(fresh)) throw new Error('the transfer was ended');
			return chunk;
		});
		return {
			ok: true,
			// n8n decides whether it goes to disk or to memory.
			value: await context.helpers.prepareBinaryData(proven, fileName, MIME_TYPE),
		};
	} catch (error) {
		// A store that fails at once has not even begun to read it.
		discard(stream);
		if (objection !== undefined) return objection;
		if (storeTrouble(error) !== undefined || (ended && broken === undefined))
			return { ok: false, trouble: 'store', reason: storeReason(error) };
		return { ok: false, trouble: 'transfer', reason: causeOf(broken ?? error).reason };
	}
}
