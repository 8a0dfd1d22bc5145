/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// What is behind links: the videos of finished tasks for 24 hours, uploaded files for 72 and the
// example files, with ranges, HEAD and entity tags. No key is asked for; one that is sent is noted as a violation.

import { readFile, stat } from 'node:fs/promises';
import type { Fault } from '../faults';
import { exampleFile } from '../publicFiles';
import { html, type FilePart, type Reply } from '../reply';
import type { Request, Room } from '../room';
import type { Task } from '../world';

interface Content {
	readonly type: string;
	readonly etag: string;
	readonly bytes: number;
	readonly part: (from: number, to: number) => Buffer | FilePart;
}

const WEB_PAGE = '<!doctype html><title>Just a moment</title><p>Checking your browser.</p>';

/** Notes a key that was sent to a media address. */
export function watchForKey(room: Room, request: Request): void {
	const { headers, url } = request;
	const sent =
		headers.authorization !== undefined ||
		[...url.searchParams.keys()].some((name) => /^(api_?key|key|token)$/i.test(name));
	if (!sent) return;
	const problem = 'an API key was sent to a media address';
	room.log.violations.push({ at: room.clock.now(), path: url.pathname, problem });
}

/** The task whose video is at a path such as /media/{task id}/{token}.mp4. */
export function taskOfLink(room: Room, path: string): Task | undefined {
	const id = path.split('/')[2];
	return id === undefined ? undefined : room.world.find(id);
}

/** GET or HEAD /media/{task id}/{token}.mp4. */
export function media(room: Room, request: Request): Reply {
	const { fault, url } = request;
	const task = taskOfLink(room, url.pathname);
	const token = /\/(\w+)\.mp4$/.exec(url.pathname)?.[1];
	const file = task?.state === 'completed' ? task.file : undefined;
	if (task === undefined || file === undefined || token === undefined) return gone(404);
	const current = task.link.token === token;
	if (!current && !task.deadTokens.includes(token)) return gone(404);
	if (fault?.kind === 'expireLink' && current) room.world.expireLink(task);
	const dead = task.link.token !== token || room.clock.now() >= task.link.expiresMs;
	if (dead) return gone(Number(room.switches.expiredLinkStatus));
	const instead = insteadOfVideo(room, url, fault);
	if (instead !== undefined) return instead;
	const type =
		fault?.kind === 'wrongContentType' ? (fault.contentType ?? 'text/plain') : 'video/mp4';
	const { path, bytes, etag } = file;
	const part = (from: number, to: number): FilePart => ({ path, from, to });
	return serve(room, request, { type, etag, bytes, part });
}

/** GET or HEAD /files/{account}/{folder}/{name}, and the download address by ID. */
export function uploadedFile(room: Room, request: Request, idOrPath: string): Reply {
	const file = room.uploads.find(idOrPath);
	if (file === undefined) return gone(404);
	if (room.uploads.isExpired(file)) return gone(Number(room.switches.expiredUploadStatus));
	const { type, etag, content } = file;
	const part = (from: number, to: number): Buffer => content.subarray(from, to + 1);
	return serve(room, request, { type, etag, bytes: content.length, part });
}

/** GET or HEAD /_sandbox/examples/{name}. */
export async function example(room: Room, request: Request): Promise<Reply> {
	const file = exampleFile(request.url.pathname);
	if (file === undefined) return gone(404);
	const { path, type } = file;
	const { size, mtimeMs } = await stat(path);
	const etag = `"${size}-${Math.round(mtimeMs)}"`;
	const part = (from: number, to: number): FilePart => ({ path, from, to });
	return serve(room, request, { type, etag, bytes: size, part });
}

/** The bytes behind one of the sandbox's own links, for use as a material. */
export function ownFile(room: Room, url: URL): Promise<Buffer | 'gone'> | undefined {
	if (url.port !== new URL(room.url).port) return undefined;
	const { pathname } = url;
	if (pathname.startsWith('/files/')) {
		const file = room.uploads.find(decodeURIComponent(pathname.slice('/files/'.length)));
		const alive = file !== undefined && !room.uploads.isExpired(file);
		return Promise.resolve(alive ? file.content : 'gone');
	}
	if (!pathname.startsWith('/media/')) return undefined;
	const task = taskOfLink(room, pathname);
	if (task?.file === undefined) return Promise.resolve('gone');
	const { token, expiresMs } = task.link;
	const alive = pathname.endsWith(`/${token}.mp4`) && room.clock.now() < expiresMs;
	return alive ? readFile(task.file.path) : Promise.resolve('gone');
}

const gone = (status: number): Reply => ({
	status,
	headers: { 'content-type': 'application/xml' },
	body: Buffer.from(`<Error><Code>${status}</Code><Message>Not available</Message></Error>`),
});

function insteadOfVideo(room: Room, url: URL, fault: Fault | undefined): Reply | undefined {
	if (fault?.kind === 'htmlInsteadOfVideo') return html(200, WEB_PAGE);
	if (fault?.kind !== 'redirectMedia') return undefined;
	const other = new URL(room.url);
	other.hostname = other.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
	return { status: 302, headers: { location: fault.to ?? new URL(url.pathname, other).href } };
}

function serve(room: Room, { method, headers }: Request, content: Content): Reply {
	const { bytes, etag, type } = content;
	const ranged = room.switches.mediaRange === 'on';
	const common: Record<string, string> = {
		'content-type': type,
		etag,
		...(ranged ? { 'accept-ranges': 'bytes' } : {}),
	};
	if (headers['if-none-match'] === etag) return { status: 304, headers: common };
	const stale = headers['if-range'] !== undefined && headers['if-range'] !== etag;
	const range = ranged && !stale ? parseRange(headers.range, bytes) : undefined;
	if (range === 'unsatisfiable') {
		return { status: 416, headers: { ...common, 'content-range': `bytes */${bytes}` } };
	}
	const { from, to } = range ?? { from: 0, to: bytes - 1 };
	const described = range ? { ...common, 'content-range': `bytes ${from}-${to}/${bytes}` } : common;
	const status = range ? 206 : 200;
	if (method === 'HEAD') return { status, headers: described, contentLength: to - from + 1 };
	return { status, headers: described, body: content.part(from, to) };
}

/** One range of bytes; undefined means all of it (also for several ranges, as servers may). */
function parseRange(
	header: string | undefined,
	bytes: number,
): { from: number; to: number } | 'unsatisfiable' | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	if (match === null || (match[1] === '' && match[2] === '')) return undefined;
	const [, first = '', last = ''] = match;
	if (first === '') {
		const length = Math.min(Number(last), bytes);
		return length === 0 ? 'unsatisfiable' : { from: bytes - length, to: bytes - 1 };
	}
	const from = Number(first);
	const to = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
	if (from >= bytes) return 'unsatisfiable';
	return to < from ? undefined : { from, to };
}
