/** From outcomes to n8n items, the same for every operation that deals with videos. */
import type { IBinaryData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { TaskAnswer } from '../evolink/schemas';
import type { Outcome } from '../generation/outcome';
import {
	type Complaint,
	errorRow,
	failureComplaint,
	itemError,
	sentences,
	stoppedError,
	timeoutComplaint,
} from '../host/errors';
import { linesOf } from './itemTexts';
import { spentByItem, sumOf } from '../host/paidTasks';
import type { RowPlan } from './rowPlan';
import { goesOnOnFail } from '../host/scope';

type VideoOutcome = Outcome<IBinaryData>;

/** The rows of all outcomes in order. Throws the first item's error unless the node continues on fail. */
export function toRows(
	context: IExecuteFunctions,
	outcomes: readonly VideoOutcome[],
	plans: readonly RowPlan[],
): INodeExecutionData[] {
	if (context.getExecutionCancelSignal()?.aborted === true) {
		// Of what was paid for in an earlier try, not every item has had its turn.
		const { taskIds, unclear } = sumOf([...spentByItem(context).values()]);
		const all = [...new Set([...paidTasks(outcomes), ...taskIds])];
		throw stoppedError(context, all, Math.max(unclear, unknownSubmits(outcomes)));
	}
	const complaints = outcomes.map(complaintOf);
	const first = complaints.findIndex((complaint) => complaint !== undefined);
	const complaint = complaints[first];
	if (complaint !== undefined && !goesOnOnFail(context)) {
		const others = paidTasks(outcomes).filter((taskId) => taskId !== complaint.taskId);
		const more = linesOf(
			complaints.flatMap((other, index) =>
				other === undefined || index === first
					? []
					: { item: plans[index].item, text: sentences(other.message, other.details) },
			),
		);
		throw itemError(context, complaint, plans[first].item, { others, more });
	}
	return outcomes.map((outcome, index) => {
		const { item } = plans[index];
		const bad = complaints[index];
		if (bad !== undefined) return { json: errorRow(bad), pairedItem: { item } };
		return { ...row(outcome, plans[index]), pairedItem: { item } };
	});
}

function complaintOf(outcome: VideoOutcome): Complaint | undefined {
	if (outcome.end === 'failed') return failureComplaint(outcome);
	if (outcome.end === 'timedOut' && outcome.fails) return timeoutComplaint(outcome);
	return undefined;
}

function unknownSubmits(outcomes: readonly VideoOutcome[]): number {
	return outcomes.filter(
		(outcome) =>
			outcome.end === 'failed' &&
			outcome.failure.charged === 'unknown' &&
			outcome.failure.taskId === undefined,
	).length;
}

/** Tasks that EvoLink charges, as far as this run knows. */
function paidTasks(outcomes: readonly VideoOutcome[]): string[] {
	return outcomes.flatMap((outcome) => {
		if (outcome.end !== 'failed') return outcome.taskId ?? [];
		return outcome.failure.charged === 'no' ? [] : (outcome.failure.taskId ?? []);
	});
}

function row(outcome: VideoOutcome, plan: RowPlan): INodeExecutionData {
	// Of these no row is ever shown: an error, or the rows after a pause, take its place.
	if (outcome.end === 'failed' || outcome.end === 'stopped' || outcome.end === 'open')
		return { json: {} };
	const { taskId, creditsReserved, last, earlierTaskIds } = outcome;
	const completed = outcome.end === 'completed' ? outcome : undefined;
	const {
		durationSeconds = plan.durationSeconds,
		width,
		height,
		hasAudio,
	} = completed?.facts ?? {};
	const json = {
		taskId,
		status: last?.status ?? 'submitted',
		...(completed === undefined && { progress: last?.progress }),
		videoUrl: completed?.videoUrl,
		expiresAt: isoTime(completed?.linkLivesUntil),
		model: plan.model ?? modelIn(last?.raw),
		generationMode: plan.generationMode,
		durationSeconds,
		width,
		height,
		hasAudio,
		creditsReserved,
		...(earlierTaskIds.length > 0 && { earlierTaskIds }),
		...(!plan.simplify && last !== undefined && { task: last.raw }),
	};
	const file = completed?.file;
	return {
		json: withoutGaps(json),
		...(file !== undefined && { binary: { [plan.outputBinaryField]: file } }),
	};
}

/** The model that a task says it was made by. */
export function modelIn(task: TaskAnswer | undefined): string | undefined {
	return typeof task?.model === 'string' ? task.model : undefined;
}

/** Fields without a value are left out; so no row ever has an `error: null`, which makes n8n 1.x retry. */
export function withoutGaps(
	json: Readonly<Record<string, IDataObject[string] | undefined | object>>,
): IDataObject {
	const kept: IDataObject = {};
	for (const [name, value] of Object.entries(json)) {
		if (value !== undefined && name !== 'error') kept[name] = value;
	}
	return kept;
}

/** ISO 8601, or nothing for what is no date: a task's times are EvoLink's to get wrong. */
export function isoTime(ms: number | undefined): string | undefined {
	if (ms === undefined) return undefined;
	const date = new Date(ms);
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** An item that nothing was sent for, as its row says it under Continue On Fail. */
export interface Refusal {
	item: number;
	error: string;
	message: string;
}

/** Rows of good and refused items, in the order of the input. */
export function inItemOrder(
	good: readonly INodeExecutionData[],
	refused: readonly Refusal[],
): INodeExecutionData[] {
	const bad = refused.map(({ item, ...json }) => ({ json, pairedItem: { item } }));
	const position = ({ pairedItem }: INodeExecutionData) =>
		typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : 0;
	return [...good, ...bad].sort((a, b) => position(a) - position(b));
}
