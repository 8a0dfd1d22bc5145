/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** Files on their way up: however the request ends, the file that n8n's store has opened for it is closed. */
import { Readable } from 'node:stream';

import type { IHttpRequestOptions } from 'n8n-workflow';

import { apiPort } from '../../../nodes/WanVideo/host/api';
import { ItemFiles } from '../../../nodes/WanVideo/host/itemFiles';
import { loadFile } from '../../../nodes/WanVideo/host/materialDoor';
import { fakeContext } from '../../support/fakeContext';

const FILE = Buffer.alloc(1_000_000, 7);

/** Sends a file through a request helper that does this with it; gives the file's stream. */
async function upload(helper: (body: Readable) => Promise<unknown>): Promise<Readable> {
	let isAsked = false;
	const stream = Readable.from(
		(function* () {
			for (let at = 0; at < FILE.length; at += 1000) yield FILE.subarray(at, at + 1000);
		})(),
	);
	const api = await apiPort(
		fakeContext({
			node: { credentials: { evoLinkApi: { id: '1', name: 'EvoLink' } } },
			members: {
				getCredentials: async () =>
					await Promise.resolve({
						...{ apiKey: 'sk-test', baseUrl: 'https://a.test', filesUrl: 'https://b.test' },
					}),
			},
			helpers: {
				async httpRequestWithAuthentication(_name: string, { body }: IHttpRequestOptions) {
					isAsked = true;
					return await helper(body as Readable);
				},
			},
		}),
	);
	await api.send({
		...{ host: 'files', method: 'POST', path: '/upload', endsOnStop: true },
		...{ timeoutMs: 1_000, endsAfterMs: 1_000 },
		file: {
			...{ name: 'a.png', mimeType: 'image/png', bytes: FILE.length, isHeld: false },
			open: async () => await Promise.resolve(stream),
		},
	});
	await new Promise((resolve) => setImmediate(resolve));
	expect(isAsked).toBe(true);
	return stream;
}

const answer = { statusCode: 401, headers: {}, body: Readable.from([Buffer.from('{}')]) };

it.each<[string, (body: Readable) => Promise<unknown>]>([
	['it was not begun', async () => await Promise.reject(new Error('connect ECONNREFUSED'))],
	[
		'it broke half-way',
		async (body) => {
			for await (const chunk of body) if (chunk) break;
			throw new Error('read ECONNRESET');
		},
	],
	['the answer came first', async () => await Promise.resolve(answer)],
	[
		'all of it was sent',
		async (body) => {
			let bytes = 0;
			for await (const chunk of body) bytes += (chunk as Buffer).length;
			expect(bytes).toBeGreaterThan(FILE.length);
			return answer;
		},
	],
])('%s', async (_label, helper) => {
	expect((await upload(helper)).destroyed).toBe(true);
});

it.each([
	['frame.png', 'frame.png'],
	['a/frame.png', 'frame.png'],
	['C:\\x\\frame.png', 'frame.png'],
	['a/b\\c\nd.png', 'c\nd.png'],
])('two files called %j have names that no reader of the form makes one', async (name, bare) => {
	// Whoever reads a form takes the folders off a name (RFC 7578), and with them what stands before.
	const files = new ItemFiles(fakeContext({}));
	const named = await Promise.all(
		['1', '2'].map(async (digit) => {
			const hash = digit.repeat(64);
			const open = async () => await Promise.resolve(Readable.from([FILE.subarray(0, 100)]));
			const file = { hash, name, mimeType: 'image/png', bytes: 100, isHeld: false, open };
			jest.spyOn(files, 'get').mockReturnValue(file);
			return (await loadFile(files, hash)).name;
		}),
	);
	expect(named).toEqual(['1', '2'].map((digit) => `${digit.repeat(16)}-${bare}`));
});
