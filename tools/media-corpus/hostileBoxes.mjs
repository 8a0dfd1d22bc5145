// MP4s made to harm: sizes of zero, huge counts, boxes without end, boxes in boxes.

import { box, bytesOf, join8, u32, write } from './tools.mjs';

const ftyp = box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1'));
const full = (/** @type {string} */ type, /** @type {Uint8Array[]} */ ...contents) =>
	box(type, u32(0), ...contents);
const words = (/** @type {number[]} */ ...values) => Buffer.concat(values.map(u32));
const mvhd = full('mvhd', words(0, 0, 1000, 2000), Buffer.alloc(80));
const mdat = box('mdat', Buffer.alloc(64, 7));

/** @param {Record<string, Buffer>} [boxes] in place of the usual ones */
function track(boxes = {}) {
	const tkhd = full('tkhd', words(0, 0, 1), Buffer.alloc(60), words(320 << 16, 240 << 16));
	const mdhd = full('mdhd', words(0, 0, 1000, 2000, 0));
	const hdlr = full('hdlr', u32(0), Buffer.from('vide'), Buffer.alloc(13));
	const entry = box('avc1', Buffer.alloc(24), Buffer.from([1, 64, 0, 240]), Buffer.alloc(50));
	const stbl = box(
		'stbl',
		boxes.stsd ?? full('stsd', u32(1), entry),
		boxes.stts ?? full('stts', words(1, 20, 100)),
		boxes.stsz ?? full('stsz', words(0, 0)),
	);
	const mdia = box('mdia', boxes.mdhd ?? mdhd, boxes.hdlr ?? hdlr, box('minf', stbl));
	return box('trak', boxes.tkhd ?? tkhd, boxes.edts ?? Buffer.alloc(0), mdia);
}

/** @param {string} name @param {Array<Uint8Array>} parts */
const mp4 = (name, ...parts) => write(`hostile/mp4-${name}.mp4`, join8(...parts));
/** @param {string} name @param {...Buffer} inside */
const movie = (name, ...inside) => mp4(name, ftyp, box('moov', mvhd, ...inside), mdat);

/** A deep nest of one type. @param {string} type @param {number} depth */
function nested(type, depth) {
	const headers = [];
	for (let level = depth; level > 0; level -= 1) headers.push(u32(level * 8), Buffer.from(type));
	return Buffer.concat(headers);
}

