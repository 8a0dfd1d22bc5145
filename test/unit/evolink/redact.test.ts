import { redactorOf } from '../../../nodes/WanVideo/evolink/redact';

const KEY = 'sk-a+b/c=d&"1234';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the key', () => {
	it.each([
		['as it is', `Bearer ${KEY}`],
		['in an address', `https://x.example/?key=${encodeURIComponent(KEY)}`],
		['in JSON', JSON.stringify({ key: KEY })],
		['in JSON, behind a word', JSON.stringify({ authorization: `Bearer ${KEY}` })],
		['in base64', base64(KEY)],
		['in base64 for an address', Buffer.from(KEY).toString('base64url')],
		['in base64 with what stands before it', base64(`Bearer ${KEY}`)],
		['in a page', '<p>sk-a+b/c=d&amp;&quot;1234</p>'],
	])('is taken out %s', (_label, text) => {
		const clean = redactorOf(KEY)(text);
		expect(clean).toContain('[API key]');
		expect(clean).not.toMatch(/1234|MTIzN|EyMz|xMjM/);
	});

	it('that is empty takes nothing out', () => {
		expect(redactorOf('')('a text')).toBe('a text');
	});
});
