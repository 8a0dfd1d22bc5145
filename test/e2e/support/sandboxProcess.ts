/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The sandbox (a local EvoLink) as a process of its own, and its admin interface.
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { freePort } from './ports';
import { logTail, startProcess } from './processes';
import { GiveUp, until } from './until';

export interface SandboxRequest {
	method: string;
	path: string;
	headers: Record<string, string>;
	body?: unknown;
	at: number;
	status: number;
}

export interface SandboxProcess {
	readonly url: string;
	readonly key: string;
	readonly logFile: string;
	requests(): Promise<SandboxRequest[]>;
	ledger(): Promise<Array<Record<string, unknown>>>;
	/** Any admin call: `admin('POST', 'faults', {...})`. */
	admin<T>(method: string, path: string, body?: unknown): Promise<T>;
	stop(): Promise<void>;
	ended(): Promise<string>;
}

export interface SandboxProcessOptions {
	projectRoot: string;
	logFile: string;
	port?: number;
	taskSeconds?: number;
	args?: string[];
}

/** Starts the sandbox and resolves when it listens. */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
	const { projectRoot, logFile, taskSeconds = 8, args = [] } = options;
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const tsx = join(projectRoot, 'node_modules', 'tsx', 'dist', 'cli.mjs');
	const cli = join(projectRoot, 'sandbox', 'cli.ts');
	const server = await startProcess({
		command: process.execPath,
		args: [tsx, cli, '--port', String(port), '--task-seconds', String(taskSeconds), ...args],
		cwd: projectRoot,
		env: { ...process.env, NODE_ENV: undefined },
		logFile,
	});
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
	const isReady = async () => {
		if (server.hasEnded()) {
			throw new GiveUp(`The sandbox ${await server.ended}. Its last words:\n${logTail(logFile)}`);
		}
		return readFileSync(logFile, 'utf8').includes(`"url":"${url}"`) &&
			(await fetch(`${url}/_sandbox/health`)).ok
			? true
			: undefined;
	};
	let ready = false;
	try {
		ready = await until('the sandbox to listen', isReady, { timeoutMs: 60_000, everyMs: 100 });
	} finally {
		if (!ready) await server.kill();
	}
	return {
		url,
		key: 'sk-sandbox',
		logFile,
		admin,
		requests: () => admin('GET', 'requests'),
		ledger: () => admin('GET', 'ledger'),
		stop: () => server.stop(5_000),
		ended: () => server.ended,
	};
}
