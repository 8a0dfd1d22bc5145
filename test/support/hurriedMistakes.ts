// What a hurried builder wires into a field, by the kind of the field, and what has to become of each: refused in words,
// sent as it is meant, or sent with a hint. Never anything in silence.

/** A JSON value that an expression gives; undefined where it finds nothing. */
type Given = unknown;

export interface Refused {
	given: Given;
	/** What the problem says behind the label of the field. */
	refused: RegExp;
}

export interface Sent {
	given: Given;
	/** What goes out; undefined: the field is left out. */
	sent: unknown;
	/** What is told; absent: nothing has to be, as the value goes out as it is meant. */
	hint?: RegExp;
}

export type Mistake = Refused | Sent;

/** How a field is empty: the end of an expression that found nothing. */
const EMPTY: readonly Given[] = [undefined, null, '', ' ', '\n'];
/** What is of no use anywhere. */
const JUNK: readonly Given[] = [{ a: 1 }, {}, ['x'], [], '{{ $json.x }}', '[object Object]'];

const refuse = (refused: RegExp, ...values: Given[]): Refused[] =>
	values.map((given) => ({ given, refused }));
const sendAs = (sent: unknown, ...values: Given[]): Sent[] =>
	values.map((given) => ({ given, sent }));
const told = (hint: RegExp, sent: unknown, ...values: Given[]): Sent[] =>
	values.map((given) => ({ given, sent, hint }));

const GAVE_NOTHING = /^is empty: its expression gave nothing/;
/** Where the row or the material is needed, that it is comes first. */
const NEEDED = /^is (empty|needed)/;

export const emptyIsRefused = refuse(GAVE_NOTHING, ...EMPTY);
export const emptyIsTold = told(GAVE_NOTHING, undefined, ...EMPTY);
export const emptyIsNeeded = refuse(NEEDED, ...EMPTY);

const UNIT_OR_WORD = ['5s', '5 sec', '5 seconds', '5,5', '00:05', '5-10', 'five', '1e1', '0x5'];
const NO_WHOLE_NUMBER = /^is .+, but must be a whole number from \d+ to \d+/;

/** Whole numbers that allow 5 and 7, and not 5000. */
export const seconds: readonly Mistake[] = [
	...emptyIsRefused,
	...refuse(NO_WHOLE_NUMBER, ...JUNK, ...UNIT_OR_WORD, 5.5, '5.5', 4.999999, [5], true),
	...refuse(NO_WHOLE_NUMBER, 5000, '5000', 0, -1, '-1', 1000, 1),
	...sendAs(5, 5, '5', ' 5 ', '5.0', '05', '+5'),
];

export const seed = (least: number): readonly Mistake[] => [
	...emptyIsTold,
	...refuse(NO_WHOLE_NUMBER, ...JUNK, ...UNIT_OR_WORD, 1.5, [5], true, 'random'),
	...refuse(NO_WHOLE_NUMBER, -1, '-1', least - 1, 2_147_483_648, 99_999_999_999),
	...sendAs(5, 5, '5', ' 5 '),
	...sendAs(2_147_483_647, 2_147_483_647),
];

const NO_CHOICE = /^is .+, but must be one of: /;
const CHOICE_JUNK: readonly Given[] = [
	...JUNK,
	...['720P', '1080', 1080, 'HD', '4K', '2160p', 'high', '"720p"', '16x9', '16/9', '16 : 9'],
	...['Landscape', 'square', '21:9', 'ADAPTIVE', 'Auto', 0.5625, true],
];

export const quality: readonly Mistake[] = [
	...emptyIsRefused,
	...refuse(NO_CHOICE, ...CHOICE_JUNK),
	...sendAs('1080p', '1080p', ' 1080p\n'),
];

/** `isByPicture`: a picture that is given decides the shape. */
export const aspectRatio = (isByPicture: boolean): readonly Mistake[] => [
	...emptyIsTold,
	...refuse(NO_CHOICE, ...CHOICE_JUNK, '1920x1080'),
	...(isByPicture
		? told(/^is "9:16", and counts for nothing/, '9:16', '9:16', ' 9:16 ')
		: sendAs('9:16', '9:16', ' 9:16 ')),
];

export const flag: readonly Mistake[] = [
	...emptyIsTold,
	...refuse(/^is .+, but must be true or false/, ...JUNK, 'on', 'off', 'maybe', 'ja', 2, -1),
	...sendAs(true, true, 'true', 'True', 'yes', 1, '1'),
	...sendAs(false, false, 'false ', 'FALSE', 'no', 0),
];

