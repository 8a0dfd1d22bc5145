/** Files become addresses: once per content, also side by side and over retries; refused types go by n8n's own address. */
import type { Answer } from '../../../nodes/WanVideo/evolink/client';
import type { Failure } from '../../../nodes/WanVideo/evolink/failure';
import type { StoredFile } from '../../../nodes/WanVideo/evolink/files';
import { Uploads } from '../../../nodes/WanVideo/generation/uploads';
import { ItemFiles } from '../../../nodes/WanVideo/host/files';
import { aFailure } from '../../support/builders';
import { fakeContext } from '../../support/fakeContext';
import { FakeClock } from '../../support/fakeClock';

const ADDRESS = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const MODEL = 'wan2.7-image-to-video';
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
		return new Uploads({
			files: { upload: async () => await Promise.resolve(this.answer()), quota: notAsked },
			store: {
				read: (address) => this.kept.get(address),
				write: (address, upload) => void this.kept.set(address, upload),
			},
			clock: this.clock,
			stop: { aborted: false },
			load: async (address) =>
				await Promise.resolve({ name: address, mimeType: 'image/png', bytes: new Uint8Array(1) }),
			ownUrl: async () => await Promise.resolve(this.own),
		});
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

it('puts an address in place of each file, and leaves the rest alone', async () => {
	const storage = new FakeStorage();
	const body = {
		model: MODEL,
		image_start: ADDRESS,
		image_end: 'https://example.com/l.jpg',
		video_urls: [OTHER] as [string],
	};
	expect(await storage.make().fill(body)).toEqual({
		ok: true,
		value: {
			...body,
			image_start: 'https://files.example.com/1',
			video_urls: ['https://files.example.com/2'],
		},
	});
});

it('uploads a content once, however many ask for it at the same time', async () => {
	const storage = new FakeStorage();
	const uploads = storage.make();
	await Promise.all(
		Array.from(
			{ length: 20 },
			async () => await uploads.fill({ model: MODEL, image_start: ADDRESS }),
		),
	);
	expect(storage.uploads).toBe(1);
});

it.each([
	['is kept while it has hours left', 60, 1],
	['is made anew when it is nearly over', 67, 2],
])('an upload of an earlier try %s', async (_label, hours, uploads) => {
	const storage = new FakeStorage();
	await storage.make().fill({ model: MODEL, image_start: ADDRESS });
	await storage.clock.sleep(hours * HOUR_MS);
	await storage.make().fill({ model: MODEL, image_start: ADDRESS });
	expect(storage.uploads).toBe(uploads);
});

it('tries again after trouble that passes, as an upload costs nothing', async () => {
	const storage = new FakeStorage([
		aFailure({ kind: 'serviceTrouble' }),
		aFailure({ kind: 'replyLost' }),
	]);
	expect(await storage.make().fill({ model: MODEL, image_start: ADDRESS })).toMatchObject({
		ok: true,
	});
	expect(storage.uploads).toBe(3);
});

it('of a refused type goes by the address of n8n itself where there is one', async () => {
	const storage = new FakeStorage(
		[aFailure({ kind: 'fileTypeRefused' })],
		'https://n8n.example.com/signed',
	);
	expect(await storage.make().fill({ model: MODEL, image_start: ADDRESS })).toMatchObject({
		value: { image_start: 'https://n8n.example.com/signed' },
	});
});

it('of a refused type fails without such an address', async () => {
	const storage = new FakeStorage([aFailure({ kind: 'fileTypeRefused' })]);
	expect(await storage.make().fill({ model: MODEL, image_start: ADDRESS })).toMatchObject({
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
		const address = found.ok ? found.value.address : '';
		expect((await files.publicUrl(address)) !== undefined).toBe(used);
	});
});
