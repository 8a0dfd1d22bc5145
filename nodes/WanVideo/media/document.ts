/**
 * Documents: what a ZIP archive is, and how many pages a document says it has. Both stand among its first or
 * its last bytes, and no more than these is read; what is not found there is not known.
 */
import type { Bytes } from './bytes';
import type { Details } from './facts';
import type { Reader } from './reader';

/** The end of a PDF, where most programs put the tree of its pages. */
const PDF_END_BYTES = 256 * 1024;
const PDF_BEGIN_BYTES = 64 * 1024;
/** Of one compressed part; no list of pages and no table of properties is larger. */
const MAX_INFLATED_CHARACTERS = 1024 * 1024;
const MAX_PARTS = 50;

const textOf = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);

/** The largest number of a page tree is that of its root. */
export async function pdfFacts(reader: Reader): Promise<Details> {
	const pages: number[] = [];
	try {
		const begin = textOf((await reader.at(0, PDF_BEGIN_BYTES)).raw);
		pages.push(...(await pagesIn(begin)));
		// A file that is made to be read from the network says it first.
		const first = dictionariesIn(begin).find(({ words }) => /\/Linearized\b/.test(words));
		const [, all] = /\/N (\d+)/.exec(first?.words ?? '') ?? [];
		if (all !== undefined) pages.push(Number(all));
		const { size = 0 } = reader;
		const from = Math.max(begin.length, size - PDF_END_BYTES);
		if (all === undefined && from < size)
			pages.push(...(await pagesIn(textOf((await reader.at(from, PDF_END_BYTES)).raw))));
	} catch {
		// What was found before it stands.
	}
	return pages.length === 0 ? {} : { pages: Math.max(...pages) };
}

async function pagesIn(text: string): Promise<number[]> {
	const pages = countsIn(text);
	const packed = dictionariesIn(text).filter(({ words }) => /\/ObjStm\b/.test(words));
	for (const { words, end } of packed.slice(-MAX_PARTS)) {
		const [begin] = /^\s*stream\r?\n/.exec(text.slice(end, end + 100)) ?? [];
		if (begin === undefined) continue;
		const [, length] = /\/Length\s+(\d+)\b(?!\s+\d+\s+R)/.exec(words) ?? [];
		const from = end + begin.length;
		const to = length === undefined ? text.indexOf('endstream', from) : from + Number(length);
		const data = Uint8Array.from(text.slice(from, to), (one) => one.charCodeAt(0));
		pages.push(...countsIn(await inflated(data, 'deflate')));
	}
	return pages;
}

/**
 * The dictionaries that hold no others, with where each ends. What is sought in them is sought afterwards: one
 * expression for both would go through a foreign text once for each word that looks like it.
 */
function dictionariesIn(text: string): Array<{ words: string; end: number }> {
	return [...text.matchAll(/<<([^<>]*)>>/g)].map(({ 0: whole, 1: words, index }) => ({
		words,
		end: index + whole.length,
	}));
}

function countsIn(text: string): number[] {
	const counts: number[] = [];
	let rest = text;
	// From the innermost dictionaries outwards: a node of the tree may hold others.
	for (let depth = 0; depth < 4; depth += 1)
		rest = rest.replace(/<<[^<>]*>>/g, (dictionary) => {
			const [, count] = /\/Count\s+(\d+)/.exec(dictionary) ?? [];
			if (count !== undefined && /\/Type\s*\/Pages\b/.test(dictionary)) counts.push(Number(count));
			return '';
		});
	return counts;
}

/** Documents of Office and of Apple's programs are ZIP archives; which one of them hardly matters. */
export async function zipFacts(reader: Reader): Promise<Details> {
	const end = await reader.tail(0);
	if (end === undefined) return { format: 'office' };
	const text = textOf(end.raw);
	const begin = (reader.size ?? 0) - end.length;
	const entries = entriesOf(text, end);
	const has = (name: RegExp) => entries.some((entry) => name.test(entry.name));
	const known = /^(\[Content_Types\]\.xml|Index\/|Index\.zip|index\.(apxl|xml))/;
	const listAt = text.lastIndexOf('PK\x05\x06');
	const isWhole = listAt >= 0 && listAt + 22 <= end.length && end.u32le(listAt + 16) >= begin;
	if (isWhole && !has(known)) return { format: 'zip' };
	const about = entries.find(({ name }) => name === 'docProps/app.xml');
	const pages = about && (await pagesOf(reader, about).catch(reader.unlessOver));
	return { format: 'office', ...(pages !== undefined && { pages }) };
}

interface Entry {
	name: string;
	at: number;
	bytes: number;
}

/** The list of files at the end of an archive, as far as it is there. */
function entriesOf(text: string, end: Bytes): Entry[] {
	const entries: Entry[] = [];
	const sign = 'PK\x01\x02';
	for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 4)) {
		if (at + 46 > end.length) break;
		const name = end.text(at + 46, end.u16le(at + 28));
		entries.push({ name, at: end.u32le(at + 42), bytes: end.u32le(at + 20) });
	}
	return entries;
}

async function pagesOf(reader: Reader, { at, bytes }: Entry): Promise<number | undefined> {
	const head = await reader.need(at, 30);
	const data = await reader.at(at + 30 + head.u16le(26) + head.u16le(28), Math.min(bytes, 65_536));
	const text = head.u16le(8) === 0 ? textOf(data.raw) : await inflated(data.raw, 'deflate-raw');
	const [, pages] = /<(?:Pages|Slides)>(\d+)</.exec(text) ?? [];
	return pages === undefined ? undefined : Number(pages);
}

/** What can be inflated of it, as text. */
async function inflated(data: Uint8Array, format: 'deflate' | 'deflate-raw'): Promise<string> {
	const stream = new DecompressionStream(format);
	const writer = stream.writable.getWriter();
	const fed = writer
		.write(data.slice())
		.then(async () => await writer.close())
		.catch(() => {});
	const parts: ReadableStreamDefaultReader<Uint8Array> = stream.readable.getReader();
	let text = '';
	try {
		while (text.length < MAX_INFLATED_CHARACTERS) {
			const { done, value } = await parts.read();
			if (done) break;
			text += textOf(value);
		}
	} catch {
		// Damaged, or encrypted.
	}
	await parts.cancel().catch(() => {});
	await fed;
	return text;
}
