/** A stable hash of plain data, by which the journal knows an item again. */
import { createHash } from 'node:crypto';

/** SHA-256 (hex) of the value's JSON, with the keys of objects in order. */
export function fingerprint(value: unknown): string {
	return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
	return (
		JSON.stringify(value, (_key, part: unknown) => {
			if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
			return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
		}) ?? 'undefined'
	);
}
