/** Materials in n8n: files of items and public addresses as bytes, uploads remembered beside the journal. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type FileClient, fileClient } from '../evolink/files';
import type { UploadFile } from '../evolink/http';
import type { OpenMaterial } from '../generation/inspect';
import { Uploads, type UploadStore } from '../generation/uploads';
import { type ByteSource, MediaError, streamSource } from '../media/source';
import { isFileAddress, isInternalHost } from '../wan/request';
import { clock } from './clock';
import type { ItemFiles } from './files';
import { apiPort, readCredential, readRange } from './http';
import { recordsIn } from './journalStore';

/** Bytes of materials for the check. Addresses inside networks are never touched, but for the credential's own host. */
export function openMaterial(context: IExecuteFunctions, files: ItemFiles): OpenMaterial {
	return async (reference) => {
		if (!isFileAddress(reference)) {
			return {
				source: await urlSource(context, reference),
				close: async () => await Promise.resolve(),
			};
		}
		const file = files.get(reference);
		if (file === undefined) throw new MediaError('unreadable', 'it could not be read');
		const source = streamSource(await file.open());
		return { source, close: async () => await source.close() };
	};
}

const BLOCK_BYTES = 64 * 1024;
/** A glance: enough for every header, and for a whole short MP3. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_REDIRECTS = 3;

/** A public file, read in blocks that are kept, a few megabytes at the most. */
async function urlSource(context: IExecuteFunctions, address: string): Promise<ByteSource> {
	const { hosts } = await readCredential(context);
	const own = new Set(Object.values(hosts).map(hostOf));
	const blocks = new Map<number, Uint8Array>();
	let url = address;
	let size: number | undefined;
	let read = 0;

	async function block(index: number): Promise<Uint8Array> {
		const known = blocks.get(index);
		if (known !== undefined) return known;
		for (let redirects = 0; ; redirects += 1) {
			if (isInternalHost(new URL(url).hostname) && !own.has(hostOf(url))) {
				throw new MediaError(
					'unreadable',
					'its address is inside a network, and was not looked at',
				);
			}
			if (read >= MOST_BYTES)
				throw new MediaError('tooMuch', 'its header is too far into the file');
			const answer = await readRange(context, url, index * BLOCK_BYTES, BLOCK_BYTES);
			if (!answer.ok) throw new MediaError('unreadable', answer.reason);
			const { status, bytes, location } = answer.value;
			if (status >= 300 && status < 400 && location !== undefined && redirects < MOST_REDIRECTS) {
				url = new URL(location, url).toString();
				continue;
			}
			// Behind the end of the file.
			if (status === 416) return new Uint8Array(0);
			if (status !== 200 && status !== 206) {
				throw new MediaError('unreadable', `its host answered with HTTP status ${status}`);
			}
			size ??= answer.value.size;
			read += bytes.length;
			blocks.set(index, bytes);
			return bytes;
		}
	}

	await block(0);
	return {
		...(size !== undefined && { size }),
		async read(start, length) {
			const end = size === undefined ? start + length : Math.min(start + length, size);
			const parts: Uint8Array[] = [];
			for (let at = start; at < end; ) {
				const index = Math.floor(at / BLOCK_BYTES);
				const offset = at - index * BLOCK_BYTES;
				const part = (await block(index)).subarray(offset, offset + end - at);
				if (part.length === 0) break;
				parts.push(part);
				at += part.length;
			}
			return Buffer.concat(parts);
		},
	};
}

function hostOf(url: string): string {
	try {
		return new URL(url).host;
	} catch {
		return '';
	}
}

/** The uploads of this execution. */
export async function uploadsOf(context: IExecuteFunctions, files: ItemFiles): Promise<Uploads> {
	return new Uploads({
		files: await filesOf(context),
		store: uploadStore(context),
		clock,
		stop: context.getExecutionCancelSignal() ?? { aborted: false },
		load: async (address) => await loadFile(files, address),
		ownUrl: async (address) => await files.publicUrl(address),
	});
}

/** EvoLink's file storage with the node's credential. */
export async function filesOf(context: IExecuteFunctions): Promise<FileClient> {
	return fileClient(await apiPort(context));
}

/** A whole file, as the form of an upload needs it. Throws MediaError when it was not found before. */
export async function loadFile(files: ItemFiles, address: string): Promise<UploadFile> {
	const file = files.get(address);
	if (file === undefined) throw new MediaError('unreadable', 'the file is not there any longer');
	const chunks: Uint8Array[] = [];
	for await (const chunk of await file.open()) chunks.push(chunk);
	// A name of its own: EvoLink's storage replaces a file by another one of the same name.
	const name = `${address.slice(7, 23)}-${file.name}`;
	return { name, mimeType: file.mimeType, bytes: Buffer.concat(chunks) };
}

function uploadStore(context: IExecuteFunctions): UploadStore {
	const records = recordsIn(context, 'wanVideoUploads');
	return {
		read: (address) => records.read(address),
		write: (address, upload) => records.write(address, upload),
	};
}
