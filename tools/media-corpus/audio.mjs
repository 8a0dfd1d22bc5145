// Sound: WAV and MP3 as programs write them, and as pipes, taggers and cutters leave them.

import {
	at,
	bytesOf,
	chunk,
	ffmpeg,
	join8,
	patch,
	run,
	scratch,
	u32,
	u32le,
	write,
} from './tools.mjs';

/** A tone that changes, so that variable bit rates vary. @param {number} seconds */
const tone = (seconds, rate = 44100) => [
	'-f',
	'lavfi',
	'-i',
	`aevalsrc='0.4*sin(2*PI*(200+300*t)*t)*(0.2+abs(sin(3*t)))':s=${rate}:d=${seconds}`,
];

function wavs() {
	/** @param {string} name @param {string[]} args @param {number} [seconds] */
	const wav = (name, args, seconds = 2) =>
		ffmpeg(`valid/wav/${name}.wav`, args, tone(seconds, 3000));
	for (const codec of ['pcm_u8', 'pcm_s16le', 'pcm_s24le', 'pcm_s32le', 'pcm_f32le', 'pcm_f64le'])
		wav(codec, ['-c:a', codec, '-ar', '2000'], 2.5);
	for (const codec of ['pcm_alaw', 'pcm_mulaw', 'adpcm_ms', 'adpcm_ima_wav', 'libgsm_ms'])
		wav(codec.replace('lib', ''), ['-c:a', codec, '-ar', '8000'], 2.2);
	wav('mp3-inside', ['-c:a', 'libmp3lame', '-ar', '16000', '-b:a', '32k'], 2.4);
	wav('extensible', ['-ac', '6', '-ar', '2000'], 2.1);
	wav('tagged', ['-metadata', 'title=a', '-metadata', 'artist=bc'], 2);
	wav('rf64', ['-rf64', 'always'], 2);
	wav('bext', ['-write_bext', '1', '-metadata', 'description=words'], 2);
	wav('stereo', ['-ac', '2', '-ar', '3000'], 2.25);
	wav('no-bitexact', ['-metadata', 'comment=odd'], 2);
	const sox = (/** @type {string} */ name, /** @type {string[]} */ args) =>
		run('sox', [
			'-R',
			'-n',
			'-r',
			'2000',
			...args,
			at(`valid/wav/${name}.wav`),
			'synth',
			'2',
			'sine',
			'300',
		]);
	sox('sox', ['-b', '16']);
	sox('sox-float', ['-e', 'floating-point', '-b', '32']);
	sox('sox-24', ['-b', '24']);
	sox('sox-ima', ['-e', 'ima-adpcm']);
	const piped = [
		'-R',
		'-n',
		'-r',
		'2000',
		'-b',
		'16',
		'-t',
		'wav',
		'-',
		'synth',
		'2',
		'sine',
		'300',
	];
	write('valid/wav/sox-pipe.wav', run('sox', piped));
	const pipe = ['-v', 'error', ...tone(2, 4000), '-f', 'wav', '-bitexact', '-'];
	write('valid/wav/ffmpeg-pipe.wav', run('ffmpeg', pipe));

	const plain = 'valid/wav/pcm_s16le.wav';
	const head = 36; // RIFF, WAVE and the 16 bytes of the format
	patch(plain, 'valid/wav/list-before.wav', (b) =>
		riff(
			b,
			b.subarray(12, head),
			chunk('LIST', Buffer.from('INFOISFT\x04\0\0\0abcd', 'latin1')),
			b.subarray(head),
		),
	);
	patch(plain, 'valid/wav/odd-chunk.wav', (b) =>
		riff(b, b.subarray(12, head), chunk('junk', Buffer.alloc(33)), b.subarray(head)),
	);
	patch(plain, 'valid/wav/junk-first.wav', (b) =>
		riff(b, chunk('JUNK', Buffer.alloc(28)), b.subarray(12)),
	);
	patch(plain, 'valid/wav/many-chunks.wav', (b) =>
		riff(
			b,
			b.subarray(12, head),
			...Array(200).fill(chunk('note', Buffer.alloc(5))),
			b.subarray(head),
		),
	);
	patch(plain, 'valid/wav/tail-chunks.wav', (b) =>
		riff(
			b,
			b.subarray(12),
			chunk('id3 ', Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1')),
			chunk('LIST', Buffer.alloc(40)),
		),
	);
	patch(plain, 'valid/wav/size-zero.wav', (b) => {
		b.writeUInt32LE(0, 4);
		b.writeUInt32LE(0, 40);
		return b;
	});
	patch(plain, 'valid/wav/size-unknown.wav', (b) => {
		b.writeUInt32LE(0xffffffff, 4);
		b.writeUInt32LE(0xffffffff, 40);
		return b;
	});
	patch(plain, 'valid/wav/far-data.wav', (b) =>
		riff(b, b.subarray(12, head), chunk('bext', Buffer.alloc(67_000)), b.subarray(head)),
	);
}

/** A RIFF of the form of `like` with these chunks. @param {Buffer} like @param {...Uint8Array} chunks */
const riff = (like, ...chunks) => {
	const content = join8(...chunks);
	return join8('RIFF', u32le(content.length + 4), like.subarray(8, 12), content);
};

function mp3s() {
	/** @param {string} name @param {string[]} args @param {number} [seconds] */
	const mp3 = (name, args, seconds = 2.5) =>
		ffmpeg(`valid/mp3/${name}.mp3`, ['-c:a', 'libmp3lame', ...args], tone(seconds));
	const bare = ['-write_xing', '0', '-id3v2_version', '0'];
	mp3('cbr', ['-b:a', '48k']);
	mp3('cbr-bare', ['-b:a', '48k', ...bare]);
	mp3('vbr', ['-q:a', '6']);
	mp3('vbr-bare', ['-q:a', '6', ...bare], 4);
	mp3('abr', ['-abr', '1', '-b:a', '48k']);
	mp3('mono-22k', ['-b:a', '32k', '-ar', '22050', '-ac', '1']);
	mp3('mono-22k-bare', ['-b:a', '32k', '-ar', '22050', '-ac', '1', ...bare]);
	mp3('mpeg25-8k', ['-b:a', '16k', '-ar', '8000', '-ac', '1'], 2.5);
	mp3('mpeg25-11k-vbr-bare', ['-q:a', '7', '-ar', '11025', ...bare], 4);
	mp3('32k', ['-b:a', '40k', '-ar', '32000']);
	mp3('48k-stereo', ['-b:a', '48k', '-ar', '48000', '-ac', '2', '-joint_stereo', '0'], 2);
	mp3('joint-stereo', ['-b:a', '48k', '-ac', '2', '-joint_stereo', '1'], 2);
	mp3('id3v23', ['-b:a', '32k', '-id3v2_version', '3', '-metadata', 'title=words'], 2);
	mp3('id3v24', ['-b:a', '32k', '-id3v2_version', '4', '-metadata', 'title=words'], 2);
	mp3('id3v1', ['-b:a', '32k', '-write_id3v1', '1', '-metadata', 'title=words'], 2);
	mp3('two-seconds', ['-q:a', '4'], 2);
	run('sox', [
		'-R',
		'-n',
		'-r',
		'16000',
		'-C',
		'24',
		at('valid/mp3/sox.mp3'),
		'synth',
		'2',
		'sine',
		'300',
	]);

	const cbr = 'valid/mp3/cbr-bare.mp3';
	patch(cbr, 'valid/mp3/id3-huge.mp3', (b) => join8(id3(70_000), b));
	patch('valid/mp3/vbr.mp3', 'valid/mp3/id3-twice.mp3', (b) => join8(id3(300), id3(77), b));
	patch(cbr, 'valid/mp3/zeros-before.mp3', (b) => join8(Buffer.alloc(5000), b));
	patch(cbr, 'valid/mp3/rubbish-before.mp3', (b) =>
		join8(Buffer.alloc(3001, '\xff\xfb\x13\x00\xffrubbish\xe2', 'latin1'), b),
	);
	patch(cbr, 'valid/mp3/id3-then-zeros.mp3', (b) => join8(id3(500), Buffer.alloc(2048), b));
	patch(cbr, 'valid/mp3/id3v1-bare.mp3', (b) => join8(b, 'TAG', Buffer.alloc(125)));
	patch(cbr, 'valid/mp3/ape-behind.mp3', (b) =>
		join8(b, 'APETAGEX', u32le(2000), u32le(32), u32le(0), u32le(0), Buffer.alloc(8)),
	);
	patch(cbr, 'valid/mp3/rubbish-inside.mp3', (b) =>
		join8(b.subarray(0, 8000), Buffer.alloc(700, 0x41), b.subarray(8000)),
	);
	const vbr = bytesOf('valid/mp3/vbr-bare.mp3');
	write('valid/mp3/joined.mp3', join8(bytesOf('valid/mp3/vbr.mp3'), bytesOf('valid/mp3/cbr.mp3')));
	write('valid/mp3/joined-bare.mp3', join8(vbr, id3(900), vbr));
	write('valid/mp3/vbri.mp3', join8(vbriFrame(vbr), vbr));
}

/** An ID3v2.3 tag with this many bytes of padding. @param {number} bytes */
export const id3 = (bytes) =>
	join8(
		'ID3\x03\0\0',
		(bytes >> 21) & 127,
		(bytes >> 14) & 127,
		(bytes >> 7) & 127,
		bytes & 127,
		Buffer.alloc(bytes),
	);

/** The tag frame that Fraunhofer's encoder writes, for these frames. @param {Buffer} frames */
function vbriFrame(frames) {
	// MPEG 1 layer 3, 128 kbit/s, 44.1 kHz, mono: 417 bytes.
	const frame = join8(0xff, 0xfb, 0x90, 0xc4, Buffer.alloc(413));
	// Version, delay, quality; then bytes and frames.
	frame.write('VBRI\0\x01\0\0\0\x4b', 36, 'latin1');
	u32(frames.length + frame.length).copy(frame, 46);
	u32(Math.round((4.04 * 44100) / 1152)).copy(frame, 50);
	return frame;
}

/** Makes all sound; the tone is for whoever needs one. */
export function makeAudio() {
	wavs();
	mp3s();
	run('ffmpeg', ['-v', 'error', '-y', ...tone(2), '-ac', '1', scratch('tone.wav')]);
}
