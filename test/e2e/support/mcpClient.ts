// As much of a Model Context Protocol client as it takes to list and call the tools of n8n's MCP Server Trigger, over
// streamable HTTP: one POST a message, answers as JSON or as an event stream.
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
	call(name: string, args: object): Promise<McpAnswer>;
}

interface Reply {
	id?: number;
	result?: unknown;
	error?: { message: string };
}

const PROTOCOL = '2025-03-26';

/** Opens a session with the server at `url`. */
export async function openMcpSession(url: string): Promise<McpClient> {
	let session: string | null = null;
	let lastId = 0;

	async function post(message: object): Promise<Response> {
		const answer = await fetch(url, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				accept: 'application/json, text/event-stream',
				...(session !== null && {
					'mcp-session-id': session,
					'mcp-protocol-version': PROTOCOL,
				}),
			},
			body: JSON.stringify({ jsonrpc: '2.0', ...message }),
		});
		if (!answer.ok) throw new Error(`MCP: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
		return answer;
	}

	async function ask<T>(method: string, params: object): Promise<T> {
		const id = ++lastId;
		const answer = await post({ id, method, params });
		session = answer.headers.get('mcp-session-id') ?? session;
		const reply = repliesIn(await answer.text()).find((one) => one.id === id);
		if (reply === undefined) throw new Error(`MCP: no answer to ${method}`);
		if (reply.error) throw new Error(`MCP ${method}: ${reply.error.message}`);
		return reply.result as T;
	}

	await ask('initialize', {
		protocolVersion: PROTOCOL,
		capabilities: {},
		clientInfo: { name: 'test', version: '1.0.0' },
	});
	await (await post({ method: 'notifications/initialized' })).text();
	return {
		tools: async () => (await ask<{ tools: McpTool[] }>('tools/list', {})).tools,
		call: async (name, args) => await ask('tools/call', { name, arguments: args }),
	};
}

/** The messages of an answer, whether it is one JSON text or an event stream. */
function repliesIn(body: string): Reply[] {
	const texts = body.trimStart().startsWith('{')
		? [body]
		: body.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []));
	return texts.map((text) => JSON.parse(text) as Reply);
}
