/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** Videos into n8n's store: what never gets there, what ends a transfer, and whose trouble it was. */
import { Readable } from 'node:stream';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { Kept } from '../../../nodes/WanVideo/generation/ports';
import { clock } from '../../../nodes/WanVideo/host/clock';
import { videoPort } from '../../../nodes/WanVideo/host/videos';
import { mp4Proof } from '../../../nodes/WanVideo/media/mp4';
import { fakeContext } from '../../support/fakeContext';
import { someOf } from '../../support/thorough';
import { box, ftyp, moov, tinyMp4 } from '../../support/tinyMp4';

const MINUTE_MS = 60_000;
const JUNK = Buffer.alloc(64 * 1024, 7);

/** n8n's store; what it got, and what it says at the end. */
class Store {
	calls = 0;
	bytes = Buffer.alloc(0);
	/** Bytes after which it fails, and how. */
	failure?: { after: number; error: Error };

	get context(): IExecuteFunctions {
		return fakeContext({
			helpers: {
				prepareBinaryData: async (data: Readable | Buffer): Promise<IBinaryData> => {
					this.calls += 1;
					for await (const chunk of Buffer.isBuffer(data) ? [data] : data) {
						this.bytes = Buffer.concat([this.bytes, chunk as Buffer]);
						const { after = Infinity, error = new Error('no failure') } = this.failure ?? {};
						if (this.bytes.length >= after) throw error;
					}
					return { data: '', mimeType: 'video/mp4' };
				},
			},
		});
	}
}

/** Gives chunks to be kept, and counts what was taken of them. */
async function keep(chunks: Iterable<Uint8Array>, store = new Store(), announced?: number) {
	const seen = { taken: 0, ended: false };
	function* counted() {
		try {
			for (const chunk of chunks) {
				seen.taken += chunk.length;
				yield chunk;
			}
		} finally {
			seen.ended = true;
		}
	}
	const stream = Readable.from(counted(), { highWaterMark: 1 });
	const kept: Kept<IBinaryData> = await videoPort(store.context).keep(
		stream,
		'a.mp4',
		mp4Proof(announced),
	);
	return { kept, store, ...seen };
}

function* endless(...first: Uint8Array[]) {
	yield* first;
	for (;;) yield JUNK;
}

/** In pieces of `size` bytes. */
function* pieces(bytes: Uint8Array, size: number) {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

afterEach(() => jest.restoreAllMocks());

describe('a video', () => {
	const video = Buffer.concat([tinyMp4(), box('free', Buffer.alloc(200_000, 1))]);

	it.each(someOf([1, 5, 8, 9, 4096, 1_000_000], 2))(
		'reaches the store byte by byte, in chunks of %d',
		async (size) => {
			const part = size < 9 ? tinyMp4() : video;
			const { kept, store } = await keep(pieces(part, size));
			expect(kept.ok).toBe(true);
			expect(store.bytes.equals(part)).toBe(true);
		},
	);
});

describe('what is no video', () => {
	it.each([
		['junk', () => endless()],
		['a page', () => [Buffer.from('<html>Sorry</html>')]],
		['a type and then junk', () => endless(ftyp)],
		['a type that never ends', () => endless(Buffer.from('\x7f\xff\xff\xffftypisom', 'latin1'))],
		['a type alone', () => [ftyp]],
		['nothing', () => []],
		[
			'data of an impossible size',
			() => endless(ftyp, Buffer.from('\0\0\0\x01mdat\0\0\x01\0\0\0\0\0', 'latin1')),
		],
		['more than any video', () => endless(ftyp, box('free')), 1_000_000_000],
	])(
		'never touches the store: %s',
		async (_label, chunks: () => Iterable<Uint8Array>, announced = 0) => {
			const { kept, store, taken, ended } = await keep(chunks(), new Store(), announced);
			expect(kept).toMatchObject({ ok: false, trouble: 'content' });
			expect([store.calls, ended]).toEqual([0, true]);
			expect(taken).toBeLessThan(1_000_000);
		},
	);

	it('and begins like one ends at the first proof of the contrary', async () => {
		const begun = Buffer.concat([ftyp, moov(), box('mdat', Buffer.alloc(100_000, 7))]);
		const { kept, taken } = await keep(endless(begun));
		expect(kept).toMatchObject({ ok: false, trouble: 'content' });
		expect(taken).toBeLessThan(1_000_000);
	});
});

describe('a host without an end', () => {
	/** A byte a minute, after a beginning that is a video's. */
	async function trickle(minutes: number) {
		let elapsedMs = 0;
		jest.spyOn(clock, 'elapsed').mockImplementation(() => elapsedMs);
		const rest = box('mdat', Buffer.alloc(minutes - 8, 7));
		function* bytes() {
			yield Buffer.concat([ftyp, moov()]);
			for (const byte of rest) {
				elapsedMs += MINUTE_MS;
				yield Buffer.from([byte]);
			}
		}
		return (await keep(bytes())).kept;
	}

	it('that only trickles is ended after 20 minutes', async () => {
		expect(await trickle(500)).toMatchObject({
			...{ ok: false, trouble: 'transfer' },
			reason: expect.stringMatching(/20 minutes/) as string,
		});
	});

	it('that is merely slow is waited for', async () => {
		expect(await trickle(19)).toMatchObject({ ok: true });
	});
});

it('of a store that takes nothing at all ends the transfer', async () => {
	const stream = Readable.from([tinyMp4(), Buffer.alloc(1_000_000, 7)]);
	const refusal = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
	const context = fakeContext({
		helpers: { prepareBinaryData: async () => await Promise.reject(refusal) },
	});
	const kept = await videoPort(context).keep(stream, 'a.mp4', mp4Proof());
	expect(kept).toMatchObject({ ok: false, trouble: 'store' });
	expect(stream.destroyed).toBe(true);
});

describe('whose trouble it was', () => {
	const whole = Buffer.concat([ftyp, moov(), box('mdat', Buffer.alloc(500_000, 7))]);
	const failing = (after: number, error: Error) => {
		const store = new Store();
		store.failure = { after, error };
		return store;
	};

	it.each([
		['ENOSPC', /disk of n8n's files is full/],
		['EROFS', /read-only/],
		['EACCES', /may not write/],
	])('the store with %s', async (code, reason) => {
		const error = Object.assign(new Error(`${code}: open '/home/node/.n8n/x/y'`), { code });
		const { kept } = await keep(pieces(whole, 4096), failing(100_000, error));
		expect(kept).toMatchObject({ ok: false, trouble: 'store' });
		expect(kept.ok ? '' : kept.reason).toMatch(reason);
	});

	it.each([
		[
			'Failed to write binary file x because its size of 600 MB exceeds the max size limit of 512 MB set for `database` mode.',
			/larger than n8n's database takes/,
		],
		["cannot open '/var/lib/n8n/files/a b' (C:\\n8n\\x)", /^cannot open '… b' \(…\)$/],
		['', /not known/],
	])('the store that had all of it: %s', async (text, reason) => {
		const { kept } = await keep(pieces(whole, 4096), failing(whole.length, new Error(text)));
		expect(kept).toMatchObject({ ok: false });
		expect(kept.ok ? '' : kept.reason).toMatch(reason);
	});

	it('the network, when the stream broke', async () => {
		function* breaking() {
			yield whole.subarray(0, 200_000);
			throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
		}
		const { kept } = await keep(breaking());
		expect(kept).toEqual({ ok: false, trouble: 'transfer', reason: 'the connection was reset' });
	});
});
