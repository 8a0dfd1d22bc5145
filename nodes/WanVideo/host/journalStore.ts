/**
 * Records in n8n's context data of the node: the one place that outlives a try of Retry On Fail,
 * the Retry button and a durable wait (run on n8n 1.123 and 2.41). They belong to one execution and node.
 */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { JournalStore } from '../generation/ports';

type Context = Pick<IExecuteFunctions, 'getContext'>;

/** The journal of the node in this execution. */
export function journalStore(context: Context): JournalStore {
	return recordsIn(context, 'wanVideoJournal');
}

/** Records by name under one key of the context data. */
export function recordsIn(
	context: Context,
	key: string,
): { read(name: string): unknown; write(name: string, record: object): void } {
	const data = context.getContext('node');
	return {
		read(name) {
			const records: unknown = data[key];
			// Something else in its place is handed on as it is: the journal refuses to go on with it.
			return records === undefined || isRecord(records) ? records?.[name] : records;
		},
		write(name, record) {
			const records: unknown = data[key];
			if (isRecord(records)) records[name] = record;
			else data[key] = { [name]: record };
		},
	};
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
