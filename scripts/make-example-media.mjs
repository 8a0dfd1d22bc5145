// Draws the files of examples/media: a lighthouse by the sea at dawn and in the evening (JPEG, PNG),
// three seconds of the sunrise (MP4), two drawn faces (JPEG), two spoken sentences (MP3) and a page (PDF).
// Run by an author only, the files are committed: node scripts/make-example-media.mjs
// Needs ffmpeg (libx264, libmp3lame) and espeak-ng on PATH.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'examples', 'media');

/** @typedef {[number, number, number]} Rgb */
/** @typedef {(x: number, y: number) => Rgb} Picture */

/** @param {number} low @param {number} high @param {number} x */
const smooth = (low, high, x) => {
	const t = Math.min(1, Math.max(0, (x - low) / (high - low)));
	return t * t * (3 - 2 * t);
};
/** @param {Rgb} a @param {Rgb} b @param {number} t @returns {Rgb} */
const mix = (a, b, t) => [
	a[0] + (b[0] - a[0]) * t,
	a[1] + (b[1] - a[1]) * t,
	a[2] + (b[2] - a[2]) * t,
];
/** How much of a pixel lies inside a shape, from its signed distance in pixels. @param {number} d */
const inside = (d) => Math.min(1, Math.max(0, 0.5 - d));
/** @param {number} x @param {number} y @param {number} rx @param {number} ry */
const ellipse = (x, y, rx, ry) => (Math.hypot(x / rx, y / ry) - 1) * Math.min(rx, ry);
/** @param {number} x @param {number} y @param {number} w half @param {number} h half */
const box = (x, y, w, h) => Math.max(Math.abs(x) - w, Math.abs(y) - h);

/** Colours of the day by time: 0 dawn, 1 evening. @type {Array<{top: Rgb, low: Rgb, sea: Rgb}>} */
const DAY = [
	{ top: [58, 84, 138], low: [252, 190, 148], sea: [52, 92, 130] },
	{ top: [88, 156, 214], low: [206, 230, 240], sea: [44, 120, 156] },
	{ top: [34, 30, 74], low: [232, 104, 84], sea: [36, 42, 84] },
];
/** @param {number} time @param {'top' | 'low' | 'sea'} what */
const dayColour = (time, what) =>
	time < 0.5
		? mix(DAY[0][what], DAY[1][what], time * 2)
		: mix(DAY[1][what], DAY[2][what], time * 2 - 1);

const HORIZON = 430;
/** Clouds as x, y, half width, half height. */
const CLOUDS = [
	[250, 130, 150, 26],
	[330, 110, 90, 30],
	[700, 190, 130, 18],
	[1090, 90, 120, 24],
];

