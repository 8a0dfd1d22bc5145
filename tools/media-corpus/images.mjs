// Pictures: every kind that Wan takes, in the variants that programs write.

import { at, convert, exiftool, ffmpeg, join8, patch, run, scratch, u16, u32le } from './tools.mjs';

const SIZE = '160x120';
const photo = scratch('photo.png');
const opaque = scratch('opaque.png');
const holes = scratch('holes.png');
const lastPixel = scratch('last-pixel.png');

/** The four pictures all others are made of. */
function sources() {
	convert(['-size', SIZE, 'gradient:#204080-#f0c080', '-swirl', '60', `png24:${photo}`]);
	convert([photo, '-alpha', 'set', `png32:${opaque}`]);
	const hole = ['-alpha', 'set', '-region', '30x20+10+10', '-channel', 'A'];
	convert([photo, ...hole, '-evaluate', 'set', '0', '+channel', '+region', `png32:${holes}`]);
	const corner = ['-alpha', 'set', '-region', '1x1+159+119', '-channel', 'A'];
	const nearly = ['-evaluate', 'set', '99%', '+channel', '+region'];
	convert([photo, ...corner, ...nearly, `png32:${lastPixel}`]);
}

function jpegs() {
	const to = (/** @type {string} */ name) => at(`valid/jpeg/${name}.jpg`);
	convert([photo, '-quality', '60', to('baseline')]);
	convert([photo, '-quality', '60', '-interlace', 'JPEG', to('progressive')]);
	convert([photo, '-colorspace', 'Gray', to('grey')]);
	convert([photo, '-colorspace', 'CMYK', to('cmyk')]);
	convert([photo, '-sampling-factor', '4:4:4', to('444')]);
	convert([photo, '-sampling-factor', '4:2:0', to('420')]);
	convert([photo, '-set', 'comment', 'a comment', to('comment')]);
	convert(['-size', '240x1920', 'gradient:red-blue', '-quality', '20', to('narrow')]);
	convert(['-size', '8000x1000', 'xc:gray', '-quality', '10', to('wide')]);
	ffmpeg('valid/jpeg/ffmpeg.jpg', ['-frames:v', '1'], ['-i', photo]);
	for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
		const name = `valid/jpeg/exif-${orientation}.jpg`;
		convert([photo, '-quality', '40', at(name)]);
		exiftool(name, ['-n', `-Orientation=${orientation}`]);
	}
	convert([photo, '-quality', '40', to('exif-little-endian')]);
	exiftool('valid/jpeg/exif-little-endian.jpg', ['-n', '-ExifByteOrder=II', '-Orientation=6']);
	convert([photo, '-resize', '80', '-quality', '30', scratch('thumb.jpg')]);
	convert([photo, '-quality', '40', to('exif-thumbnail')]);
	const thumb = `-ThumbnailImage<=${scratch('thumb.jpg')}`;
	exiftool('valid/jpeg/exif-thumbnail.jpg', ['-n', thumb, '-Orientation=8']);
	convert([photo, '-quality', '40', to('xmp')]);
	exiftool('valid/jpeg/xmp.jpg', [`-XMP:Description=${'x'.repeat(3000)}`]);
	// A frame header far behind: 70 KB of private segments before it.
	const filler = join8(0xff, 0xef, u16(10_002), Buffer.alloc(10_000, 0x55));
	patch('valid/jpeg/baseline.jpg', 'valid/jpeg/late-frame.jpg', (b) =>
		join8(b.subarray(0, 2), ...Array(7).fill(filler), b.subarray(2)),
	);
	patch('valid/jpeg/baseline.jpg', 'valid/jpeg/fill-bytes.jpg', (b) =>
		join8(b.subarray(0, 2), Buffer.alloc(300, 0xff), b.subarray(2)),
	);
	// Phones append a clip to a photo.
	patch('valid/jpeg/baseline.jpg', 'valid/jpeg/motion-photo.jpg', (b) =>
		join8(b, u32le(0x18000000), 'ftypmp42', Buffer.alloc(67_000, '\x01\x7f\xff\xfe\x20', 'latin1')),
	);
	patch('valid/jpeg/baseline.jpg', 'valid/jpeg/zeros-behind.jpg', (b) =>
		join8(b, Buffer.alloc(512)),
	);
}

