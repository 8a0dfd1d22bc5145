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

	it('asks for a pause also in an answer of its own kind', async () => {
		const result = answered(429, { success: false }, { 'retry-after': '9' });
		expect(await upload(result)).toMatchObject({ failure: { retryAfterMs: 9_000 } });
	});

	it('tells no key', async () => {
		const answer = await upload(refused(400, 1, `Bad key ${KEY}`));
		expect(JSON.stringify(answer)).not.toContain(KEY.slice(0, 8));
	});
});