/** The scene at a time of day, 1280 x 720. @param {number} time @returns {Picture} */
function lighthouse(time) {
	const [top, low, sea] = [dayColour(time, 'top'), dayColour(time, 'low'), dayColour(time, 'sea')];
	const sun = {
		x: 330 + 560 * time,
		y: HORIZON + 20 - 330 * Math.sin(Math.PI * (0.08 + 0.84 * time)),
	};
	const night = smooth(0.75, 1, time);
	/** @type {Rgb} */ const sunColour = mix([255, 236, 196], [255, 176, 108], night);
	const boatX = 180 + 420 * time;
	return (x, y) => {
		const glow = Math.exp(-Math.hypot(x - sun.x, y - sun.y) / 120);
		let colour = mix(top, low, smooth(0, HORIZON, y));
		colour = mix(colour, sunColour, 0.55 * glow);
		colour = mix(colour, sunColour, inside(Math.hypot(x - sun.x, y - sun.y) - 38));
		for (const [cx, cy, rx, ry] of CLOUDS) {
			const cover = 1 - smooth(-12, 10, ellipse(x - cx - 60 * time, y - cy, rx, ry));
			colour = mix(colour, mix([255, 244, 236], low, 0.35), 0.6 * cover);
		}
		if (y >= HORIZON) {
			const depth = (y - HORIZON) / (720 - HORIZON);
			colour = mix(mix(low, sea, 0.55 + 0.45 * depth), [16, 26, 52], 0.35 * depth);
			const waves = Math.sin(y * 0.9 - 60 * depth + 5 * Math.sin(x / 90 + y / 14 + 9 * time));
			const path = Math.exp(-(((x - sun.x) / (26 + 150 * depth)) ** 2));
			colour = mix(colour, sunColour, path * 0.6 * smooth(0.1, 0.9, waves));
			colour = mix(colour, [255, 255, 255], 0.06 * smooth(0.7, 1, waves));
		}
		colour = boat(colour, x - boatX, y - 500);
		const shore = 520 - 150 * smooth(720, 900, x) + 230 * (1 - smooth(650, 745, x));
		const cliff = shore + 8 * Math.sin(x / 23) + 4 * Math.sin(x / 7);
		if (x > 640) colour = mix(colour, mix([64, 88, 62], [22, 26, 44], night), inside(cliff - y));
		if (x > 640) {
			const rock = inside(cliff + 46 + 14 * Math.sin(x / 31) - y);
			colour = mix(colour, mix([92, 78, 70], [30, 28, 46], night), rock);
		}
		return tower(colour, x - 1010, y, night);
	};
}

/** @param {Rgb} under @param {number} x @param {number} y @returns {Rgb} */
function boat(under, x, y) {
	const hull = Math.max(Math.abs(x) - 46 + y * 0.9, Math.abs(y - 6) - 8);
	const sail = Math.max(x - 2 - (y + 78) * 0.52, -x - 1, y + 6, -y - 78);
	const jib = Math.max(-x - 6 - (y + 70) * 0.4, x + 5, y + 8, -y - 70);
	let colour = mix(under, [250, 246, 236], inside(Math.min(sail, jib)));
	colour = mix(colour, [120, 48, 42], inside(hull));
	return mix(colour, [70, 50, 44], inside(box(x + 3, y + 38, 1.6, 42)));
}

/** @param {Rgb} under @param {number} x @param {number} y @param {number} night @returns {Rgb} */
function tower(under, x, y, night) {
	let colour = under;
	if (night > 0) {
		const beam = Math.abs(y - 132 + 0.1 * x) - Math.abs(x) * 0.12;
		const fade = Math.exp(-Math.abs(x) / 420);
		if (Math.abs(x) > 18)
			colour = mix(colour, [255, 238, 170], 0.55 * night * fade * inside(beam / 6));
		colour = mix(colour, [255, 238, 170], 0.7 * night * Math.exp(-Math.hypot(x, y - 132) / 34));
	}
	const half = 26 + (y - 170) * 0.075;
	const body = Math.max(Math.abs(x) - half, 160 - y, y - 392);
	const stripe = Math.floor((y - 160) / 46) % 2 === 0 ? [236, 230, 222] : [190, 52, 46];
	const side = smooth(-half, half, x);
	/** @type {Rgb} */ const painted = mix(
		[stripe[0], stripe[1], stripe[2]],
		[40, 34, 60],
		0.1 + 0.45 * side,
	);
	colour = mix(colour, mix(painted, [30, 26, 50], 0.4 * night), inside(body));
	colour = mix(colour, [52, 48, 58], inside(box(x, y - 162, 36, 5)));
	colour = mix(
		colour,
		mix([188, 214, 224], [255, 236, 160], night),
		inside(box(x, y - 134, 19, 23)),
	);
	for (const bar of [-19, -6, 6, 19])
		colour = mix(colour, [60, 52, 58], inside(box(x - bar, y - 134, 1.4, 23)));
	const roof = Math.max(Math.abs(x) - (y - 84) * 0.95, y - 111, 84 - y);
	colour = mix(colour, [168, 44, 40], inside(roof));
	for (const at of [230, 310])
		colour = mix(colour, [52, 46, 60], inside(ellipse(x + 4, y - at, 6, 10)));
	return mix(colour, [70, 46, 40], inside(box(x, y - 378, 10, 15)));
}

