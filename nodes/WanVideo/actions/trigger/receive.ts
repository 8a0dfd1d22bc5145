/**
 * A callback comes in. It is believed nothing but a task ID: the task is read again with the credential,
 * and the workflow starts once for each task. The answer goes out within EvoLink's ten seconds.
 */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { evoLinkClient } from '../../evolink/client';
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
		void clock.sleep(ANSWER_WITHIN_MS, patience).then(() => {
			if (!patience.aborted) reply(context, 'callAgain');
		});
		const verdict = await lookTogether(context, taskId);
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

async function lookTogether(context: IWebhookFunctions, taskId: string): Promise<Verdict> {
	const { id } = context.getWorkflow();
	const place = `${context.getMode()}/${id}/${context.getNode().id}/${taskId}`;
	const look = looks.get(place) ?? lookOnce(context, taskId);
	looks.set(place, look);
	try {
		return await look;
	} finally {
		looks.delete(place);
	}
}

async function lookOnce(context: IWebhookFunctions, taskId: string): Promise<Verdict> {
	const client = evoLinkClient(await apiPort(context));
	return judge(await client.look(taskId), wantedEnds(context));
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
