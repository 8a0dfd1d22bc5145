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

import { sentences } from '../host/errors';

type Execute = (context: IExecuteFunctions) => Promise<INodeExecutionData[]>;

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

const AFTER_FAILURE = {
	no: 'If the message names something that you can change, change it and call this tool again. Otherwise tell the user what the message says.',
	yes: 'The video is paid for. Do not ask for it anew, as that would be charged again: ask for its task by the taskId, or tell the user what the message says.',
	unknown:
		'It may have been charged. Do not call this tool again for this video: tell the user what the message says.',
} as const;

/** Runs an operation for an agent: whatever comes of it is an answer, except a Stop. */
export async function answerAgent(
	context: IExecuteFunctions,
	operation: string,
	execute: Execute,
): Promise<INodeExecutionData[]> {
	try {
		const rows = await execute(context);
		return rows.map(({ json, pairedItem }) => ({ json: answerOf(operation, json), pairedItem }));
	} catch (error) {
		if (context.getExecutionCancelSignal()?.aborted === true)
			throw new NodeOperationError(
				context.getNode(),
				error instanceof Error ? error : String(error),
			);
		const answer = failureOf(error);
		// The run of the tool counts as a success, so the log is where an operator sees the failure.
		context.logger.warn(`Wan Video ("${context.getNode().name}") as a tool: ${answer.message}`);
		return [{ json: { ...answer }, pairedItem: { item: 0 } }];
	}
}

function answerOf(operation: string, json: IDataObject): IDataObject {
	const { error, message, ...rest } = json;
	// Rows of Continue On Fail. What they cost is in their text.
	if (typeof error === 'string')
		return { status: 'failed', message: typeof message === 'string' ? message : error, ...rest };
	return isOpen(json) ? { ...json, nextStep: NOT_READY[operation] } : json;
}

/** A task's row without a video and without a failure. */
function isOpen({ taskId, status, videoUrl }: IDataObject): boolean {
	const isOver = status === 'failed' || status === 'cancelled' || status === 'canceled';
	return taskId !== undefined && videoUrl === undefined && !isOver;
}

interface FailureAnswer {
	status: 'failed';
	charged: keyof typeof AFTER_FAILURE;
	taskId?: string;
	message: string;
	nextStep: string;
}

/** What host/errors.ts puts beside a message. */
const notesSchema = z.object({
	taskId: z.string().optional().catch(undefined),
	charged: z.enum(['no', 'yes', 'unknown']).catch('no'),
});

function failureOf(error: unknown): FailureAnswer {
	const text = error instanceof Error ? error.message : String(error);
	const isExpected = error instanceof NodeApiError || error instanceof NodeOperationError;
	// Of a defect nobody knows how far it got.
	const { taskId, charged } = isExpected
		? notesSchema.parse(error.context)
		: { taskId: undefined, charged: 'unknown' as const };
	const details = isExpected && typeof error.description === 'string' ? error.description : '';
	return {
		status: 'failed',
		charged,
		...(taskId !== undefined && { taskId }),
		message: details === '' ? text : sentences(text, details),
		nextStep: AFTER_FAILURE[charged],
	};
}
