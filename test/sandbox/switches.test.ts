// What each switch changes, seen from a client.

import { aText } from '../contract/matchers';
import { startSandbox, type Sandbox, type Switches } from '../../sandbox';
import type { JsonRecord } from '../../sandbox/json';
import { call, finishedLink, FIRST, look, newTask, submit } from './client';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ clock: 'manual', video: 'sample', materials: 'trust', seed: 1 });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

describe('what a submit accepts', () => {
	it.each<[string, Partial<Switches>, JsonRecord, number, number]>([
		['unknownFields', { unknownFields: 'ignored' }, { watermark: true }, 400, 200],
		['emptyFields null', { emptyFields: 'ignored' }, { seed: null }, 400, 200],
		['emptyFields list', { emptyFields: 'ignored' }, { audio_urls: [] }, 400, 200],
		['numericStrings', { numericStrings: 'accepted' }, { duration: '5' }, 400, 200],
		['dataUrls', { dataUrls: 'accepted' }, { image_start: 'data:image/png;base64,AA==' }, 400, 200],
		['callbackUrls', { callbackUrls: 'local' }, { callback_url: 'http://10.0.0.1/' }, 400, 200],
		['unknownModelAnswer', { unknownModelAnswer: '404' }, { model: 'wan9' }, 403, 404],
		['unknownModelAnswer 503', { unknownModelAnswer: '503' }, { model: 'wan9' }, 403, 503],
	])('%s', async (_name, change, body, before, after) => {
		expect((await submit(sandbox, body)).status).toBe(before);
		sandbox.setSwitches(change);
		expect((await submit(sandbox, body)).status).toBe(after);
	});

	it('checkOrder decides which of two problems is told', async () => {
		sandbox.setCredits(0);
		sandbox.setSwitches({ checkOrder: 'json,model,fields,materials,balance,auth,rate' });
		expect((await submit(sandbox, {}, { authorization: 'Bearer no' })).status).toBe(401);
		expect((await submit(sandbox)).status).toBe(402);
		expect((await submit(sandbox, { duration: 1 }, { authorization: 'Bearer no' })).status).toBe(
			400,
		);
	});

	it('balanceAnswer 403 speaks of credits', async () => {
		sandbox.setCredits(0);
		sandbox.setSwitches({ balanceAnswer: '403' });
		const { status, text } = await submit(sandbox);
		expect(status).toBe(403);
		expect(text).toContain('insufficient credits');
	});

	it('submitsPerMinute ends after a minute, Retry-After only if switched on', async () => {
		sandbox.setSwitches({ submitsPerMinute: 1 });
		await newTask(sandbox);
		const refused = await submit(sandbox);
		expect(refused.status).toBe(429);
		expect(refused.headers.has('retry-after')).toBe(false);
		sandbox.setSwitches({ retryAfterSeconds: 60 });
		expect((await submit(sandbox)).headers.get('retry-after')).toBe('60');
		await sandbox.clock.advance(60_000);
		expect((await submit(sandbox)).status).toBe(200);
	});

	it('tasksInFlight counts unfinished tasks', async () => {
		sandbox.setSwitches({ tasksInFlight: 2 });
		await newTask(sandbox);
		await newTask(sandbox);
		expect((await submit(sandbox)).status).toBe(429);
		await sandbox.clock.advance(60_000);
		expect((await submit(sandbox)).status).toBe(200);
	});
});

describe('Idempotency-Key', () => {
	const headers = { 'idempotency-key': 'a-key-of-sixteen-characters' };

	it('ignored: two tasks', async () => {
		await submit(sandbox, {}, headers);
		await submit(sandbox, {}, headers);
		expect(sandbox.ledger()).toHaveLength(2);
		expect(sandbox.ledger()[0]).toHaveProperty('idempotencyKey', headers['idempotency-key']);
	});

	it('honoured: the first task again, or 409 for another body', async () => {
		sandbox.setSwitches({ idempotencyKey: 'honoured' });
		const first = await submit(sandbox, {}, headers);
		const second = await submit(sandbox, {}, headers);
		expect(second.body.id).toBe(first.body.id);
		expect(second.headers.get('idempotency-replayed')).toBe('true');
		expect((await submit(sandbox, { duration: 3 }, headers)).status).toBe(409);
		expect(sandbox.ledger()).toHaveLength(1);
	});
});

