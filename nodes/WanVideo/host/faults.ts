/**
 * A fault of the run as a whole: a credential that is gone, a setting that stands for all items, a defect.
 * Under Continue On Fail it must not be thrown: n8n would hand the input on as if it were the result.
 */
import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import type { Charged } from '../evolink/failure';
import { callerText, errorRow, NOTHING_SENT, withText } from './errors';
import { AGAIN, moneyText, type Spent, spentByItem, sumOf } from './paidTasks';
import { SettingError } from './parameters';
import { descriptionOf, messageOf } from './reason';

/** A fault that struck while tasks were followed that no journal holds, as those of 'Task: Wait'. */
export class FollowFault extends Error {
	override name = 'FollowFault';

	constructor(
		readonly fault: unknown,
		/** Task IDs by the number of their item. */
		readonly taskIds: ReadonlyMap<number, string[]>,
	) {
		super('Tasks could not be followed.');
	}
}

/** The fault as n8n's error, naming every task that is or may be paid for. */
export function faultError(context: IExecuteFunctions, thrown: unknown): Error {
	const { cause, message, spent, moneyOf, chargedOf } = readFault(context, thrown);
	const all = sumOf([...spent.values()]);
	const advice = descriptionOf(cause);
	const said = [moneyOf(all), ...(advice === undefined ? [] : [`${advice}.`])].join(' ');
	const description = `${said}${callerText(context, chargedOf(all) !== 'no')}`;
	const tasks = all.taskIds.length === 0 ? '' : ` (${tasksInWords(all.taskIds)})`;
	const text = `${message}${tasks}`;
	const error = new NodeOperationError(
		context.getNode(),
		cause instanceof Error ? cause : message,
		{ message: text, description },
	);
	return withText(error, text, description, { charged: chargedOf(all) }, all.taskIds);
}

/** The fault as a row for every item, each with what is paid for it. */
export function faultRows(context: IExecuteFunctions, thrown: unknown): INodeExecutionData[] {
	const { message, spent, moneyOf } = readFault(context, thrown);
	context.logger.warn(`Wan Video ("${context.getNode().name}"): ${message}`);
	return context.getInputData().map((_, item) => {
		const details = moneyOf(spent.get(item) ?? NOTHING);
		return { json: errorRow({ message, details }), pairedItem: { item } };
	});
}

const NOTHING: Spent = { taskIds: [], unclear: 0 };

interface Fault {
	cause: unknown;
	message: string;
	spent: ReadonlyMap<number, Spent>;
	/** What is paid for or may be, and how to get at it. */
	moneyOf: (spent: Spent) => string;
	chargedOf: (spent: Spent) => Charged;
}

function readFault(context: IExecuteFunctions, thrown: unknown): Fault {
	if (thrown instanceof FollowFault) {
		const { fault: cause, taskIds } = thrown;
		return {
			cause,
			message: messageOf(cause),
			spent: new Map([...taskIds].map(([item, ids]) => [item, { taskIds: ids, unclear: 0 }])),
			moneyOf: ({ taskIds: ids }) =>
				ids.length === 0 ? NOTHING_SENT : `The tasks go on at EvoLink: ${ids.join(', ')}. ${AGAIN}`,
			// To follow a task costs nothing; what it cost is its submitter's to know.
			chargedOf: () => 'no',
		};
	}
	const isSetting = thrown instanceof SettingError;
	const none = isSetting ? NOTHING_SENT : 'Nothing was submitted and nothing was charged.';
	return {
		cause: thrown,
		message: isSetting ? thrown.message : messageOf(thrown),
		spent: spentByItem(context),
		moneyOf: (spent) => moneyText(spent) ?? none,
		chargedOf: ({ taskIds, unclear }) =>
			unclear > 0 ? 'unknown' : taskIds.length > 0 ? 'yes' : 'no',
	};
}

/** Task IDs that fit into a headline; the description has all of them. */
const MOST_IN_HEADLINE = 10;

function tasksInWords(taskIds: readonly string[]): string {
	const shown = taskIds.slice(0, MOST_IN_HEADLINE).join(', ');
	const more = taskIds.length - MOST_IN_HEADLINE;
	return `${taskIds.length === 1 ? 'task' : 'tasks'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
