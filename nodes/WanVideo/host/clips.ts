/** Clips to be joined, as bytes: files of items and public addresses, from the beginning and as often as wanted. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { Fetched } from '../generation/ports';
import { type GivenFile, ItemFiles } from './itemFiles';

/** Read from n8n's store at once where whole files pass through: as much as Node writes at once. */
const READ_BYTES = 512 * 1024;
const GLANCE_BYTES = 16 * 1024;

export interface ClipFile {
	/** Bytes, where they are known. */
	readonly size?: number | undefined;
	/** Throws MediaError where it cannot be opened. A glance takes small pieces: most of what comes is not wanted. */
	open(glance?: 'glance'): Promise<AsyncIterable<Uint8Array>>;
}

/** The clip in a field of an item, or the file that an expression gave; or why there is none. */
export async function itemClip(
	context: IExecuteFunctions,
	item: number,
	wanted: string | GivenFile,
): Promise<Fetched<ClipFile>> {
	const found = new ItemFiles(context).find(item, wanted);
	return found.ok ? { ok: true, value: await storedClip(context, found.value) } : found;
}

async function storedClip(context: IExecuteFunctions, binary: IBinaryData): Promise<ClipFile> {
	const { id, data } = binary;
	// Without an ID the content itself is in `data` (memory mode). It is decoded anew each time, so that one clip is held at a time.
	if (id === undefined) {
		return {
			size: Buffer.byteLength(data, 'base64'),
			open: async () => await Promise.resolve(pieces(data)),
		};
	}
	return {
		size: await sizeOf(context, id),
		open: async (glance) => {
			const stream: AsyncIterable<Uint8Array> = await context.helpers.getBinaryStream(
				id,
				glance === undefined ? READ_BYTES : GLANCE_BYTES,
			);
			return stream;
		},
	};
}

/** Not every store of n8n's tells; then the file is read to its end. */
async function sizeOf(context: IExecuteFunctions, id: string): Promise<number | undefined> {
	try {
		const { fileSize } = await context.helpers.getBinaryMetadata(id);
		return Number.isSafeInteger(fileSize) && fileSize > 0 ? fileSize : undefined;
	} catch {
		return undefined;
	}
}

async function* pieces(base64: string): AsyncGenerator<Uint8Array> {
	yield await Promise.resolve(Buffer.from(base64, 'base64'));
}
