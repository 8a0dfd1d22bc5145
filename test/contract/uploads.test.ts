/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// The files API: three ways to upload, quota, and the 72 hours a file is kept. Uploads are free.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../sandbox/json';
import { onEvoLink } from './budget';
import { aText } from './matchers';
import { dataOf, Target } from './target';

let target: Target;
beforeAll(async () => {
	target = await Target.open();
});
afterAll(() => target.close());

const PICTURE = readFileSync(join(__dirname, '..', '..', 'examples', 'media', 'portrait.jpg'));
const HOUR_MS = 3_600_000;

const served = async (url: string): Promise<Buffer> =>
	Buffer.from(await (await fetch(url)).arrayBuffer());

describe('uploads', () => {
	it('a stream comes back byte for byte from file_url', async () => {
		const answer = await target.upload('portrait.jpg');
		expect(answer.status).toBe(200);
		expect(answer.body).toMatchObject({
			success: true,
			code: 200,
			data: {
				file_id: aText,
				file_name: aText,
				file_size: PICTURE.length,
				mime_type: 'image/jpeg',
				upload_time: aText,
				expires_at: aText,
			},
		});
		expect(await served(dataOf(answer, 'file_url'))).toEqual(PICTURE);
		const keptMs =
			Date.parse(dataOf(answer, 'expires_at')) - Date.parse(dataOf(answer, 'upload_time'));
		expect(keptMs).toBe(72 * HOUR_MS);
	});

	it.each([
		['raw', ''],
		['as a data URL', 'data:image/jpeg;base64,'],
	])('base64 %s', async (_label, prefix) => {
		const body = { base64_data: prefix + PICTURE.toString('base64'), file_name: 'face.jpg' };
		const answer = await target.call('POST', '/api/v1/files/upload/base64', { body });
		expect(answer.body).toMatchObject({ success: true, data: { file_name: 'face.jpg' } });
		expect(await served(dataOf(answer, 'file_url'))).toEqual(PICTURE);
	});

	it('from a URL', async () => {
		const source = dataOf(await target.upload('portrait.jpg'), 'file_url');
		const body = { file_url: source, file_name: 'copy.jpg' };
		const answer = await target.call('POST', '/api/v1/files/upload/url', { body });
		expect(await served(dataOf(answer, 'file_url'))).toEqual(PICTURE);
	});

	it('from a URL that cannot be reached: success is false', async () => {
		const body = { file_url: 'https://nowhere.invalid/x.jpg' };
		const answer = await target.call('POST', '/api/v1/files/upload/url', { body });
		expect(answer.body).toHaveProperty('success', false);
	});

	it('a file name and a folder are kept', async () => {
		const answer = await target.upload('portrait.jpg', {
			file_name: 'anna.jpg',
			upload_path: 'faces',
		});
		expect(answer.body).toMatchObject({ data: { file_name: 'anna.jpg', upload_path: 'faces' } });
	});

	it('quota counts the files', async () => {
		const used = async (): Promise<number> => {
			const { body } = await target.call('GET', '/api/v1/files/quota');
			return Number(isRecord(body.data) ? body.data.used_files : NaN);
		};
		const before = await used();
		await target.upload('portrait.jpg');
		expect(await used()).toBe(before + 1);
	});
});

if (!onEvoLink) {
	describe('uploads in the sandbox', () => {
		it('a file is gone after 72 hours, as a link and as a material', async () => {
			const url = dataOf(await target.upload('portrait.jpg'), 'file_url');
			await target.sandbox.clock.advance(72 * HOUR_MS - 1);
			expect(await fetch(url)).toHaveProperty('status', 200);
			await target.sandbox.clock.advance(1);
			expect(await fetch(url)).toHaveProperty('status', 404);
			expect((await target.submit({ image_start: url })).status).toBe(400);
		});

		it('the same name replaces the file behind the same URL', async () => {
			const first = await target.upload('portrait.jpg', { file_name: 'a.jpg' });
			const second = await target.upload('first_frame.jpg', { file_name: 'a.jpg' });
			expect(dataOf(second, 'file_url')).toBe(dataOf(first, 'file_url'));
			expect(await served(dataOf(first, 'file_url'))).not.toEqual(PICTURE);
		});

		it('without a name each file has its own', async () => {
			const first = await target.upload('portrait.jpg');
			const second = await target.upload('portrait.jpg');
			expect(dataOf(second, 'file_url')).not.toBe(dataOf(first, 'file_url'));
		});

		it('a type that is not taken is refused with success false', async () => {
			const form = new FormData();
			form.set('file', new Blob(['BM and no picture'], { type: 'image/bmp' }), 'a.bmp');
			const answer = await target.call('POST', '/api/v1/files/upload/stream', { body: form });
			expect(answer.status).toBe(200);
			expect(answer.body).toMatchObject({ success: false, code: 40002 });
			target.sandbox.setSwitches({ uploadErrorStatus: 'matching' });
			const again = await target.call('POST', '/api/v1/files/upload/stream', { body: form });
			expect(again.status).toBe(415);
		});

		it('the quota ends uploads', async () => {
			target.sandbox.setSwitches({ uploadMaxFiles: 0, uploadErrorStatus: '200' });
			const answer = await target.upload('portrait.jpg');
			expect(answer.body).toMatchObject({ success: false, code: 40003 });
			target.sandbox.setSwitches({ uploadMaxFiles: 2000 });
		});

		it('files are listed newest first and can be deleted by their owner only', async () => {
			const id = dataOf(await target.upload('portrait.jpg'), 'file_id');
			const { body } = await target.call('GET', '/api/v1/files/list?page=1&pageSize=1');
			expect(body).toMatchObject({ data: { files: [{ file_id: id }] } });
			target.sandbox.addKey({ key: 'sk-thief' });
			const path = `/api/v1/files/${id}`;
			expect((await target.call('DELETE', path, { key: 'sk-thief' })).status).toBe(404);
			expect((await target.call('DELETE', path)).body).toHaveProperty('success', true);
			expect((await target.call('DELETE', path)).status).toBe(404);
		});
	});
}
