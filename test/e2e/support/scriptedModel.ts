/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A language model that does what a test tells it: a local server speaking OpenAI's chat completions and responses
// protocols, as far as n8n's OpenAI Chat Model node uses them. It keeps what it was told about tools and what they answered.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the model does when it is asked: call tools (by default the first it is told of), speak, or break down. */
export type Turn = { call: Array<{ tool?: string; args: object }> } | { say: string } | 'outage';
/** A turn may depend on what the tools have answered so far, and may first change the world. */
export type Script = Array<Turn | ((results: string[]) => Turn | Promise<Turn>)>;

export interface ToolAsTold {
	name: string;
	description: string;
	/** JSON Schema of the arguments. */
	parameters: { properties: Record<string, { type: string; description?: string }> };
}

/** One question to the model, in terms of neither protocol. */
export interface Asked {
	api: 'chat' | 'responses';
	tools: ToolAsTold[];
	/** What tools have answered in this conversation, in order. */
	results: string[];
}

export interface ScriptedModel {
	/** Base URL for the credential. */
	readonly url: string;
	/** Sets the turns of the next conversation and forgets what was asked before. */
	follow(script: Script): void;
	asked(): Asked[];
	close(): Promise<void>;
}

interface ChatMessage {
	role: string;
	content?: unknown;
	tool_call_id?: string;
}
interface ResponsesInput {
	type?: string;
	output?: string;
}
interface Body {
	model: string;
	tools?: Array<ToolAsTold & { function?: ToolAsTold }>;
	messages?: ChatMessage[];
	input?: ResponsesInput[] | string;
}

/** Starts it on a free port of this machine. */
export async function startScriptedModel(): Promise<ScriptedModel> {
	let script: Script = [];
	let asked: Asked[] = [];
	let calls = 0;

	async function answer(path: string, body: Body): Promise<object | undefined> {
		const seen = readAsked(path, body);
		const turn = script[asked.length] ?? { say: 'The script is over.' };
		asked.push(seen);
		const said = typeof turn === 'function' ? await turn(seen.results) : turn;
		if (said === 'outage') return undefined;
		if ('say' in said) return inWords(seen.api, body.model, said.say);
		const wanted = said.call.map(({ tool, args }) => ({
			id: `call_${++calls}`,
			name: tool ?? seen.tools[0]?.name ?? 'no_tool',
			arguments: JSON.stringify(args),
		}));
		return inCalls(seen.api, body.model, wanted);
	}

	const server = createServer((request, response) => {
		void text(request)
			.then(async (sent) => await answer(request.url ?? '', JSON.parse(sent) as Body))
			.then((answered) => {
				response.statusCode = answered === undefined ? 500 : 200;
				response.setHeader('content-type', 'application/json');
				response.end(JSON.stringify(answered ?? { error: { message: 'Out of order' } }));
			});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		follow(turns) {
			script = turns;
			asked = [];
		},
		asked: () => asked,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function readAsked(path: string, { tools = [], messages = [], input = [] }: Body): Asked {
	const told = tools.map((tool) => tool.function ?? tool);
	if (path.endsWith('/responses')) {
		const parts = typeof input === 'string' ? [] : input;
		const results = parts.filter(({ type }) => type === 'function_call_output');
		return { api: 'responses', tools: told, results: results.map(({ output }) => output ?? '') };
	}
	const results = messages.filter(({ role }) => role === 'tool');
	return { api: 'chat', tools: told, results: results.map(({ content }) => asText(content)) };
}

const asText = (content: unknown): string =>
	typeof content === 'string' ? content : JSON.stringify(content);

const CREATED_SECONDS = 1_700_000_000;

function inWords(api: Asked['api'], model: string, words: string): object {
	if (api === 'chat') return chat(model, 'stop', { role: 'assistant', content: words });
	const content = [{ type: 'output_text', text: words, annotations: [] }];
	return responses(model, [
		{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content },
	]);
}

function inCalls(
	api: Asked['api'],
	model: string,
	wanted: Array<{ id: string; name: string; arguments: string }>,
): object {
	if (api === 'responses') {
		return responses(
			model,
			wanted.map(({ id, ...call }) => ({
				type: 'function_call',
				id: `fc_${id}`,
				call_id: id,
				status: 'completed',
				...call,
			})),
		);
	}
	const toolCalls = wanted.map(({ id, ...call }) => ({ id, type: 'function', function: call }));
	return chat(model, 'tool_calls', { role: 'assistant', content: null, tool_calls: toolCalls });
}

const chat = (model: string, finishReason: string, message: object) => ({
	id: 'chatcmpl-1',
	object: 'chat.completion',
	created: CREATED_SECONDS,
	model,
	choices: [{ index: 0, message, finish_reason: finishReason, logprobs: null }],
	usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

const responses = (model: string, output: object[]) => ({
	id: 'resp_1',
	object: 'response',
	created_at: CREATED_SECONDS,
	status: 'completed',
	model,
	output,
	error: null,
	incomplete_details: null,
	instructions: null,
	metadata: {},
	parallel_tool_calls: true,
	tool_choice: 'auto',
	tools: [],
	temperature: 1,
	top_p: 1,
	usage: {
		input_tokens: 1,
		output_tokens: 1,
		total_tokens: 2,
		input_tokens_details: { cached_tokens: 0 },
		output_tokens_details: { reasoning_tokens: 0 },
	},
});
