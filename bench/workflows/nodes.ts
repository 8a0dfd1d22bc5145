// What the workflows of the bench are put together from.

import { randomUUID } from 'node:crypto';

import type { Workflow, WorkflowNode } from '../../test/e2e/support/examples';

export const WEBHOOK = 'n8n-nodes-base.webhook';

/** A picture of the sandbox; only its address travels. */
export const PICTURE = 'https://example.com/first_frame.jpg';

export interface BenchNode extends WorkflowNode {
	id: string;
	typeVersion: number;
	position: [number, number];
	/** Types of credentials that the node needs; placeCredentials fills them in. */
	needs?: string;
	onError?: string;
	retryOnFail?: boolean;
	maxTries?: number;
	waitBetweenTries?: number;
}

/** One node; `extra` are settings beside its parameters. */
export const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
	extra: Partial<BenchNode> = {},
): BenchNode => ({
	id: randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
	...extra,
});

/** A webhook of its own that takes `{ items: [...] }` and answers at once, then one n8n item for each of them. */
export const start = (): BenchNode[] => [
	node(
		'Webhook',
		WEBHOOK,
		2,
		{ httpMethod: 'POST', path: `bench-${randomUUID()}`, responseMode: 'onReceived', options: {} },
		{ webhookId: randomUUID() } as Partial<BenchNode>,
	),
	node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'body.items', options: {} }),
];

/** Connections as `[from, to]`, or `[from, output, to]` for nodes with several outputs. */
export function connect(
	pairs: ReadonlyArray<[string, string] | [string, number, string]>,
): Workflow['connections'] {
	const connections: Record<
		string,
		{ main: Array<Array<{ node: string; type: string; index: number }>> }
	> = {};
	for (const pair of pairs) {
		const [from, output, to] = pair.length === 2 ? [pair[0], 0, pair[1]] : pair;
		const { main } = (connections[from] ??= { main: [] });
		while (main.length <= output) main.push([]);
		main[output].push({ node: to, type: 'main', index: 0 });
	}
	return connections;
}

export const workflow = (
	name: string,
	nodes: BenchNode[],
	pairs: Parameters<typeof connect>[0],
): Workflow => ({
	name,
	nodes,
	connections: connect(pairs),
	settings: { executionOrder: 'v1' },
});

/** Gives every node that needs a credential the one of that type. */
export function placeCredentials(
	given: Workflow,
	credentials: ReadonlyMap<string, { id: string; name: string }>,
): Workflow {
	return {
		...given,
		nodes: given.nodes.map((one) => {
			const { needs, ...rest } = one as BenchNode;
			const credential = needs === undefined ? undefined : credentials.get(needs);
			if (needs === undefined) return rest;
			if (credential === undefined) throw new Error(`There is no credential ${needs}`);
			return { ...rest, credentials: { [needs]: credential } };
		}),
	};
}

/** The input of `count` equal items. */
export const numbered = (count: number): { items: Array<{ number: number }> } => ({
	items: Array.from({ length: count }, (_, number) => ({ number })),
});
