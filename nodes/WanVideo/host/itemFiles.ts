/** Files of the items that come in: read in every binary mode of n8n, in pieces where n8n can. */
import { createHash } from 'node:crypto';

import { type IBinaryData, type IDataObject, type IExecuteFunctions, sleep } from 'n8n-workflow';
import { z } from 'zod';

import type { Fetched } from '../generation/ports';
import { isInternalHost } from '../wan/internalHost';
import { standInOf } from '../wan/materialSource';
import { named, shown } from '../wan/shown';
import { recordsIn } from './journalStore';

/**
 * Read from n8n's store at once. Small, as Node frees the pieces late: measured over 95 MB they came to
 * 13 MB of memory this way, and to 35 MB in pieces of 64 KiB.
 */
const READ_BYTES = 4096;
/** Of what is in memory anyway: hashed within a few milliseconds. */
const LARGE_PIECE_BYTES = 1024 * 1024;

/** As 0.1.0 wrote it, so that its stored executions know their files: `sha256:` and the hash. */
const knownFile = z.object({
	address: z.string().regex(/^sha256:[0-9a-f]{64}$/),
	bytes: z.number().int().nonnegative(),
});

/** A file of an item, known by its content. */
export interface ItemFile {
	/** SHA-256 of its bytes, in hex. */
	hash: string;
	name: string;
	mimeType: string;
	/** How many bytes it has. */
	bytes: number;
	/** n8n's store hands it over as a whole, not as a stream from disk. */
	isHeld: boolean;
	/** Its bytes in pieces (of so many bytes, where the store has a choice), from the beginning, as often as wanted. */
	open(pieceBytes?: number): Promise<AsyncIterable<Uint8Array>>;
}

/** A file as n8n hands it to an expression; without its content where it has no ID. */
export interface GivenFile extends Partial<IBinaryData> {
	mimeType: string;
}

/** A value as a file of n8n's, if it is one. */
export function asBinary(value: unknown): GivenFile | undefined {
	return isGivenFile(value) ? value : undefined;
}

function isGivenFile(value: unknown): value is GivenFile {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
	const text = (name: string) => typeof Reflect.get(value, name) === 'string';
	const textOrNothing = (name: string) => text(name) || Reflect.get(value, name) === undefined;
	return text('mimeType') && ['data', 'id', 'fileName'].every(textOrNothing);
}

/** Reads files and remembers them, so that twenty items with one logo read it once. */
export class ItemFiles {
	private readonly known = new Map<string, Promise<ItemFile>>();
	private readonly binaries = new Map<string, IBinaryData>();
	private readonly byHash = new Map<string, ItemFile>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** The file in a field of an item, or the one that an expression gave, of whatever node; or why there is none. */
	async look(item: number, wanted: string | GivenFile): Promise<Fetched<ItemFile>> {
		const found = this.find(item, wanted);
		if (!found.ok) return found;
		try {
			return { ok: true, value: await this.read(found.value) };
		} catch (error) {
			const name =
				typeof wanted === 'string' ? `in the field ${named(wanted)}` : shown(wanted.fileName);
			return { ok: false, reason: `the file ${name} cannot be read (${textOf(error)}).` };
		}
	}

	/** The same as n8n has it, not read. */
	find(item: number, wanted: string | GivenFile): Fetched<IBinaryData> {
		try {
			const value =
				typeof wanted === 'string'
					? this.context.helpers.assertBinaryData(item, wanted)
					: this.withContent(item, wanted);
			return { ok: true, value };
		} catch (error) {
			if (typeof wanted !== 'string') return { ok: false, reason: textOf(error) };
			return {
				ok: false,
				reason: `the item has no file in the field ${named(wanted)}. ${this.filesIn(item)} Enter the name of the field that holds the file.`,
			};
		}
	}

	/** The files of an item by their fields, as a sentence. */
	filesIn(item: number): string {
		const { json = {}, binary = {} } = this.context.getInputData()[item] ?? {};
		// In n8n's combined binary mode files lie among the other fields.
		const inJson = Object.keys(json).filter((name) => isStored(json, name));
		const fields = [...Object.keys(binary), ...inJson];
		return fields.length === 0 ? 'It has no files.' : `It has files in: ${fields.join(', ')}.`;
	}

