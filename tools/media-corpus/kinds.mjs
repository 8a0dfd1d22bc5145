// Files of kinds that Wan does not take: each must be told by its name.

import { gzipSync } from 'node:zlib';

import { at, box, convert, ffmpeg, join8, run, scratch, u16, u32, write } from './tools.mjs';

const picture = ['-f', 'lavfi', '-i', 'testsrc=s=128x96:r=5:d=1'];
const sound = ['-f', 'lavfi', '-i', 'sine=f=300:r=16000:d=1'];

/** Makes them all, from a picture. @param {string} photo */
export function makeKinds(photo) {
	const to = (/** @type {string} */ name) => at(`invalid/kinds/${name}`);
	const small = [photo, '-resize', '96x72!'];
	convert([...small, '-colors', '32', to('still.gif')]);
	convert([
		'-delay',
		'10',
		...small,
		'(',
		'+clone',
		'-flop',
		')',
		'-colors',
		'32',
		to('animated.gif'),
	]);
	convert([...small, '-compress', 'LZW', '-endian', 'LSB', to('little-endian.tiff')]);
	convert([...small, '-compress', 'LZW', '-endian', 'MSB', to('big-endian.tiff')]);
	convert([...small, '-compress', 'RLE', to('layers.psd')]);
	convert([...small, '-resize', '32x32!', to('icon.ico')]);
	convert([...small, '-quality', '20', to('still.jp2')]);
	run('convert', [...small, scratch('small.png')]);
	run('heif-enc', ['-q', '20', scratch('small.png'), '-o', to('phone.heic')]);
	run('heif-enc', ['-A', '-q', '20', scratch('small.png'), '-o', to('still.avif')]);
	write(
		'invalid/kinds/general-brand.heic',
		join8(
			box('ftyp', Buffer.from('mif1\0\0\0\0mif1heic', 'latin1')),
			box('meta', Buffer.alloc(60)),
		),
	);
	write('invalid/kinds/heic-named.jpg', box('ftyp', Buffer.from('heix\0\0\0\0mif1heix', 'latin1')));
	write(
		'invalid/kinds/general-brand.avif',
		box('ftyp', Buffer.from('mif1\0\0\0\0mif1avifmiaf', 'latin1')),
	);
	write(
		'invalid/kinds/boxed.jxl',
		join8(u32(12), 'JXL \r\n\x87\n', box('ftyp', Buffer.from('jxl \0\0\0\0jxl ', 'latin1'))),
	);
	write(
		'invalid/kinds/drawing.svg',
		'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n',
	);

	/** @param {string} name @param {string[]} args @param {string[]} inputs */
	const clip = (name, args, inputs) =>
		ffmpeg(`invalid/kinds/${name}`, ['-b:v', '20k', ...args], inputs);
	const both = [...picture, ...sound];
	clip('vp8.webm', ['-c:v', 'libvpx', '-c:a', 'libopus'], both);
	clip('vp9.webm', ['-c:v', 'libvpx-vp9', '-cpu-used', '8'], picture);
	clip('h264.mkv', ['-c:v', 'libx264', '-c:a', 'aac'], both);
	clip('mpeg4.avi', ['-c:v', 'mpeg4', '-c:a', 'libmp3lame'], both);
	clip('flash.flv', ['-c:v', 'flv', '-ar', '22050'], both);
	clip('windows.asf', ['-c:v', 'wmv2', '-c:a', 'wmav2'], both);
	clip('broadcast.m2t', ['-c:v', 'libx264', '-c:a', 'aac', '-f', 'mpegts'], both);
	clip('disc.mpg', ['-c:v', 'mpeg2video', '-c:a', 'mp2', '-r', '25', '-f', 'dvd'], both);
	clip('elementary.m1v', ['-c:v', 'mpeg1video', '-r', '25', '-f', 'mpeg1video'], picture);
	clip('phone.3gp', ['-c:v', 'libx264', '-c:a', 'aac', '-ar', '8000'], both);
	clip('vorbis.ogg', ['-c:a', 'libvorbis'], sound);
	clip('opus.ogg', ['-c:a', 'libopus'], sound);
	clip('lossless.flac', ['-c:a', 'flac'], sound);
	clip('raw.aac', ['-c:a', 'aac', '-f', 'adts'], sound);
	clip('sound.m4a', ['-c:a', 'aac'], sound);
	clip('sound-named.mp4', ['-c:a', 'aac', '-f', 'mp4'], sound);
	clip('sound.aiff', ['-c:a', 'pcm_s16be', '-ar', '8000'], sound);
	clip('sound.caf', ['-c:a', 'pcm_s16be', '-ar', '8000'], sound);
	clip('layer-2.mp2', ['-c:a', 'mp2', '-b:a', '32k'], sound);
	clip('mp3-named.wav', ['-c:a', 'libmp3lame', '-f', 'mp3'], sound);
	write('invalid/kinds/speech.amr', join8('#!AMR\n', Buffer.alloc(64, 0x3c)));
	write('invalid/kinds/notes.mid', join8('MThd', u32(6), u16(0), u16(1), u16(96)));

	write(
		'invalid/kinds/page.mp4',
		'<!doctype html>\n<html><head><title>Not found</title></head><body>Sorry</body></html>\n',
	);
	write('invalid/kinds/page-late.png', '\n\n   <html><body>Log in to go on</body></html>');
	write(
		'invalid/kinds/denied.jpg',
		'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>',
	);
	write('invalid/kinds/error.mp3', '{"error":{"message":"link expired"}}');
	write('invalid/kinds/list.wav', '[]');
	write('invalid/kinds/base64.png', 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ');
	write('invalid/kinds/data-url.png', 'data:image/png;base64,iVBORw0KGgo=');
	write('invalid/kinds/bm-words.bmp', 'BMX is a bicycle sport that began in the seventies.');
	write('invalid/kinds/utf8-mark.mp4', '\ufeff{"status":404}');
	write('invalid/kinds/utf16.mp4', Buffer.from('\ufeff<html></html>', 'utf16le'));
	write('invalid/kinds/paper.pdf', '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n');
	write('invalid/kinds/pictures.zip', join8('PK\x03\x04', Buffer.alloc(30)));
	write('invalid/kinds/packed.gz', gzipSync('words'));
	write('invalid/kinds/empty.png', '');
}
