/** Files of the items that come in: read in every binary mode of n8n, in pieces where n8n can. */
import { createHash } from 'node:crypto';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Fetched } from '../generation/ports';
import { isInternalHost } from '../wan/request';
import { recordsIn } from './journalStore';

/**
 * Read from n8n's store at once. Small, as Node frees the pieces late: measured over 95 MB they came to
 * 13 MB of memory this way, and to 35 MB in pieces of 64 KiB.
 */
const READ_BYTES = 4096;

const knownFile = z.object({ address: z.string() });

/** A file of an item, known by its content. */
export interface ItemFile {
	/** `sha256:` and the hash of its bytes, in hex. */
	address: string;
	name: string;
	mimeType: string;
	/** Its bytes in pieces, from the beginning, as often as wanted. */
	open(): Promise<AsyncIterable<Uint8Array>>;
}

/** Reads files and remembers them, so that twenty items with one logo read it once. */
export class ItemFiles {
	private readonly known = new Map<string, Promise<ItemFile>>();
	private readonly binaries = new Map<string, IBinaryData>();
	private readonly byAddress = new Map<string, ItemFile>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** The file in a field of an item, or why there is none. */
	async look(item: number, field: string): Promise<Fetched<ItemFile>> {
		try {
			return { ok: true, value: await this.find(item, field) };
		} catch (error) {
			const fields = Object.keys(this.context.getInputData()[item]?.binary ?? {});
			if (fields.includes(field)) {
				const said = error instanceof Error ? error.message : String(error);
				return { ok: false, reason: `the file in the field '${field}' cannot be read (${said}).` };
			}
			const found =
				fields.length === 0 ? 'It has no files' : `It has files in: ${fields.join(', ')}`;
			return {
				ok: false,
				reason: `the item has no file in the field '${field}'. ${found}. Enter the name of the field that holds the file.`,
			};
		}
	}

	private async find(item: number, field: string): Promise<ItemFile> {
		const binary = this.context.helpers.assertBinaryData(item, field);
		// Without an ID the content itself is in `data` (binary mode "default").
		const key = binary.id ?? binary.data;
		let file = this.known.get(key);
		if (file === undefined) {
			file = this.read(binary);
			this.known.set(key, file);
		}
		return await file;
	}

	/** A file that was found before, by its address. */
	get(address: string): ItemFile | undefined {
		return this.byAddress.get(address);
	}

	/** An address at which n8n itself gives out the file for a day, where the outside can reach n8n over https. */
	async publicUrl(address: string): Promise<string | undefined> {
		const binary = this.binaries.get(address);
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

	/** The hash of the content; a stored file never changes, so one that was read before a pause or a retry is known. */
	private async addressOf(
		id: string | undefined,
		open: () => Promise<AsyncIterable<Uint8Array>>,
	): Promise<string> {
		const records = recordsIn(this.context, 'wanVideoFiles');
		const known = id === undefined ? undefined : knownFile.safeParse(records.read(id));
		if (known?.success) return known.data.address;
		const hash = createHash('sha256');
		for await (const chunk of await open()) hash.update(chunk);
		const address = `sha256:${hash.digest('hex')}`;
		if (id !== undefined) records.write(id, { address });
		return address;
	}

	private async read(binary: IBinaryData): Promise<ItemFile> {
		const open = async (): Promise<AsyncIterable<Uint8Array>> => {
			if (binary.id === undefined) return pieces(Buffer.from(binary.data, 'base64'));
			const stream: AsyncIterable<Uint8Array> = await this.context.helpers.getBinaryStream(
				binary.id,
				READ_BYTES,
			);
			return stream;
		};
		const address = await this.addressOf(binary.id, open);
		const file = { address, name: binary.fileName ?? 'file', mimeType: binary.mimeType, open };
		this.byAddress.set(address, file);
		this.binaries.set(address, binary);
		return file;
	}
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield await Promise.resolve(bytes);
}
