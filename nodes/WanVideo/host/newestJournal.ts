/**
 * n8n may run one execution twice from the same pause: with a limit on executions at once, whatever waits for a slot
 * holds the execution's data as it was then, and goes on from there though another has gone on since (WaitTracker of
 * n8n 1.123 and 2.41). What this process has written is newer than such a copy, and counts.
 */
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { isOutdated, parseEntry } from '../generation/journal';
import type { JournalStore } from '../generation/ports';
import { JOURNAL_KEY, recordsIn } from './journalStore';
import { nodeOf } from './ownNode';

/** Over all executions; the oldest make room. An entry has half a kilobyte. */
const MOST_ENTRIES = 5_000;
/** How often the journal was written, in the execution's data: of two copies the one with more is the newer. */
const WRITES_KEY = 'wanVideoJournalWrites';
const writesSchema = z.object({ count: z.number() }).catch({ count: 0 });

export interface NewestJournal extends JournalStore {
	names(): string[];
	/** Brings the data up to what is known: n8n may store them as they are here, over all that another run has stored. */
	refresh(): void;
}

interface Known {
	count: number;
	entries: Map<string, object>;
}

/** By execution and node. */
const journals = new Map<string, Known>();
/** Entries in all of them. */
let kept = 0;

/** The journal of the node in this execution, in its newest state. */
export function newestJournal(context: IExecuteFunctions): NewestJournal {
	const stored = recordsIn(context, JOURNAL_KEY);
	const writes = recordsIn(context, WRITES_KEY);
	// n8n keeps the data by the node's name; its ID may be there twice in a workflow that was made by hand.
	const { id, name } = nodeOf(context);
	const key = `${context.getExecutionId()}/${id}/${name}`;
	const countInData = () => writesSchema.parse(writes.read('writes')).count;
	const refresh = () => {
		const known = journals.get(key);
		if (known === undefined || known.count <= countInData()) return;
		for (const [slot, entry] of known.entries) stored.write(slot, entry);
		writes.write('writes', { count: known.count });
	};
	const read = (slot: string) => {
		refresh();
		return stored.read(slot);
	};
	return {
		...{ read, refresh },
		names() {
			refresh();
			return stored.names();
		},
		write(slot, entry) {
			if (isOutdated(entry, parseEntry(read(slot)))) return;
			const count = countInData() + 1;
			// Where the data are ahead, another process of n8n has had the execution meanwhile.
			if ((journals.get(key)?.count ?? 0) < countInData()) forget(key);
			stored.write(slot, entry);
			writes.write('writes', { count });
			keep(key, count, slot, entry);
		},
	};
}

function keep(key: string, count: number, slot: string, entry: object): void {
	const entries = journals.get(key)?.entries ?? new Map<string, object>();
	if (!entries.has(slot)) kept += 1;
	entries.set(slot, entry);
	// Anew at the end of the map, so that the first one is always the oldest.
	journals.delete(key);
	journals.set(key, { count, entries });
	for (const oldest of journals.keys()) {
		if (kept <= MOST_ENTRIES || oldest === key) return;
		forget(oldest);
	}
}

function forget(key: string): void {
	kept -= journals.get(key)?.entries.size ?? 0;
	journals.delete(key);
}

/** As after a restart of n8n. */
export function forgetJournals(): void {
	journals.clear();
	kept = 0;
}