/**
 * A stroke along y = bend * x * x, `half` long to each side and `thick` thick to each side.
 * @param {number} x @param {number} y @param {number} bend @param {number} half @param {number} thick
 */
const arc = (x, y, bend, half, thick) =>
	Math.max(Math.abs(y - bend * x * x) - thick, Math.abs(x) - half);

/**
 * A drawn face from the front, 720 x 960.
 * @param {{ hair: Rgb, fringe: Rgb, coat: Rgb, iris: Rgb }} colours @returns {Picture}
 */
const portrait =
	({ hair, fringe, coat, iris }) =>
	(px, y) => {
		const x = px - 360;
		const face = inside(ellipse(x, y - 455, 168, 222));
		let colour = mix([122, 170, 178], [216, 224, 206], smooth(0, 960, y));
		colour = mix(colour, hair, inside(ellipse(x, y - 400, 232, 270)));
		colour = mix(
			colour,
			hair,
			inside(Math.max(box(x, y - 570, 232, 170), Math.hypot(x / 1.6, y - 560) - 190)),
		);
		colour = mix(colour, coat, inside(ellipse(x, y - 1010, 330, 230)));
		colour = mix(colour, [206, 152, 126], inside(box(x, y - 700, 62, 110)));
		colour = mix(colour, [206, 152, 126], inside(ellipse(x, y - 808, 62, 34)));
		colour = mix(colour, [238, 190, 160], face);
		colour = mix(colour, [190, 128, 104], 0.25 * smooth(60, 170, x) * face);
		const edge = Math.max(ellipse(x, y - 400, 190, 200), y - 330 + 0.0016 * (x - 40) ** 2);
		colour = mix(colour, fringe, inside(edge));
		for (const side of [-1, 1]) {
			const ex = x - side * 68;
			const cheek = 1 - smooth(-30, 6, ellipse(x - side * 98, y - 530, 44, 30));
			colour = mix(colour, [235, 150, 132], 0.5 * cheek);
			colour = mix(colour, [252, 250, 246], inside(ellipse(ex, y - 440, 36, 20)));
			colour = mix(colour, iris, inside(Math.hypot(ex, y - 440) - 17));
			colour = mix(colour, [24, 22, 26], inside(Math.hypot(ex, y - 440) - 9));
			colour = mix(colour, [255, 255, 255], inside(Math.hypot(ex - 5, y - 434) - 4));
			colour = mix(colour, hair, inside(arc(ex, y - 420, 0.012, 36, 4)));
			colour = mix(colour, hair, inside(arc(ex, y - 386, 0.007, 44, 6)));
		}
		colour = mix(colour, [206, 146, 120], inside(arc(x, y - 532, -0.02, 26, 4)));
		colour = mix(colour, [150, 52, 56], inside(Math.max(ellipse(x, y - 588, 60, 28), 588 - y)));
		return mix(colour, [250, 246, 240], inside(Math.max(ellipse(x, y - 588, 48, 10), 588 - y)));
	};

const ANN = portrait({
	...{ hair: [74, 46, 40], fringe: [84, 52, 44] },
	...{ coat: [44, 84, 120], iris: [70, 104, 76] },
});
const BEA = portrait({
	...{ hair: [186, 184, 182], fringe: [204, 202, 200] },
	...{ coat: [134, 52, 58], iris: [74, 96, 132] },
});

/** @param {Picture} picture @param {number} width @param {number} height */
function pixels(picture, width, height) {
	const out = Buffer.alloc(width * height * 3);
	for (let y = 0, at = 0; y < height; y += 1) {
		for (let x = 0; x < width; x += 1, at += 3) {
			const [r, g, b] = picture(x + 0.5, y + 0.5);
			out[at] = r;
			out[at + 1] = g;
			out[at + 2] = b;
		}
	}
	return out;
}

