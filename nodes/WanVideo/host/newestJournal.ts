/**
 * n8n may run one execution twice from the same pause: with a limit on executions at once, whatever waits for a slot
 * holds the execution's data as it was then, and goes on from there though another has gone on since (WaitTracker of
 * n8n 1.123 and 2.41). What this process has written is newer than such a copy, and counts.
 */
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { isOutdated, parseEntry } from '../generation/journal';
import type { JournalStore } from '../generation/ports';
import { JOURNAL_KEY, recordsIn, recordsOfNode } from './journalStore';
import { nodeOf } from './ownNode';

/** Over all executions, ended ones as well; the oldest make room. An entry has half a kilobyte. */
const MOST_ENTRIES = 20_000;
/** How often the journal was written, in the execution's data: of two copies the one with more is the newer. */
const WRITES_KEY = 'wanVideoJournalWrites';
const writesSchema = z.object({ count: z.number() }).catch({ count: 0 });

export interface NewestJournal extends JournalStore {
	names(): string[];
}

interface Known {
	count: number;
	entries: Map<string, object>;
}

/** By execution, and in it by the name of the node, as n8n keeps its data. */
const executions = new Map<string, Map<string, Known>>();
/** Entries in all of them. */
let kept = 0;

/** The journal of the node in this execution, in its newest state. */
export function newestJournal(context: IExecuteFunctions): NewestJournal {
	const stored = recordsIn(context, JOURNAL_KEY);
	const writes = recordsIn(context, WRITES_KEY);
	const { name } = nodeOf(context);
	const executionId = context.getExecutionId();
	const refresh = () => bring(executions.get(executionId)?.get(name), stored, writes);
	const read = (slot: string) => {
		refresh();
		return stored.read(slot);
	};
	return {
		read,
		names() {
			refresh();
			return stored.names();
		},
		write(slot, entry) {
			if (isOutdated(entry, parseEntry(read(slot)))) return;
			const before = countIn(writes);
			stored.write(slot, entry);
			writes.write('writes', { count: before + 1 });
			// Outside of executions nothing can be run twice.
			if (typeof executionId === 'string') keep({ executionId, name, before }, slot, entry);
		},
	};
}

/**
 * Brings the data of all nodes of this execution up to what is known of them: n8n may store them as they are here, over
 * all that another run has stored. What a node behind this one has submitted there would be lost to a Retry.
 */
export function bringUpToDate(context: IExecuteFunctions): void {
	for (const [name, known] of executions.get(context.getExecutionId()) ?? []) {
		const isOwn = name === nodeOf(context).name;
		const recordsOf = (key: string) =>
			isOwn ? recordsIn(context, key) : recordsOfNode(context, name, key);
		const stored = recordsOf(JOURNAL_KEY);
		const writes = recordsOf(WRITES_KEY);
		if (stored !== undefined && writes !== undefined) bring(known, stored, writes);
	}
}

type Records = ReturnType<typeof recordsIn>;

function countIn(writes: Records): number {
	return writesSchema.parse(writes.read('writes')).count;
}

function bring(known: Known | undefined, stored: Records, writes: Records): void {
	if (known === undefined || known.count <= countIn(writes)) return;
	for (const [slot, entry] of known.entries) stored.write(slot, entry);
	writes.write('writes', { count: known.count });
}

/** `before` is the count in the data, which are never behind what is known. */
function keep(
	{ executionId, name, before }: { executionId: string; name: string; before: number },
	slot: string,
	entry: object,
): void {
	const nodes = executions.get(executionId) ?? new Map<string, Known>();
	// Where the data are ahead, another process of n8n has had the execution meanwhile.
	const known = nodes.get(name);
	const isAhead = known !== undefined && known.count < before;
	if (isAhead) kept -= known.entries.size;
	const entries = (isAhead ? undefined : known?.entries) ?? new Map<string, object>();
	if (!entries.has(slot)) kept += 1;
	entries.set(slot, entry);
	nodes.set(name, { count: before + 1, entries });
	// Anew at the end of the map, so that the first one is always the oldest.
	executions.delete(executionId);
	executions.set(executionId, nodes);
	for (const oldest of executions.keys()) {
		if (kept <= MOST_ENTRIES || oldest === executionId) return;
		forget(oldest);
	}
}

function forget(executionId: string): void {
	for (const { entries } of executions.get(executionId)?.values() ?? []) kept -= entries.size;
	executions.delete(executionId);
}

/** As after a restart of n8n. */
export function forgetJournals(): void {
	executions.clear();
	kept = 0;
}
