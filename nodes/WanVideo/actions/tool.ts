/**
 * The node as a tool of an AI agent: small answers instead of files and errors, each with the next step.
 * An error would not do: AI Agent 2.x shows its model an empty text, 3.x the message without the rest
 * (n8n 2.41) or ends the whole execution (n8n 1.123).
 */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';
import { z } from 'zod';

import { type Charged, CHARGED_TEXT, HEADLINE_MONEY } from '../evolink/failure';
import { sentences } from '../host/errors';
import { callOf, whereaboutsOf } from '../host/toolCalls';
import { handedOver } from '../host/toolMemory';
import { forModel, nextStepAfter } from './toolTexts';

type Execute = () => Promise<INodeExecutionData[]>;

/** What to do about a task that is not over, by operation. */
const NOT_READY: Readonly<Record<string, string>> = {
	'video:generate':
		'The video is still being made and is already paid for. Call this tool again now with exactly the same arguments to go on waiting; that is not charged again. In a later message do not: it would make and charge a new video. There, ask for the task by its taskId with a tool that gets Wan Video tasks, or tell the user the taskId.',
	'video:submit':
		'The video is being made, which takes a few minutes. Ask for it by its taskId with a tool that gets Wan Video tasks, or tell the user the taskId. Do not submit it again.',
	'task:get': 'Not ready yet. Ask again in a minute, with the same taskId.',
	'task:wait':
		'Not ready yet. Call this tool again with the same taskId, or tell the user to ask later.',
};

/** What can cost money; everything else is free, whatever becomes of it. */
const PAID: ReadonlySet<string> = new Set(['video:generate', 'video:submit']);

/** Runs an operation for an agent: whatever comes of it is an answer, except a Stop. */
export async function answerAgent(
	context: IExecuteFunctions,
	operation: string,
	execute: Execute,
): Promise<INodeExecutionData[]> {
	try {
		const rows = await execute();
		noteHandedOver(context, rows);
		return rows.map(({ json, pairedItem }) => ({ json: answerOf(operation, json), pairedItem }));
	} catch (error) {
		if (context.getExecutionCancelSignal()?.aborted === true)
			throw new NodeOperationError(
				context.getNode(),
				error instanceof Error ? error : String(error),
			);
		const paid = PAID.has(operation) ? callOf(context) : undefined;
		const answer = failureOf(error, operation, paid);
		// The run of the tool counts as a success, so the log is where an operator sees the failure.
		context.logger.warn(`Wan Video ("${context.getNode().name}") as a tool: ${answer.message}`);
		return [{ json: { ...answer }, pairedItem: { item: 0 } }];
	}
}

/** Whoever has a video in hand asks for no open task any longer. */
export function noteHandedOver(
	context: IExecuteFunctions,
	rows: readonly INodeExecutionData[],
): void {
	const taskIds = rows.flatMap(({ json: { taskId, videoUrl } }) =>
		typeof taskId === 'string' && videoUrl !== undefined ? [taskId] : [],
	);
	if (taskIds.length > 0) handedOver(whereaboutsOf(context), taskIds);
}

function answerOf(operation: string, json: IDataObject): IDataObject {
	return isOpen(json) ? { ...json, nextStep: NOT_READY[operation] } : json;
}

/** A task's row without a video and without a failure. */
function isOpen({ taskId, status, videoUrl }: IDataObject): boolean {
	const isOver = status === 'failed' || status === 'cancelled' || status === 'canceled';
	return taskId !== undefined && videoUrl === undefined && !isOver;
}

interface FailureAnswer {
	status: 'failed';
	charged: Charged;
	taskId?: string;
	message: string;
	nextStep: string;
}

/** What host/errors.ts puts beside a message. */
const notesSchema = z.object({
	taskId: z.string().optional().catch(undefined),
	charged: z.enum(['no', 'yes', 'unknown']).catch('no'),
	kind: z.string().optional().catch(undefined),
});

/** `paid` is the call of an operation that can cost money. */
function failureOf(
	error: unknown,
	operation: string,
	paid: { sends: boolean } | undefined,
): FailureAnswer {
	const text = error instanceof Error ? error.message : String(error);
	const isExpected = error instanceof NodeApiError || error instanceof NodeOperationError;
	const notes = isExpected
		? notesSchema.parse(error.context)
		: // Of a defect nobody knows how far it got, but for the submit.
			{ charged: paid?.sends === true ? ('unknown' as const) : ('no' as const) };
	const charged = paid === undefined ? 'no' : notes.charged;
	const { taskId, kind } = { taskId: undefined, kind: undefined, ...notes };
	// What a task cost that is only waited for is known where it has failed, and only there.
	const isForGood = operation === 'task:wait' && taskId !== undefined && notes.charged === 'no';
	return {
		status: 'failed',
		charged,
		...(taskId !== undefined && { taskId }),
		message: messageOf(text, detailsOf(error), { charged, kind }),
		nextStep: nextStepAfter(charged, kind, { isForGood }),
	};
}

/** A failure at EvoLink is told without its advice, which is for people; its next step follows from its kind. */
function messageOf(
	text: string,
	details: string,
	{ charged, kind }: { charged: Charged; kind: string | undefined },
): string {
	// A free operation says nothing of charges, whatever its task may have cost somebody.
	if (kind !== undefined) return sentences(text.replace(HEADLINE_MONEY, ''), CHARGED_TEXT[charged]);
	return forModel(
		details === '' ? sentences(text, CHARGED_TEXT[charged]) : sentences(text, details),
	);
}

function detailsOf(error: unknown): string {
	const isExpected = error instanceof NodeApiError || error instanceof NodeOperationError;
	return isExpected && typeof error.description === 'string' ? error.description : '';
}
