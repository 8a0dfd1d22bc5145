/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The sandbox (a local EvoLink) as a process of its own, and its admin interface.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEntry, Sandbox } from '../../../sandbox';
import { logTail, startProcess } from './processes';
import { GiveUp, until } from './until';

/** A task that was submitted, and paid for. */
export type Task = LedgerEntry;
export type SandboxRequest = ReturnType<Sandbox['requests']>[number];

export interface SandboxProcess {
	readonly url: string;
	readonly key: string;
	readonly logFile: string;
	requests(): Promise<SandboxRequest[]>;
	/** How many submits it got, whatever it answered. */
	submits(): Promise<number>;
	/** Every task since the start or the last reset, in order. */
	ledger(): Promise<Task[]>;
	/** Any admin call: `admin('POST', 'faults', {...})`. */
	admin<T>(method: string, path: string, body?: unknown): Promise<T>;
	/** Moves its clock: tasks end, callbacks go out; resolves when they have. */
	passes(seconds: number): Promise<void>;
	stop(): Promise<void>;
	ended(): Promise<string>;
}

export interface SandboxProcessOptions {
	projectRoot: string;
	logFile: string;
	/** A free port when left out. */
	port?: number;
	taskSeconds?: number;
	args?: string[];
}

/** Starts the sandbox and resolves when it listens. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
	const { projectRoot, logFile, taskSeconds = 8, args = [] } = options;
	const { port = 0 } = options;
	const before = existsSync(logFile) ? statSync(logFile).size : 0;
	const cli = join(projectRoot, 'sandbox', 'cli.ts');
	const server = await startProcess({
		command: process.execPath,
		// tsx's own command would be a second process.
		args: [
			...['--import', 'tsx', cli, '--port', String(port)],
			...['--task-seconds', String(taskSeconds), ...args],
		],
		cwd: projectRoot,
		env: { ...process.env, NODE_ENV: undefined },
		logFile,
	});
	/** The address that it has announced, once it answers there. */
	const address = async () => {
		if (server.hasEnded()) {
			throw new GiveUp(`The sandbox ${await server.ended}. Its last words:\n${logTail(logFile)}`);
		}
		const log = readFileSync(logFile).subarray(before).toString('utf8');
		const announced = /"url":"(http:[^"]+)"/.exec(log)?.[1];
		return announced && (await fetch(`${announced}/_sandbox/health`)).ok ? announced : undefined;
	};
	let url = '';
	try {
		url = await until('the sandbox to listen', address, { everyMs: 100 });
	} finally {
		if (url === '') await server.kill();
	}
	const admin = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
		const answer = await fetch(`${url}/_sandbox/${path}`, {
			method,
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!answer.ok)
			throw new Error(`sandbox ${method} ${path}: ${answer.status} ${await answer.text()}`);
		return (await answer.json()) as T;
	};
	const requests = () => admin<SandboxRequest[]>('GET', 'requests');
	return {
		url,
		key: 'sk-sandbox',
		logFile,
		admin,
		requests,
		submits: async () =>
			(await requests()).filter(
				({ method, path }) => method === 'POST' && path === '/v1/videos/generations',
			).length,
		ledger: () => admin('GET', 'ledger'),
		async passes(seconds) {
			await admin('POST', 'clock', { advanceMs: seconds * 1000 });
		},
		stop: () => server.stop(5_000),
		ended: () => server.ended,
	};
}
