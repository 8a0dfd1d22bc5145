// Files that are cut off, and files made to harm who reads them: endless loops, huge counts, bombs.

import { deflateSync } from 'node:zlib';

import { pngChunk } from './images.mjs';
import { id3 } from './audio.mjs';
import { bytesOf, chunk, join8, u16, u32, u32le, write } from './tools.mjs';

/** Where each file is cut: after so many bytes, a share of it, or before this text. @type {Array<[string, Array<number | string>]>} */
const CUTS = [
	['jpeg/baseline.jpg', [1, 2, 3, 11, 20, 0.5, 0.99, -1]],
	['jpeg/progressive.jpg', [0.3, 0.7]],
	['jpeg/exif-6.jpg', [30]],
	['png/rgb.png', [4, 8, 16, 29, 'IDAT', 0.5, 'IEND', -1]],
	['png/rgba-opaque.png', [0.5, 0.95]],
	['bmp/v3.bmp', [2, 18, 40, 60, 0.5, -1]],
	['webp/lossy.webp', [8, 12, 20, 0.5, -1]],
	['webp/animated.webp', [30, 0.5]],
	['webp/exif-6.webp', [30, 'EXIF', -1]],
	['wav/pcm_s16le.wav', [4, 12, 20, 'data', 44, 0.5, -2]],
	['mp3/cbr.mp3', [3, 10, 100, 0.5]],
	['mp3/vbr-bare.mp3', [4, 300, 0.5]],
	['mp3/id3-huge.mp3', [10, 1000]],
	['mp4/moov-last.mp4', [4, 8, 20, 40, 0.5, 'moov', 'trak', 'stsd', -1]],
	['mp4/faststart.mp4', [40, 'trak', 'stsd', 'mdat', 0.9, -1]],
	['mp4/frag-keyframe.mp4', ['moof', 0.5, -1]],
	['mov/h264.mov', [30, 'moov', -1]],
];

function cutOff() {
	for (const [name, cuts] of CUTS)
		for (const [number, cut] of cuts.entries()) {
			const bytes = bytesOf(`valid/${name}`);
			const place =
				typeof cut === 'string'
					? bytes.indexOf(cut, 0, 'latin1') - 4
					: cut < 0
						? bytes.length + cut
						: cut < 1
							? Math.floor(bytes.length * cut)
							: cut;
			const short = bytes.subarray(0, place);
			const [folder, file] = name.split('/');
			write(
				`invalid/cut/${folder}-${number + 1}-${file}`,
				short.length > 40_000 ? short.subarray(0, 40_000) : short,
			);
		}
}

const ihdr = (
	/** @type {number} */ width,
	/** @type {number} */ height,
	type = 6,
	depth = 8,
	interlace = 0,
) => pngChunk('IHDR', join8(u32(width), u32(height), depth, type, 0, 0, interlace));
const PNG = '\x89PNG\r\n\x1a\n';
const END = pngChunk('IEND', Buffer.alloc(0));
/** Opaque white rows of RGBA. @param {number} width @param {number} height */
const opaqueRows = (width, height) =>
	deflateSync(
		Buffer.alloc(
			(width * 4 + 1) * height,
			Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 4, 255)]),
		),
		{ level: 9 },
	);

