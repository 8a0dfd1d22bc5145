/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/** Files at public addresses: few requests, few bytes, an end for every kind of host. */
import { Readable } from 'node:stream';

import type { Fetched } from '../../../nodes/WanVideo/generation/ports';
import type { RangeAnswer } from '../../../nodes/WanVideo/host/media';
import { MOST_MS, openRemote, type RemoteNeeds } from '../../../nodes/WanVideo/host/remoteFile';
import { probe } from '../../../nodes/WanVideo/media/probe';
import { MediaError, type StreamSource } from '../../../nodes/WanVideo/media/source';
import { box, ftyp, moov } from '../../support/tinyMp4';

/** All streams that a test has opened, so that it can count what they hold. */
const mockStreams: StreamSource[] = [];
jest.mock('../../../nodes/WanVideo/media/source', () => {
	const actual = jest.requireActual<Record<string, unknown>>(
		'../../../nodes/WanVideo/media/source',
	);
	const make = actual.streamSource as (...given: unknown[]) => StreamSource;
	return {
		...actual,
		streamSource: (...given: unknown[]) => {
			const stream = make(...given);
			mockStreams.push(stream);
			return stream;
		},
	};
});

const CHUNK_BYTES = 64 * 1024;
const JUNK = Buffer.alloc(CHUNK_BYTES, 7);

/** What a host does; a body is made piece by piece, as it is asked for. */
class Host implements RemoteNeeds {
	/** Each request: where it began and how much it asked for. */
	readonly requests: Array<[number, number]> = [];
	sent = 0;
	ended = 0;
	elapsedMs = 0;
	readonly refused: string[] = [];
	readonly clock = { elapsed: () => this.elapsedMs };
	msPerChunk = 0;

	constructor(
		private readonly pieces: (from: number) => Iterable<Uint8Array>,
		private readonly plan: { size?: number; ranges?: boolean } = {},
	) {}

	async allow(url: URL): Promise<void> {
		await Promise.resolve();
		if (this.refused.includes(url.hostname)) throw new MediaError('unreadable', 'inside');
	}

	async open(
		_url: URL,
		{ start, length }: { start: number; length: number },
	): Promise<Fetched<RangeAnswer>> {
		await Promise.resolve();
		this.requests.push([start, length]);
		const { size, ranges = true } = this.plan;
		const from = ranges ? start : 0;
		const most = ranges ? Math.min(length, (size ?? Infinity) - start) : (size ?? Infinity);
		const value: RangeAnswer = {
			status: ranges ? 206 : 200,
			from,
			...(size !== undefined && { size }),
			body: Readable.from(this.body(from, most), { objectMode: true, highWaterMark: 1 }),
		};
		return { ok: true, value };
	}

	private *body(from: number, most: number) {
		let left = most;
		try {
			for (const piece of this.pieces(from)) {
				const part = piece.subarray(0, left);
				left -= part.length;
				this.sent += part.length;
				this.elapsedMs += this.msPerChunk;
				yield part;
				if (left <= 0) return;
			}
		} finally {
			this.ended += 1;
		}
	}
}

/** A host that has these bytes. */
const hostOf = (bytes: Uint8Array, plan: { ranges?: boolean; size?: number } = {}) =>
	new Host(
		function* (from) {
			for (let at = from; at < bytes.length; at += CHUNK_BYTES)
				yield bytes.subarray(at, at + CHUNK_BYTES);
		},
		{ size: bytes.length, ...plan },
	);

async function look(host: Host) {
	const { source, close } = await openRemote('https://media.example.com/a.mp4', host);
	const verdict = await probe(source);
	await close();
	return verdict;
}

/** An MP4 whose index stands behind `bytes` of data. */
function indexLast(bytes: number): Buffer {
	return Buffer.concat([ftyp, box('mdat', Buffer.alloc(bytes, 7)), moov({ durationSeconds: 5 })]);
}

