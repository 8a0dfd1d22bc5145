/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The files API: uploads as multipart, base64 or from a URL, and quota, list, delete. It answers
// in its own envelope, `{success, code, msg, data}`.

import { readFile } from 'node:fs/promises';
import type { ApiKey } from '../accounts';
import { UPLOAD_ERRORS, UPLOADS } from '../contract';
import { asText, isRecord, parseJson } from '../json';
import { json, type Reply } from '../reply';
import { keyOf, type Request, type Room } from '../room';
import type { StoredFile } from '../uploads';

interface Incoming {
	readonly content: Buffer;
	readonly type: string;
	readonly originalName: string;
	readonly name: string | undefined;
	readonly folder: string | undefined;
}
type UploadErrorCode = keyof typeof UPLOAD_ERRORS;

/** Answers any request under /api/v1/files. */
export async function files(room: Room, request: Request): Promise<Reply | undefined> {
	const key = keyOf(room, request);
	if (key === undefined) return json(401, { success: false, code: 401, msg: 'Unauthorized' });
	const call = request.url.pathname.replace('/api/v1/files/', '');
	switch (`${request.method} ${call}`) {
		case 'POST upload/stream':
			return store(room, key, await fromMultipart(request));
		case 'POST upload/base64':
			return store(room, key, fromBase64(request));
		case 'POST upload/url':
			return store(room, key, await fromUrl(room, request));
		case 'GET quota':
			return quota(room, key);
		case 'GET list':
			return list(room, key, request.url.searchParams);
	}
	if (request.method !== 'DELETE') return undefined;
	const file = room.uploads.find(call);
	if (file?.owner !== key.account)
		return json(404, { success: false, code: 404, msg: 'Not found' });
	room.uploads.remove(file);
	return json(200, { success: true, code: 200, msg: 'File deleted successfully' });
}

async function fromMultipart({ headers, content }: Request): Promise<Incoming | string> {
	const type = headers['content-type'] ?? '';
	const form = await new Response(new Uint8Array(content), { headers: { 'content-type': type } })
		.formData()
		.catch(() => undefined);
	if (form === undefined) return 'the body is not multipart/form-data';
	const file = form.get('file');
	if (file === null || typeof file === 'string') return 'file is required';
	const text = (name: string): string | undefined => asText(form.get(name));
	return {
		content: Buffer.from(await file.arrayBuffer()),
		type: file.type.split(';')[0] || 'application/octet-stream',
		originalName: file.name,
		name: text('file_name') ?? text('fileName'),
		folder: text('upload_path') ?? text('uploadPath'),
	};
}

function fromBase64({ content }: Request): Incoming | string {
	const body = parseJson(content.toString('utf8'));
	const data = isRecord(body) ? asText(body.base64_data) : undefined;
	if (!isRecord(body) || data === undefined) return 'base64_data is required';
	const parts = /^data:([^;,]+)[^,]*,(.*)$/s.exec(data);
	return {
		content: Buffer.from(parts?.[2] ?? data, 'base64'),
		type: parts?.[1] ?? 'application/octet-stream',
		originalName: asText(body.file_name) ?? 'file',
		name: asText(body.file_name),
		folder: asText(body.upload_path),
	};
}

async function fromUrl(room: Room, { content }: Request): Promise<Incoming | string | 40004> {
	const body = parseJson(content.toString('utf8'));
	const address = isRecord(body) ? asText(body.file_url) : undefined;
	if (!isRecord(body) || address === undefined || !URL.canParse(address)) {
		return 'file_url is required';
	}
	const originalName = new URL(address).pathname.split('/').pop() ?? 'file';
	try {
		const { path } = await room.fetcher.fetch(address, UPLOADS.maxBytes.value);
		return {
			content: await readFile(path),
			type: 'application/octet-stream',
			originalName,
			name: asText(body.file_name),
			folder: asText(body.upload_path),
		};
	} catch {
		return 40004;
	}
}

