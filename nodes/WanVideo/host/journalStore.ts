/**
 * The journal in n8n's context data of the node: the one place that outlives a try of Retry On Fail,
 * the Retry button and a durable wait (run on n8n 1.123 and 2.41). It belongs to one execution and node.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { JournalStore } from '../generation/ports';

const KEY = 'wanVideoJournal';

/** The journal of the node in this execution. */
export function journalStore(context: Pick<IExecuteFunctions, 'getContext'>): JournalStore {
	const data = context.getContext('node');
	return {
		read(slot) {
			const entries: unknown = data[KEY];
			// Something else in its place is handed on as it is: the journal refuses to go on with it.
			return entries === undefined || isRecord(entries) ? entries?.[slot] : entries;
		},
		write(slot, entry) {
			const entries: unknown = data[KEY];
			if (isRecord(entries)) entries[slot] = entry;
			else data[KEY] = { [slot]: entry };
		},
	};
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