/** `maxCharacters`: where EvoLink cuts the text. */
export const text = (maxCharacters: number): readonly Mistake[] => [
	...refuse(/^is .+, which /, '{{ $json.x }}', '$json.text', '=> {{ $json.x }}', 'undefined'),
	...refuse(/^is .+, which /, '[object Object]', 'A cat and [object Object]', 'null', 'NaN'),
	...refuse(/^is .+, but must be a text/, { prompt: 'a' }, {}, ['a', 'b'], [], true, false),
	...refuse(/^is a file, but must be a text/, { mimeType: 'image/png', fileName: 'a.png' }),
	...sendAs('42', 42, '42'),
	...sendAs('["a","b"]', '["a","b"]'),
	...told(/^holds the word undefined/, 'A undefined cat', 'A undefined cat'),
	...told(/^holds "\$\{name\}"/, 'A ${name}', 'A ${name}'),
	...told(/^held what is no character/, 'A  cat', 'A \ud83d cat', 'A \u0000 cat'),
	...['好', '😀'].flatMap((one) => {
		const [fits, over] = [one.repeat(maxCharacters), one.repeat(maxCharacters + 1)];
		return [...sendAs(fits, fits), ...told(/^has \d+ characters; EvoLink cuts it/, over, over)];
	}),
];

const A = 'https://example.com/first_frame.jpg';
const B = 'https://example.com/last_frame.jpg';
const OPEN = 'Enter the public http\\(s\\) address of one ';

const SHARED = 'https://drive.google.com/file/d/1/view?usp=sharing';
const WATCHED = 'https://www.youtube.com/watch?v=1';
const SHARE_LINKS: readonly Mistake[] = [
	...refuse(/is a page of Google Drive/, SHARED),
	...refuse(/is a page of YouTube/, WATCHED, 'https://youtu.be/1'),
];

/** Of no kind of its own. */
const ANY_ADDRESS: readonly Mistake[] = [
	...refuse(new RegExp(`^is .+, but must be a text\\. ${OPEN}`), 7, true, { url: A }, [A], [A, B]),
	...refuse(/^is a file, but must be a text/, { mimeType: 'image/png', fileName: 'a.png' }),
	...refuse(/which holds more than one address/, `${A}, ${B}`, `${A}\n${B}`, `${A},${B}`),
	...refuse(/which holds more than one address/, `${A};${B}`, `${A} ${B}`),
	...refuse(/which is no address/, `["${A}"]`, `{"url":"${A}"}`, `[x](${A})`, `<img src="${A}">`),
	...refuse(/which is no address/, 'photo.jpg', 'data', 'https//example.com/a', '1'),
	...refuse(/has a space or a line break/, 'https://example.com/a b.png', 'https://exa mple.com/a'),
	...refuse(
		/does not begin with http/,
		'example.com/a.png',
		'www.example.com/a.png',
		'//host.de/a',
	),
	...refuse(/is not written as https/, 'https:/example.com/a.png', 'https:example.com/a.png'),
	...refuse(/has its beginning twice/, `https://${A}`, `http://https//example.com/a.png`),
	...refuse(/begins with \w+: in place of https/, 'htps://example.com/a.png', 's3://bucket/a.png'),
	...refuse(/is a path on a computer/, '/home/node/a.png', 'C:\\a.png', 'file:///a.png', '../a'),
	...refuse(/as a data address/, 'data:image/png;base64,iVBORw0KGgo='),
	...refuse(/content of a file in base64/, `iVBORw0KGgo${'A'.repeat(80)}`),
	...refuse(
		/which (holds|is) /,
		'{{ $json.x }}',
		'$json.x',
		'[object Object]',
		'undefined',
		'null',
	),
	...refuse(/which holds \[object/, 'https://example.com/[object Object].png'),
	...told(
		/'undefined' in it is what a missing value becomes/,
		`${A}?id=undefined`,
		`${A}?id=undefined`,
	),
	...sendAs(A, A, ` ${A}\n`, `"${A}"`, `<${A}>`),
];
export const address: readonly Mistake[] = [...ANY_ADDRESS, ...SHARE_LINKS];
/** Of a web page: one that shows a file is as good as any. */
export const page: readonly Mistake[] = [
	...ANY_ADDRESS,
	...[SHARED, WATCHED].flatMap((link) => sendAs(link, link)),
	...sendAs(
		'https://github.com/o/r/blob/main/README.md',
		'https://github.com/o/r/blob/main/README.md',
	),
	...told(/^is inside a network/, 'http://wiki.corp/a', 'http://wiki.corp/a'),
];

/** Sources of a row or a material: the labels of the editor are not its values. */
const SOURCE_JUNK: readonly Given[] = [
	...JUNK,
	'URL',
	'Url',
	'Binary File',
	'None',
	'page',
	1,
	true,
];
export const source = refuse(NO_CHOICE, ...SOURCE_JUNK);
/** Of a row, which cannot be left out. */
export const rowSource: readonly Mistake[] = [
	...emptyIsRefused,
	...source,
	...refuse(NO_CHOICE, 'none'),
];
