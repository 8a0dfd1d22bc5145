// Nodes of the tests' workflows and the lines between them.
import type { Workflow, WorkflowNode } from './examples';

export type TestNode = WorkflowNode & {
	id: string;
	typeVersion: number;
	position: number[];
	webhookId?: string;
};

export const node = (name: string, type: string, more: Partial<TestNode> = {}): TestNode => ({
	...{ id: name, name, type, typeVersion: 1, position: [0, 0], parameters: {} },
	...more,
});

/** The node under test; its `settings` are n8n's: retryOnFail, onError, ... */
export const videoNode = (
	parameters: Record<string, unknown>,
	{ name = 'Wan Video', ...settings }: Partial<TestNode> & Record<string, unknown> = {},
): TestNode =>
	node(name, 'n8n-nodes-wan-video.wanVideo', {
		...settings,
		parameters: {
			generationMode: 'first_frame',
			firstFrameUrl: 'https://example.com/first_frame.jpg',
			prompt: '={{ $json.prompt }}',
			duration: 2,
			...parameters,
		},
	});

/** A workflow of nodes in a row, each to the next. */
export function inARow(name: string, nodes: TestNode[]): Workflow {
	const next = nodes.slice(1);
	return {
		name,
		nodes,
		connections: Object.fromEntries(
			next.map((to, index) => [
				nodes[index].name,
				{ main: [[{ node: to.name, type: 'main', index: 0 }]] },
			]),
		),
		settings: { executionOrder: 'v1' },
	};
}

/** Start, with so many items ("item 0", "item 1", ...) -> the node under test. */
export function byHand(items: number, underTest: TestNode): Workflow & { pinData: object } {
	const rows = Array.from({ length: items }, (_, number) => ({
		json: { prompt: `item ${number}` },
	}));
	return {
		...inARow('By hand', [node('Start', 'n8n-nodes-base.manualTrigger'), underTest]),
		pinData: { Start: rows },
	};
}

/** A form that asks for a photo. */
export const photoForm = (path: string): TestNode =>
	node('Form', 'n8n-nodes-base.formTrigger', {
		typeVersion: 2.2,
		webhookId: path,
		parameters: {
			formTitle: 'Photo',
			formFields: { values: [{ fieldLabel: 'Photo', fieldType: 'file', multipleFiles: false }] },
			options: { path },
		},
	});
