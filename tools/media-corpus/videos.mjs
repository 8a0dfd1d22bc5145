// Clips: MP4 and MOV as encoders, phones, browsers and streaming services write them.

import { at, box, convert, ffmpeg, join8, patch, scratch, u32 } from './tools.mjs';

/** @param {number} seconds */
const picture = (seconds, size = '256x240', rate = 10) => [
	'-f',
	'lavfi',
	'-i',
	`testsrc=s=${size}:r=${rate}:d=${seconds}`,
];
/** @param {number} seconds */
const sound = (seconds) => ['-f', 'lavfi', '-i', `sine=f=300:r=16000:d=${seconds}`];
const H264 = [
	'-c:v',
	'libx264',
	'-preset',
	'veryfast',
	'-crf',
	'45',
	'-pix_fmt',
	'yuv420p',
	'-threads',
	'1',
];
const AAC = ['-c:a', 'aac', '-b:a', '16k'];

function mp4s() {
	/** @param {string} name @param {string[]} args @param {string[]} [inputs] */
	const mp4 = (name, args, inputs = [...picture(2), ...sound(2)]) =>
		ffmpeg(`valid/mp4/${name}.mp4`, [...H264, ...AAC, ...args], inputs);
	mp4('moov-last', []);
	mp4('faststart', ['-movflags', '+faststart']);
	mp4('no-audio', [], picture(2));
	mp4('b-frames', ['-bf', '3', '-g', '30'], picture(3, '256x240', 25));
	mp4('short-audio', [], [...picture(3), ...sound(1)]);
	mp4('long-audio', [], [...picture(2), ...sound(4)]);
	mp4('late-audio', [], [...picture(2), '-itsoffset', '0.5', ...sound(2)]);
	mp4('late-video', [], ['-itsoffset', '0.5', ...picture(2), ...sound(2)]);
	mp4('tall', [], picture(2, '240x1920', 5));
	mp4('wide-pixels', ['-vf', 'setsar=4/3'], picture(2));
	mp4('30-fps', [], picture(2.5, '240x240', 30));
	mp4('29.97-fps', ['-r', '30000/1001'], picture(2, '240x240', 30));
	mp4('odd-timescale', ['-video_track_timescale', '12345'], picture(2));
	mp4('ten-seconds', ['-g', '1'], picture(10, '240x240', 2));
	mp4('tagged', ['-metadata', 'title=words', '-metadata', 'comment=more words'], picture(2));
	mp4('free-before-moov', ['-moov_size', '40000']);
	mp4('frag-keyframe', ['-g', '5', '-movflags', 'frag_keyframe+empty_moov']);
	mp4('frag-dash', ['-g', '5', '-movflags', 'dash+frag_keyframe+empty_moov+default_base_moof']);
	mp4('frag-sidx', [
		'-g',
		'10',
		'-movflags',
		'frag_keyframe+empty_moov+default_base_moof+global_sidx',
	]);
	mp4('frag-every-frame', ['-movflags', 'frag_every_frame+empty_moov']);
	mp4('frag-moov-with-samples', ['-g', '5', '-movflags', 'frag_keyframe']);
	mp4('frag-no-audio', ['-g', '5', '-movflags', 'frag_keyframe+empty_moov'], picture(2));
	mp4(
		'frag-b-frames',
		['-bf', '2', '-g', '10', '-movflags', 'frag_keyframe+empty_moov'],
		picture(2, '256x240', 25),
	);
	mp4(
		'hevc',
		['-c:v', 'libx265', '-x265-params', 'log-level=error:pools=1', '-crf', '45', '-tag:v', 'hvc1'],
		picture(2),
	);
	mp4('mpeg4', ['-c:v', 'mpeg4', '-q:v', '31'], picture(2));
	mp4('vp9', ['-c:v', 'libvpx-vp9', '-b:v', '20k', '-cpu-used', '8'], picture(2));
	mp4('mp3-audio', ['-c:a', 'libmp3lame', '-b:a', '24k']);
	mp4('m4v-brand', ['-brand', 'M4V ']);
	mp4('timecode', ['-timecode', '00:00:10:00'], picture(2));
	mp4('two-videos', ['-map', '0', '-map', '1'], [...picture(2), ...picture(2, '320x240')]);
	mp4(
		'cover',
		['-map', '0', '-map', '1', '-c:v:1', 'mjpeg', '-disposition:v:1', 'attached_pic'],
		[...picture(2), '-i', scratch('cover.jpg')],
	);
	for (const degrees of [90, 180, 270])
		ffmpeg(
			`valid/mp4/rotated-${degrees}.mp4`,
			['-c', 'copy', '-metadata:s:v', `rotate=${degrees}`],
			['-i', at('valid/mp4/no-audio.mp4')],
		);
	// Cut without encoding: the samples before the cut stay, an edit list hides them.
	ffmpeg(
		'valid/mp4/edit-list.mp4',
		['-c', 'copy'],
		['-ss', '1.2', '-i', at('valid/mp4/b-frames.mp4')],
	);

	patch('valid/mp4/moov-last.mp4', 'valid/mp4/mdat-64-bit.mp4', (b) => {
		// ffmpeg leaves an empty box of 8 bytes before the data for just this.
		const free = b.indexOf('free', 0, 'latin1') - 4;
		const size = b.readUInt32BE(free + 8);
		join8(u32(1), 'mdat', u32(0), u32(size + 8)).copy(b, free);
		return b;
	});
	// A piece of a stream that has been running for a while.
	patch('valid/mp4/frag-no-audio.mp4', 'valid/mp4/frag-late-start.mp4', (b) => {
		for (let i = b.indexOf('tfdt'); i > 0; i = b.indexOf('tfdt', i + 4))
			b.writeBigUInt64BE(b.readBigUInt64BE(i + 8) + 1_024_000n, i + 8);
		return b;
	});
	patch('valid/mp4/faststart.mp4', 'valid/mp4/mdat-to-the-end.mp4', (b) => {
		b.writeUInt32BE(0, b.indexOf('mdat', 0, 'latin1') - 4);
		return b;
	});
	patch('valid/mp4/moov-last.mp4', 'valid/mp4/moov-to-the-end.mp4', (b) => {
		b.writeUInt32BE(0, b.indexOf('moov', 0, 'latin1') - 4);
		return b;
	});
	patch('valid/mp4/moov-last.mp4', 'valid/mp4/boxes-behind.mp4', (b) =>
		join8(b, box('uuid', Buffer.alloc(40)), box('free', Buffer.alloc(3))),
	);
}

