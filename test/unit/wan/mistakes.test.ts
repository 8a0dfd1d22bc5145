/**
 * What builders really paste, type and wire up, each told for what it is: why it cannot be sent, the value
 * as it was, and what to do. Nothing of it is charged.
 */
import { checkRequest } from '../../../nodes/WanVideo/wan/check';
import type { RequestField } from '../../../nodes/WanVideo/wan/request';
import { shown } from '../../../nodes/WanVideo/wan/shown';
import { aRawRequest } from '../../support/builders';

const byExpression = (...fields: RequestField[]) => ({ expressions: new Set(fields) });
const texts = (result: ReturnType<typeof checkRequest>) =>
	result.ok ? [] : result.problems.map(({ text }) => text);

/** The address | what the text must say of it. */
// prettier-ignore
const ADDRESSES: Array<[string, RegExp]> = [
	['https://example.com/Bild mit Leerzeichen.png', /^'First Frame URL' is "https:\/\/example\.com\/Bild mit Leerzeichen\.png", which has a space .*%20/],
	['https://example.com/a\n.png', /has a space or a line break/],
	['data:image/png;base64,iVBORw0KGgo', /is "data:image\/png;base64,iVBORw0KGgo", which is the content of a file as a data address.*Binary File/],
	[`iVBORw0KGgo${'A'.repeat(80)}`, /content of a file in base64.*Binary File/],
	[`/9j/${'A'.repeat(80)}`, /content of a file in base64/],
	['{{ $json.url }}', /is "\{\{ \$json\.url \}\}", which holds "\{\{ \$json\.url \}\}", an expression.*from Fixed to Expression/],
	['https://example.com/{{ $json.id }}.png', /holds "\{\{ \$json\.id \}\}", an expression/],
	['{{ $json.url }', /an expression that was not filled in/],
	['$json.url', /is an expression without its \{\{ \}\}/],
	["$('Form').item.json.url", /is an expression without its \{\{ \}\}/],
	['undefined', /is "undefined", which is what becomes of a value that is missing/],
	['[object Object]', /what an object becomes in a text/],
	['https://example.com/[object%20Object].png', /what an object becomes in a text/],
	['C:\\Users\\me\\cat.png', /is a path on a computer.*Binary File/],
	['C:/Users/me/cat.png', /is a path on a computer/],
	['\\\\nas\\share\\cat.png', /is a path on a computer/],
	['/home/node/cat.png', /is a path on a computer/],
	['file:///tmp/cat.png', /is a path on a computer/],
	['s3://bucket/cat.png', /begins with s3: in place of https:\/\/.*Binary File/],
	['gs://bucket/cat.png', /begins with gs:/],
	['ftp://example.com/cat.png', /begins with ftp:/],
	['blob:https://example.com/1', /begins with blob:/],
	['filesystem-v2:workflows/1/binary_data/2', /begins with filesystem-v2:/],
	['www.example.com/a.png', /is "www\.example\.com\/a\.png", which does not begin with http:\/\/ or https:\/\//],
	['example.com/a.png', /does not begin with http/],
	['//example.com/a.png', /does not begin with http/],
	['https:/example.com/a.png', /is not written as https:\/\/host\/file/],
	['"https://example.com/a.png', /begins with a quotation mark/],
	['cat.png', /is "cat\.png", which is no address/],
	['https://drive.google.com/file/d/1AbC/view?usp=sharing', /is a page of Google Drive.*not the file itself.*Binary File/],
	['https://drive.google.com/open?id=1AbC', /a page of Google Drive/],
	['https://drive.google.com/drive/folders/1AbC', /a page of Google Drive/],
	['https://www.dropbox.com/scl/fi/abc/cat.png?rlkey=x&dl=0', /a page of Dropbox.*dl=1/],
	['https://www.dropbox.com/s/abc/cat.png', /a page of Dropbox/],
	['https://1drv.ms/i/s!AbC', /a page of OneDrive/],
	['https://acme.sharepoint.com/:i:/s/team/AbC?e=1', /a page of SharePoint.*download=1/],
	['https://photos.app.goo.gl/AbC', /a page of Google Photos/],
	['https://share.icloud.com/photos/0AbC', /a page of iCloud/],
	['https://app.box.com/s/abc', /a page of Box/],
	['https://we.tl/t-abc', /a page of WeTransfer/],
	['https://github.com/a/b/blob/main/cat.png', /a page of GitHub.*raw=true/],
	['https://www.youtube.com/watch?v=abc', /a page of YouTube/],
];

/** Direct links of the same services, and other addresses that are nobody's mistake. */
const GOOD_ADDRESSES = [
	'https://drive.google.com/uc?export=download&id=1AbC',
	'https://drive.usercontent.google.com/download?id=1AbC',
	'https://lh3.googleusercontent.com/d/1AbC',
	'https://www.dropbox.com/scl/fi/abc/cat.png?rlkey=x&dl=1',
	'https://www.dropbox.com/s/abc/cat.png?raw=1',
	'https://dl.dropboxusercontent.com/s/abc/cat.png',
	'https://onedrive.live.com/download?resid=1',
	'https://acme.sharepoint.com/:i:/s/team/AbC?download=1',
	'https://app.box.com/shared/static/abc.png',
	'https://github.com/a/b/blob/main/cat.png?raw=true',
	'https://github.com/a/b/raw/main/cat.png',
	'https://raw.githubusercontent.com/a/b/main/cat.png',
	'https://i.ytimg.com/vi/abc/hq720.jpg',
	'https://my-dropbox.com/s/abc/cat.png',
	'https://bucket.s3.amazonaws.com/cat.png?X-Amz-Signature=abc%2Fdef',
	'https://example.com/undefined.png',
	'https://example.com/{id}.png',
	"https://example.com/it's.png",
	'https://example.com/a,b;c.png',
	'http://example.com:8080/a.png?x={"y":1}#z',
	'https://münchen.example/ü.png',
];

/** As it was entered | what is sent. */
const COPIED: Array<[string, string]> = [
	['"https://example.com/a.png"', 'https://example.com/a.png'],
	[" 'https://example.com/a.png' ", 'https://example.com/a.png'],
	['“https://example.com/a.png”', 'https://example.com/a.png'],
	['<https://example.com/a.png>', 'https://example.com/a.png'],
	['`https://example.com/a.png`\n', 'https://example.com/a.png'],
	['\u200Bhttps://example.com/a.png\uFEFF', 'https://example.com/a.png'],
	['"" https://example.com/a.png', '"" https://example.com/a.png'],
];

describe('an address', () => {
	it.each(ADDRESSES)('%j is told for what it is', (firstFrame, says) => {
		const [text, ...more] = texts(checkRequest(aRawRequest({ firstFrame })));
		expect(text).toMatch(says);
		expect(text).toMatch(/ (E|Or e)nter the public http\(s\) address of one image\.$/);
		// Two ways are joined.
		expect(text).not.toMatch(/(as the source\)?|fills it in|value that is a text)\. Enter/);
		expect(more).toEqual([]);
	});

	it.each(GOOD_ADDRESSES)('%s is taken', (firstFrame) => {
		const result = checkRequest(aRawRequest({ firstFrame }));
		const request = { materials: { firstFrame: { url: firstFrame } } };
		expect(result).toMatchObject({ ok: true, request, hints: [] });
	});

	it.each(COPIED)('%j is sent without what came along', (firstFrame, sent) => {
		const result = checkRequest(aRawRequest({ firstFrame }));
		const material = { url: sent };
		if (result.ok) expect(result.request.materials.firstFrame).toEqual(material);
		else expect(firstFrame).toBe(sent);
	});

	it('with letters beyond ASCII is taken, however many came before it', () => {
		// In Node 20 URL.canParse turns wrong for such an address after 5,543 calls.
		const raw = aRawRequest({ firstFrame: 'https://münchen.example/ü.png' });
		const refused = Array.from({ length: 8_000 }).filter(() => !checkRequest(raw).ok);
		expect(refused).toHaveLength(0);
	});

	it('that is a file is told to be one', () => {
		const file = { mimeType: 'image/png', id: 'filesystem-v2:1', fileName: 'a.png' };
		expect(texts(checkRequest(aRawRequest({ firstFrame: file })))).toEqual([
			expect.stringMatching(/^'First Frame URL' is a file, .*choose Binary File as the source/),
		]);
	});

	it('of an expression is not told to be made an expression', () => {
		const raw = aRawRequest({ firstFrame: '{{ $json.url }}' });
		const [text] = texts(checkRequest(raw, byExpression('firstFrame')));
		expect(text).toMatch(/Look at what the field's expression gives/);
		expect(text).not.toMatch(/Switch/);
	});

	it('with a missing value in it is hinted at where an expression gave it', () => {
		const raw = aRawRequest({ firstFrame: 'https://example.com/undefined.png' });
		const { ok, hints } = checkRequest(raw, byExpression('firstFrame'));
		expect(ok).toBe(true);
		expect(hints).toEqual([expect.stringMatching(/^'First Frame URL' is .*undefined/)]);
	});
});

describe('a prompt', () => {
	it.each([
		['{{ $json.prompt }}', /^'Prompt' is "\{\{ \$json\.prompt \}\}", which holds .* not filled in/],
		['A cat, {{ $json.style }}, at night', /holds "\{\{ \$json\.style \}\}"/],
		['A cat, {{\n$json.style\n}}', /holds "\{\{ \$json\.style \}\}"/],
		['A cat, {{ $json.style', /not filled in/],
		['Make this: [object Object]', /holds \[object Object\], what an object becomes in a text/],
		['1,[object Array]', /holds \[object Array\]/],
		['undefined', /is what becomes of a value that is missing/],
		[' null\n', /is what becomes of a value that is missing/],
		['NaN', /is what becomes of a value that is missing/],
		['$json.prompt', /is an expression without its \{\{ \}\}/],
		["$('Table').item.json.prompt", /is an expression without its \{\{ \}\}/],
	])('%j is refused, with the way to send it on purpose', (prompt, says) => {
		for (const field of ['prompt', 'negativePrompt'] as const) {
			const [text, ...more] = texts(
				checkRequest(aRawRequest({ prompt: 'A cat', [field]: prompt })),
			);
			expect(text.replace("'Negative Prompt'", "'Prompt'")).toMatch(says);
			expect(text).toMatch(/To send it on purpose, turn off the option 'Check Prompt'\.$/);
			expect(more).toEqual([]);
		}
	});

	it.each(['{{ $json.prompt }}', '[object Object]', 'undefined'])(
		'%j goes out to the letter when the user wants it',
		(prompt) => {
			const result = checkRequest(aRawRequest({ prompt }), {
				...byExpression('prompt'),
				promptsAsTheyAre: true,
			});
			expect(result).toMatchObject({ ok: true, request: { prompt } });
		},
	);

	it.each([
		'A cat in a {box} of {{', // no expression
		'}} and {{',
		'Null Bock auf Katzen, an undefined shape',
		'Price: $5 (json)',
		'$100 in cash on a table',
		'The word "undefined" in neon letters',
		'nan bread, NULL island',
		'[object lesson]',
		'A [object] in the rain',
	])('%j is fine as it is', (prompt) => {
		expect(checkRequest(aRawRequest({ prompt }))).toMatchObject({
			ok: true,
			request: { prompt },
			hints: [],
		});
	});

	it.each(['A undefined cat', 'Shoes, size null', 'From NaN to 5'])(
		'%j is sent with a hint where an expression gave it',
		(prompt) => {
			const result = checkRequest(aRawRequest({ prompt }), byExpression('prompt'));
			expect(result.ok).toBe(true);
			expect(result.hints).toEqual([
				expect.stringMatching(/^'Prompt' holds the word .*expression/),
			]);
		},
	);
});

it.each([
	['${name} runs', /^'Prompt' holds "\$\{name\}", which n8n does not fill in/],
	['A cat of <%= colour %>', /holds "<%= colour %>"/],
	['=A cat', /holds "=", which n8n/],
])('a prompt with what other tools fill in is sent with a hint: %s', (prompt, says) => {
	const result = checkRequest(aRawRequest({ prompt }));
	expect(result).toMatchObject({ ok: true, request: { prompt } });
	expect(result.hints).toEqual([expect.stringMatching(says)]);
});

it.each(['It costs $ {5}', 'a = b', '== =', '5 <% 6', '{name} runs'])(
	'a prompt that may be meant gets none: %s',
	(prompt) => {
		expect(checkRequest(aRawRequest({ prompt })).hints).toEqual([]);
	},
);

describe('a field that is there and holds nothing', () => {
	const NOTHING = [undefined, null, '', '  \n'];

	it.each(NOTHING)('Duration %j is no 5 seconds', (durationSeconds) => {
		expect(texts(checkRequest(aRawRequest({ durationSeconds })))).toEqual([
			"'Duration' is empty. EvoLink bills every second. Enter a whole number from 2 to 15 seconds.",
		]);
		const [text] = texts(
			checkRequest(aRawRequest({ durationSeconds }), byExpression('durationSeconds')),
		);
		expect(text).toMatch(/^'Duration' is empty: its expression gave nothing\./);
	});

	it.each(NOTHING)('Quality %j is no 720p', (quality) => {
		expect(texts(checkRequest(aRawRequest({ quality })))).toEqual([
			"'Quality' is empty. It decides the price. It must be one of: 720p, 1080p.",
		]);
	});

	it.each([
		['prompt', "'Prompt' is empty: its expression gave nothing, so the video is made without one."],
		['negativePrompt', "'Negative Prompt' is empty: its expression gave nothing, so none is sent."],
		['seed', "'Seed' is empty: its expression gave nothing, so it is random."],
		['promptExtend', /^'Extend Prompt' is empty: its expression gave nothing/],
		['callbackUrl', /^'Callback URL' is empty: .* EvoLink calls nobody/],
	] as const)('%s is a hint where an expression gave it', (field, hint) => {
		for (const nothing of NOTHING) {
			const raw = aRawRequest({ [field]: nothing });
			const { ok, hints } = checkRequest(raw, byExpression(field));
			expect(ok).toBe(true);
			expect(hints).toEqual([typeof hint === 'string' ? hint : expect.stringMatching(hint)]);
			expect(checkRequest(raw).hints).toEqual([]);
		}
	});
});

describe('a value of the wrong kind is told as it was', () => {
	it.each([
		[{ durationSeconds: 'five' }, /^'Duration' is "five", but must be a whole number from 2 to 15/],
		[{ durationSeconds: 60 }, /^'Duration' is 60, but must be/],
		[{ durationSeconds: { s: 5 } }, /^'Duration' is an object: \{"s":5\}, but must be/],
		[{ quality: '1080' }, /^'Quality' is "1080", but must be one of: 720p, 1080p\./],
		[{ mode: 'First Frame' }, /^'Generation Mode' is "First Frame", but must be one of: auto, /],
		[{ mode: undefined }, /^'Generation Mode' is empty\. It must be one of: /],
		[{ prompt: ['a', 'b'] }, /^'Prompt' is a list: \["a","b"\], but must be a text\./],
		[{ seed: 'lucky' }, /^'Seed' is "lucky", but must be a whole number/],
		[{ promptExtend: 'maybe' }, /^'Extend Prompt' is "maybe", but must be true or false/],
		[
			{ callbackUrl: 'http://a.example' },
			/^'Callback URL' is "http:\/\/a\.example", but must be an https/,
		],
		[
			{ callbackUrl: '{{ $json.hook }}' },
			/^'Callback URL' is .*not filled in.*Fixed to Expression/,
		],
	])('%j', (override, says) => {
		const [text, ...more] = texts(checkRequest(aRawRequest(override)));
		expect(text).toMatch(says);
		expect(more).toEqual([]);
	});

	it("a trigger's test URL as callback is a hint", () => {
		const callbackUrl = 'https://n8n.example.com/webhook-test/1/task-ended';
		expect(checkRequest(aRawRequest({ callbackUrl })).hints).toEqual([
			expect.stringMatching(/^'Callback URL' is a test URL/),
		]);
	});
});

describe('a value in a message', () => {
	it.each([
		['a'.repeat(61), `"${'a'.repeat(60)}…"`],
		['😀'.repeat(61), `"${'😀'.repeat(60)}…"`],
		['a\n  b', '"a b"'],
		['sk-abcdef123456 and more', '"sk-… and more"'],
		['Bearer abc.def', '"Bearer …"'],
		['https://me:secret@example.com/a.png', '"https://…@example.com/a.png"'],
		['https://example.com/a.png?token=secret', '"https://example.com/a.png?…"'],
		['', 'nothing'],
		['  ', 'nothing but blanks'],
		[undefined, 'nothing'],
		[true, 'true'],
		[Number.NaN, 'NaN'],
		[{ a: 'sk-abcdef123456' }, 'an object: {"a":"sk-…"}'],
	])('%j is shown as %s', (value, text) => {
		expect(shown(value)).toBe(text);
	});

	it('that refers to itself is shown all the same', () => {
		const value: Record<string, unknown> = {};
		value.self = value;
		expect(shown(value)).toBe('an object: …');
	});
});