/** Makes them all. */
export function makeHostileBoxes() {
	movie('plain', track());
	mp4('box-of-zero', ftyp, box('free'), u32(4), Buffer.from('free'), Buffer.alloc(100));
	mp4('box-of-one', ftyp, u32(1), Buffer.from('free'), Buffer.alloc(8), Buffer.alloc(100));
	mp4(
		'box-of-2-63',
		ftyp,
		u32(1),
		Buffer.from('free'),
		words(0x7fffffff, 0xffffffff),
		Buffer.alloc(100),
	);
	mp4('box-of-2-64', ftyp, u32(1), Buffer.from('free'), Buffer.alloc(8, 0xff), Buffer.alloc(100));
	mp4('many-boxes', ftyp, ...Array(6000).fill(box('free')));
	mp4('moov-of-4-gb', ftyp, u32(0xffffffff), Buffer.from('moov'), Buffer.alloc(100));
	mp4(
		'moov-of-2-63',
		ftyp,
		u32(1),
		Buffer.from('moov'),
		words(0x7fffffff, 0xffffffff),
		Buffer.alloc(99),
	);
	mp4('moov-empty', ftyp, box('moov'), mdat);
	mp4('two-moovs', ftyp, box('moov', mvhd, track()), box('moov', Buffer.alloc(500)), mdat);
	mp4('no-moov', ftyp, mdat);
	mp4('only-type', ftyp);
	mp4('type-of-zero', u32(0), Buffer.from('ftypisom'), Buffer.alloc(90));
	mp4('ftyp-long', u32(0xfffffff0), Buffer.from('ftypisom'), Buffer.alloc(90));
	movie('nested-traks', nested('trak', 3000));
	mp4('nested-moovs', ftyp, nested('moov', 3000), mdat);
	movie('nested-mdias', box('trak', nested('mdia', 3000)));
	movie('many-tracks', ...Array(150).fill(track()));
	movie('many-empty-tracks', ...Array(6000).fill(box('trak')));
	movie('child-of-zero', u32(0), Buffer.from('trak'), track().subarray(8));
	movie('child-too-long', u32(9999), Buffer.from('trak'), Buffer.alloc(60));
	movie('stts-count', track({ stts: full('stts', words(0xffffffff, 20, 100)) }));
	movie('stts-samples', track({ stts: full('stts', words(1, 0xffffffff, 1)) }));
	movie('stts-ticks', track({ stts: full('stts', words(1, 0xffffffff, 0xffffffff)) }));
	movie('stts-short', track({ stts: box('stts', Buffer.alloc(3)) }));
	movie('stsz-count', track({ stsz: full('stsz', words(1, 0xffffffff)) }));
	movie('stsd-count', track({ stsd: full('stsd', words(0xffffffff)) }));
	movie('stsd-short', track({ stsd: full('stsd', u32(1), box('avc1', Buffer.alloc(5))) }));
	movie('mdhd-scale-zero', track({ mdhd: full('mdhd', words(0, 0, 0, 2000, 0)) }));
	movie('mdhd-unknown', track({ mdhd: full('mdhd', words(0, 0, 1000, 0xffffffff, 0)) }));
	movie('hdlr-short', track({ hdlr: box('hdlr', Buffer.alloc(5)) }));
	movie('tkhd-empty', track({ tkhd: box('tkhd') }));
	movie(
		'elst-count',
		track({ edts: box('edts', full('elst', words(0xffffffff, 1000, 0, 0x10000))) }),
	);
	movie(
		'elst-long',
		track({
			edts: box(
				'edts',
				box('elst', u32(0x01000000), words(1, 0x7fffffff, 0xffffffff, 0, 0, 0x10000)),
			),
		}),
	);
	mp4('mvhd-scale-zero', ftyp, box('moov', full('mvhd', Buffer.alloc(96)), track()), mdat);
	mp4('mvhd-short', ftyp, box('moov', box('mvhd', Buffer.alloc(4)), track()), mdat);
	const mvex = box('mvex', full('trex', words(1, 1, 100, 0, 0)));
	const run = (/** @type {number} */ count, flags = 0) =>
		box('moof', box('traf', full('tfhd', u32(1)), box('trun', u32(flags), words(count, 5, 5))));
	const fragmented = box('moov', mvhd, mvex, track({ stts: full('stts', u32(0)) }));
	mp4('trun-count', ftyp, fragmented, run(0xffffffff), mdat);
	mp4('trun-listed-count', ftyp, fragmented, run(0xffffffff, 0x100), mdat);
	mp4('many-fragments', ftyp, fragmented, ...Array(700).fill(run(2)), mdat);
	mp4('fragments-empty', ftyp, fragmented, ...Array(3000).fill(box('moof')), mdat);
	mp4('moof-of-4-gb', ftyp, fragmented, u32(0xffffffff), Buffer.from('moof'), Buffer.alloc(60));
	const far = join8(u32(0), Buffer.from([1]), Buffer.alloc(3)).subarray(4);
	mp4(
		'tfdt-huge',
		ftyp,
		fragmented,
		box('moof', box('traf', full('tfhd', u32(1)), box('tfdt', far, Buffer.alloc(8, 0xff)))),
		mdat,
	);
	// The shape of two endless loops known from another reader: a picture's box of no size.
	write(
		'hostile/heif-box-of-zero.heic',
		join8(box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')), Buffer.alloc(64)),
	);
	write('hostile/jxl-box-of-zero.jxl', join8(u32(12), 'JXL \r\n\x87\n', Buffer.alloc(64)));
	write('hostile/jp2-box-of-zero.jp2', join8(u32(12), 'jP  \r\n\x87\n', Buffer.alloc(64)));
	const mov = bytesOf('valid/mov/h264.mov');
	write('hostile/mov-free-first.mov', join8(box('free'), box('skip'), box('wide'), mov));
	write(
		'hostile/noise.bin',
		Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31 + (i >> 3) * 17) & 255)),
	);
	write('hostile/zeros.bin', Buffer.alloc(20_000));
}
