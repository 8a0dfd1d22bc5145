/** EvoLink's file storage: gives a material that is a file an address, for 72 hours (EvoLink docs, file series). Costs nothing. */
import { z } from 'zod';

import { type Answer, readFailure, unreadable } from './client';
import type { FailureKind } from './catalogue';
import type { Failure } from './failure';
import { cleaned, cleanedWord, isLinkLength, type Redact } from './foreign';
import type { ApiPort, UploadFile } from './apiPort';
import { READ_MS, UPLOAD_MS, UPLOAD_SILENCE_MS } from './timeLimits';

export interface StoredFile {
	fileId?: string;
	fileName?: string;
	bytes?: number;
	mimeType?: string;
	url: string;
	/** Wall clock in milliseconds; absent when EvoLink does not say. */
	expiresAt?: number;
}

export interface FileQuota {
	usedFiles: number;
	maxFiles: number;
	remainingFiles: number;
}

export interface FileClient {
	upload(file: UploadFile): Promise<Answer<StoredFile>>;
	quota(): Promise<Answer<FileQuota>>;
}

const optionalText = z.string().max(1_000).optional().catch(undefined);
const storedSchema = z.object({
	data: z.object({
		file_url: z.string().refine(isLinkLength).pipe(z.string().url()),
		file_id: optionalText,
		file_name: optionalText,
		mime_type: optionalText,
		file_size: z.number().optional().catch(undefined),
		expires_at: optionalText,
	}),
});
const quotaSchema = z.object({
	data: z.object({ used_files: z.number(), max_files: z.number(), remain_files: z.number() }),
});
/** A refusal may come with HTTP 200 (EvoLink's own clients check `success`). */
const refusalSchema = z.object({
	success: z.literal(false),
	code: z.union([z.number(), z.string()]).transform(String).optional(),
	msg: z.string().optional(),
});

/** Codes of the storage, from EvoLink's public tools. */
const TOO_LARGE = '40001';
const TYPE_REFUSED = '40002';
const FULL = '40003';

/** A client of the storage over the port that carries the credential. */
export function fileClient(api: ApiPort): FileClient {
	const redact: Redact = (text) => api.redact(text);
	async function call<T>(
		request: Parameters<ApiPort['send']>[0],
		read: (body: unknown) => T | undefined,
	): Promise<Answer<T>> {
		const result = await api.send({ ...request, host: 'files' });
		const body = result.answered ? result.answer.body : undefined;
		const refused = refusalSchema.safeParse(body);
		const failure = readFailure(result, redact, 'no');
		const failed = (why: Failure): Answer<T> => ({ ok: false, failure: { ...why, atFiles: true } });
		if (refused.success) return failed(refusal(refused.data, failure, redact));
		if (failure !== undefined) return failed(failure);
		const value = read(body);
		return value === undefined ? failed(unreadable(result, redact, 'no')) : { ok: true, value };
	}

	return {
		async upload(file) {
			const path = '/api/v1/files/upload/stream';
			return await call(
				{
					method: 'POST',
					path,
					file,
					timeoutMs: UPLOAD_SILENCE_MS,
					endsAfterMs: UPLOAD_MS,
					endsOnStop: true,
				},
				(body) => {
					const stored = storedSchema.safeParse(body);
					return stored.success ? storedFile(stored.data.data, redact) : undefined;
				},
			);
		},
		async quota() {
			const path = '/api/v1/files/quota';
			return await call(
				{ method: 'GET', path, timeoutMs: READ_MS, endsAfterMs: READ_MS, endsOnStop: true },
				(body) => {
					const quota = quotaSchema.safeParse(body);
					if (!quota.success) return undefined;
					const {
						used_files: usedFiles,
						max_files: maxFiles,
						remain_files: remainingFiles,
					} = quota.data.data;
					return { usedFiles, maxFiles, remainingFiles };
				},
			);
		},
	};
}

function storedFile(data: z.infer<typeof storedSchema>['data'], redact: Redact): StoredFile {
	const expiresAt = Date.parse(data.expires_at ?? '');
	return {
		url: redact(data.file_url),
		...(data.file_id !== undefined && { fileId: cleanedWord(data.file_id, redact) }),
		...(data.file_name !== undefined && { fileName: cleaned(data.file_name, redact) }),
		...(data.file_size !== undefined && { bytes: data.file_size }),
		...(data.mime_type !== undefined && { mimeType: cleanedWord(data.mime_type, redact) }),
		...(!Number.isNaN(expiresAt) && { expiresAt }),
	};
}

const KINDS: Readonly<Record<string, FailureKind>> = {
	[TOO_LARGE]: 'fileTooLarge',
	[TYPE_REFUSED]: 'fileTypeRefused',
	[FULL]: 'storageFull',
};

/** The storage's own code says most, then the HTTP status (a bad key, too many requests), where it is one of trouble. */
function refusal(
	{ code = '', msg }: z.infer<typeof refusalSchema>,
	byStatus: Failure | undefined,
	redact: Redact,
): Failure {
	const trouble = byStatus?.kind === 'invalidRequest' ? undefined : byStatus?.kind;
	return {
		...byStatus,
		kind: Object.hasOwn(KINDS, code) ? KINDS[code] : (trouble ?? 'storageRefused'),
		charged: 'no',
		...(code !== '' && { code: cleanedWord(code, redact) }),
		...(msg !== undefined && { said: cleaned(msg, redact) }),
	};
}
