/** The check of materials by their facts, at the borders of the seed's table, which are written out by hand. */
import { judgeMaterials, type MaterialFacts } from '../../../nodes/WanVideo/wan/judgeMaterials';
import type { Material } from '../../support/imageToVideo';

const MB = 1024 * 1024;
const GOOD: Record<Material, MaterialFacts> = {
	firstFrame: { format: 'jpeg', width: 1280, height: 720, transparency: 'none', bytes: MB },
	lastFrame: { format: 'png', width: 1280, height: 720, transparency: 'none', bytes: MB },
	clip: { format: 'mp4', width: 1280, height: 720, durationSeconds: 3, bytes: MB },
	drivingAudio: { format: 'mp3', durationSeconds: 5, bytes: MB },
};
const judge = (field: Material, facts: Partial<MaterialFacts>, duration = 5) =>
	judgeMaterials({ [field]: { ...GOOD[field], ...facts } }, duration);

describe('fine', () => {
	it.each<[string, Material, Partial<MaterialFacts>, number?]>([
		['an image of 240 pixels', 'firstFrame', { width: 240, height: 240 }],
		['an image of 8000 pixels', 'lastFrame', { width: 8000, height: 8000 }],
		['8:1', 'firstFrame', { width: 1920, height: 240 }],
		['1:8', 'firstFrame', { width: 240, height: 1920 }],
		['20 MB', 'firstFrame', { bytes: 20 * MB }],
		['BMP', 'firstFrame', { format: 'bmp' }],
		['WEBP, whatever its transparency', 'lastFrame', { format: 'webp', transparency: 'visible' }],
		['a size that is not known', 'firstFrame', { width: undefined, height: undefined }],
		['MOV', 'clip', { format: 'mov' }],
		['a clip of 2 s', 'clip', { durationSeconds: 2 }],
		['a clip of 10.04 s, as sound makes it', 'clip', { durationSeconds: 10.04 }, 15],
		['a clip as long as the duration', 'clip', { durationSeconds: 5.04 }],
		['a clip of 4096 pixels', 'clip', { width: 4096, height: 2160 }],
		['a clip of 100 MB', 'clip', { bytes: 100 * MB }],
		['WAV of 30 s', 'drivingAudio', { format: 'wav', durationSeconds: 30.04 }],
		['sound of 15 MB', 'drivingAudio', { bytes: 15 * MB }],
	])('%s', (...[, field, facts, duration]) => {
		expect(judge(field, facts, duration).problems).toEqual([]);
	});
});

describe('refused, naming the field and what to do', () => {
	it.each<[string, Material, Partial<MaterialFacts>, RegExp, number?]>([
		[
			'239 pixels',
			'firstFrame',
			{ width: 239, height: 240 },
			/'First Frame URL' has 239 x 240 pixels.*240 to 8000.*Scale it/,
		],
		['8001 pixels', 'lastFrame', { width: 8001, height: 4000 }, /'Last Frame URL'.*240 to 8000/],
		['more than 8:1', 'firstFrame', { width: 1921, height: 240 }, /up to 8:1.*Crop it/],
		['more than 20 MB', 'firstFrame', { bytes: 20 * MB + MB / 10 }, /20\.1 MB.*at most 20 MB/],
		['a GIF', 'firstFrame', { format: 'gif' }, /of the format GIF.*JPEG, PNG.*Convert/],
		['a document', 'firstFrame', { format: 'office' }, /of the format ZIP/],
		['a text', 'lastFrame', { format: 'text' }, /a web page or a text/],
		['a web page', 'lastFrame', { format: 'html' }, /a web page/],
		[
			'a PNG with holes',
			'firstFrame',
			{ format: 'png', transparency: 'visible' },
			/transparent parts.*without transparency/,
		],
		['a WEBM', 'clip', { format: 'webm' }, /'Clip URL' is of the format WEBM/],
		['a clip of 4097 pixels', 'clip', { width: 4097 }, /240 to 4096/],
		['a clip of 1.9 s', 'clip', { durationSeconds: 1.9 }, /is 1\.9 s long.*2 to 10 s/],
		['a clip of 10.1 s', 'clip', { durationSeconds: 10.1 }, /is 10\.1 s long/, 15],
		[
			'a clip longer than the duration',
			'clip',
			{ durationSeconds: 5.2 },
			/longer than 'Duration' \(5 s\).*Set 'Duration' to 6 or more/,
		],
		['a clip of more than 100 MB', 'clip', { bytes: 101 * MB }, /at most 100 MB/],
		[
			'sound of 1.9 s',
			'drivingAudio',
			{ durationSeconds: 1.9 },
			/'Driving Audio URL' is 1\.9 s long.*2 to 30 s/,
		],
		['sound of 30.1 s', 'drivingAudio', { durationSeconds: 30.1 }, /2 to 30 s/],
		['sound of more than 15 MB', 'drivingAudio', { bytes: 15.2 * MB }, /at most 15 MB/],
		['an OGG', 'drivingAudio', { format: 'ogg' }, /WAV, MP3/],
	])('%s', (...[, field, facts, text, duration]) => {
		const { problems } = judge(field, facts, duration);
		expect(problems.map((problem) => problem.field)).toEqual(problems.map(() => field));
		expect(problems.map((problem) => problem.text).join(' ')).toMatch(text);
	});
});

describe('a hint, and no reason to refuse', () => {
	it.each<[string, Material, Partial<MaterialFacts>, RegExp]>([
		[
			'an opaque alpha channel',
			'lastFrame',
			{ transparency: 'opaqueChannel' },
			/channel for transparency/,
		],
		['an animation', 'firstFrame', { format: 'webp', animated: true }, /first picture only/],
		['a file that is cut off', 'firstFrame', { truncated: true }, /cut off/],
		['sound that is longer', 'drivingAudio', { durationSeconds: 8 }, /cuts it after 5 s/],
		[
			'sound that is shorter',
			'drivingAudio',
			{ durationSeconds: 3 },
			/the rest of the 5 s is silent/,
		],
		[
			'a clip as long as the duration',
			'clip',
			{ durationSeconds: 5 },
			/gives it back as it is, and bills it/,
		],
	])('%s', (_label, field, facts, text) => {
		const { problems, hints } = judge(field, facts);
		expect(problems).toEqual([]);
		expect(hints.join(' ')).toMatch(text);
	});
});
