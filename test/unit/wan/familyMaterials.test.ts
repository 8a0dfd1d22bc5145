/**
 * What each page says of the files that a model takes: every limit at its border and one step over it, refused
 * under the label of the field. Written by hand from EvoLink's pages.
 */
import { judgeMaterials, type MaterialFacts } from '../../../nodes/WanVideo/wan/judgeMaterials';
import type { Facts } from '../../../nodes/WanVideo/wan/materialFacts';
import { DEFAULT_MODEL, modelOf, MODELS } from '../../../nodes/WanVideo/wan/models';

const MB = 1024 * 1024;

interface Field {
	/** Puts one file with these facts at its place; lists get a good one before it. */
	put: (facts: MaterialFacts) => Facts;
	label: string;
	good: MaterialFacts;
	/** What is still taken, and what is not. */
	taken: Array<Partial<MaterialFacts>>;
	refused: Array<[Partial<MaterialFacts>, RegExp]>;
}

const picture: MaterialFacts = { format: 'jpeg', width: 1280, height: 720, transparency: 'none' };
/** Width and height 240 to 8000, 1:8 to 8:1, 20 MB. */
const image = (label: string, put: Field['put']): Field => ({
	...{ label, put, good: picture },
	taken: [
		...['jpeg', 'png', 'bmp', 'webp'].map((format) => ({ format })),
		...[
			{ width: 240, height: 240 },
			{ width: 8000, height: 8000 },
			{ width: 8000, height: 1000 },
		],
		...[{ width: 240, height: 1920 }, { bytes: 20 * MB }],
	],
	refused: [
		...[
			'gif',
			'tiff',
			'heic',
			'avif',
			'svg',
			'mp4',
			'mp3',
			'pdf',
			'office',
			'zip',
			'text',
			'html',
		].map((format): [Partial<MaterialFacts>, RegExp] => [{ format }, /EvoLink takes JPEG, PNG/]),
		[{ width: 239, height: 720 }, /239 x 720 pixels.*240 to 8000/],
		[{ width: 8001, height: 4000 }, /240 to 8000/],
		[{ width: 1929, height: 241 }, /up to 8:1/],
		[{ width: 241, height: 1929 }, /up to 8:1/],
		[{ bytes: 20 * MB + 1 }, /at most 20 MB/],
		[{ format: 'png', transparency: 'visible' }, /transparent parts/],
	],
});

/** Width and height 240 to 4096, 1:8 to 8:1, 100 MB. */
const clip = (label: string, put: Field['put'], from: number, to: number): Field => ({
	...{ label, put, good: { format: 'mp4', width: 1280, height: 720, durationSeconds: from } },
	taken: [
		...[{ format: 'mov' }, { width: 240, height: 240 }, { width: 4096, height: 4096 }],
		...[{ durationSeconds: to }, { bytes: 100 * MB }],
	],
	refused: [
		...['webm', 'mkv', 'avi', 'mpegts', 'gif', 'jpeg', 'mp3', 'm4a', 'text', 'html'].map(
			(format): [Partial<MaterialFacts>, RegExp] => [{ format }, /EvoLink takes MP4, MOV/],
		),
		[{ durationSeconds: from - 0.1 }, new RegExp(`EvoLink takes ${from} to ${to} s`)],
		[{ durationSeconds: to + 0.1 }, new RegExp(`EvoLink takes ${from} to ${to} s`)],
		[{ width: 239 }, /240 to 4096/],
		[{ height: 4097, width: 2000 }, /240 to 4096/],
		[{ width: 3000, height: 370 }, /up to 8:1/],
		[{ bytes: 100 * MB + 1 }, /at most 100 MB/],
	],
});

const sound = (label: string, put: Field['put'], from: number, to: number): Field => ({
	...{ label, put, good: { format: 'mp3', durationSeconds: from } },
	taken: [{ format: 'wav' }, { durationSeconds: to }, { bytes: 15 * MB }],
	refused: [
		...['m4a', 'aac', 'ogg', 'flac', 'aiff', 'mp4', 'jpeg', 'text', 'html'].map(
			(format): [Partial<MaterialFacts>, RegExp] => [{ format }, /EvoLink takes WAV, MP3/],
		),
		[{ durationSeconds: from - 0.1 }, new RegExp(`EvoLink takes ${from} to ${to} s`)],
		[{ durationSeconds: to + 0.1 }, new RegExp(`EvoLink takes ${from} to ${to} s`)],
		[{ bytes: 15 * MB + 1 }, /at most 15 MB/],
	],
});

