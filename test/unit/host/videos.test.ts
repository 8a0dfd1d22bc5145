/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
/** Videos into n8n's store: what ends a transfer that would never end by itself. */
import { Readable } from 'node:stream';

import type { IExecuteFunctions } from 'n8n-workflow';

import { clock } from '../../../nodes/WanVideo/host/clock';
import { videoPort } from '../../../nodes/WanVideo/host/videos';
import { mp4Proof } from '../../../nodes/WanVideo/media/mp4';
import { fakeContext } from '../../support/fakeContext';

const MINUTE_MS = 60_000;

/** A host that sends a byte a minute, for as long as it is listened to. */
async function keepTrickle(minutes: number) {
	let elapsedMs = 0;
	jest.spyOn(clock, 'elapsed').mockImplementation(() => elapsedMs);
	function* bytes() {
		for (let minute = 0; minute < minutes; minute += 1) {
			elapsedMs += MINUTE_MS;
			yield Buffer.alloc(1);
		}
	}
	const context: IExecuteFunctions = fakeContext({
		helpers: {
			prepareBinaryData: async (stream: Readable) => ({
				data: Buffer.concat((await stream.toArray()) as Buffer[]).toString('base64'),
				mimeType: 'video/mp4',
			}),
		},
	});
	return await videoPort(context).keep(Readable.from(bytes()), 'a.mp4', mp4Proof());
}

afterEach(() => jest.restoreAllMocks());

it('a transfer that only trickles is ended after 20 minutes', async () => {
	expect(await keepTrickle(500)).toMatchObject({
		ok: false,
		reason: expect.stringMatching(/20 minutes/) as string,
	});
});

it('one that is merely slow comes whole', async () => {
	expect(await keepTrickle(19)).toMatchObject({ ok: true });
});
