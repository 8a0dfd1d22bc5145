/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// A valid MP4 of any size that exists nowhere: its header is real, its picture data is the same piece again and again.

import { Readable } from 'node:stream';

import { box, ftyp, moov } from '../test/support/tinyMp4';
import { type LocalServer, serve } from './localServer';

const PIECE = Buffer.alloc(256 * 1024, 7);
const BOX_HEADER_BYTES = 8;

/** Serves such a video of `bytes` bytes, whatever is asked for. */
export async function serveBigVideo(bytes: number): Promise<LocalServer> {
	const head = Buffer.concat([ftyp, moov()]);
	const mdat = box('mdat');
	const pictureBytes = bytes - head.length - BOX_HEADER_BYTES;
	mdat.writeUInt32BE(pictureBytes + BOX_HEADER_BYTES);
	function* pieces(): Generator<Buffer> {
		yield Buffer.concat([head, mdat]);
		for (let left = pictureBytes; left > 0; left -= PIECE.length) {
			yield PIECE.subarray(0, Math.min(left, PIECE.length));
		}
	}
	return await serve((_request, response) => {
		response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': bytes });
		Readable.from(pieces()).pipe(response);
	});
}
