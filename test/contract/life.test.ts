// The life of a task as the task page describes it: states in order, progress, the result, and
// what a look at a wrong ID says.

import { Budget } from './budget';
import { aNumber, textLike } from './matchers';
import { errorOf, idOf, Target } from './target';

const budget = new Budget('life');
let target: Target;
beforeAll(async () => {
	target = await Target.open();
});
afterAll(() => target.close());

describe('the life of a task', () => {
	budget.billed(2, 'an accepted submit shows a new task with its reserve', async () => {
		const { first } = await target.materials();
		const { status, body } = await target.submit({
			generation_mode: 'first_frame',
			image_start: first,
			duration: 2,
		});
		expect(status).toBe(200);
		expect(body).toMatchObject({
			id: textLike(/^task-unified-\d+-[a-z0-9]{8}$/),
			model: 'wan2.7-image-to-video',
			progress: 0,
			status: 'pending',
			type: 'video',
			usage: { credits_reserved: aNumber },
		});
	});

	budget.billed(2, 'a task goes from pending to completed with one link to an MP4', async () => {
		const { first } = await target.materials();
		const id = idOf(await target.submit({ image_start: first, duration: 2 }));
		const task = await target.ended(id);
		expect(task).toMatchObject({ id, status: 'completed', progress: 100 });
		expect(task.results).toEqual([textLike(/^https?:\/\//)]);
		const video = await fetch(String(task.results).split(',')[0] ?? '');
		expect(video.status).toBe(200);
		expect(video.headers.get('content-type')).toContain('video/mp4');
		const content = Buffer.from(await video.arrayBuffer());
		expect(content.toString('latin1', 4, 8)).toBe('ftyp');
		expect(Number(video.headers.get('content-length'))).toBe(content.length);
	});

	budget.sandboxOnly('states only move forward, and progress never falls', async () => {
		const { first } = await target.materials();
		const id = idOf(await target.submit({ image_start: first }));
		const seen: string[] = [];
		let progress = 0;
		for (let second = 0; second <= 60; second += 1) {
			const { body } = await target.look(id);
			if (seen.at(-1) !== body.status) seen.push(String(body.status));
			expect(Number(body.progress)).toBeGreaterThanOrEqual(progress);
			progress = Number(body.progress);
			await target.sandbox.clock.advance(1_000);
		}
		expect(seen).toEqual(['pending', 'processing', 'completed']);
	});

	budget.sandboxOnly('a failed task is HTTP 200 with an error of type task_error', async () => {
		const { first } = await target.materials();
		const failure = { kind: 'failTask', code: 'content_policy_violation' } as const;
		target.sandbox.plan({ on: 'submit', fault: failure });
		const task = await target.ended(idOf(await target.submit({ image_start: first })));
		expect(task).toMatchObject({ status: 'failed', progress: 0 });
		expect(errorOf({ body: task })).toMatchObject({
			code: 'content_policy_violation',
			type: 'task_error',
		});
		expect(task.results).toBeUndefined();
	});

	budget.billed(2, 'a range of the video is 206 with the range it is', async () => {
		const { first } = await target.materials();
		const id = idOf(await target.submit({ image_start: first, duration: 2 }));
		const link = String((await target.ended(id)).results);
		const part = await fetch(link, { headers: { range: 'bytes=4-7' } });
		expect(part.status).toBe(206);
		expect(await part.text()).toBe('ftyp');
		expect(part.headers.get('content-range')).toMatch(/^bytes 4-7\/\d+$/);
	});

	budget.sandboxOnly('a range beyond the end is 416, HEAD has the length and no body', async () => {
		const { first } = await target.materials();
		const id = idOf(await target.submit({ image_start: first }));
		const link = String((await target.ended(id)).results);
		const whole = await (await fetch(link)).arrayBuffer();
		const beyond = await fetch(link, { headers: { range: `bytes=${whole.byteLength}-` } });
		expect(beyond.status).toBe(416);
		expect(beyond.headers.get('content-range')).toBe(`bytes */${whole.byteLength}`);
		const head = await fetch(link, { method: 'HEAD' });
		expect(Number(head.headers.get('content-length'))).toBe(whole.byteLength);
		expect(await head.text()).toBe('');
		const etag = head.headers.get('etag') ?? '';
		expect(await fetch(link, { headers: { 'if-none-match': etag } })).toHaveProperty('status', 304);
		const stale = await fetch(link, { headers: { range: 'bytes=0-3', 'if-range': '"other"' } });
		expect(stale.status).toBe(200);
		const tail = await fetch(link, { headers: { range: 'bytes=-4' } });
		expect(Buffer.from(await tail.arrayBuffer())).toEqual(Buffer.from(whole).subarray(-4));
	});

	budget.sandboxOnly('a link lives 24 hours, not a second longer', async () => {
		const { first } = await target.materials();
		const id = idOf(await target.submit({ image_start: first }));
		await target.sandbox.clock.advance(60_000);
		const { body } = await target.look(id);
		const link = String(body.results);
		await target.sandbox.clock.advance(24 * 3_600_000 - 1);
		expect(await fetch(link)).toHaveProperty('status', 200);
		await target.sandbox.clock.advance(1);
		expect(await fetch(link)).toHaveProperty('status', 403);
	});
});
