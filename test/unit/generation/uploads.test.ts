/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** Files become addresses: once per content, also side by side and over retries; refused types go by n8n's own address. */
import type { Answer } from '../../../nodes/WanVideo/evolink/client';
import type { Failure } from '../../../nodes/WanVideo/evolink/failure';
import type { StoredFile } from '../../../nodes/WanVideo/evolink/fileClient';
import { failureHeadline } from '../../../nodes/WanVideo/evolink/failure';
import { type UploadNeeds, Uploads } from '../../../nodes/WanVideo/generation/uploads';
import { ItemFiles } from '../../../nodes/WanVideo/host/itemFiles';
import { aFile, aFailure } from '../../support/builders';
import { fakeContext } from '../../support/fakeContext';
import { FakeClock } from '../../support/fakeClock';

const FILE = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const HOUR_MS = 3_600_000;

/** A storage that answers as planned, then well; and everything that Uploads asks of its surroundings. */
class FakeStorage {
	readonly clock = new FakeClock();
	readonly kept = new Map<string, unknown>();
	uploads = 0;

	constructor(
		private readonly troubles: Failure[] = [],
		private readonly own?: string,
	) {}

	make(): Uploads {
		return new Uploads(this.needs());
	}

	needs(): UploadNeeds {
		return {
			files: { upload: async () => await Promise.resolve(this.answer()), quota: notAsked },
			store: {
				read: (hash) => this.kept.get(hash),
				write: (hash, upload) => void this.kept.set(hash, upload),
			},
			clock: this.clock,
			stop: { aborted: false },
			load: async (hash) => await Promise.resolve(aFile(hash)),
			ownUrl: async () => await Promise.resolve(this.own),
		};
	}

	private answer(): Answer<StoredFile> {
		this.uploads += 1;
		const failure = this.troubles.shift();
		if (failure !== undefined) return { ok: false, failure };
		return { ok: true, value: { url: `https://files.example.com/${this.uploads}` } };
	}
}

function notAsked(): never {
	throw new Error('Nobody asks for this here.');
}

it('gives each file an address of its own', async () => {
	const storage = new FakeStorage();
	expect(await storage.make().addressesOf([FILE, OTHER])).toEqual({
		ok: true,
		value: new Map([
			[FILE, 'https://files.example.com/1'],
			[OTHER, 'https://files.example.com/2'],
		]),
	});
});

it('uploads a content once, however many ask for it at the same time', async () => {
	const storage = new FakeStorage();
	const uploads = storage.make();
	await Promise.all(Array.from({ length: 20 }, async () => await uploads.addressesOf([FILE])));
	expect(storage.uploads).toBe(1);
});

it.each([
	['is kept while it has hours left', 60, 1],
	['is made anew when it is nearly over', 67, 2],
])('an upload of an earlier try %s', async (_label, hours, uploads) => {
	const storage = new FakeStorage();
	await storage.make().addressesOf([FILE]);
	await storage.clock.sleep(hours * HOUR_MS);
	await storage.make().addressesOf([FILE]);
	expect(storage.uploads).toBe(uploads);
});

it('tries again after trouble that passes, as an upload costs nothing', async () => {
	const storage = new FakeStorage([
		aFailure({ kind: 'serviceTrouble' }),
		aFailure({ kind: 'replyLost' }),
	]);
	expect(await storage.make().addressesOf([FILE])).toMatchObject({
		ok: true,
	});
	expect(storage.uploads).toBe(3);
});

it('of a refused type goes by the address of n8n itself where there is one', async () => {
	const storage = new FakeStorage(
		[aFailure({ kind: 'fileTypeRefused' })],
		'https://n8n.example.com/signed',
	);
	expect(await storage.make().addressesOf([FILE])).toMatchObject({
		value: new Map([[FILE, 'https://n8n.example.com/signed']]),
	});
});

it('of a refused type fails without such an address', async () => {
	const storage = new FakeStorage([aFailure({ kind: 'fileTypeRefused' })]);
	expect(await storage.make().addressesOf([FILE])).toMatchObject({
		ok: false,
		failure: { kind: 'fileTypeRefused' },
	});
});

describe("n8n's own address of a file", () => {
	it.each([
		[
			'a public https address',
			() => 'https://n8n.example.com/rest/binary-data/signed?token=1',
			true,
		],
		['plain http', () => 'http://n8n.example.com/rest/binary-data/signed?token=1', false],
		['a local address', () => 'https://localhost:5678/rest/binary-data/signed?token=1', false],
		['an n8n that refuses', notAsked, false],
		['an n8n that cannot', undefined, false],
	])('%s: used is %s', async (_label, createBinarySignedUrl, used) => {
		const helpers = {
			assertBinaryData: () => ({ id: 'x', data: '', mimeType: 'image/bmp' }),
			getBinaryStream: async () => await Promise.resolve([new Uint8Array([1])]),
			...(createBinarySignedUrl && { createBinarySignedUrl }),
		};
		const files = new ItemFiles(fakeContext({ helpers, members: { getContext: () => ({}) } }));
		const found = await files.look(0, 'data');
		const hash = found.ok ? found.value.hash : '';
		expect((await files.publicUrl(hash)) !== undefined).toBe(used);
	});
});

describe('a file that is gone since the check', () => {
	const gone = async () =>
		await Promise.reject(new Error("ENOENT: no such file or directory, open '/data/x/binary'"));
	const uploads = () => {
		const storage = new FakeStorage();
		return new Uploads({ ...storage.needs(), load: gone });
	};

	it('fails the items that need it, says that nothing was charged, and shows no folder', async () => {
		const answer = await uploads().addressesOf([FILE]);
		expect(answer).toMatchObject({ ok: false, failure: { kind: 'fileNotRead', charged: 'no' } });
		const words = answer.ok ? '' : failureHeadline(answer.failure);
		expect(words).toMatch(/could not be read from n8n, so nothing was charged for this item/);
		expect(words).toMatch(/ENOENT: no such file or directory/);
		expect(words).not.toContain('/data');
	});

	it('leaves no rejection behind that nobody hears of', async () => {
		const unheard: unknown[] = [];
		const hear = (reason: unknown) => void unheard.push(reason);
		process.on('unhandledRejection', hear);
		const shared = uploads();
		await Promise.all([shared.addressesOf([FILE]), shared.addressesOf([FILE])]);
		await new Promise((resolve) => setImmediate(resolve));
		process.off('unhandledRejection', hear);
		expect(unheard).toEqual([]);
	});
});
