/**
 * What the journal of this run says about money, item by item: told whenever the run cannot go on,
 * e.g. when it wakes from a pause and the credential is gone.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type Entry, parseEntry } from '../generation/journal';
import type { JournalStore } from '../generation/ports';
import { newestJournal } from './newestJournal';
import { isTool, trueRunIndexOf, slotOfItem } from './scope';

/** What is paid for, or may be, for one item. */
export interface Spent {
	taskIds: string[];
	/** Submits of which nobody knows what became. */
	unclear: number;
}

/** What no journal holds, by the number of the item: submits of a run that n8n lost, for another request. */
const noted = new WeakMap<IExecuteFunctions, Map<number, Spent>>();

/** Keeps in mind that an item may have been paid for in this execution; without an ID nobody knows. */
export function noteSpent(context: IExecuteFunctions, item: number, taskId?: string): void {
	const notes = noted.get(context) ?? new Map<number, Spent>();
	const spent =
		taskId === undefined ? { taskIds: [], unclear: 1 } : { taskIds: [taskId], unclear: 0 };
	noted.set(context, notes.set(item, spent));
}

/** By the number of the item. A tool's place in the journal is its request, so there nothing is known. */
export function spentByItem(context: IExecuteFunctions): Map<number, Spent> {
	const spent = new Map<number, Spent>();
	try {
		if (isTool(context)) return spent;
		const runIndex = trueRunIndexOf(context);
		const bySlot = entriesBySlot(context);
		for (const item of context.getInputData().keys()) {
			const kept = readSpent(bySlot.get(slotOfItem(runIndex, item)) ?? []);
			const note = noted.get(context)?.get(item);
			const sum = note === undefined ? kept : sumOf([kept, note]);
			if (sum.taskIds.length > 0 || sum.unclear > 0) spent.set(item, sum);
		}
	} catch {
		// Without a journal there is nothing to tell; the fault itself must still be told.
	}
	return spent;
}

/** One about another request is put aside under the slot and its hash: its task is paid for as well. */
function entriesBySlot(context: IExecuteFunctions): Map<string, Array<Entry | undefined>> {
	const journal = newestJournal(context);
	const bySlot = new Map<string, Array<Entry | undefined>>();
	for (const name of journal.names()) {
		const slot = name.split(':').slice(0, 2).join(':');
		bySlot.set(slot, [...(bySlot.get(slot) ?? []), readEntry(journal, name)]);
	}
	return bySlot;
}

function readEntry(journal: JournalStore, name: string): Entry | undefined {
	try {
		return parseEntry(journal.read(name));
	} catch {
		return undefined;
	}
}

function readSpent(entries: ReadonlyArray<Entry | undefined>): Spent {
	const taskIds = entries.flatMap((entry) => {
		if (entry?.stage === 'submitted' || entry?.stage === 'delivered') return entry.taskId;
		return entry?.stage === 'intended' ? (entry.failure?.taskId ?? []) : [];
	});
	const unclear = entries.filter(
		(entry) => entry?.stage === 'intended' && entry.failure?.taskId === undefined,
	).length;
	return { taskIds: [...new Set(taskIds)], unclear };
}

/** How to get at tasks that go on. */
export const AGAIN =
	"When the cause is put right, retry the execution, or get their videos with 'Task: Wait': neither makes a new video.";

/** What is paid for, or may be, in words; undefined where nothing is. */
export function moneyText(spent: Spent | undefined): string | undefined {
	const { taskIds, unclear } = spent ?? { taskIds: [], unclear: 0 };
	const paid =
		taskIds.length === 0 ? [] : `Paid for and going on at EvoLink: ${taskIds.join(', ')}. ${AGAIN}`;
	const unknown =
		unclear === 0
			? []
			: `What became of ${unclear} ${unclear === 1 ? 'submit' : 'submits'} is not known: it may have been charged. Look into the task list of the EvoLink dashboard.`;
	const texts = [paid, unknown].flat();
	return texts.length === 0 ? undefined : texts.join(' ');
}

/** What several items come to. */
export function sumOf(items: readonly Spent[]): Spent {
	return {
		taskIds: [...new Set(items.flatMap(({ taskIds }) => taskIds))],
		unclear: items.reduce((sum, { unclear }) => sum + unclear, 0),
	};
}

/** All tasks of a run that are paid for. */
export function taskIdsOf(spent: ReadonlyMap<number, Spent>): string[] {
	return sumOf([...spent.values()]).taskIds;
}
