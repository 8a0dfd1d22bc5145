// What was uploaded to the files API: kept in memory for 72 hours of the sandbox's clock.

import { createHash, randomUUID } from 'node:crypto';
import type { Account } from './accounts';
import type { Clock } from './clock';
import { EXPIRY } from './contract';

export interface StoredFile {
	readonly id: string;
	/** Where it is served: `<account>/<folder>/<name>`, so a file of the same name replaces it. */
	readonly path: string;
	readonly owner: Account;
	readonly name: string;
	readonly originalName: string;
	readonly folder: string;
	readonly type: string;
	readonly content: Buffer;
	readonly etag: string;
	readonly uploadedMs: number;
	readonly expiresMs: number;
}

const hash = (content: string | Buffer): string =>
	createHash('sha256').update(content).digest('hex');
/** A name or path that is safe inside a URL. */
const plain = (text: string): string =>
	text
		.split('/')
		.map((part) => part.replace(/[^\w.-]/g, '_').replace(/^\.+$/, '_'))
		.filter((part) => part !== '')
		.join('/');

export class Uploads {
	#files: StoredFile[] = [];

	constructor(private readonly clock: Clock) {}

	/** Stores a file; a file of the same owner, folder and name is replaced. */
	add(
		owner: Account,
		given: { name?: string; originalName: string; folder?: string; type: string; content: Buffer },
	): StoredFile {
		const uploadedMs = this.clock.now();
		const id = `file_${randomUUID().replace(/-/g, '').slice(0, 16)}`;
		const ending = /\.\w+$/.exec(given.originalName)?.[0] ?? '';
		const name = plain(given.name ?? `${id}${ending}`).replace(/\//g, '_') || id;
		const folder = plain(given.folder ?? given.type.split('/')[0] ?? 'files') || 'files';
		const file: StoredFile = {
			id,
			path: `${hash(owner.name).slice(0, 8)}/${folder}/${name}`,
			owner,
			name,
			originalName: given.originalName,
			folder,
			type: given.type,
			content: given.content,
			etag: `"${hash(given.content).slice(0, 32)}"`,
			uploadedMs,
			expiresMs: uploadedMs + EXPIRY.uploadMs.value,
		};
		this.#files = [...this.#files.filter((other) => other.path !== file.path), file];
		return file;
	}

	/** The files of an account that have not expired, newest first. */
	of(owner: Account): StoredFile[] {
		return this.#files.filter((file) => file.owner === owner && !this.isExpired(file)).reverse();
	}

	/** The file with an ID or at a path, expired or not. */
	find(idOrPath: string): StoredFile | undefined {
		return this.#files.find((file) => file.id === idOrPath || file.path === idOrPath);
	}

	isExpired(file: StoredFile): boolean {
		return this.clock.now() >= file.expiresMs;
	}

	remove(file: StoredFile): void {
		this.#files = this.#files.filter((other) => other !== file);
	}
}
