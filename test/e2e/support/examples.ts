/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The workflows of examples/, made ready to be stored in a local n8n: they are committed without ids of any instance, so
// each gets a fixed id and the id of the one local credential.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
}

export interface Workflow {
	id?: string;
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	active?: boolean;
	settings?: Record<string, unknown>;
}

export interface Credential {
	id: string;
	name: string;
	type: string;
	data: { apiKey: string; baseUrl: string; filesUrl: string };
}

export interface Example {
	/** File name without ending, also the id of the workflow. */
	id: string;
	file: string;
	workflow: Workflow;
}

const credentialType = 'evoLinkApi';

/** The one credential of a local n8n. */
export const localCredential = (data: Credential['data']): Credential => ({
	id: 'wanVideoLocal001',
	name: 'EvoLink (local)',
	type: credentialType,
	data,
});

/** Gives every node of this package the credential. */
export function withCredential(workflow: Workflow, { id, name }: Credential): Workflow {
	return {
		...workflow,
		active: false,
		nodes: workflow.nodes.map((node) =>
			node.type.startsWith('n8n-nodes-wan-video.')
				? { ...node, credentials: { ...node.credentials, [credentialType]: { id, name } } }
				: node,
		),
	};
}

/** All examples of a folder, by file name. */
export function readExamples(folder: string): Example[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((name) => {
			const id = basename(name, '.json');
			const workflow = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Workflow;
			return { id, file: join(folder, name), workflow: { ...workflow, id } };
		});
}
