// n8n's own Agents (the module `agents` of n8n 2.41, on by default): an agent with nodes as its tools, and a chat with it.
// They run a tool without an execution and without a workflow.
import type { CredentialRef, Tool } from './agentWorkflow';
import type { Session } from './rest';

export interface N8nAgent {
	/** Says something in a new conversation and waits for the end of the answer. */
	chat(message: string): Promise<void>;
}

const SETTINGS = { typeVersion: 1, type: 'n8n-nodes-wan-video.wanVideoTool' };

/** Makes an agent with these tools. Every tool has the credential for EvoLink. */
export async function createN8nAgent(
	session: Session,
	{
		name,
		tools,
		model,
		evoLinkApi,
	}: { name: string; tools: Tool[]; model: CredentialRef; evoLinkApi: CredentialRef },
): Promise<N8nAgent> {
	const project = await session.call<{ id: string }>('GET', '/projects/personal');
	const agents = `/projects/${project.id}/agents/v2`;
	const { id } = await session.call<{ id: string }>('POST', `${agents}/`, {
		name,
		schema: {
			...{ name, model: 'openai/gpt-4o', credential: model.id },
			instructions: 'Make videos.',
			tools: tools.map((tool) => ({
				...{ type: 'node', name: tool.name, description: 'Makes a video.' },
				node: {
					...{ nodeType: SETTINGS.type, nodeTypeVersion: SETTINGS.typeVersion },
					nodeParameters: tool.parameters,
					credentials: { evoLinkApi },
				},
			})),
		},
	});
	return {
		async chat(message) {
			const { name: cookie, value } = session.cookie;
			const answer = await fetch(`${session.url}/rest${agents}/${id}/chat`, {
				method: 'POST',
				headers: {
					...{ 'content-type': 'application/json', 'browser-id': 'wan-video-local' },
					cookie: `${cookie}=${value}`,
				},
				body: JSON.stringify({ message }),
			});
			const events = await answer.text();
			if (!answer.ok || /"type":"error"/.test(events) || !/"type":"done"/.test(events))
				throw new Error(`The agent does not answer: ${answer.status} ${events.slice(0, 1000)}`);
		},
	};
}