function pngs() {
	/** @param {string} name @param {string} from @param {number} type @param {number} depth @param {string[]} [more] */
	const png = (name, from, type, depth, more = []) => {
		const kind = ['-define', `png:color-type=${type}`, '-define', `png:bit-depth=${depth}`];
		convert([from, ...more, ...kind, `png:${at(`valid/png/${name}.png`)}`]);
	};
	png('rgb', photo, 2, 8);
	png('rgb16', photo, 2, 16, ['-resize', '50%']);
	for (const depth of [1, 2, 4, 8, 16])
		png(`grey${depth}`, photo, 0, depth, ['-colorspace', 'Gray', '-resize', '50%']);
	for (const depth of [1, 2, 4, 8])
		png(`palette${depth}`, photo, 3, depth, ['-colors', String(2 ** depth)]);
	png('rgb-interlaced', photo, 2, 8, ['-interlace', 'PNG', '-resize', '60%']);
	for (const [label, from] of [
		['opaque', opaque],
		['holes', holes],
		['last-pixel', lastPixel],
	]) {
		png(`rgba-${label}`, from, 6, 8);
		png(`rgba-${label}-interlaced`, from, 6, 8, ['-interlace', 'PNG']);
		png(`rgba16-${label}`, from, 6, 16);
		png(`grey-alpha-${label}`, from, 4, 8, ['-colorspace', 'Gray']);
		png(`grey-alpha16-${label}`, from, 4, 16, ['-colorspace', 'Gray']);
		ffmpeg(`valid/png/ffmpeg-rgba-${label}.png`, ['-pix_fmt', 'rgba'], ['-i', from]);
	}
	convert([holes, `png8:${at('valid/png/palette-trns.png')}`]);
	for (const filter of [0, 1, 2, 3, 4])
		png(`rgba-filter${filter}`, lastPixel, 6, 8, ['-define', `png:compression-filter=${filter}`]);
	png('rgba-one-row', opaque, 6, 8, ['-crop', '160x1+0+0', '+repage']);
	transparentColours();
	const moving = ['-f', 'lavfi', '-i', 'testsrc=s=240x240:r=5:d=0.6'];
	ffmpeg('valid/png/animated.png', ['-f', 'apng', '-plays', '0'], moving);
	// The palette's alphas behind 70 KB of text.
	patch('valid/png/palette-trns.png', 'valid/png/late-trns.png', (b) => {
		const from = b.indexOf('tRNS', 0, 'latin1') - 4;
		return join8(
			b.subarray(0, from),
			pngChunk('tEXt', Buffer.alloc(70_000, 'a')),
			b.subarray(from),
		);
	});
	patch('valid/png/rgb.png', 'valid/png/appended.png', (b) => join8(b, 'appended by a program'));
}

/** tRNS that names one colour or alphas of the palette, used by a pixel or by none. */
function transparentColours() {
	/** @param {string} from @param {string} to @param {Buffer} content */
	const withTrns = (from, to, content) =>
		patch(`valid/png/${from}.png`, `valid/png/${to}.png`, (b) => {
			const data = b.indexOf('IDAT', 0, 'latin1') - 4;
			return join8(b.subarray(0, data), pngChunk('tRNS', content), b.subarray(data));
		});
	withTrns('grey1', 'grey1-trns-used', u16(1));
	withTrns('grey8', 'grey8-trns-unused', u16(1));
	withTrns('palette1', 'palette1-trns-opaque', Buffer.from([255, 255]));
	withTrns('palette2', 'palette2-trns-used', Buffer.from([255, 255, 254]));
	withTrns('rgb', 'rgb-trns-unused', join8(u16(1), u16(254), u16(3)));
	convert([
		'-size',
		SIZE,
		'xc:#102030',
		'-fill',
		'#405060',
		'-draw',
		'point 7,9',
		`png24:${at('valid/png/two-colours.png')}`,
	]);
	withTrns('two-colours', 'rgb-trns-used', join8(u16(0x40), u16(0x50), u16(0x60)));
}

