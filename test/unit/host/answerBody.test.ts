/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** The body of an API answer: whole, or as much of it as anybody needs. */
import { Readable } from 'node:stream';

import { readAnswerBody } from '../../../nodes/WanVideo/host/answerBody';

const never = new AbortController().signal;
const PIECE = Buffer.alloc(256 * 1024, 'x');

function* endless(): Generator<Buffer> {
	yield Buffer.from('{"id":"task-unified-1-abc", "more":"');
	for (;;) yield PIECE;
}

it('is read whole', async () => {
	const body = Readable.from([Buffer.from('\uFEFF{"id":'), Buffer.from('"a"}')]);
	expect(await readAnswerBody(body, never)).toEqual({ whole: true, content: { id: 'a' } });
});

it('that never ends is left after 4 MB, and only its beginning is kept', async () => {
	const body = Readable.from(endless());
	const read = await readAnswerBody(body, never);
	const content = 'content' in read ? String(read.content) : '';
	expect(content.startsWith('{"id":"task-unified-1-abc"')).toBe(true);
	expect(content.length).toBeLessThanOrEqual(64 * 1024);
	expect(body.destroyed).toBe(true);
});

it.each([
	['{"created":1,"id":"task-unified-1757169743-7cv', '{"created":1,"id":"'],
	['[{"id":"task-unified-1', '[{"id":"'],
	['data: {"id":"task-unified-1', 'data: {"id":"'],
	['<p>task-unified-1', '<p>'],
	['task-unified-1757169743-7cvnl5zw', 'task-unified-1757169743-7cvnl5zw'],
])('that ends within its JSON holds no half of an ID: %s', async (text, content) => {
	expect(await readAnswerBody(Readable.from([Buffer.from(text)]), never)).toEqual({
		...{ whole: true, content },
	});
});

it('of just under 4 MB is read whole', async () => {
	const text = JSON.stringify({ more: 'x'.repeat(4_000_000) });
	const read = await readAnswerBody(Readable.from([Buffer.from(text)]), never);
	expect(read).toEqual({ whole: true, content: { more: 'x'.repeat(4_000_000) } });
});
