// Words become a picture: white letters of 3 x 5 dots on a ground whose colour goes by the text.
// Drawn here and not by ffmpeg, which needs a font file for that.

import { createHash } from 'node:crypto';

/** Each glyph as five rows of three dots, a row as one octal digit. */
const GLYPHS: Readonly<Record<string, string>> = {
	...{ A: '25755', B: '65656', C: '34443', D: '65556', E: '74647', F: '74644', G: '34553' },
	...{ H: '55755', I: '72227', J: '11152', K: '55655', L: '44447', M: '57755', N: '65555' },
	...{ O: '25552', P: '65644', Q: '25563', R: '65655', S: '34216', T: '72222', U: '55557' },
	...{ V: '55552', W: '55775', X: '55255', Y: '55222', Z: '71247' },
	...{ 0: '75557', 1: '26227', 2: '61247', 3: '61216', 4: '55711' },
	...{ 5: '74616', 6: '34652', 7: '71244', 8: '25252', 9: '25316' },
	...{ '.': '00002', ',': '00024', '!': '22202', '?': '61202', ':': '02020', '-': '00700' },
	...{ "'": '22000', '"': '55000', '(': '12221', ')': '42224', '/': '11244', ' ': '00000' },
};
const DOTS = { width: 3, height: 5, gap: 1 } as const;
const MARGIN = 0.08;

/** What a character looks like; one without a glyph still looks unlike others. */
function glyphOf(character: string): string {
	const known = GLYPHS[character.toUpperCase()];
	if (known !== undefined) return known;
	return (0o40000 + ((character.codePointAt(0) ?? 0) % 0o30000)).toString(8).padStart(5, '7');
}

/** A BMP of the words, in lines that fit. Width and height in pixels. */
export function titleCard(words: string, width: number, height: number): Buffer {
	const text = words.trim() === '' ? '...' : words.trim();
	const hash = createHash('sha256').update(text).digest();
	// Dark enough for white letters.
	const ground = [hash[0], hash[1], hash[2]].map((value = 0) => 24 + (value % 96));
	const rowBytes = Math.ceil((width * 3) / 4) * 4;
	const pixels = Buffer.alloc(rowBytes * height);
	for (let y = 0; y < height; y += 1)
		for (let x = 0; x < width; x += 1)
			for (let part = 0; part < 3; part += 1)
				pixels[y * rowBytes + x * 3 + part] = ground[part] ?? 0;
	const dot = Math.max(1, Math.round(width / 110));
	const step = (DOTS.width + DOTS.gap) * dot;
	const perLine = Math.max(1, Math.floor((width * (1 - 2 * MARGIN)) / step));
	const lines = wrapped(text, perLine);
	const lineStep = (DOTS.height + 2) * dot;
	lines.slice(0, Math.floor((height * (1 - 2 * MARGIN)) / lineStep)).forEach((line, row) => {
		[...line].forEach((character, column) => {
			const left = Math.round(width * MARGIN) + column * step;
			const top = Math.round(height * MARGIN) + row * lineStep;
			dotsOf(glyphOf(character)).forEach(([x, y]) => {
				fill(pixels, { rowBytes, width, height }, left + x * dot, top + y * dot, dot);
			});
		});
	});
	return Buffer.concat([header(width, height, pixels.length), pixels]);
}

function dotsOf(glyph: string): Array<[number, number]> {
	return [...glyph].flatMap((digit, y) =>
		[4, 2, 1].flatMap(
			(bit, x): Array<[number, number]> =>
				(Number.parseInt(digit, 8) & bit) === 0 ? [] : [[x, y]],
		),
	);
}

function fill(
	pixels: Buffer,
	{ rowBytes, width, height }: { rowBytes: number; width: number; height: number },
	left: number,
	top: number,
	size: number,
): void {
	for (let y = top; y < Math.min(top + size, height); y += 1)
		for (let x = left; x < Math.min(left + size, width); x += 1)
			// A BMP begins with its lowest row.
			pixels.fill(
				255,
				(height - 1 - y) * rowBytes + x * 3,
				(height - 1 - y) * rowBytes + x * 3 + 3,
			);
}

function wrapped(text: string, perLine: number): string[] {
	const lines = [''];
	for (const word of text.split(/\s+/)) {
		const last = lines.at(-1) ?? '';
		const longer = last === '' ? word : `${last} ${word}`;
		if ([...longer].length <= perLine) lines[lines.length - 1] = longer;
		else lines.push([...word].slice(0, perLine).join(''));
	}
	return lines;
}

function header(width: number, height: number, bytes: number): Buffer {
	const head = Buffer.alloc(54);
	head.write('BM', 'latin1');
	head.writeUInt32LE(54 + bytes, 2);
	head.writeUInt32LE(54, 10);
	head.writeUInt32LE(40, 14);
	head.writeInt32LE(width, 18);
	head.writeInt32LE(height, 22);
	head.writeUInt16LE(1, 26);
	head.writeUInt16LE(24, 28);
	head.writeUInt32LE(bytes, 34);
	return head;
}
