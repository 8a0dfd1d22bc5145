/**
 * From values to n8n's errors, at the door only. Every error names the item, what it cost, the task
 * ID and the next step; the same texts go into the rows of Continue On Fail.
 */
import {
	type IExecuteFunctions,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import {
	type Charged,
	type Failure,
	failureDetails,
	failureHeadline,
	HEADLINE_MONEY,
} from '../evolink/failure';
import type { Outcome } from '../generation/outcome';
import type { Problem } from '../wan/check';
import { SettingError } from './parameters';
import { reasonOf } from './reason';

/** What a user reads of an item that gave no video. */
export interface Complaint {
	message: string;
	details: string;
	taskId?: string;
	/** EvoLink's HTTP status; also tells n8n that the service is what failed. */
	failure?: Failure;
}

export const NOTHING_SENT = 'Nothing was sent to EvoLink and nothing was charged.';

/** All problems of one item, in one text. Nothing was sent. */
export function problemComplaint(problems: readonly Problem[]): Complaint {
	return {
		message: problems.map(({ text }) => text).join(' '),
		details: NOTHING_SENT,
	};
}

/** What was thrown while an item was read: a setting that cannot be read or used. Nothing was sent. */
export function settingComplaint(error: unknown): Complaint {
	return { message: settingText(error), details: NOTHING_SENT };
}

/** All that could not be read of one item. */
export function unreadComplaint(texts: readonly string[]): Complaint {
	return { message: texts.join(' '), details: NOTHING_SENT };
}

/** The same as one sentence, the only place where what was thrown at a setting becomes words. */
export function settingText(error: unknown): string {
	if (error instanceof SettingError) return error.message;
	return `The item could not be read: ${reasonOf(error)}.`;
}

/** A failed outcome in words. */
export function failureComplaint(outcome: Extract<Outcome<unknown>, { end: 'failed' }>): Complaint {
	const { failure, videoUrl } = outcome;
	const earlierTaskIds = outcome.earlierTaskIds.filter((id) => id !== failure.taskId);
	const link = videoUrl === undefined ? '' : ` Video URL: ${videoUrl}`;
	const before =
		earlierTaskIds.length === 0
			? ''
			: ` Earlier tasks that failed without a charge: ${earlierTaskIds.join(', ')}.`;
	return {
		message: failureHeadline(failure),
		details: `${failureDetails(failure)}${before}${link}`,
		failure,
		...(failure.taskId !== undefined && { taskId: failure.taskId }),
	};
}

/** A task that did not end in time; it goes on at EvoLink. */
export function timeoutComplaint(
	outcome: Extract<Outcome<unknown>, { end: 'timedOut' }>,
): Complaint {
	const { taskId, timeoutMs, last, hindrance, isUnseen } = outcome;
	const minutes = Math.round(timeoutMs / 6_000) / 10;
	const progress = last?.progress === undefined ? '' : ` at ${last.progress} %`;
	const hindered =
		hindrance === undefined ? '' : ` At the last look: ${failureHeadline(hindrance)}.`;
	const state = last === undefined ? 'its state is not known' : `it is ${last.status}${progress}`;
	return {
		message: `The task did not end within ${minutes} minutes: ${state} (task ${taskId})`,
		details: `${isUnseen === true ? 'EvoLink has told nothing of the task.' : 'The task is paid for and goes on at EvoLink.'}${hindered} Retry the execution, or use 'Task: Wait' with the task ID ${taskId}: neither makes a new video. To wait longer, raise 'Timeout' in the options.`,
		taskId,
	};
}

/** The row of an item under Continue On Fail: exactly the keys that both n8n 1.x and 2.x send to the error branch. */
export function errorRow({ message, details }: Complaint): { error: string; message: string } {
	return { error: message, message: sentences(message, details) };
}

/** A text with the number of its item in front, as soon as there is more than one. */
export function named(context: IExecuteFunctions, item: number, text: string): string {
	return context.getInputData().length > 1 ? `Item ${item}: ${text}` : text;
}

/** Two texts as sentences, whether or not the first ends in a full stop. What the second begins with is said once. */
export function sentences(message: string, details: string): string {
	const isSaid = details.startsWith(`${HEADLINE_MONEY.slice(2)}.`);
	const first =
		isSaid && message.endsWith(HEADLINE_MONEY) ? message.slice(0, -HEADLINE_MONEY.length) : message;
	return `${first.replace(/\.$/, '')}. ${details}`;
}

/** One item that must not be submitted again would keep the others from their videos for ever. */
const GO_ON =
	" To go on with the other items, set 'On Error' of the node to continue, save, and retry this execution with the currently saved workflow: what is paid for is found, and only the rest is submitted.";

export interface Besides {
	/** Tasks of the same run that are paid for as well. */
	others?: readonly string[];
	/** What else went wrong, a line each. */
	more?: readonly string[];
}

/** The error of one item, with its number where there are more. */
export function itemError(
	context: IExecuteFunctions,
	complaint: Complaint,
	itemIndex: number,
	besides: Besides = {},
): NodeApiError | NodeOperationError {
	const message = named(context, itemIndex, complaint.message);
	return itemsError(context, { ...complaint, message }, itemIndex, besides);
}

/** The error of several items, whose text names them itself; n8n shows it at `itemIndex`. */
export function itemsError(
	context: IExecuteFunctions,
	{ message, details, failure, taskId }: Complaint,
	itemIndex: number,
	{ others = [], more = [] }: Besides = {},
): NodeApiError | NodeOperationError {
	const rest =
		others.length === 0
			? ''
			: ` Other tasks of this run that are paid for: ${others.join(', ')}. A retry of this execution finds them.`;
	const alone = context.getInputData().length === 1;
	const next = failure?.charged === 'unknown' && taskId === undefined && !alone ? GO_ON : '';
	const charged = failure?.charged ?? (taskId === undefined ? 'no' : 'yes');
	const ofCaller = callerText(context, charged !== 'no' || others.length > 0);
	const description = [`${details}${rest}${next}${ofCaller}`, ...more].join('\n');
	const error =
		failure === undefined
			? new NodeOperationError(context.getNode(), message, { itemIndex, description })
			: apiError(context, failure, { message, description, itemIndex });
	return withText(error, message, description, { taskId, charged, kind: failure?.kind }, others);
}

/**
 * In a sub-workflow: n8n shows its error in the workflow that called it, where Retry begins the sub-workflow anew, in
 * another execution that knows nothing of this one.
 */
export function callerText(context: IExecuteFunctions, mayBePaid: boolean): string {
	if (!mayBePaid || context.getMode() !== 'integrated') return '';
	return ' Another workflow called this one: retry this execution, not that of the caller, which would call it anew and pay again.';
}

/** The user stopped the execution: says which tasks are paid for, as they go on at EvoLink, and how many may be. */
export function stoppedError(
	context: IExecuteFunctions,
	taskIds: readonly string[],
	unknownSubmits: number,
): NodeOperationError {
	const paid =
		taskIds.length === 0
			? ''
			: `These tasks are paid for and go on at EvoLink: ${taskIds.join(', ')}. Get their videos with 'Task: Wait'.`;
	const unknown =
		unknownSubmits === 0
			? ''
			: `What became of ${unknownSubmits} more submits is not known: they may have been charged. Look for their tasks in the EvoLink dashboard.`;
	const none =
		paid === '' && unknown === '' ? 'No task was submitted, so nothing was charged.' : '';
	const description = ['Nothing more is submitted.', paid, unknown, none].filter(Boolean).join(' ');
	const tasks = taskIds.length === 0 ? '' : ` (tasks ${taskIds.join(', ')})`;
	const message = `The execution was stopped${tasks}`;
	const error = new NodeOperationError(context.getNode(), message, { description });
	const charged = unknownSubmits > 0 ? 'unknown' : taskIds.length > 0 ? 'yes' : 'no';
	return withText(error, message, description, { charged }, taskIds);
}

function apiError(
	context: IExecuteFunctions,
	failure: Failure,
	options: { message: string; description: string; itemIndex: number },
): NodeApiError {
	const answer: JsonObject = {
		...(failure.code !== undefined && { code: failure.code }),
		...(failure.said !== undefined && { message: failure.said }),
	};
	const httpCode = failure.httpStatus === undefined ? undefined : String(failure.httpStatus);
	return new NodeApiError(context.getNode(), answer, {
		...options,
		...(httpCode !== undefined && { httpCode }),
	});
}

/** Whether an error is one of these, which say themselves what is paid for. */
export function isTold(error: unknown): error is Error {
	const isOurs = error instanceof NodeApiError || error instanceof NodeOperationError;
	return isOurs && error.context.charged !== undefined;
}

/** n8n swaps a message for a stock text when it holds the name of a network error, and the task ID would be lost with it. */
export function withText<E extends NodeApiError | NodeOperationError>(
	error: E,
	message: string,
	description: string,
	{
		taskId,
		charged,
		kind,
	}: { taskId?: string | undefined; charged: Charged; kind?: string | undefined },
	others: readonly string[],
): E {
	error.message = message;
	error.description = description;
	error.context.charged = charged;
	if (kind !== undefined) error.context.kind = kind;
	if (taskId !== undefined) error.context.taskId = taskId;
	if (others.length > 0) error.context.otherTaskIds = [...others];
	return error;
}
