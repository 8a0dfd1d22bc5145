/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** Documents by their bytes: what they are, and how many pages they say they have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { probe } from '../../../nodes/WanVideo/media/probe';
import { bufferSource } from '../../../nodes/WanVideo/media/source';
import * as made from '../../support/documents';
import { probeRemote, probeStream } from './corpus';

const slidesPdf = readFileSync(join(__dirname, '../../../examples/media/slides.pdf'));

const CASES: Array<[string, Uint8Array, string, number | undefined]> = [
	['the slides of an example', slidesPdf, 'pdf', 1],
	['a PDF with its tree in the open', made.plainPdf(51), 'pdf', 51],
	['the same behind a megabyte of pictures', made.plainPdf(51, 1_000_000), 'pdf', 51],
	['a PDF with its tree packed', made.packedPdf(60), 'pdf', 60],
	['the same behind a megabyte of pictures', made.packedPdf(60, 1_000_000), 'pdf', 60],
	['a PDF for the network', made.frontPdf(75), 'pdf', 75],
	['a PDF that is cut off', made.plainPdf(51, 1_000_000).subarray(0, 500_000), 'pdf', undefined],
	['slides', made.slides(51), 'office', 51],
	['a letter', made.letter(2), 'office', 2],
	['a sheet', made.sheet(), 'office', undefined],
	['a talk of Keynote', made.keynote(), 'office', undefined],
	['a text of LibreOffice', made.odt(), 'zip', undefined],
	['an archive of pictures', made.zip({ 'a.jpg': 'x', 'b.jpg': 'y' }), 'zip', undefined],
	['an archive that is cut off', made.odt().subarray(0, 60), 'office', undefined],
	['a text of Word before 2007', made.oldWord(), 'ole', undefined],
	['a text', Buffer.from('Once upon a time'), 'text', undefined],
	['Markdown', Buffer.from('# Title\n\n<b>Hello</b>\n'), 'text', undefined],
	['a web page', Buffer.from('\n<!DOCTYPE html><html></html>'), 'html', undefined],
];

it.each(CASES)('%s', async (_label, bytes, format, pages) => {
	const facts = { format, kind: 'other', ...(pages !== undefined && { pages }) };
	const verdict = await probe(bufferSource(new Uint8Array(bytes)));
	expect(verdict).toMatchObject({ ok: true, facts });
	if (pages === undefined) expect(verdict).not.toHaveProperty('facts.pages');
});

it.each(CASES)('%s, from its address', async (_label, bytes, format) => {
	const far = await probeRemote(new Uint8Array(bytes), { ranges: true });
	expect(far.verdict).toMatchObject({ ok: true, facts: { format } });
});

it.each(CASES)('%s, cut anywhere, is never a defect', async (_label, bytes) => {
	for (const part of [0.1, 0.5, 0.9, 0.99]) {
		const cut = bytes.subarray(0, Math.floor(bytes.length * part));
		expect((await probeStream(new Uint8Array(cut), 9_000)).ok).toBeDefined();
	}
});

it.each(['/ObjStm ', '/Linearized ', '/Type /Pages /Count 1 ', '<<', '<< /ObjStm >> '])(
	'a PDF full of %p is read as quickly as one full of nothing',
	async (word) => {
		const pdfOf = (filling: string) =>
			new Uint8Array(
				Buffer.from(`%PDF-1.7\n${' '.repeat(80_000)}<<${filling.repeat(250_000 / filling.length)}`),
			);
		const took = async (filling: string) => {
			const begun = performance.now();
			expect(await probe(bufferSource(pdfOf(filling)))).toMatchObject({ ok: true });
			return performance.now() - begun;
		};
		await took('nothing ');
		// Once for each word would be some thousand times as long.
		expect(await took(word)).toBeLessThan(200 * Math.max(5, await took('nothing ')));
	},
);