describe('a host that knows no range behind the end of the file', () => {
	/** It answers 416 where the last byte asked for is not there (seen in several servers). */
	function strict(bytes: Uint8Array, { tells = true } = {}) {
		const host = hostOf(bytes);
		const open = host.open.bind(host);
		host.open = async (url, range) => {
			if (range.start + range.length <= bytes.length) return await open(url, range);
			host.requests.push([range.start, range.length]);
			const value = { status: 416, from: range.start, ...(tells && { size: bytes.length }) };
			return await Promise.resolve({ ok: true, value });
		};
		return host;
	}

	it.each([[1_000], [100_000], [400_000]])(
		'is asked for what is there: %d bytes',
		async (bytes) => {
			const host = strict(indexLast(bytes));
			expect(await look(host)).toMatchObject({ ok: true, facts: { durationSeconds: 5 } });
			expect(host.requests.length).toBeLessThanOrEqual(5);
		},
	);

	it('and does not tell how much that is, says nothing about the file', async () => {
		await expect(look(strict(indexLast(1_000), { tells: false }))).rejects.toMatchObject({
			reason: 'unreadable',
			message: expect.stringMatching(/416/) as string,
		});
	});

	it('gives an empty file as that', async () => {
		await expect(look(strict(Buffer.alloc(0)))).resolves.toMatchObject({ reason: 'empty' });
	});
});

describe('a host that knows ranges', () => {
	it('is asked once for a small file', async () => {
		const host = hostOf(indexLast(1000));
		expect(await look(host)).toMatchObject({ ok: true, facts: { durationSeconds: 5 } });
		expect(host.requests).toEqual([[0, CHUNK_BYTES]]);
	});

	it('is asked twice for a large clip with its index at the end', async () => {
		const host = hostOf(indexLast(30_000_000));
		expect(await look(host)).toMatchObject({ ok: true, facts: { durationSeconds: 5 } });
		expect(host.requests).toHaveLength(2);
		expect(host.sent).toBeLessThan(400_000);
	});

	it('that does not tell the size is asked for what follows until nothing does', async () => {
		const bytes = indexLast(200_000);
		const host = hostOf(bytes, { size: undefined });
		const { source, close } = await openRemote('https://media.example.com/a', host);
		expect(await source.read(0, bytes.length + 10)).toHaveLength(bytes.length);
		await close();
	});

	it('is asked for more each time, and at most eight times', async () => {
		const host = new Host(
			function* () {
				for (;;) yield JUNK;
			},
			{ size: 1e9 },
		);
		const { source, close } = await openRemote('https://media.example.com/a', host);
		const reading = async () => {
			for (let at = 0; ; at += 1_500_000) await source.read(at, 10);
		};
		await expect(reading()).rejects.toMatchObject({ reason: 'tooMuch' });
		await close();
		expect(host.requests.length).toBeLessThanOrEqual(8);
		const lengths = host.requests.map(([, length]) => length);
		expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
		// A few megabytes, in figures: the limit itself is what is tested.
		expect(host.sent).toBeGreaterThan(4_000_000);
		expect(host.sent).toBeLessThan(9_000_000);
	});
});

describe('a host that ignores ranges', () => {
	it('is asked once, and read onward', async () => {
		const host = hostOf(indexLast(5_000_000), { ranges: false });
		expect(await look(host)).toMatchObject({ ok: true, facts: { durationSeconds: 5 } });
		expect(host.requests).toHaveLength(1);
	});

	it('is left as soon as the verdict is known', async () => {
		const bytes = Buffer.concat([
			ftyp,
			moov({ durationSeconds: 5 }),
			box('mdat', Buffer.alloc(9e6)),
		]);
		const host = hostOf(bytes, { ranges: false });
		expect(await look(host)).toMatchObject({ ok: true });
		expect(host.sent).toBeLessThan(300_000);
		expect(host.ended).toBe(1);
	});

	it('and never ends is given up after a few megabytes, skipped ones counted, little of it kept', async () => {
		const header = Buffer.concat([ftyp, Buffer.from('\x7f\xff\xff\xffmdat', 'latin1')]);
		const host = new Host(
			function* () {
				yield header;
				for (;;) yield JUNK;
			},
			{ ranges: false },
		);
		const { source, close } = await openRemote('https://media.example.com/a', host);
		const before = process.memoryUsage().arrayBuffers;
		await expect(source.read(0x70000000, 64)).rejects.toMatchObject({ reason: 'tooMuch' });
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
		await close();
		expect(host.sent).toBeLessThan(9_000_000);
		expect([host.requests.length, host.ended]).toEqual([1, 1]);
	});
});

