/** Materials in n8n: files of items and public addresses as bytes, uploads remembered beside the journal. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type FileClient, fileClient } from '../evolink/fileClient';
import type { UploadFile } from '../evolink/apiPort';
import type { MaterialDoor } from '../generation/inspect';
import { Uploads, type UploadStore } from '../generation/uploads';
import { declaredAs } from '../media/declared';
import { type ByteSource, MediaError, streamSource } from '../media/source';
import { standInOf } from '../wan/materialSource';
import { clock } from './clock';
import type { ItemFiles } from './itemFiles';
import { openFile } from './fileSource';
import { apiPort, readCredential } from './api';
import { openRange } from './media';
import { refuseInside } from './insideAddress';
import { recordsIn } from './journalStore';
import { openRemote } from './remoteFile';

/** Of one public host; a bucket or a web server is not to be flooded. */
const AT_ONCE_OF_A_HOST = 6;
/** The credential's own hosts serve whole fleets. */
const AT_ONCE_OF_OWN_HOST = 20;
/** Files are read and hashed by n8n's own processor. */
const AT_ONCE_OF_FILES = 6;

/** Bytes of materials for the check, and how many of one place may be read at once. Only the credential's own hosts may be inside. */
export async function materialDoor(
	context: IExecuteFunctions,
	files: ItemFiles,
): Promise<MaterialDoor> {
	const own = await ownHosts(context);
	return {
		async open(material) {
			if ('url' in material) return await openAddress(context, material.url, own);
			const file = files.get(material.file);
			if (file === undefined) throw new MediaError('unreadable', 'it could not be read');
			return await openFile(file);
		},
		laneOf(material) {
			// Where n8n gives out whole files, one at a time.
			if ('file' in material && files.get(material.file)?.isHeld === true)
				return { lane: 'held files', atOnce: 1 };
			if ('file' in material) return { lane: 'files', atOnce: AT_ONCE_OF_FILES };
			const host = hostOf(material.url);
			const atOnce = own.has(host) ? AT_ONCE_OF_OWN_HOST : AT_ONCE_OF_A_HOST;
			return { lane: `host ${host}`, atOnce };
		},
	};
}

async function ownHosts(context: IExecuteFunctions): Promise<ReadonlySet<string>> {
	try {
		const { hosts } = await readCredential(context);
		return new Set(Object.values(hosts).map(hostOf));
	} catch {
		// A credential that cannot be read is told where the key is needed.
		return new Set();
	}
}

/** A public file, looked at a little. */
async function openAddress(
	context: IExecuteFunctions,
	address: string,
	own: ReadonlySet<string>,
): Promise<{ source: ByteSource; close: () => Promise<void> }> {
	const stop = context.getExecutionCancelSignal();
	return await openRemote(address, {
		open: async (url, range) =>
			await openRange(context, url.toString(), { ...range, mayBeInside: own.has(url.host) }),
		allow: async (url) => await refuseInside(context, url, own),
		clock,
		...(stop && { stop }),
	});
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
		load: async (hash) => await loadFile(files, hash),
		ownUrl: async (hash) => await files.publicUrl(hash),
	});
}

/**
 * EvoLink's file storage with the node's credential. Files go up side by side as streams from disk; where
 * n8n's store hands over whole files, one at a time is all the memory can bear.
 */
export async function filesOf(context: IExecuteFunctions): Promise<FileClient> {
	const client = fileClient(await apiPort(context));
	let held: Promise<unknown> = Promise.resolve();
	return {
		...client,
		async upload(file) {
			if (!file.isHeld) return await client.upload(file);
			const turn = held.then(async () => await client.upload(file));
			held = turn.catch(() => undefined);
			return await turn;
		},
	};
}

/** Large enough to be quick, small enough to be freed soon. */
const UPLOAD_PIECE_BYTES = 16 * 1024;

/** A file as an upload sends it, declared as its bytes show. Throws MediaError when it was not found before. */
export async function loadFile(files: ItemFiles, hash: string): Promise<UploadFile> {
	const file = files.get(hash);
	if (file === undefined) throw new MediaError('unreadable', 'the file is not there any longer');
	const source = streamSource(await file.open(), file.bytes);
	const declared = await declaredAs(source, file);
	await source.close();
	const { bytes, isHeld } = file;
	return {
		...{ bytes, isHeld, mimeType: declared.mimeType },
		// A name of its own: EvoLink's storage replaces a file by another one of the same name. Folders in it would be
		// left out by whoever reads the form, and the hash in front of them.
		name: `${hash.slice(0, 16)}-${declared.name.replace(/^.*[\\/]/s, '')}`,
		open: async () => await file.open(UPLOAD_PIECE_BYTES),
	};
}

function uploadStore(context: IExecuteFunctions): UploadStore {
	const records = recordsIn(context, 'wanVideoUploads');
	// The names that 0.1.0 gave them: a stored execution finds its uploads again.
	return {
		read: (hash) => records.read(standInOf(hash)),
		write: (hash, upload) => records.write(standInOf(hash), upload),
	};
}
