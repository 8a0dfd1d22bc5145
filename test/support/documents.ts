/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Small documents, byte for byte as programs write them: PDFs whose page tree lies open, is packed, or is told at
// the front, and the ZIP archives of Office.

import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

type Part = string | Buffer;
const joined = (...parts: Part[]): Buffer =>
	Buffer.concat(
		parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
	);

const kids = (count: number) => Array.from({ length: count }, (_, n) => `${n + 9} 0 R`).join(' ');
/** Nodes of a page tree: the root, and one below it, which holds less. */
const tree = (pages: number) =>
	[
		`<< /Type /Pages /Kids [${kids(2)}] /Resources << /Font << /F1 5 0 R >> >> /Count ${pages} >>`,
		`<</Count 7/Parent 2 0 R/Kids[${kids(7)}]/Type/Pages>>`,
		'<</Type/Outlines/Count 400>>',
	] as const;

/** The tree as plain objects; `behind` bytes of other things stand before it. */
export function plainPdf(pages: number, behind = 0): Buffer {
	const objects = tree(pages).map((text, n) => `${n + 2} 0 obj\n${text}\nendobj\n`);
	return joined('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', Buffer.alloc(behind, 0x20), ...objects, '%%EOF\n');
}

/** The tree in a compressed object stream, as PDF 1.5 has it. */
export function packedPdf(pages: number, behind = 0): Buffer {
	const data = deflateSync(Buffer.from(`2 0 3 99 4 150 ${tree(pages).join(' ')}`, 'latin1'));
	const head = `<</Type/ObjStm/N 3/First 16/Filter/FlateDecode/Length ${data.length}>>stream\r\n`;
	return joined(
		...['%PDF-1.5\n', Buffer.alloc(behind, 0x20), '8 0 obj\n', head, data],
		...['\nendstream\nendobj\n', '%%EOF\n'],
	);
}

/** Made for the network: the number of pages stands in the first object. */
export const frontPdf = (pages: number): Buffer =>
	joined(
		`%PDF-1.6\n1 0 obj\n<</Linearized 1/L 900000/O 3/E 5000/N ${pages}/T 899000>>\nendobj\n`,
		Buffer.alloc(400_000, 0x20),
	);

/** A ZIP archive with these files, in their order. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
	const bodies: Buffer[] = [];
	const list: Buffer[] = [];
	let at = 0;
	for (const [name, text] of Object.entries(files)) {
		const packed = deflateRawSync(Buffer.from(text));
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(8, 4);
		common.writeUInt32LE(crc32(text), 10);
		common.writeUInt32LE(packed.length, 14);
		common.writeUInt32LE(text.length, 18);
		common.writeUInt16LE(name.length, 22);
		const body = joined('PK\x03\x04', common, name, packed);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(at, 10);
		list.push(joined('PK\x01\x02', '\x14\x00', common, tail, name));
		bodies.push(body);
		at += body.length;
	}
	const end = Buffer.alloc(18);
	const names = Buffer.concat(list);
	end.writeUInt16LE(list.length, 4);
	end.writeUInt16LE(list.length, 6);
	end.writeUInt32LE(names.length, 8);
	end.writeUInt32LE(at, 12);
	return joined(...bodies, names, 'PK\x05\x06', end);
}

const TYPES = { '[Content_Types].xml': '<Types/>', '_rels/.rels': '<Relationships/>' };
export const slides = (count: number): Buffer =>
	zip({
		...{ ...TYPES, 'ppt/presentation.xml': '<p:presentation/>' },
		'docProps/app.xml': `<Properties><Words>3</Words><Slides>${count}</Slides></Properties>`,
	});
export const letter = (pages: number): Buffer =>
	zip({
		...{ ...TYPES, 'word/document.xml': '<w:document/>' },
		'docProps/app.xml': `<Properties><Pages>${pages}</Pages><Words>9</Words></Properties>`,
	});
export const sheet = (): Buffer => zip({ ...TYPES, 'xl/workbook.xml': '<workbook/>' });
export const keynote = (): Buffer => zip({ 'preview.jpg': 'x', 'Index/Presentation.iwa': 'x' });
/** A text of LibreOffice, which is a ZIP as well. */
export const odt = (): Buffer =>
	zip({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<office/>' });
/** A text of Word before 2007. */
export const oldWord = (): Buffer => joined('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', Buffer.alloc(2000));
