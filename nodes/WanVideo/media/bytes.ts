/**
 * A stretch of bytes that cannot be read outside its borders. Every reader of a format takes its
 * numbers from here, so that no damaged length leads further than the bytes that were read.
 */
import { MediaError } from './source';

export class Bytes {
	readonly length: number;
	private readonly view: DataView;

	constructor(readonly raw: Uint8Array) {
		this.length = raw.length;
		this.view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
	}

	u8(at: number): number {
		return this.within(at, 1).getUint8(at);
	}

	u16(at: number): number {
		return this.within(at, 2).getUint16(at);
	}

	u16le(at: number): number {
		return this.within(at, 2).getUint16(at, true);
	}

	u24le(at: number): number {
		return this.u16le(at) | (this.u8(at + 2) << 16);
	}

	u32(at: number): number {
		return this.within(at, 4).getUint32(at);
	}

	u32le(at: number): number {
		return this.within(at, 4).getUint32(at, true);
	}

	i32(at: number): number {
		return this.within(at, 4).getInt32(at);
	}

	i32le(at: number): number {
		return this.within(at, 4).getInt32(at, true);
	}

	/** Exact up to 2^53, and nothing real is larger. */
	u64(at: number): number {
		return Number(this.within(at, 8).getBigUint64(at));
	}

	u64le(at: number): number {
		return Number(this.within(at, 8).getBigUint64(at, true));
	}

	i64(at: number): number {
		return Number(this.within(at, 8).getBigInt64(at));
	}

	/** Latin-1 text; shorter than `length` where the bytes end. */
	text(at: number, length: number): string {
		return String.fromCharCode(...this.raw.subarray(at, at + length));
	}

	/** The part from `from` to before `to`, or to where the bytes end. */
	part(from: number, to = this.length): Bytes {
		return new Bytes(this.raw.subarray(from, Math.max(from, to)));
	}

	private within(at: number, bytes: number): DataView {
		if (at < 0 || at + bytes > this.length) {
			throw new MediaError('corrupt', 'a part of it is shorter than it says');
		}
		return this.view;
	}
}