function movs() {
	/** @param {string} name @param {string[]} args @param {string[]} [inputs] */
	const mov = (name, args, inputs = [...picture(2), ...sound(2)]) =>
		ffmpeg(`valid/mov/${name}.mov`, [...H264, ...AAC, ...args], inputs);
	mov('h264', []);
	mov('faststart', ['-movflags', '+faststart']);
	mov('pcm-audio', ['-c:a', 'pcm_s16le', '-ar', '8000']);
	mov('mjpeg', ['-c:v', 'mjpeg', '-q:v', '31', '-pix_fmt', 'yuvj420p'], picture(2, '240x240', 3));
	mov(
		'prores',
		['-c:v', 'prores_ks', '-profile:v', '0', '-qscale:v', '31', '-pix_fmt', 'yuv422p10le'],
		picture(2, '240x240', 2),
	);
	mov('timecode', ['-timecode', '00:00:10:00'], picture(2));
	mov('fragmented', ['-g', '5', '-movflags', 'frag_keyframe+empty_moov']);
	ffmpeg(
		'valid/mov/rotated.mov',
		['-c', 'copy', '-metadata:s:v', 'rotate=90'],
		['-i', at('valid/mov/h264.mov')],
	);
	const afterType = (/** @type {Buffer} */ b) => b.subarray(b.readUInt32BE(0));
	// Older QuickTime files begin with their data; as offsets count from the file's start, it stays in place.
	patch('valid/mov/h264.mov', 'valid/mov/no-type.mov', (b) =>
		join8(box('wide', Buffer.alloc(b.readUInt32BE(0) - 8)), afterType(b)),
	);
	patch('valid/mov/h264.mov', 'valid/mov/skip-first.mov', (b) =>
		join8(box('skip', Buffer.alloc(b.readUInt32BE(0) - 8)), afterType(b)),
	);
}

/** Makes all clips; `photo` is a picture to cover one with. @param {string} photo */
export function makeVideos(photo) {
	convert([photo, '-quality', '30', scratch('cover.jpg')]);
	mp4s();
	movs();
}
