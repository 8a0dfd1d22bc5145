/** What is said about many items stays short: each sentence once, runs of numbers as such. */
import { itemsInWords, linesOf } from '../../../nodes/WanVideo/actions/itemTexts';

it.each([
	[[3], 'Item 3'],
	[[0, 1, 2], 'Items 0, 1, 2'],
	[[0, 1, 2, 3], 'Items 0 to 3'],
	[[5, 0, 2, 6, 7, 8, 99], 'Items 0, 2, 5 to 8, 99'],
	[[1, 1], 'Item 1'],
])('%j is %s', (items, words) => {
	expect(itemsInWords(items)).toBe(words);
});

it('says the same sentence of ten thousand items once', () => {
	const texts = Array.from({ length: 10_000 }, (_, item) => ({ item, text: 'No good.' }));
	expect(linesOf(texts)).toEqual(['Items 0 to 9999: No good.']);
});

it('shows the first of many different sentences, and counts the rest', () => {
	const texts = Array.from({ length: 10_000 }, (_, item) => ({ item, text: `No ${item}.` }));
	const lines = linesOf(texts);
	expect(lines[0]).toBe('Item 0: No 0.');
	expect(lines.at(-1)).toBe('9970 more items are wrong in other ways.');
	expect(lines.join('\n').length).toBeLessThan(2000);
});
