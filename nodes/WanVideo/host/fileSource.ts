/**
 * A file of n8n's store as a source of bytes. Where the store reads from disk (filesystem mode), what lies
 * between is not read: an index behind 90 MB of pictures costs no more than one in front.
 */
import { type ByteSource, type StreamSource, streamSource } from '../media/source';
import type { ItemFile } from './itemFiles';
import { turns } from './turns';

/** Less than this is read past. */
const PASSED_OVER_BYTES = 1024 * 1024;

/** Opens the file; `close` ends whatever is under way. Throws what the store throws. */
export async function openFile(
	file: Pick<ItemFile, 'bytes' | 'open'>,
): Promise<{ source: ByteSource; close: () => Promise<void> }> {
	const turn = turns();
	let base = 0;
	let at = 0;
	const opened = await file.open();
	let canSeek = isFileStream(opened);
	let stream: StreamSource = streamSource(opened, file.bytes);

	/** The same file from this byte on, if the store can. */
	async function seek(start: number): Promise<void> {
		const further = await startedAt(await file.open(), start);
		canSeek = further !== undefined;
		if (further === undefined) return;
		await stream.close();
		stream = streamSource(further, file.bytes - start);
		base = start;
	}

	const source: ByteSource = {
		size: file.bytes,
		async read(start, length) {
			// What is in memory already comes without a pause.
			await turn();
			const isBehind = start - base < stream.keptFrom;
			if (canSeek && (isBehind || start - at > PASSED_OVER_BYTES)) await seek(start);
			const bytes = await stream.read(start - base, length);
			at = Math.max(base, start + bytes.length);
			return bytes;
		},
	};
	return { source, close: async () => await stream.close() };
}

/**
 * Node's stream of a file reads on from `pos` (Node 20 to 24), and moves it as it reads: a stream that does
 * not is none, and is ended.
 */
async function startedAt(
	stream: AsyncIterable<Uint8Array>,
	start: number,
): Promise<AsyncIterable<Uint8Array> | undefined> {
	const iterator = stream[Symbol.asyncIterator]();
	if (isFileStream(stream)) Reflect.set(stream, 'pos', start);
	const first = await iterator.next();
	const moved: unknown = Reflect.get(stream, 'pos');
	const read = first.done === true ? 0 : first.value.length;
	if (typeof moved === 'number' && moved >= start + read) return rest(first, iterator);
	await iterator.return?.();
	return undefined;
}

function isFileStream(stream: AsyncIterable<Uint8Array>): boolean {
	return Reflect.has(stream, 'pos') && Reflect.get(stream, 'pos') === undefined;
}

async function* rest(
	first: IteratorResult<Uint8Array>,
	iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	try {
		for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
	} finally {
		await iterator.return?.();
	}
}
