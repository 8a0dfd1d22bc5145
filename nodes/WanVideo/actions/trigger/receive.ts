/**
 * A callback comes in. It is believed nothing but a task ID: the task is read again with the credential,
 * and the workflow starts once for each task. The answer goes out within EvoLink's ten seconds.
 */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { evoLinkClient } from '../../evolink/client';
import { lookRetryDelayMs } from '../../evolink/retry';
import { isYoung } from '../../evolink/taskId';
import type { TaskState } from '../../evolink/taskState';
import { judge, TASK_ENDS, type TaskEnd, type Verdict } from '../../generation/callback';
import { clock } from '../../host/clock';
import { deliveriesOf } from '../../host/deliveries';
import { apiPort } from '../../host/api';
import { readCall, reply } from '../../host/webhook';
import { readBoolean } from '../../wan/readBoolean';
import { shown } from '../../wan/shown';
import { isTaskId } from '../task/taskIds';
import { taskRow } from '../task/taskRow';

/** EvoLink waits ten seconds for an answer. */
const ANSWER_WITHIN_MS = 7_000;

/** Tasks that are looked at beyond that at the same time; more are left to EvoLink's own calls. */
const MOST_LATE = 10;
/** Between looks at a task that EvoLink has said is over: a copy of its database may lag for minutes. */
const LATE_MS = [3_000, 3_000, 3_000, 10_000, 20_000, 30_000, 30_000, 30_000, 30_000];

/** Looks under way by trigger and task: a burst of calls about one task is one look. */
const looks = new Map<string, Promise<Verdict>>();

/** Answers a call, and starts the workflow when a task has ended as wanted. Never throws: n8n would start the workflow with nothing in it. */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const note = (text: string) =>
		context.logger.info(`Wan Video Trigger ("${context.getNode().name}"): ${text}`);
	const patience = { aborted: false };
	try {
		const call = readCall(context);
		if (!call.ok) return reply(context, call.reply);
		const { taskId } = call;
		if (!isTaskId(taskId)) return reply(context, 'notUnderstood');
		const deliveries = deliveriesOf(context);
		if (deliveries.has(taskId)) return reply(context, 'received');
		// A look that is late still counts: EvoLink has been told to call again, and is told then that it is done.
		const late = clock.sleep(ANSWER_WITHIN_MS, patience).then((): Verdict => {
			if (!patience.aborted) reply(context, 'callAgain');
			return { verdict: 'callAgain', reason: 'another call about it is still looking' };
		});
		const verdict = await lookTogether(context, taskId, late);
		if (verdict.verdict !== 'start') {
			note(`task ${taskId} starts nothing: ${verdict.reason}`);
			return reply(context, verdict.verdict === 'ignore' ? 'received' : 'callAgain');
		}
		// Nobody would see a refusal here, and the workflow is to start.
		const simple = readBoolean(given(context, 'simplify', true)) ?? true;
		const json = taskRow(taskId, verdict.task, simple);
		// Nothing may be awaited from here on: of calls that cross, only one gets past the claim.
		if (!deliveries.claim(taskId)) return reply(context, 'received');
		return { ...reply(context, 'received'), workflowData: [[{ json }]] };
	} catch (error) {
		note(`a callback could not be handled: ${error instanceof Error ? error.message : 'unknown'}`);
		return reply(context, 'callAgain');
	} finally {
		patience.aborted = true;
	}
}

/** One call looks for all about a task; the others are over when their answer is due, as n8n keeps memory for each call. */
async function lookTogether(
	context: IWebhookFunctions,
	taskId: string,
	late: Promise<Verdict>,
): Promise<Verdict> {
	const { id } = context.getWorkflow();
	const place = `${context.getMode()}/${id}/${context.getNode().id}/${taskId}`;
	const known = looks.get(place);
	if (known !== undefined) return await Promise.race([known, late]);
	const look = lookOnce(context, taskId);
	looks.set(place, look);
	try {
		return await look;
	} finally {
		looks.delete(place);
	}
}

/** With the patience of a wait: EvoLink calls four times within seconds, and never again. */
async function lookOnce(context: IWebhookFunctions, taskId: string): Promise<Verdict> {
	const client = evoLinkClient(await apiPort(context));
	const wanted = wantedEnds(context);
	const begunAt = clock.elapsed();
	for (let tries = 1; ; tries += 1) {
		const look = await client.look(taskId);
		const delayMs = look.ok
			? lateMs(look.value, tries)
			: lookRetryDelayMs(look.failure, tries, clock.random(), {
					isKnown: true,
					mayBeLate: isYoung(taskId, clock.now()),
				});
		const isLate = clock.elapsed() - begunAt + (delayMs ?? 0) > ANSWER_WITHIN_MS;
		if (delayMs === null || (isLate && looks.size > MOST_LATE)) return judge(look, wanted);
		await clock.sleep(delayMs);
	}
}

/** Until the next look at a task that should be over, or whose results should be there: a copy of it may be late. */
function lateMs(task: TaskState, tries: number): number | null {
	const isLate =
		task.state === 'running' || (task.state === 'ended' && task.failure.kind === 'noVideo');
	return isLate ? (LATE_MS[tries - 1] ?? null) : null;
}

/**
 * How a task has to end. What an expression gives that is none of the ends counts as the default: a video that is
 * ready must not start nothing where only the log would say so. An empty list is meant so.
 */
function wantedEnds(context: IWebhookFunctions): ReadonlySet<TaskEnd> {
	const chosen = given(context, 'events', ['completed']);
	const list: unknown[] = Array.isArray(chosen) ? chosen : [chosen];
	const words = list.flatMap((word) =>
		typeof word === 'string' ? word.toLowerCase().split(/[\s,;]+/) : [],
	);
	const ends = TASK_ENDS.filter((end) => words.includes(end));
	if (ends.length > 0 || (Array.isArray(chosen) && list.length === 0)) return new Set(ends);
	context.logger.info(
		`Wan Video Trigger ("${context.getNode().name}"): 'Trigger On' is ${shown(chosen)}, which is none of: ${TASK_ENDS.join(', ')}. It counts as completed`,
	);
	return new Set<TaskEnd>(['completed']);
}

/** A parameter; nothing where its expression throws, as nobody would see that here. */
function given(context: IWebhookFunctions, name: string, fallback: unknown): unknown {
	try {
		return context.getNodeParameter(name, fallback);
	} catch {
		return undefined;
	}
}
