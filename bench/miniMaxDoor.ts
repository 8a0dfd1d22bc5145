/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// As much of MiniMax's API as n8n's built-in node needs: submit, look, link. Its tasks take as long as the sandbox's,
// so that the two nodes can be compared in the same n8n.

import type { IncomingMessage } from 'node:http';

import { type LocalServer, serve } from './localServer';

export interface MiniMaxDoor extends LocalServer {
	/** Submits so far: each of them would be paid for. */
	submits(): number;
}

export interface DoorSettings {
	taskSeconds: number;
	videoUrl: string;
	/** Whether the task of this submit (from 1) fails. */
	failing?(submit: number): boolean;
}

/** Starts it. A task is done `taskSeconds` after its submit; its video is at `videoUrl`. */
export async function openMiniMaxDoor(settings: DoorSettings): Promise<MiniMaxDoor> {
	const { taskSeconds, videoUrl } = settings;
	const dueMs: number[] = [];
	const good = { status_code: 0, status_msg: 'success' };

	function answer(request: IncomingMessage): object {
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
		if (request.method === 'POST') {
			dueMs.push(Date.now() + taskSeconds * 1000);
			return { task_id: String(dueMs.length), base_resp: good };
		}
		if (pathname.endsWith('/files/retrieve')) {
			return { file: { download_url: videoUrl }, base_resp: good };
		}
		const number = Number(searchParams.get('task_id'));
		if (settings.failing?.(number) === true) {
			return { status: 'Fail', base_resp: { status_code: 1026, status_msg: 'Blocked' } };
		}
		if (Date.now() < dueMs[number - 1]) return { status: 'Processing', base_resp: good };
		return { status: 'Success', file_id: String(number), base_resp: good };
	}

	const server = await serve((request, response) => {
		request.resume();
		request.on('end', () => {
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(answer(request)));
		});
	});
	return { ...server, submits: () => dueMs.length };
}
