/**
 * The second guard against a task that starts its workflow twice. In queue mode several processes take
 * callbacks, and of calls that cross they do not know of each other. Here, where the workflow begins, n8n's
 * own list of processed values is asked: it lies in the database and is read and written within milliseconds.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

/** Values that n8n keeps for the trigger, two for each task. */
const KEPT_VALUES = 2_000;
/** So many earlier starts are written again with the next one, in case another process has just overwritten them. */
const WRITTEN_AGAIN = 20;

/** The latest starts of this process by trigger, as n8n's list has them. */
const starts = new Map<string, string[]>();
/** n8n does not lock its list, so in one process the starts of a trigger ask one after the other. */
const turns = new Map<string, Promise<boolean>>();

/** Whether this execution is the one that the task starts. Where n8n cannot say, it is. */
export async function isFirstStart(context: IExecuteFunctions, taskId: string): Promise<boolean> {
	// Runs from the editor and retries are the user's wish.
	if (context.getMode() !== 'webhook') return true;
	const trigger = `${context.getWorkflow().id}/${context.getNode().id}`;
	const before = turns.get(trigger) ?? Promise.resolve(true);
	const turn = before.then(async () => await ask(context, trigger, taskId));
	turns.set(trigger, turn);
	return await turn;
}

async function ask(context: IExecuteFunctions, trigger: string, taskId: string): Promise<boolean> {
	// A crashed worker's execution is run again by n8n 1.x under the same ID, and must go on then.
	const own = `${taskId} ${context.getExecutionId()}`;
	const earlier = starts.get(trigger) ?? [];
	const values = [taskId, own, ...earlier.filter((value) => value !== taskId && value !== own)];
	const record = async () =>
		await context.helpers.checkProcessedAndRecord(values, 'node', {
			mode: 'entries',
			maxEntries: KEPT_VALUES,
		});
	try {
		// Of two processes that make the list at the same time, one fails, and finds it the second time.
		const { processed } = await record().catch(record);
		const isFirst = !processed.includes(taskId) || processed.includes(own);
		if (isFirst) starts.set(trigger, [...earlier, taskId, own].slice(-2 * WRITTEN_AGAIN));
		return isFirst;
	} catch {
		return true;
	}
}
