/**
 * Where bytes come from: a buffer, a stream that only goes forward, or whatever the caller can read
 * in pieces (a file, Range requests). Readers of formats never see anything but a `ByteSource`.
 */

export type MediaReason = 'empty' | 'truncated' | 'corrupt' | 'unknown' | 'tooMuch' | 'unreadable';

/** The only error a source or a reader throws; its text continues "The first frame is refused:". */
export class MediaError extends Error {
	constructor(
		readonly reason: MediaReason,
		message: string,
	) {
		super(message);
		this.name = 'MediaError';
	}
}

export interface ByteSource {
	/** Bytes, when known. */
	readonly size?: number;
	/** Reading far ahead costs all that lies between, and that is not little. */
	readonly isSlowAhead?: boolean;
	/** Up to `length` bytes from `start`; fewer only at the end of the file. */
	read(start: number, length: number): Promise<Uint8Array>;
}

export interface StreamSource extends ByteSource {
	/** Bytes of memory held now. */
	readonly keptBytes: number;
	/** The first byte that can still be read. */
	readonly keptFrom: number;
	/** Ends the stream; to be called whatever the verdict was. Never throws. */
	close(): Promise<void>;
}

/** What Node's streams can do besides. */
interface Closable {
	on?(event: 'error', listener: () => void): unknown;
	destroy?(): unknown;
}

/** How far behind the last read a stream can be read again. */
const BEHIND_BYTES = 128 * 1024;
const SMALLEST_BUFFER_BYTES = 16 * 1024;
const LARGEST_GROWTH_BYTES = 1024 * 1024;

/** Bytes that are all at hand. */
export function bufferSource(bytes: Uint8Array): ByteSource {
	return {
		size: bytes.length,
		read: (start, length) => Promise.resolve(bytes.subarray(start, start + length)),
	};
}

/** What stands behind the first `skipped` bytes of another source. */
export function partSource(source: ByteSource, skipped: number): ByteSource {
	return {
		get size() {
			return source.size === undefined ? undefined : Math.max(0, source.size - skipped);
		},
		read: async (start, length) => await source.read(start + skipped, length),
	};
}

/**
 * Bytes that pass by once, in bounded memory: reading before what was passed and dropped gives a
 * MediaError('unreadable'). `size` is what the file's owner says; the end of the stream corrects it.
 */
export function streamSource(
	chunks: AsyncIterable<Uint8Array> & Closable,
	size?: number,
): StreamSource {
	const iterator = chunks[Symbol.asyncIterator]();
	const kept = new Window();
	let ended = false;

	async function pull(keepFrom: number): Promise<void> {
		const next = await iterator.next();
		if (next.done === true) ended = true;
		else kept.append(next.value, keepFrom);
	}

	return {
		get size() {
			return ended ? kept.end : size;
		},
		get keptBytes() {
			return kept.capacity;
		},
		get keptFrom() {
			return kept.start;
		},
		async read(start, length) {
			if (start < kept.start) {
				throw new MediaError('unreadable', 'it can only be read once, from front to back');
			}
			while (!ended && kept.end < start + length) await pull(start - BEHIND_BYTES);
			return kept.copy(start, start + length);
		},
		async close() {
			ended = true;
			try {
				await iterator.return?.();
				// A stream of Node's that nobody began to read does not end by that, and may fail yet.
				chunks.on?.('error', () => undefined);
				chunks.destroy?.();
			} catch {
				// A stream that fails while it is being closed has nothing more to say.
			}
		},
	};
}

/** The last stretch of a stream, in one buffer that is moved up as the stream goes on. */
class Window {
	start = 0;
	end = 0;
	private buffer = new Uint8Array(0);
	/** Where in the buffer `start` lies. */
	private head = 0;

	get capacity(): number {
		return this.buffer.length;
	}

	append(chunk: Uint8Array, keepFrom: number): void {
		const chunkEnd = this.end + chunk.length;
		const from = Math.max(this.end, Math.min(keepFrom, chunkEnd));
		if (keepFrom >= this.end) this.restart(from);
		const added = chunk.subarray(from - (chunkEnd - chunk.length));
		if (this.head + (this.end - this.start) + added.length > this.capacity)
			this.makeRoom(keepFrom, added.length);
		this.buffer.set(added, this.head + (this.end - this.start));
		this.end += added.length;
	}

	copy(from: number, to: number): Uint8Array {
		const at = (position: number) => this.head + Math.min(position, this.end) - this.start;
		return this.buffer.slice(at(from), at(to));
	}

	private restart(at: number): void {
		this.start = at;
		this.end = at;
		this.head = 0;
	}

	/** Half of the buffer stays free after a move, so that tiny chunks do not move it again and again. */
	private makeRoom(keepFrom: number, bytes: number): void {
		const from = Math.max(this.start, Math.min(keepFrom, this.end));
		const wanted = this.end - from + bytes;
		const old = this.buffer;
		if (wanted * 2 > this.capacity) {
			const growth = Math.max(SMALLEST_BUFFER_BYTES, Math.min(wanted, LARGEST_GROWTH_BYTES));
			this.buffer = new Uint8Array(wanted + growth);
		}
		const at = this.head + (from - this.start);
		const rest = old.subarray(at, at + (this.end - from));
		this.buffer.set(rest, 0);
		this.start = from;
		this.head = 0;
	}
}
