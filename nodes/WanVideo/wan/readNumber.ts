/** A number, as users and expressions write it: one rule for every number of the node. */
import { withoutBlanks } from './address';

/** A number, or digits with a sign and a decimal point at the most; undefined for anything else, e.g. `0x10`, `1e3`, `5 s`. */
export function readNumber(value: unknown): number | undefined {
	if (typeof value === 'number') return value;
	if (typeof value !== 'string') return undefined;
	const text = withoutBlanks(value);
	return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined;
}
