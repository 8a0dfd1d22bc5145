/** Writes the boxes that MP4 files are made of (ISO/IEC 14496-12, 4.2). */

export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** Numbers of 32 bits, signed or not. */
export function u32s(...numbers: number[]): Uint8Array {
	const table = new Table();
	for (const number of numbers) table.add(number);
	return table.bytes;
}

/** Numbers of 32 bits, signed or not, as they come: a film has some hundred thousand of them. */
export class Table {
	length = 0;
	private view = new DataView(new ArrayBuffer(64));

	add(number: number): void {
		if (this.length * 4 === this.view.byteLength) {
			const wider = new Uint8Array(this.length * 8);
			wider.set(this.bytes);
			this.view = new DataView(wider.buffer);
		}
		this.set(this.length, number);
		this.length += 1;
	}

	set(at: number, number: number): void {
		this.view.setUint32(4 * at, number);
	}

	get bytes(): Uint8Array {
		return new Uint8Array(this.view.buffer, 0, this.length * 4);
	}
}

/** Equal neighbours as count and value, which is how tables hold times. */
export class Runs {
	readonly rows = new Table();
	private count = 0;
	private value?: number;

	add(value: number): void {
		if (value !== this.value) {
			this.rows.add(0);
			this.rows.add(value);
			this.count = 0;
		}
		this.value = value;
		this.count += 1;
		this.rows.set(this.rows.length - 2, this.count);
	}
}

export function u16s(...numbers: number[]): Uint8Array {
	return Uint8Array.from(numbers.flatMap((number) => [(number >> 8) & 255, number & 255]));
}

/** Numbers of 64 bits, exact up to 2^53. */
export function u64s(numbers: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(numbers.length * 8);
	const view = new DataView(bytes.buffer);
	numbers.forEach((number, i) => view.setBigUint64(8 * i, BigInt(number)));
	return bytes;
}

/** Latin-1 text. */
export function letters(text: string): Uint8Array {
	return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function box(type: string, ...content: Uint8Array[]): Uint8Array {
	const bytes = content.reduce((length, part) => length + part.length, 8);
	return concatenated([u32s(bytes), letters(type), ...content]);
}

/** A box with a version and flags. */
export function fullBox(
	type: string,
	{ version = 0, flags = 0 }: { version?: number; flags?: number },
	...content: Uint8Array[]
): Uint8Array {
	return box(type, u32s(version * 2 ** 24 + flags), ...content);
}

/** A table behind the count of its rows. */
export function tableBox(type: string, table: Table, columns: number): Uint8Array {
	return fullBox(type, {}, u32s(table.length / columns), table.bytes);
}
