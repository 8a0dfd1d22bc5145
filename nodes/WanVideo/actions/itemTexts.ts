/** What is said about several items: the same sentence once, with the numbers of its items. */

/** One sentence about one item. */
export interface ItemText {
	item: number;
	text: string;
}

/** Different sentences that are worth reading in one text. */
const MOST_LINES = 30;

/** One line for each sentence, e.g. "Items 1, 4 to 9: ..."; of very many, the first ones and how many items have more. */
export function linesOf(texts: Iterable<ItemText>): string[] {
	const groups = [...groupsOf(texts)];
	const lines = groups
		.slice(0, MOST_LINES)
		.map(([text, items]) => `${itemsInWords(items)}: ${text}`);
	const rest = new Set(groups.slice(MOST_LINES).flatMap(([, items]) => items)).size;
	if (rest === 0) return lines;
	return [...lines, `${rest} more ${rest === 1 ? 'item is' : 'items are'} wrong in other ways.`];
}

/** The items of each sentence, in the order in which the sentences came. */
export function groupsOf(texts: Iterable<ItemText>): Map<string, number[]> {
	const groups = new Map<string, number[]>();
	for (const { item, text } of texts) {
		const items = groups.get(text);
		if (items === undefined) groups.set(text, [item]);
		else if (items.at(-1) !== item) items.push(item);
	}
	return groups;
}

/** Shorter runs of numbers read better one by one. */
const SHORTEST_RUN = 4;

/** E.g. "Item 3", "Items 0, 2, 5 to 99". */
export function itemsInWords(items: readonly number[]): string {
	const numbers = [...new Set(items)].sort((a, b) => a - b);
	const runs: number[][] = [];
	for (const number of numbers) {
		const run = runs.at(-1);
		if (run !== undefined && number === (run.at(-1) ?? 0) + 1) run.push(number);
		else runs.push([number]);
	}
	const words = runs.flatMap((run) =>
		run.length < SHORTEST_RUN ? run.map(String) : `${run[0]} to ${run.at(-1)}`,
	);
	return `${numbers.length === 1 ? 'Item' : 'Items'} ${words.join(', ')}`;
}