const document: Field = {
	...{ label: "'Document URL'", put: (facts) => ({ document: facts }), good: { format: 'pdf' } },
	taken: [
		...['pdf', 'office', 'ole', 'text'].map((format) => ({ format })),
		...[{ pages: 50 }, { bytes: 100 * MB }],
	],
	refused: [
		...['jpeg', 'png', 'mp4', 'mp3', 'wav', 'zip', 'gzip', 'html', 'svg'].map(
			(format): [Partial<MaterialFacts>, RegExp] => [{ format }, /EvoLink takes DOCX, DOC, XLSX/],
		),
		[{ format: 'html' }, /Choose Web Page as 'Document Source'/],
		[{ pages: 51 }, /has 51 pages.*at most 50/],
		[{ bytes: 100 * MB + 1 }, /at most 100 MB/],
	],
};

type Rows = 'referenceImages' | 'referenceClips' | 'referenceAudio' | 'imageVoices' | 'clipVoices';
type One = 'firstFrame' | 'lastFrame' | 'clip' | 'drivingAudio';
const one =
	(name: One): Field['put'] =>
	(facts) => ({ [name]: facts });
/** The second row of a list. */
const row =
	(name: Rows): Field['put'] =>
	(facts) => ({ [name]: [undefined, facts] });

const firstFrame = image("'First Frame URL'", one('firstFrame'));
const lastFrame = image("'Last Frame URL'", one('lastFrame'));
const images = image("Image 2 of 'Reference Images'", row('referenceImages'));
const drivingAudio = sound("'Driving Audio URL'", one('drivingAudio'), 2, 30);
const oneClip = clip("'Clip URL'", one('clip'), 2, 10);

const image30 = [firstFrame, lastFrame];
const reference30 = [
	images,
	clip("Video 2 of 'Reference Clips'", row('referenceClips'), 1, 15),
	sound("Audio 2 of 'Reference Audio'", row('referenceAudio'), 1, 15),
	document,
];

const PAGES: Readonly<Record<string, Field[]>> = {
	'wan2.7-image-to-video': [firstFrame, lastFrame, oneClip, drivingAudio],
	'wan2.7-text-to-video': [drivingAudio],
	'wan2.7-reference-video': [
		...[firstFrame, images],
		clip("Video 2 of 'Reference Clips'", row('referenceClips'), 1, 30),
		sound("'Voice' of Image 2", row('imageVoices'), 1, 10),
		sound("'Voice' of Video 2", row('clipVoices'), 1, 10),
	],
	'wan2.7-video-edit': [oneClip, images],
	'wan3.0-image-to-video': image30,
	'wan3.0-text-to-video': [],
	'wan3.0-reference-video': reference30,
	'wan3.0-prime-image-to-video': image30,
	'wan3.0-prime-text-to-video': [],
	'wan3.0-prime-reference-video': reference30,
};

it('each model has its files here, and no other', () => {
	expect(Object.keys(PAGES)).toEqual(MODELS.map(({ id }) => id));
	for (const { id, materials } of MODELS) {
		const here = PAGES[id].flatMap(({ put, good }) => Object.keys(put(good)));
		// Nobody looks into a web page.
		const there = Object.keys(materials).filter((name) => name !== 'page');
		expect([id, here.sort()]).toEqual([id, there.sort()]);
	}
});

const CASES = Object.entries(PAGES).flatMap(([id, fields]) =>
	fields.map((field) => ({ id, ...field })),
);

describe.each(CASES)('$id: $label', ({ id, label, put, good, taken, refused }) => {
	const judge = (change: Partial<MaterialFacts>) =>
		judgeMaterials(put({ ...good, ...change }), 'open', modelOf(id) ?? DEFAULT_MODEL).problems;

	it.each([{}, ...taken])('takes %j', (change) => {
		expect(judge(change)).toEqual([]);
	});

	it.each(refused)('refuses %j', (change, text) => {
		const texts = judge(change).map((problem) => problem.text);
		const named = texts.filter((one) => one.startsWith(`${label} `));
		expect(named).toEqual([expect.stringMatching(text)]);
		// What is too long for a row is too long for the list.
		expect(texts.filter((one) => !/long together/.test(one))).toEqual(named);
	});
});