/** @param {string} program @param {string[]} args @param {Buffer} [input] */
function run(program, args, input) {
	const { status, stderr, error } = spawnSync(program, args, { input, maxBuffer: 2 ** 26 });
	if (status !== 0) throw new Error(`${program} failed: ${error ?? stderr}`);
}

/** Encodes raw pictures. @param {Buffer} raw @param {string} size @param {string[]} args */
const encode = (raw, size, args) =>
	run(
		'ffmpeg',
		['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, ...args],
		raw,
	);

const CLIP_SECONDS = 3;
const CLIP_FRAMES_PER_SECOND = 15;
const SENTENCE = 'Good morning. The sea is calm today, and the wind blows from the west.';
const ANSWER = 'Then we shall sail before noon, and be back for supper.';

/** The smallest PDF with a line in it. @param {string} line */
function onePagePdf(line) {
	const text = `BT /F1 36 Tf 60 200 Td (${line}) Tj ET`;
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 640 360] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
	];
	let pdf = '%PDF-1.4\n';
	const places = objects.map((object, index) => {
		const place = String(pdf.length).padStart(10, '0');
		pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return `${place} 00000 n \n`;
	});
	const table = `xref\n0 6\n0000000000 65535 f \n${places.join('')}`;
	return `${pdf}${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`;
}

/** Makes all files. */
function main() {
	mkdirSync(folder, { recursive: true });
	const at = (/** @type {string} */ name) => join(folder, name);
	const jpeg = ['-i', '-', '-q:v', '3', '-pix_fmt', 'yuvj420p'];
	const png = ['-i', '-', '-pix_fmt', 'rgb24', '-compression_level', '9', '-pred', 'mixed'];
	for (const [name, time] of [
		['first_frame', 0],
		['last_frame', 1],
	]) {
		const raw = pixels(lighthouse(Number(time)), 1280, 720);
		encode(raw, '1280x720', [...jpeg, at(`${name}.jpg`)]);
		encode(raw, '1280x720', [...png, at(`${name}.png`)]);
	}
	encode(pixels(ANN, 720, 960), '720x960', [...jpeg, at('portrait.jpg')]);
	encode(pixels(BEA, 720, 960), '720x960', [...jpeg, at('portrait_2.jpg')]);
	const frames = Array.from({ length: CLIP_SECONDS * CLIP_FRAMES_PER_SECOND }, (_, n) =>
		pixels(lighthouse((0.35 * n) / (CLIP_SECONDS * CLIP_FRAMES_PER_SECOND)), 1280, 720),
	);
	const rate = ['-framerate', String(CLIP_FRAMES_PER_SECOND), '-i', '-', '-r', '30'];
	const h264 = ['-c:v', 'libx264', '-preset', 'slow', '-crf', '27', '-pix_fmt', 'yuv420p'];
	const clip = [...rate, ...h264, '-movflags', '+faststart', at('clip.mp4')];
	encode(Buffer.concat(frames), '1280x720', clip);
	for (const [name, voice, words] of [
		['audio', ['-v', 'en-gb', '-s', '165'], SENTENCE],
		['audio_2', ['-v', 'en-us', '-s', '150', '-p', '20'], ANSWER],
	]) {
		const spoken = join(tmpdir(), `example-voice-${process.pid}.wav`);
		run('espeak-ng', [...voice, '-w', spoken, String(words)]);
		const sound = ['-af', 'apad,atrim=end=4', '-ar', '44100', '-ac', '1', '-b:a', '64k'];
		run('ffmpeg', ['-v', 'error', '-y', '-i', spoken, ...sound, at(`${String(name)}.mp3`)]);
		rmSync(spoken);
	}
	writeFileSync(at('slides.pdf'), onePagePdf('A lighthouse for everybody'));
	for (const name of readdirSync(folder)) {
		process.stdout.write(`${name} ${statSync(at(name)).size} bytes\n`);
	}
}

main();