it.each([
	['that ignore ranges', false],
	['that know ranges', true],
])(
	'six endless hosts at once %s hold little together, and each is left',
	async (_label, ranges) => {
		mockStreams.length = 0;
		let most = 0;
		const note = () => {
			const held = mockStreams.reduce((sum, { keptBytes }) => sum + keptBytes, 0);
			most = Math.max(most, held);
		};
		// One part after the other that is to be read past, and never an index.
		const part = box('free', Buffer.alloc(50_000, 7));
		function* parts(from: number) {
			if (from < ftyp.length) yield ftyp.subarray(from);
			for (let at = Math.max(0, from - ftyp.length) % part.length; ; at = 0) {
				note();
				yield part.subarray(at);
			}
		}
		const hosts = Array.from({ length: 6 }, () => new Host(parts, { ranges }));
		const verdicts = await Promise.all(hosts.map(look));
		expect(verdicts.every(({ ok }) => !ok)).toBe(true);
		expect(most).toBeGreaterThan(0);
		expect(most).toBeLessThan(4_000_000);
		for (const { sent, ended, requests } of hosts) {
			expect(sent).toBeLessThan(9_000_000);
			expect(ended).toBe(requests.length);
		}
	},
);

it('a host that sends a byte now and then is given up after a while', async () => {
	const host = new Host(
		function* () {
			for (;;) yield Buffer.from([7]);
		},
		{ size: 1e6 },
	);
	host.msPerChunk = 5000;
	await expect(
		openRemote('https://media.example.com/a', host).then(
			async ({ source }) => await source.read(0, 64),
		),
	).rejects.toMatchObject({
		reason: 'unreadable',
		message: expect.stringMatching(/too slow/) as string,
	});
	expect(host.elapsedMs).toBeLessThanOrEqual(MOST_MS + 5000);
	expect(host.ended).toBe(1);
});

describe('redirects', () => {
	const redirecting = (location: string) => {
		const host = hostOf(indexLast(1000));
		const open = host.open.bind(host);
		const seen: string[] = [];
		host.open = async (url, range) => {
			seen.push(url.toString());
			if (seen.length > 1 && !location.startsWith('/loop')) return await open(url, range);
			return await Promise.resolve({ ok: true, value: { status: 302, from: 0, location } });
		};
		return { host, seen };
	};

	it('are followed, and asked about each time', async () => {
		const { host, seen } = redirecting('https://cdn.example.com/b.mp4');
		expect(await look(host)).toMatchObject({ ok: true });
		expect(seen).toEqual(['https://media.example.com/a.mp4', 'https://cdn.example.com/b.mp4']);
	});

	it('to the inside are not followed', async () => {
		const { host, seen } = redirecting('http://192.168.0.1/b.mp4');
		host.refused.push('192.168.0.1');
		await expect(look(host)).rejects.toMatchObject({ message: 'inside' });
		expect(seen).toHaveLength(1);
	});

	it.each(['file:///etc/passwd', 'http://', '/loop'])('to %s lead nowhere', async (location) => {
		const { host } = redirecting(location);
		await expect(look(host)).rejects.toBeInstanceOf(MediaError);
	});
});