/** @param {string} type @param {Buffer} content */
export function pngChunk(type, content) {
	const checked = join8(type, content);
	let crc = ~0;
	for (const byte of checked) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return join8(u32le(content.length).reverse(), checked, u32le(~crc).reverse());
}

function bmps() {
	const small = ['-resize', '50%'];
	const to = (/** @type {string} */ name) => at(`valid/bmp/${name}.bmp`);
	convert([photo, ...small, '-type', 'TrueColor', `bmp3:${to('v3')}`]);
	convert([photo, ...small, '-type', 'TrueColor', `bmp:${to('v5')}`]);
	convert([photo, ...small, '-type', 'TrueColor', `bmp2:${to('os2')}`]);
	convert([
		photo,
		...small,
		'-colors',
		'200',
		'-type',
		'Palette',
		'-compress',
		'None',
		`bmp3:${to('8-bit')}`,
	]);
	convert([
		photo,
		...small,
		'-colors',
		'30',
		'-type',
		'Palette',
		'-compress',
		'RLE',
		`bmp3:${to('rle')}`,
	]);
	convert([photo, ...small, '-monochrome', `bmp3:${to('1-bit')}`]);
	convert([holes, ...small, `bmp:${to('alpha')}`]);
	for (const format of ['rgb565le', 'rgb555le', 'bgr24', 'bgra', 'gray'])
		ffmpeg(
			`valid/bmp/ffmpeg-${format}.bmp`,
			['-vf', 'scale=81:61', '-pix_fmt', format],
			['-i', photo],
		);
	// Rows from top to bottom: the same bytes with a negative height show the picture upside down.
	patch('valid/bmp/v3.bmp', 'valid/bmp/top-down.bmp', (b) => {
		b.writeInt32LE(-b.readInt32LE(22), 22);
		return b;
	});
}

function webps() {
	const to = (/** @type {string} */ name) => at(`valid/webp/${name}.webp`);
	run('cwebp', ['-quiet', '-q', '40', photo, '-o', to('lossy')]);
	run('cwebp', ['-quiet', '-lossless', '-resize', '160', '0', photo, '-o', to('lossless')]);
	run('cwebp', ['-quiet', '-q', '40', holes, '-o', to('lossy-alpha')]);
	run('cwebp', ['-quiet', '-lossless', holes, '-o', to('lossless-alpha')]);
	run('cwebp', [
		'-quiet',
		'-q',
		'40',
		'-metadata',
		'all',
		at('valid/jpeg/exif-6.jpg'),
		'-o',
		to('exif-6'),
	]);
	run('cwebp', [
		'-quiet',
		'-lossless',
		'-metadata',
		'all',
		at('valid/jpeg/exif-8.jpg'),
		'-o',
		to('exif-8-lossless'),
	]);
	for (const orientation of [1, 3, 5]) {
		run('cwebp', ['-quiet', '-q', '20', photo, '-o', to(`exif-${orientation}`)]);
		exiftool(`valid/webp/exif-${orientation}.webp`, ['-n', `-Orientation=${orientation}`]);
	}
	run('cwebp', ['-quiet', '-q', '20', photo, '-o', to('xmp')]);
	exiftool('valid/webp/xmp.webp', ['-XMP:Description=words']);
	run('cwebp', ['-quiet', '-q', '5', '-resize', '8000', '1000', photo, '-o', to('wide')]);
	convert(['-delay', '20', photo, '(', photo, '-flop', ')', '-resize', '50%', scratch('two.gif')]);
	run('gif2webp', ['-quiet', '-lossy', '-q', '20', scratch('two.gif'), '-o', to('animated')]);
	run('gif2webp', ['-quiet', scratch('two.gif'), '-o', to('animated-lossless')]);
}

/** Makes all pictures; `photo` is for whoever needs one. */
export function makeImages() {
	sources();
	jpegs();
	pngs();
	bmps();
	webps();
	return { photo, holes };
}
