/** What the answers of EvoLink's file storage mean: its own codes first, then the HTTP status, which says whether to try again. */
import { fileClient } from '../../../nodes/WanVideo/evolink/fileClient';
import type { FailureKind } from '../../../nodes/WanVideo/evolink/catalogue';
import type { HttpResult } from '../../../nodes/WanVideo/evolink/apiPort';
import { aFile } from '../../support/builders';
import { answered, FakeApi, KEY } from '../../support/fakeApi';

const refused = (status: number, code?: number, msg = 'no') =>
	answered(status, { success: false, msg, ...(code !== undefined && { code }) });
const upload = async (result: HttpResult) => await fileClient(new FakeApi(result)).upload(aFile());
const quota = async (result: HttpResult) => await fileClient(new FakeApi(result)).quota();

describe('the file storage', () => {
	it.each<[string, HttpResult, FailureKind]>([
		['too large, in a 200', refused(200, 40001), 'fileTooLarge'],
		['of a type it does not take, in a 400', refused(400, 40002), 'fileTypeRefused'],
		['full, even in a 429', refused(429, 40003), 'storageFull'],
		['something unknown, in a 200', refused(200, 49999), 'storageRefused'],
		['something unknown, in a 400', refused(400), 'storageRefused'],
		['the key', refused(401), 'unauthorized'],
		['too many requests', refused(429), 'rateLimited'],
		['trouble of its own', refused(503), 'serviceTrouble'],
		[
			'too many requests, in the words of the API',
			answered(429, { error: { message: 'slow' } }),
			'rateLimited',
		],
	])('says %s', async (_what, result, kind) => {
		for (const answer of [await upload(result), await quota(result)])
			expect(answer).toMatchObject({ ok: false, failure: { kind, charged: 'no' } });
	});

	it('takes a file in one POST that a Stop may end', async () => {
		const api = new FakeApi(answered(200, { data: { file_url: 'https://f.example/a.png' } }));
		await fileClient(api).upload(aFile());
		expect(api.sent).toMatchObject([
			{
				host: 'files',
				method: 'POST',
				path: '/api/v1/files/upload/stream',
				endsOnStop: true,
				timeoutMs: 120_000,
				endsAfterMs: 1_200_000,
			},
		]);
	});

	const url = 'https://f.example/a.png';
	it.each<[object, object]>([
		[{ file_url: url }, { url }],
		[
			{
				...{ file_url: url, file_id: 'f-1', file_name: 'a.png', file_size: 7 },
				...{ mime_type: 'image/png', expires_at: '2026-11-30T00:00:00Z' },
			},
			{
				...{ url, fileId: 'f-1', fileName: 'a.png', bytes: 7, mimeType: 'image/png' },
				expiresAt: Date.UTC(2026, 10, 30),
			},
		],
		[{ file_url: url, expires_at: 'tomorrow' }, { url }],
	])('says of a file %j exactly what is known', async (data, stored) => {
		expect(await upload(answered(200, { success: true, data }))).toStrictEqual({
			ok: true,
			value: stored,
		});
	});

	it('tells its quota by one GET that a Stop may end', async () => {
		const data = { used_files: 2, max_files: 10, remain_files: 8 };
		const api = new FakeApi(answered(200, { success: true, data }));
		expect(await fileClient(api).quota()).toStrictEqual({
			ok: true,
			value: { usedFiles: 2, maxFiles: 10, remainingFiles: 8 },
		});
		expect(api.sent).toStrictEqual([
			{
				...{ host: 'files', method: 'GET', path: '/api/v1/files/quota' },
				...{ timeoutMs: 30_000, endsAfterMs: 30_000, endsOnStop: true },
			},
		]);
	});

	it.each([[{}], [{ data: {} }], ['<html>']])('that answers %j is not understood', async (body) => {
		for (const answer of [await upload(answered(200, body)), await quota(answered(200, body))])
			expect(answer).toMatchObject({
				ok: false,
				failure: { kind: 'unreadableAnswer', atFiles: true },
			});
	});

	it('is told with its code and its words, where it has any', async () => {
		expect(await quota(refused(200, 49999, 'no room'))).toStrictEqual({
			ok: false,
			failure: {
				...{ kind: 'storageRefused', charged: 'no', atFiles: true },
				...{ code: '49999', said: 'no room' },
			},
		});
		expect(await quota(answered(200, { success: false }))).toStrictEqual({
			ok: false,
			failure: { kind: 'storageRefused', charged: 'no', atFiles: true },
		});
	});

	it('asks for a pause also in an answer of its own kind', async () => {
		const result = answered(429, { success: false }, { 'retry-after': '9' });
		expect(await upload(result)).toMatchObject({ failure: { retryAfterMs: 9_000 } });
	});

	it('tells no key', async () => {
		const answer = await upload(refused(400, 1, `Bad key ${KEY}`));
		expect(JSON.stringify(answer)).not.toContain(KEY.slice(0, 8));
	});
});