	/**
	 * The file that an expression gave, with its content. In binary mode "default" n8n leaves the content out of
	 * `$binary`: it is taken from the file of the item that is the same in all else. Throws when that is not certain.
	 */
	private withContent(item: number, given: GivenFile): IBinaryData {
		if (given.id !== undefined || given.data !== undefined)
			return { ...given, mimeType: given.mimeType, data: given.data ?? '' };
		const own = Object.values(this.context.getInputData()[item]?.binary ?? {});
		const [match, ...others] = own.filter((binary) => isSameButContent(binary, given));
		if (match !== undefined && others.every(({ data }) => data === match.data)) return match;
		const which = match === undefined ? 'none of the item is' : 'several of the item are';
		throw new Error(
			`the file ${shown(given.fileName)} came without its content, and ${which} like it. ${this.filesIn(item)} Enter the name of the field that holds the file.`,
		);
	}

	private async read(binary: IBinaryData): Promise<ItemFile> {
		// Without an ID the content itself is in `data` (binary mode "default").
		const key = binary.id ?? binary.data;
		let file = this.known.get(key);
		if (file === undefined) {
			file = this.readOnce(binary);
			this.known.set(key, file);
		}
		return await file;
	}

	/** A file that was found before, by the hash of its content. */
	get(hash: string): ItemFile | undefined {
		return this.byHash.get(hash);
	}

	/** An address at which n8n itself gives out the file for a day, where the outside can reach n8n over https. */
	async publicUrl(hash: string): Promise<string | undefined> {
		const binary = this.binaries.get(hash);
		if (binary?.id === undefined) return undefined;
		try {
			// Not in every n8n, and not for every binary mode: then it throws, or is not there at all.
			const url = await Promise.resolve(
				this.context.helpers.createBinarySignedUrl?.(binary, '1 day'),
			);
			if (url === undefined) return undefined;
			const { protocol, hostname } = new URL(url);
			return protocol === 'https:' && !isInternalHost(hostname) ? url : undefined;
		} catch {
			return undefined;
		}
	}

	/** Hash and size of the content; a stored file never changes, so one that was read before a pause or a retry is known. */
	private async contentOf(
		id: string | undefined,
		open: () => Promise<AsyncIterable<Uint8Array>>,
	): Promise<Pick<ItemFile, 'hash' | 'bytes'>> {
		const records = recordsIn(this.context, 'wanVideoFiles');
		const known = id === undefined ? undefined : knownFile.safeParse(records.read(id));
		// A record of 0.1.0 has no size: that file is read again.
		if (known?.success) {
			const { address, bytes } = known.data;
			return { hash: address.slice('sha256:'.length), bytes };
		}
		const digest = createHash('sha256');
		let bytes = 0;
		for await (const chunk of await open()) {
			digest.update(chunk);
			bytes += chunk.length;
		}
		const hash = digest.digest('hex');
		if (id !== undefined) records.write(id, { address: standInOf(hash), bytes });
		return { hash, bytes };
	}

	private async readOnce(binary: IBinaryData): Promise<ItemFile> {
		const open = async (pieceBytes = READ_BYTES): Promise<AsyncIterable<Uint8Array>> => {
			if (binary.id === undefined) return pieces(Buffer.from(binary.data, 'base64'));
			const stream: AsyncIterable<Uint8Array> = await this.context.helpers.getBinaryStream(
				binary.id,
				pieceBytes,
			);
			return stream;
		};
		const content = await this.contentOf(binary.id, open);
		const { mimeType } = binary;
		const isHeld = binary.id?.startsWith('filesystem') !== true;
		const file = { ...content, name: binary.fileName ?? 'file', mimeType, isHeld, open };
		this.byHash.set(file.hash, file);
		this.binaries.set(file.hash, binary);
		return file;
	}
}

/** In pieces, so that whoever reads them lets others in between. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += LARGE_PIECE_BYTES) {
		yield bytes.subarray(at, at + LARGE_PIECE_BYTES);
		await sleep(0);
	}
}

/** Whether a field holds a file of n8n's store. A getter that throws is none. */
function isStored(json: IDataObject, name: string): boolean {
	try {
		return asBinary(json[name])?.id !== undefined;
	} catch {
		return false;
	}
}

/** Whether two files are alike in everything that an expression can see of them. */
function isSameButContent(binary: IBinaryData, given: GivenFile): boolean {
	const seen = (file: GivenFile) =>
		JSON.stringify(
			Object.entries({ ...file, data: undefined, id: undefined })
				.filter(([, value]) => value !== undefined)
				.sort(([a], [b]) => a.localeCompare(b)),
		);
	return seen(binary) === seen(given);
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