function hostilePictures() {
	const png = (/** @type {string} */ name, /** @type {Uint8Array[]} */ ...parts) =>
		write(`hostile/png-${name}.png`, join8(PNG, ...parts));
	const idat = (/** @type {Uint8Array} */ data) => pngChunk('IDAT', data);
	png('bomb', ihdr(4000, 4000), idat(opaqueRows(4000, 4000)), END);
	png('bomb-small-size', ihdr(2, 2), idat(opaqueRows(4000, 1000)), END);
	png('bomb-of-zeros', ihdr(8000, 8000), idat(deflateSync(Buffer.alloc(20_000_000))), END);
	png('bomb-huge-size', ihdr(0x7fffffff, 0x7fffffff), idat(opaqueRows(1000, 1000)), END);
	png('bomb-one-row', ihdr(0x7fffffff, 1), idat(opaqueRows(1000, 1000)), END);
	png('bomb-one-column', ihdr(1, 0x7fffffff), idat(opaqueRows(1, 1000)), END);
	png('bomb-interlaced', ihdr(30000, 30000, 6, 16, 1), idat(opaqueRows(1000, 1000)), END);
	png('too-few-rows', ihdr(100, 100), idat(opaqueRows(100, 50)), END);
	png('bad-filter', ihdr(10, 10), idat(deflateSync(Buffer.alloc(410, 9))), END);
	png('no-zlib', ihdr(10, 10), idat(Buffer.alloc(300, 0xaa)), END);
	png(
		'rubbish-after-zlib',
		ihdr(10, 10),
		idat(join8(opaqueRows(10, 10), Buffer.alloc(5000, 7))),
		END,
	);
	png('empty-idats', ihdr(10, 10), ...Array(4000).fill(idat(Buffer.alloc(0))), END);
	png('endless-chunks', ihdr(10, 10), ...Array(5500).fill(pngChunk('aaAa', Buffer.alloc(0))));
	png('chunk-of-2-gb', ihdr(10, 10), u32(0x7fffffff), Buffer.from('aaAa'));
	png('chunk-of-4-gb', ihdr(10, 10), u32(0xffffffff), Buffer.from('aaAa'));
	png('idat-of-2-gb', ihdr(10, 10), u32(0x7fffffff), Buffer.from('IDAT'), opaqueRows(10, 5));
	png('no-header', pngChunk('IDAT', Buffer.alloc(9)), END);
	png('size-zero', ihdr(0, 10), idat(Buffer.alloc(9)), END);
	png('bad-depth', ihdr(10, 10, 3, 16), idat(Buffer.alloc(9)), END);
	png(
		'empty-trns',
		ihdr(10, 10, 2),
		pngChunk('tRNS', Buffer.alloc(0)),
		idat(deflateSync(Buffer.alloc(310))),
		END,
	);
	png(
		'huge-trns',
		ihdr(10, 10, 3),
		pngChunk('tRNS', Buffer.alloc(9000)),
		idat(deflateSync(Buffer.alloc(110))),
		END,
	);
	png('apple', pngChunk('CgBI', Buffer.alloc(4)), ihdr(10, 10), idat(Buffer.alloc(99)), END);

	const jpeg = (/** @type {string} */ name, /** @type {Array<Uint8Array | number>} */ ...parts) =>
		write(`hostile/jpeg-${name}.jpg`, join8(0xff, 0xd8, ...parts));
	const exif = (/** @type {Buffer} */ tiff) =>
		join8(0xff, 0xe1, u16(tiff.length + 8), 'Exif\0\0', tiff);
	const frame = (w = 300, h = 200) =>
		join8(0xff, 0xc0, u16(17), 8, u16(h), u16(w), 3, Buffer.alloc(9));
	const scan = join8(0xff, 0xda, u16(8), Buffer.alloc(60), 0xff, 0xd9);
	jpeg('endless-segments', ...Array(10_000).fill(join8(0xff, 0xe0, u16(2))));
	jpeg('endless-restarts', Buffer.alloc(40_000, '\xff\xd0', 'latin1'));
	jpeg('endless-fill', Buffer.alloc(76_000, 0xff));
	jpeg('fill-runs', ...Array(12).fill(join8(Buffer.alloc(4000, 0xff), 0xe0, u16(2))));
	jpeg('segment-of-zero', 0xff, 0xe0, u16(0), Buffer.alloc(50));
	jpeg('size-zero', frame(0, 0), scan);
	jpeg('scan-first', scan, frame());
	jpeg('end-first', 0xff, 0xd9, frame());
	jpeg(
		'exif-endless',
		exif(join8('II*\0', u32le(8), 0xff, 0xff, Buffer.alloc(40, 0xff))),
		frame(),
		scan,
	);
	jpeg('exif-outside', exif(join8('MM\0*', u32(0xfffffff0), Buffer.alloc(8))), frame(), scan);
	jpeg('exif-itself', exif(join8('MM\0*', u32(0), Buffer.alloc(20))), frame(), scan);
	jpeg('exif-short', exif(Buffer.from('MM')), frame(), scan);
	jpeg('many-frames', ...Array(500).fill(frame()), scan);

	const le = (/** @type {number} */ value) => u32le(value);
	const bmp = (
		/** @type {string} */ name,
		/** @type {number} */ header,
		w = 10,
		h = 10,
		bits = 24,
		offset = 54,
	) =>
		write(
			`hostile/bmp-${name}.bmp`,
			join8(
				'BM',
				le(100),
				le(0),
				le(offset),
				le(header),
				le(w),
				le(h),
				1,
				0,
				bits,
				0,
				Buffer.alloc(200),
			),
		);
	bmp('header-of-4-gb', 0xffffffff);
	bmp('header-of-20', 20);
	bmp('size-zero', 40, 0, 0);
	bmp('lowest-height', 40, 10, 0x80000000);
	bmp('negative-width', 40, 0xfffffff0, 10);
	bmp('huge', 40, 0x7fffffff, 0x7fffffff, 32);
	bmp('bad-bits', 40, 10, 10, 77);
	bmp('offset-outside', 40, 10, 10, 24, 0xffffffff);

	const webp = (
		/** @type {string} */ name,
		/** @type {Buffer} */ content,
		size = content.length + 4,
	) => write(`hostile/webp-${name}.webp`, join8('RIFF', le(size), 'WEBP', content));
	const vp8x = (flags = 0) => chunk('VP8X', join8(flags, 0, 0, 0, 99, 0, 0, 99, 0, 0));
	webp('no-picture', join8(vp8x(8), chunk('ICCP', Buffer.alloc(50))));
	webp('endless-chunks', join8(vp8x(8), ...Array(2500).fill(chunk('junk', Buffer.alloc(0)))));
	webp('chunk-of-4-gb', join8(vp8x(8), 'junk', le(0xffffffff), Buffer.alloc(9)), 0xfffffff0);
	webp(
		'exif-of-4-gb',
		join8(vp8x(8), chunk('VP8L', Buffer.alloc(9)), 'EXIF', le(0xfffffffe), 'II*\0'),
		0xfffffff0,
	);
	webp('size-zero', chunk('VP8 ', join8(0, 0, 0, 0x9d, 1, 0x2a, Buffer.alloc(20))), 0);
	webp('bad-frame', chunk('VP8L', Buffer.alloc(30)));
	webp('unknown-first', chunk('VP9 ', Buffer.alloc(30)));
}

