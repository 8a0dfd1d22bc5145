/** Which items have a task already, by the journal: these are followed, whatever has become of their parameters. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type Entry, parseEntry, plan } from '../../generation/journal';
import type { JournalStore } from '../../generation/ports';
import { isTool, type Scope } from '../../host/scope';
import { journalOf } from '../../host/toolCalls';
import type { CheckedItem } from './checkItems';

/** The entry of an item that is paid for. */
export type PaidItems = (one: Pick<CheckedItem, 'item' | 'wish'>) => Entry | undefined;

/**
 * Looks items up by what the user set up. After a pause the execution is the same one, so there the place is
 * enough. A tool's place in the journal is its request: a model calls again to go on waiting.
 */
export function paidItems(context: IExecuteFunctions, scope: Scope, woke: boolean): PaidItems {
	const tool = isTool(context);
	const journal = journalOf(context);
	return ({ item, wish = '' }) => {
		const entry = entryOf(journal, scope.slot(item, wish));
		if (entry === undefined || plan(entry, scope.executionId).do !== 'follow') return undefined;
		const isOfThisExecution = woke && entry.executionId === scope.executionId;
		const intents = [scope.intent(item), ...scope.olderIntents(item)];
		return tool || isOfThisExecution || intents.includes(entry.intent) ? entry : undefined;
	};
}

/** One that cannot be read is the trouble of its item, which tells so when it is its turn (generation/life.ts). */
function entryOf(journal: JournalStore, slot: string): Entry | undefined {
	try {
		return parseEntry(journal.read(slot));
	} catch {
		return undefined;
	}
}
