/** Finished videos into n8n's binary store. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { VideoPort } from '../generation/ports';
import { clock } from './clock';
import { type BodyStream, openMedia } from './http';
import { causeOf } from './networkCause';

const MIME_TYPE = 'video/mp4';
/** A host that sends a little now and then would keep the execution for ever; silence ends a transfer much sooner. */
const LONGEST_TRANSFER_MS = 20 * 60_000;

/** Fetches and keeps videos for this execution. */
export function videoPort(context: IExecuteFunctions): VideoPort<IBinaryData, BodyStream> {
	return {
		open: async (url) => await openMedia(context, url),
		async keep(stream, fileName, proof) {
			// Each chunk passes the proof on its way; n8n decides whether it goes to disk or to memory.
			const begunAt = clock.elapsed();
			const proven = stream.map((chunk: Uint8Array) => {
				if (clock.elapsed() - begunAt > LONGEST_TRANSFER_MS)
					throw new Error('it did not come within 20 minutes');
				proof.push(chunk);
				return chunk;
			});
			try {
				return {
					ok: true,
					value: await context.helpers.prepareBinaryData(proven, fileName, MIME_TYPE),
				};
			} catch (error) {
				return { ok: false, reason: causeOf(error).reason };
			}
		},
		// The ID begins with the mode that made it: all but `filesystem` take a file as a whole (n8n 1.123 and 2.41).
		buffers: ({ id }) => id?.startsWith('filesystem') !== true,
		discard: (stream) => {
			// Whatever still goes wrong with a body that nobody reads is nobody's trouble.
			stream.on('error', () => undefined);
			stream.destroy();
		},
	};
}