describe('what a task looks like', () => {
	it('task_info, can_cancel, object, usage', async () => {
		const id = await newTask(sandbox);
		await sandbox.clock.advance(60_000);
		expect((await look(sandbox, id)).body).toMatchObject({
			object: 'video.generation.task',
			task_info: { can_cancel: false },
		});
		sandbox.setSwitches({ canCancel: 'missing', object: 'missing', finishedTaskUsage: 'present' });
		const { body } = await look(sandbox, id);
		expect(body.task_info).toEqual({});
		expect(body).not.toHaveProperty('object');
		expect(body.usage).toMatchObject({ credits_used: 10.88 });
		sandbox.setSwitches({ taskInfo: 'missing' });
		expect((await look(sandbox, id)).body).not.toHaveProperty('task_info');
	});

	it('failedTask sparse and cancelledSpelling', async () => {
		sandbox.setSwitches({ failedTask: 'sparse', cancelledSpelling: 'canceled' });
		sandbox.plan({ on: 'submit', fault: { kind: 'failTask', code: 'unknown_error' } });
		const failed = await newTask(sandbox);
		sandbox.plan({ on: 'submit', fault: { kind: 'cancelled' } });
		const cancelled = await newTask(sandbox);
		await sandbox.clock.advance(60_000);
		const { body } = await look(sandbox, failed);
		expect(body).not.toHaveProperty('created');
		expect(body.error).toEqual({ code: 'unknown_error', message: aText });
		expect((await look(sandbox, cancelled)).body.status).toBe('canceled');
	});

	it('errorCode number', async () => {
		sandbox.setSwitches({ errorCode: 'number' });
		expect((await look(sandbox, 'task-unified-1-x')).body).toMatchObject({ error: { code: 404 } });
	});

	it('taskRetentionHours', async () => {
		const id = await newTask(sandbox);
		await sandbox.clock.advance(60_000);
		sandbox.setSwitches({ taskRetentionHours: 48 });
		await sandbox.clock.advance(48 * 3_600_000 - 1);
		expect((await look(sandbox, id)).status).toBe(200);
		await sandbox.clock.advance(1);
		expect((await look(sandbox, id)).status).toBe(404);
	});
});

describe('media', () => {
	it('expiredLinkStatus, linkAfterExpiry, mediaRange', async () => {
		const id = await newTask(sandbox);
		const link = await finishedLink(sandbox, id);
		sandbox.setSwitches({ mediaRange: 'off' });
		const whole = await fetch(link, { headers: { range: 'bytes=0-3' } });
		expect(whole.status).toBe(200);
		await sandbox.clock.advance(24 * 3_600_000);
		sandbox.setSwitches({ expiredLinkStatus: '410' });
		expect(await fetch(link)).toHaveProperty('status', 410);
		expect((await look(sandbox, id)).body.results).toEqual([link]);
		sandbox.setSwitches({ linkAfterExpiry: 'renewed' });
		const fresh = String((await look(sandbox, id)).body.results);
		expect(await fetch(fresh)).toHaveProperty('status', 200);
	});

	it('uploadTypes documented takes no audio', async () => {
		const body = { base64_data: Buffer.from('ID3 sound').toString('base64'), file_name: 'a.mp3' };
		const upload = () => call(sandbox, 'POST', '/api/v1/files/upload/base64', body);
		expect((await upload()).body.success).toBe(true);
		sandbox.setSwitches({ uploadTypes: 'documented' });
		expect((await upload()).body).toMatchObject({ success: false, code: 40002 });
	});
});

describe('materials that are read', () => {
	it('materialsChecked later: the task fails instead of the submit', async () => {
		const reading = await startSandbox({ clock: 'manual', video: 'sample' });
		const bad = { image_start: 'https://nowhere.example/x.jpg' };
		expect((await submit(reading, bad)).status).toBe(400);
		reading.setSwitches({ materialsChecked: 'later' });
		const id = await newTask(reading, bad);
		await reading.clock.advance(60_000);
		expect((await look(reading, id)).body).toMatchObject({
			status: 'failed',
			error: { code: 'image_processing_error' },
		});
		expect(await newTask(reading, { image_start: FIRST })).toMatch(/^task-unified-/);
		await reading.close();
	});
});
