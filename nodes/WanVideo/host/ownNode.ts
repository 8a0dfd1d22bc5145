/** The node that runs, as the user set it up. */
import type { INode } from 'n8n-workflow';

/** What has a node; n8n makes one for each run of a node, and never changes the node in it. */
interface HasNode {
	getNode(): INode;
}

const nodes = new WeakMap<HasNode, INode>();

/** The node of a run, to read from: n8n copies it with all its parameters each time that it is asked. */
export function nodeOf(context: HasNode): Readonly<INode> {
	const known = nodes.get(context);
	if (known !== undefined) return known;
	const node = context.getNode();
	nodes.set(context, node);
	return node;
}
