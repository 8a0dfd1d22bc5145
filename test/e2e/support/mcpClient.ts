/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A client of n8n's MCP Server Trigger: the real SDK in a process of its own (mcpSdkClient.mjs), so that a client can be gone
// from one moment to the next.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { N8nInstall } from './n8nInstall';
import { prepared } from './prepared';
import type { ToolAsTold } from './scriptedModel';

export interface McpTool extends Omit<ToolAsTold, 'parameters'> {
	inputSchema: ToolAsTold['parameters'];
}

export interface McpAnswer {
	content: Array<{ type: string; text: string }>;
	isError?: boolean;
}

export interface McpClient {
	tools(): Promise<McpTool[]>;
	/** As patient as the SDK is: 60 seconds. */
	call(name: string, args: object): Promise<McpAnswer>;
	/** Kills the client (kill -9): what it has asked is asked by nobody any longer. */
	vanish(): Promise<void>;
	close(): Promise<void>;
}

interface Line {
	ready?: boolean;
	id?: number;
	result?: unknown;
	error?: string;
}

export type McpTransport = 'streamableHttp' | 'sse';

/** Opens a session with the server at `url`. */
export async function openMcpSession(
	{ node, folder }: N8nInstall,
	url: string,
	transport: McpTransport = 'streamableHttp',
): Promise<McpClient> {
	const script = join(prepared.projectRoot, 'test', 'e2e', 'support', 'mcpSdkClient.mjs');
	// eslint-disable-next-line @n8n/community-nodes/no-dangerous-functions -- runs in Node, outside n8n
	const child = spawn(node, [script, folder, url, transport], {
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let said = '';
	child.stderr.on('data', (part: Buffer) => (said += part.toString()));
	const waiting = new Map<number, { resolve(line: Line): void; reject(error: Error): void }>();
	let lastId = 0;
	const answerTo = async (id: number) =>
		await new Promise<Line>((resolve, reject) => waiting.set(id, { resolve, reject }));
	const ready = answerTo(lastId);
	createInterface({ input: child.stdout }).on('line', (text) => {
		const line = JSON.parse(text) as Line;
		const id = line.id ?? 0;
		const asker = waiting.get(id);
		waiting.delete(id);
		if (line.error === undefined) asker?.resolve(line);
		else asker?.reject(new Error(`MCP: ${line.error}`));
	});
	const ended = once(child, 'exit');
	void ended.then(() => {
		const error = new Error(`MCP: the client has ended. ${said.slice(-500)}`);
		for (const asker of waiting.values()) asker.reject(error);
	});

	async function ask<T>(question: object): Promise<T> {
		lastId += 1;
		const answer = answerTo(lastId);
		child.stdin.write(`${JSON.stringify({ id: lastId, ...question })}\n`);
		return (await answer).result as T;
	}

	await ready;
	return {
		tools: async () => (await ask<{ tools: McpTool[] }>({})).tools,
		call: async (name, args) => await ask({ name, args }),
		async vanish() {
			child.kill('SIGKILL');
			await ended;
		},
		async close() {
			child.stdin.end();
			await ended;
		},
	};
}
