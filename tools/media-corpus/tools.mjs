// The programs that make the corpus, and small means to patch what they made.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'test', 'media');
/** For what is made on the way. */
export const SCRATCH = mkdtempSync(join(tmpdir(), 'media-corpus-'));

/** @param {string} name a file of the corpus */
export const at = (name) => {
	const path = join(ROOT, name);
	mkdirSync(dirname(path), { recursive: true });
	return path;
};
/** @param {string} name a file on the way */
export const scratch = (name) => join(SCRATCH, name);

/**
 * Runs a program and gives what it wrote.
 * @param {string} program @param {string[]} args @param {Buffer} [input] @returns {Buffer}
 */
export function run(program, args, input) {
	const { status, stdout, stderr, error } = spawnSync(program, args, { input, maxBuffer: 2 ** 27 });
	if (status !== 0) throw new Error(`${program} ${args.join(' ').slice(-500)}: ${error ?? stderr}`);
	return stdout;
}

const EXACT = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'];
/** @param {string} name @param {string[]} args all but the output @param {string[]} [inputs] */
export const ffmpeg = (name, args, inputs = []) =>
	run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...inputs, ...args, ...EXACT, at(name)]);
/** @param {string[]} args with the output last */
export const convert = (args) =>
	run('convert', ['-define', 'png:exclude-chunks=date,time,gama,chrm', ...args]);
/** @param {string} name @param {string[]} tags */
export const exiftool = (name, tags) =>
	run('exiftool', ['-q', '-overwrite_original', ...tags, at(name)]);

/** @param {string} name @returns {Buffer} */
export const bytesOf = (name) => readFileSync(at(name));
/** @param {string} name @param {Uint8Array | string} bytes */
export const write = (name, bytes) => writeFileSync(at(name), bytes);

/**
 * A copy of a file of the corpus, changed by hand.
 * @param {string} from @param {string} to @param {(bytes: Buffer) => Uint8Array} change
 */
export const patch = (from, to, change) => write(to, change(Buffer.from(bytesOf(from))));

/** @param {Array<Uint8Array | string | number>} parts strings are Latin-1, numbers single bytes */
export const join8 = (...parts) =>
	Buffer.concat(
		parts.map((part) =>
			typeof part === 'number'
				? Buffer.from([part])
				: typeof part === 'string'
					? Buffer.from(part, 'latin1')
					: Buffer.from(part),
		),
	);
/** @param {number} value */
export const u16 = (value) => Buffer.from([(value >> 8) & 255, value & 255]);
/** @param {number} value */
export const u32 = (value) => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value >>> 0);
	return bytes;
};
/** @param {number} value */
export const u32le = (value) => Buffer.from(u32(value)).reverse();
/** A box of MP4. @param {string} type @param {...Uint8Array} contents */
export const box = (type, ...contents) => {
	const content = Buffer.concat(contents);
	return join8(u32(content.length + 8), type, content);
};
/** A chunk of RIFF, padded to an even size. @param {string} type @param {Uint8Array} content */
export const chunk = (type, content) =>
	join8(type, u32le(content.length), content, Buffer.alloc(content.length & 1));
