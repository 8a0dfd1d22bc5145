/**
 * Who waits for the end of this execution. n8n answers a call that waits for the last node as soon as the
 * execution first pauses, with an error (HTTP 500, run on n8n 1.123 and 2.41); who called tries again then,
 * and a second video is paid for.
 */
import type { IExecuteFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import { z } from 'zod';

const respondsSchema = z
	.object({
		responseMode: z.unknown(),
		availableInChat: z.unknown(),
		options: z.object({ responseMode: z.unknown() }).partial().catch({}),
	})
	.partial();

/** The name of a node before this one whose caller waits for the last node of this execution; undefined where nobody does. */
export function waitingCaller(context: IExecuteFunctions): string | undefined {
	// A retry is nobody's call.
	if (context.getMode() === 'retry') return undefined;
	const before = context.getParentNodes(context.getNode().name, { includeNodeParameters: true });
	return before.find((node) => answersAtTheEnd(context, node) && hasRun(context, node.name))?.name;
}

/** By the node's own setting: a webhook, a form, a chat, or a wait that is ended by a call. */
function answersAtTheEnd(context: IExecuteFunctions, node: NodeTypeAndVersion): boolean {
	if (node.disabled) return false;
	const { responseMode, availableInChat, options } = respondsSchema
		.catch({})
		.parse(node.parameters ?? {});
	if (node.type.endsWith('.chatTrigger')) {
		const byDefault = availableInChat === true ? 'streaming' : 'lastNode';
		return (options?.responseMode ?? byDefault) === 'lastNode';
	}
	if (responseMode !== 'lastNode') return false;
	// A form with a last page of its own shows that page when the time has come.
	return !(node.type.endsWith('.formTrigger') && hasPageAfter(context, node.name));
}

function hasPageAfter(context: IExecuteFunctions, name: string): boolean {
	return context
		.getChildNodes(name)
		.some(({ type, disabled }) => type.endsWith('.form') && !disabled);
}

function hasRun(context: IExecuteFunctions, name: string): boolean {
	try {
		const nodeOf: unknown = context.getWorkflowDataProxy(0).$;
		if (typeof nodeOf !== 'function') return false;
		const found: unknown = Reflect.apply(nodeOf, undefined, [name]);
		return z.object({ isExecuted: z.boolean() }).parse(found).isExecuted;
	} catch {
		// n8n throws for a node that has not run in this execution.
		return false;
	}
}
