/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A language model that does what a test tells it: a local server speaking OpenAI's chat completions and responses
// protocols, as far as n8n's OpenAI Chat Model node uses them. It keeps what it was told about tools and what they answered.
// Text to be spoken becomes the sound of examples/media/, whatever it says.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { prepared } from './prepared';

/** What the model does when it is asked: call tools (by default the first it is told of), speak, or break down. */
export type Turn = { call: Array<{ tool?: string; args: object }> } | { say: string } | 'outage';
/** A turn may depend on what the tools have answered so far, and may first change the world. */
export type Script = Array<Turn | ((results: string[], said: string) => Turn | Promise<Turn>)>;

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
	/** Everything that was said to the model, as one text. */
	said: string;
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
	stream?: boolean;
	tools?: Array<ToolAsTold & { function?: ToolAsTold }>;
	messages?: ChatMessage[];
	input?: ResponsesInput[] | string;
}

interface Answered {
	api: Asked['api'];
	body: object;
}

/** Starts it on a free port of this machine. */
export async function startScriptedModel(): Promise<ScriptedModel> {
	let script: Script = [];
	let asked: Asked[] = [];
	let calls = 0;

	async function answer(path: string, body: Body): Promise<Answered | undefined> {
		const seen = readAsked(path, body);
		const turn = script[asked.length] ?? { say: 'The script is over.' };
		asked.push(seen);
		const said = typeof turn === 'function' ? await turn(seen.results, seen.said) : turn;
		if (said === 'outage') return undefined;
		const api = seen.api;
		if ('say' in said) return { api, body: inWords(api, body.model, said.say) };
		const wanted = said.call.map(({ tool, args }) => ({
			id: `call_${++calls}`,
			name: tool ?? seen.tools[0]?.name ?? 'no_tool',
			arguments: JSON.stringify(args),
		}));
		return { api, body: inCalls(api, body.model, wanted) };
	}

	const server = createServer((request, response) => {
		if (request.url?.endsWith('/audio/speech') === true) {
			response.setHeader('content-type', 'audio/mpeg');
			response.end(readFileSync(join(prepared.projectRoot, 'examples', 'media', 'audio.mp3')));
			return;
		}
		void text(request)
			.then((sent) => JSON.parse(sent) as Body)
			.then(async (body) => ({ body, answered: await answer(request.url ?? '', body) }))
			.then(({ body, answered }) => {
				if (answered !== undefined && body.stream === true) {
					response.setHeader('content-type', 'text/event-stream');
					response.end(asStream(answered));
					return;
				}
				response.statusCode = answered === undefined ? 500 : 200;
				response.setHeader('content-type', 'application/json');
				response.end(JSON.stringify(answered?.body ?? { error: { message: 'Out of order' } }));
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
	const said = JSON.stringify([messages, input]);
	if (path.endsWith('/responses')) {
		const parts = typeof input === 'string' ? [] : input;
		const results = parts.filter(({ type }) => type === 'function_call_output');
		return {
			api: 'responses',
			tools: told,
			results: results.map(({ output }) => output ?? ''),
			said,
		};
	}
	const results = messages.filter(({ role }) => role === 'tool');
	return { api: 'chat', tools: told, results: results.map(({ content }) => asText(content)), said };
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

interface Item extends Record<string, unknown> {
	type: string;
	arguments?: string;
	content?: Array<{ text: string }>;
}

/** The same answer in pieces, as n8n's Agents ask for it: server-sent events of either protocol. */
function asStream({ api, body }: Answered): string {
	const event = (data: object & { type?: string }) =>
		`${data.type === undefined ? '' : `event: ${data.type}\n`}data: ${JSON.stringify(data)}\n\n`;
	if (api === 'chat') {
		const { choices, usage, ...rest } = body as ReturnType<typeof chat>;
		const [{ message, finish_reason: reason }] = choices;
		const calls = (message as { tool_calls?: object[] }).tool_calls;
		const delta = {
			...message,
			...(calls && { tool_calls: calls.map((call, index) => ({ index, ...call })) }),
		};
		const chunk = (choice: object) => ({
			...{ ...rest, object: 'chat.completion.chunk' },
			choices: [{ index: 0, finish_reason: null, delta: {}, ...choice }],
		});
		const last = { ...chunk({ finish_reason: reason }), usage };
		return `${event(chunk({ delta }))}${event(last)}data: [DONE]\n\n`;
	}
	const { output } = body as { output: Item[] };
	const pieces = output.flatMap((item, index) => {
		const at = { output_index: index, item_id: item.id };
		const begun = { ...item, ...(item.type === 'message' ? { content: [] } : { arguments: '' }) };
		const parts =
			item.type === 'message'
				? [
						{
							type: 'response.output_text.delta',
							...at,
							content_index: 0,
							delta: item.content?.[0].text,
						},
					]
				: [
						{ type: 'response.function_call_arguments.delta', ...at, delta: item.arguments },
						{
							type: 'response.function_call_arguments.done',
							...at,
							arguments: item.arguments,
						},
					];
		return [
			{ type: 'response.output_item.added', output_index: index, item: begun },
			...parts,
			{ type: 'response.output_item.done', output_index: index, item },
		];
	});
	return [
		{ type: 'response.created', response: { ...body, status: 'in_progress', output: [] } },
		...pieces,
		{ type: 'response.completed', response: body },
	]
		.map((data, number) => event(Object.assign({ sequence_number: number }, data)))
		.join('');
}