function hostileSound() {
	const le = (/** @type {number} */ value) => u32le(value);
	const fmt = (rate = 8000, block = 2, tag = 1) =>
		chunk('fmt ', join8(tag, 0, 1, 0, le(rate), le(rate * block), block, 0, 16, 0));
	const wav = (/** @type {string} */ name, /** @type {Uint8Array[]} */ ...parts) =>
		write(`hostile/wav-${name}.wav`, join8('RIFF', le(0xfffffff0), 'WAVE', ...parts));
	wav('endless-chunks', fmt(), ...Array(2500).fill(chunk('junk', Buffer.alloc(0))));
	wav('chunk-of-4-gb', fmt(), Buffer.from('junk'), le(0xffffffff), Buffer.alloc(50));
	wav('rate-zero', fmt(0), chunk('data', Buffer.alloc(50)));
	wav('block-zero', fmt(8000, 0), chunk('data', Buffer.alloc(50)));
	wav('data-first', chunk('data', Buffer.alloc(50)), fmt());
	wav('format-of-2', chunk('fmt ', Buffer.alloc(2)), chunk('data', Buffer.alloc(50)));
	wav('no-data', fmt());
	wav('fact-lies', fmt(8000, 2, 2), chunk('fact', le(0xffffffff)), chunk('data', Buffer.alloc(50)));
	write(
		'hostile/wav-ds64-huge.wav',
		join8(
			'RF64',
			le(0xffffffff),
			'WAVE',
			chunk('ds64', Buffer.alloc(28, 0xff)),
			fmt(),
			'data',
			le(0xffffffff),
			Buffer.alloc(99),
		),
	);

	const vbr = bytesOf('valid/mp3/vbr.mp3');
	const bare = bytesOf('valid/mp3/cbr-bare.mp3');
	const mp3 = (
		/** @type {string} */ name,
		/** @type {Array<Uint8Array | number | string>} */ ...parts
	) => write(`hostile/mp3-${name}.mp3`, join8(...parts));
	const at = vbr.indexOf('Xing', 0, 'latin1');
	mp3('all-ff', Buffer.alloc(76_000, 0xff));
	mp3('all-sync', Buffer.alloc(76_000, '\xff\xfb\x90\x00', 'latin1'));
	mp3('no-second-frame', Buffer.alloc(76_000, join8(0xff, 0xfb, 0x90, 0, Buffer.alloc(50))));
	mp3('id3-of-256-mb', 'ID3\x03\0\0\x7f\x7f\x7f\x7f', bare.subarray(0, 3000));
	mp3('id3-endless', ...Array(500).fill(id3(0)), bare.subarray(0, 3000));
	mp3('id3-only', id3(4000));
	mp3('rubbish-of-66-kb', Buffer.alloc(66_000, 0x80), bare.subarray(0, 3000));
	mp3('rubbish-behind', bare.subarray(0, 6000), Buffer.alloc(76_000, 0x80));
	mp3('xing-huge', vbr.subarray(0, at + 8), u32(0xffffffff), vbr.subarray(at + 12));
	mp3('xing-zero', vbr.subarray(0, at + 8), u32(0), vbr.subarray(at + 12));
	mp3('xing-bytes-huge', vbr.subarray(0, at + 12), u32(0xffffffff), vbr.subarray(at + 16));
	mp3('xing-all-flags', vbr.subarray(0, at + 4), u32(0xffffffff), vbr.subarray(at + 8));
	mp3('free-format', Buffer.alloc(30_000, join8(0xff, 0xfb, 0x00, 0, Buffer.alloc(400))));
}

/** Makes the files that are cut and those that are meant to harm, boxes aside. */
export function makeBroken() {
	cutOff();
	hostilePictures();
	hostileSound();
}
