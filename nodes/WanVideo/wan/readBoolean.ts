/** Yes or no, as users and expressions write it: one rule for every switch of the node. */

const WORDS: Readonly<Record<string, boolean>> = {
	...{ true: true, yes: true, '1': true },
	...{ false: false, no: false, '0': false },
};

/** What users are told when it is neither. */
export const BOOLEAN_WORDS = 'true or false (yes or no, 1 or 0)';

/** True and false in any case, yes and no, 1 and 0, also as numbers; undefined for anything else. */
export function readBoolean(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const word = String(value).trim().toLowerCase();
	return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}
