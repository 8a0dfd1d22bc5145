// Workflows in which a language model decides: AI Agent or MCP Server Trigger, OpenAI Chat Model, and the node as tools.
import type { Workflow, WorkflowNode } from './examples';

/** A reference as nodes hold it. */
export interface CredentialRef {
	id: string;
	name: string;
}

export interface Tool {
	name: string;
	parameters: Record<string, unknown>;
	/** Settings of the node: retryOnFail, ... */
	settings?: object;
}

export interface AgentPlan {
	/** Type version of the AI Agent node. */
	agent: number;
	tools: Tool[];
	/** Credential of the OpenAI Chat Model. */
	model: CredentialRef;
	agentSettings?: object;
}

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
/** What the editor writes when a user lets the model fill in a field. */
const MARK = '/*n8n-auto-generated-fromAI-override*/';

/** A parameter that the model fills in, as the editor's button makes it. */
const fromAi = (key: string, description: string, type = 'string'): string =>
	`={{ ${MARK} $fromAI('${key}', \`${description}\`, '${type}') }}`;

/** What a user sets up: the model fills in the image and the prompt. */
export const GENERATE: Tool = {
	name: 'Generate video',
	parameters: {
		firstFrameUrl: fromAi('Image', 'Public address of the image that the video starts from'),
		prompt: fromAi('Prompt', 'What happens in the video'),
		duration: 2,
	},
};
export const SUBMIT: Tool = {
	name: 'Submit video',
	parameters: { ...GENERATE.parameters, operation: 'submit' },
};
export const CHECK: Tool = {
	name: 'Check video',
	parameters: { ...GENERATE.parameters, operation: 'check' },
};
export const CREDITS: Tool = {
	name: 'Get credits',
	parameters: { resource: 'account', operation: 'getCredits' },
};
/** One of the tools that ask for a task later. */
export const taskTool = (name: string, operation: string): Tool => ({
	name,
	parameters: { resource: 'task', operation, taskId: fromAi('Task_ID', 'The taskId') },
});

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
	more: object = {},
): WorkflowNode => ({
	...{ id: name, typeVersion, position: [0, 0] },
	...{ name, type, parameters },
	...more,
});

const toolNode = ({ name, parameters, settings }: Tool): WorkflowNode =>
	node(name, 'n8n-nodes-wan-video.wanVideoTool', 1, parameters, settings);

/** Start -> AI Agent, with a model and tools. */
export function agentWorkflow({ agent, tools, model, agentSettings }: AgentPlan): Workflow {
	const text = 'Make a video';
	const request = { promptType: 'define', text, options: {} };
	// The version that the editor adds today asks the responses API, which agents before 3 do not take.
	const modelVersion = agent < 3 ? 1.2 : 1.3;
	const gpt = {
		model: { __rl: true, mode: 'id', value: 'gpt-4o' },
		options: { maxRetries: 0 },
	};
	const to = (type: string) => [[{ node: 'AI Agent', type, index: 0 }]];
	return {
		name: 'Agent',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
			node('AI Agent', `${LANGCHAIN}.agent`, agent, request, agentSettings),
			node('Model', `${LANGCHAIN}.lmChatOpenAi`, modelVersion, gpt, {
				credentials: { openAiApi: model },
			}),
			...tools.map(toolNode),
		],
		connections: {
			Start: { main: to('main') },
			Model: { ai_languageModel: to('ai_languageModel') },
			...Object.fromEntries(tools.map(({ name }) => [name, { ai_tool: to('ai_tool') }])),
		},
		settings: { executionOrder: 'v1' },
	};
}

/** MCP Server Trigger with tools, at `/mcp/<path>`. */
export function mcpWorkflow(path: string, tools: Tool[]): Workflow {
	const name = 'MCP Server';
	const server = node(name, `${LANGCHAIN}.mcpTrigger`, 2, { path }, { webhookId: path });
	return {
		name: 'MCP',
		nodes: [server, ...tools.map(toolNode)],
		connections: Object.fromEntries(
			tools.map((tool) => [tool.name, { ai_tool: [[{ node: name, type: 'ai_tool', index: 0 }]] }]),
		),
		settings: { executionOrder: 'v1' },
	};
}
