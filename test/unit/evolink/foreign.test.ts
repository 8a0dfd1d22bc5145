/** Foreign texts and data: nothing of the key, nothing endless, nothing that throws. */
import {
	cleanedPage,
	cleanedWord,
	fieldOf,
	isLinkLength,
	plainCopy,
	plainRecord,
	tidy,
} from '../../../nodes/WanVideo/evolink/foreign';

const redact = (text: string) => text.replaceAll('sk-key', '[API key]');
const page = (html: string) => cleanedPage(html, redact);

describe('a page', () => {
	it.each([
		['without its style', '<style>p{}</style><p>Sorry</p>', 'Sorry'],
		['without its script, on several lines', '<SCRIPT>\nlet a = 1 < 2;\n</SCRIPT>Sorry', 'Sorry'],
		['with a style that was cut', 'Sorry<style>p{color:red', 'Sorry'],
		['with a tag that was cut', 'Sorry<a href="https://exa', 'Sorry'],
		['with words between tags', '<h1>502</h1><p>Bad <b>Gateway</b></p>', '502 Bad Gateway'],
		['without the key', '<p>sk-key</p>', '[API key]'],
		['without the key that tags part', 'sk<b></b>-key', 'sk -key'],
	])('is told %s', (_how, html, told) => {
		expect(page(html)).toBe(told);
	});

	it('is read for its first 8,000 characters', () => {
		expect(page(`${'<i>'.repeat(2_600)}Sorry`)).toBe('Sorry');
		expect(page(`${'<i>'.repeat(2_700)}Sorry`)).toBe('');
	});
});

it('a text is cut at its first 8,000 characters before it is tidied', () => {
	expect(tidy(`${' '.repeat(7_999)}ab`)).toBe('a');
});

it('a word has at most 100 characters', () => {
	expect(cleanedWord('x'.repeat(100), redact)).toBe('x'.repeat(100));
	expect(cleanedWord('x'.repeat(101), redact)).toBe(`${'x'.repeat(99)}…`);
});

it('a link has at most 8,000 characters', () => {
	expect([8_000, 8_001].map((length) => isLinkLength('x'.repeat(length)))).toEqual([true, false]);
});

it.each([
	[{ a: 1 }, 1],
	[{ b: 1 }, undefined],
	[[], undefined],
	[null, undefined],
	['a', undefined],
	[undefined, undefined],
])('what %j has under a is %j', (value, inner) => {
	expect(fieldOf(value, 'a')).toBe(inner);
});

describe('a copy', () => {
	it('has no key in values and names, and no field without a value', () => {
		const value = {
			'sk-key': ['sk-key', 1, null, true],
			gone: undefined,
			deep: { gone: undefined },
		};
		const copy = { '[API key]': ['[API key]', 1, null, true], deep: {} };
		expect(plainCopy(value, redact)).toStrictEqual(copy);
		expect(plainRecord(value, redact)).toStrictEqual(copy);
	});

	it('keeps 8,000 characters of a text', () => {
		expect(plainCopy('x'.repeat(8_000), redact)).toBe('x'.repeat(8_000));
		expect(plainCopy('x'.repeat(8_001), redact)).toBe(`${'x'.repeat(8_000)}…`);
	});

	it('keeps a thousand entries', () => {
		const many = Array.from({ length: 1_001 }, (_, index) => index);
		expect(plainCopy(many, redact)).toHaveLength(1_000);
		const names = Object.fromEntries(many.map((index) => [`n${index}`, index]));
		expect(Object.keys(plainRecord(names, redact))).toHaveLength(1_000);
	});

	it.each([
		['objects', (inner: unknown) => ({ a: inner })],
		['lists', (inner: unknown) => [inner]],
	])('keeps forty levels of %s', (_what, wrap) => {
		const nest = (levels: number): unknown => (levels === 0 ? {} : wrap(nest(levels - 1)));
		const text = (levels: number) => JSON.stringify(plainCopy(nest(levels), redact));
		expect(text(39)).not.toContain('…');
		expect(text(40)).toContain('…');
		expect(text(9_000)).toBe(text(40));
	});
});
