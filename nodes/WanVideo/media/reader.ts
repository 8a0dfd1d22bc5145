/**
 * Reads a source in blocks, with hard limits: so many reads, so many bytes, never outside the file.
 * What was read is kept for a while, so that a format's reader may ask for four bytes at a time.
 */
import { Bytes } from './bytes';
import { type ByteSource, MediaError } from './source';

const BLOCK_BYTES = 64 * 1024;
/** For those who read a whole file; small enough for a stream to keep under 1 MB. */
export const LARGE_BLOCK_BYTES = 128 * 1024;
const MAX_READS = 400;
/** A header of 32 MiB and a picture of 20 MB at once, and more than any material may have. */
const MAX_BYTES = 128 * 1024 * 1024;
const MAX_BYTES_TO_TAIL = 64 * 1024 * 1024;
const MAX_SLOW_BYTES_TO_TAIL = 8 * 1024 * 1024;
const KEPT_BLOCKS = 4;

interface Block {
	start: number;
	bytes: Uint8Array;
}

export class Reader {
	private readonly blocks: Block[] = [];
	private reads = 0;
	private bytesRead = 0;
	/** Why the source cannot be read any more. */
	private broken?: MediaError;
	/** Where the file turned out to end. */
	private seenEnd?: number;

	constructor(private readonly source: ByteSource) {}

	/** Why reading came to an end before the file did. */
	get gaveUp(): string | undefined {
		return this.broken?.message;
	}

	/** For `catch`: what cannot be read any more is missing from what is counted, not from the file. Any other error stays one. */
	readonly unlessOver = (error: unknown): undefined => {
		if (this.gaveUp === undefined) throw error;
		return undefined;
	};

	/** Bytes of the file, when known. */
	get size(): number | undefined {
		if (this.seenEnd !== undefined) return this.seenEnd;
		const { size } = this.source;
		return size !== undefined && Number.isFinite(size) && size >= 0 ? size : undefined;
	}

	/** Whether the file is known to end before this position. */
	endsBefore(position: number): boolean {
		return this.size !== undefined && position > this.size;
	}

	/** Up to `length` bytes from `start`; fewer only where the file ends. */
	async at(start: number, length: number, blockBytes = BLOCK_BYTES): Promise<Bytes> {
		const end = Math.min(start + length, this.size ?? Infinity);
		if (end <= start) return new Bytes(new Uint8Array(0));
		const block =
			this.blocks.find(({ start: from, bytes }) => start >= from && end <= from + bytes.length) ??
			(await this.fetchBlock(start, Math.max(end - start, blockBytes)));
		return new Bytes(block.bytes.subarray(start - block.start, end - block.start));
	}

	/** Exactly `length` bytes from `start`. */
	async need(start: number, length: number): Promise<Bytes> {
		const bytes = await this.at(start, length);
		if (bytes.length < length) throw new MediaError('truncated', 'it ends too early');
		return bytes;
	}

	/**
	 * The last bytes of the file, from `from` on; undefined where they cannot be had: the size is not
	 * known, the file is larger than anything that may be used, or reading so far was all there could be.
	 */
	async tail(from: number): Promise<Bytes | undefined> {
		const { size } = this;
		const most = this.source.isSlowAhead === true ? MAX_SLOW_BYTES_TO_TAIL : MAX_BYTES_TO_TAIL;
		if (size === undefined || size > most || this.broken !== undefined) return undefined;
		try {
			return await this.at(Math.max(from, size - BLOCK_BYTES), BLOCK_BYTES);
		} catch {
			// All the facts are there without it.
			this.broken = undefined;
			return undefined;
		}
	}

	private async fetchBlock(start: number, length: number): Promise<Block> {
		const wanted = Math.min(length, (this.size ?? Infinity) - start);
		this.reads += 1;
		this.bytesRead += wanted;
		if (this.reads > MAX_READS || this.bytesRead > MAX_BYTES) {
			this.broken ??= new MediaError(
				'tooMuch',
				'more of it would have to be read than is sensible',
			);
		}
		const bytes = await this.readSource(start, wanted);
		if (bytes.length < wanted) this.seenEnd = start + bytes.length;
		const block = { start, bytes };
		if (bytes.length <= LARGE_BLOCK_BYTES) {
			this.blocks.push(block);
			if (this.blocks.length > KEPT_BLOCKS) this.blocks.shift();
		}
		return block;
	}

	private async readSource(start: number, length: number): Promise<Uint8Array> {
		if (this.broken === undefined) {
			try {
				return (await this.source.read(start, length)).subarray(0, length);
			} catch (error) {
				this.broken = asMediaError(error);
			}
		}
		throw this.broken;
	}
}

function asMediaError(error: unknown): MediaError {
	if (error instanceof MediaError) return error;
	const said = error instanceof Error ? error.message : 'the reason is not known';
	return new MediaError('unreadable', `reading it failed: ${said}`);
}
