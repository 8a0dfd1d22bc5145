/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The workflows that the tests of the editor open: a small one to change and to run, and one with a node of each operation.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExamples, type Workflow } from './examples';
import { prepared } from './prepared';
import type { SandboxProcess } from './sandboxProcess';

/** What stands under a node of each kind on the canvas, with the parameters that make it so. */
export const subtitles: Array<[string, string, Record<string, unknown>]> = [
	['From one image', 'generate: first frame', {}],
	['From two', 'submit: first and last frame', twice('submit', 'first_last_frame')],
	['Go on', 'check: video continuation', twice('check', 'video_continuation')],
	['As it comes', 'generate: mode by expression', { generationMode: '={{ $json.mode }}' }],
	['Later', 'wait: task', { resource: 'task', taskId: 'task-unified-1' }],
	['One look', 'get: task', { resource: 'task', operation: 'get', taskId: 'task-unified-1' }],
	['To EvoLink', 'upload: file', { resource: 'file' }],
	['Space left', 'get quota: file', { resource: 'file', operation: 'getQuota' }],
	['Credits left', 'get credits: account', { resource: 'account' }],
	['One film', 'join: clips', { operation: 'join' }],
];
function twice(operation: string, generationMode: string) {
	return { operation, generationMode };
}

/** The first example without its note, its node with these parameters. */
export function small(id: string, parameters: Record<string, unknown>): Workflow {
	const example = readExamples(join(prepared.projectRoot, 'examples')).find(
		({ id: name }) => name === 'image-to-video',
	);
	if (example === undefined) throw new Error('There is no example image-to-video.');
	const nodes = example.workflow.nodes
		.filter(({ name }) => name !== 'About')
		.map((node) =>
			node.name === 'Wan Video'
				? { ...node, parameters: { ...node.parameters, ...parameters } }
				: node,
		);
	return { ...example.workflow, id, name: 'Image to video', nodes };
}

export const operations: Workflow = {
	...{ id: 'operations', name: 'Operations', connections: {} },
	nodes: [
		...subtitles.map(([name, , parameters], index) => {
			const position = [(index % 5) * 220, Math.floor(index / 5) * 200];
			return { ...nodeOf(name, 'wanVideo', position), parameters };
		}),
		nodeOf('Wan Video Trigger', 'wanVideoTrigger', [0, 400]),
	],
};
function nodeOf(name: string, type: string, position: number[]) {
	const id = name.toLowerCase().replaceAll(' ', '-');
	return {
		id,
		name,
		type: `n8n-nodes-wan-video.${type}`,
		typeVersion: 1,
		position,
		parameters: {},
	};
}

/** Stores the first example's image in a sandbox and gives its address, which the node can look into. */
export async function uploaded({ url, key }: SandboxProcess): Promise<string> {
	const image = readFileSync(join(prepared.projectRoot, 'examples', 'media', 'first_frame.jpg'));
	const body = new FormData();
	body.append('file', new Blob([image], { type: 'image/jpeg' }), 'first_frame.jpg');
	const headers = { authorization: `Bearer ${key}` };
	const answer = await fetch(`${url}/api/v1/files/upload/stream`, {
		method: 'POST',
		headers,
		body,
	});
	const { data } = (await answer.json()) as { data: { file_url: string } };
	return data.file_url;
}