function store(room: Room, key: ApiKey, incoming: Incoming | string | UploadErrorCode): Reply {
	if (typeof incoming === 'string') {
		return json(400, { success: false, code: 400, msg: incoming });
	}
	if (typeof incoming === 'number') return refused(room, incoming);
	const { content } = incoming;
	const type = typeByContent(content) ?? incoming.type;
	if (content.length > UPLOADS.maxBytes.value) return refused(room, 40001);
	if (!isAllowed(room, type)) return refused(room, 40002);
	if (room.uploads.of(key.account).length >= room.switches.uploadMaxFiles) {
		return refused(room, 40003);
	}
	const { name, folder, originalName } = incoming;
	const file = room.uploads.add(key.account, {
		content,
		type,
		originalName,
		...(name ? { name } : {}),
		...(folder ? { folder } : {}),
	});
	const data = dataOf(room, file);
	return json(200, { success: true, code: 200, msg: 'File uploaded successfully', data });
}

function refused(room: Room, code: UploadErrorCode): Reply {
	const matching = { 40001: 413, 40002: 415, 40003: 403, 40004: 400, 50001: 500 } as const;
	const status = room.switches.uploadErrorStatus === '200' ? 200 : matching[code];
	return json(status, { success: false, code, msg: UPLOAD_ERRORS[code].msg });
}

function isAllowed({ switches }: Room, type: string): boolean {
	if (switches.uploadTypes === 'any') return true;
	const documented: readonly string[] = UPLOADS.documentedTypes.value;
	const observed: readonly string[] = UPLOADS.observedTypes.value;
	if (documented.includes(type)) return true;
	return switches.uploadTypes === 'observed' && observed.includes(type);
}

/** The types that can be told from the first bytes; what a client claims counts for the rest. */
function typeByContent(content: Buffer): string | undefined {
	const text = content.toString('latin1', 0, 12);
	if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
	if (text.startsWith('\x89PNG')) return 'image/png';
	if (text.startsWith('GIF8')) return 'image/gif';
	if (text.startsWith('BM')) return 'image/bmp';
	if (text.startsWith('RIFF')) return text.endsWith('WEBP') ? 'image/webp' : 'audio/wav';
	if (text.startsWith('ID3')) return 'audio/mpeg';
	if (text.slice(4, 8) === 'ftyp') {
		return text.slice(8, 12) === 'qt  ' ? 'video/quicktime' : 'video/mp4';
	}
	// A bare MP3 frame header.
	if (content[0] === 0xff && ((content[1] ?? 0) & 0xe6) === 0xe2) return 'audio/mpeg';
	return undefined;
}

/** EvoLink writes times in China's zone: 2025-10-09T00:00:00+08:00. */
const chinaTime = (timeMs: number): string =>
	new Date(timeMs + 8 * 3_600_000).toISOString().replace(/\.\d+Z$/, '+08:00');

function dataOf(room: Room, file: StoredFile): Record<string, string | number> {
	return {
		file_id: file.id,
		file_name: file.name,
		original_name: file.originalName,
		file_size: file.content.length,
		mime_type: file.type,
		upload_path: file.folder,
		file_url: `${room.url}/files/${file.path}`,
		download_url: `${room.url}/api/v1/files/download/${file.id}`,
		upload_time: chinaTime(file.uploadedMs),
		expires_at: chinaTime(file.expiresMs),
	};
}

function quota(room: Room, key: ApiKey): Reply {
	const used = room.uploads.of(key.account).length;
	const max = room.switches.uploadMaxFiles;
	const data = {
		user_group: 'default',
		used_files: used,
		max_files: max,
		remain_files: Math.max(0, max - used),
		is_custom: false,
		quota_reason: '',
	};
	return json(200, { success: true, code: 200, data });
}

function list(room: Room, key: ApiKey, query: URLSearchParams): Reply {
	const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
	const size = Math.min(100, Math.max(1, Number(query.get('pageSize') ?? 20) || 20));
	const all = room.uploads.of(key.account);
	const shown = all.slice((page - 1) * size, page * size).map((file) => {
		const { file_id, file_name, file_size, upload_time } = dataOf(room, file);
		return { file_id, file_name, file_size, upload_time };
	});
	const data = { total: all.length, files: shown };
	return json(200, { success: true, code: 200, msg: 'success', data });
}
