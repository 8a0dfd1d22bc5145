// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// What a hurried builder wires up, in n8n's engine with n8n's expressions: none of it becomes a charge in silence.
import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { storeBinary } from '../support/engine';
import { requestLines, startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

const media = (name: string) =>
	readFileSync(join(__dirname, '..', '..', 'examples', 'media', name));

let world: World;
beforeAll(async () => {
	world = await startWorld({ materials: 'read' });
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const uploads = () =>
	requestLines(world.sandbox).filter((line) => line.includes('/files/upload/')).length;
const bodies = () => world.sandbox.ledger().map(({ body }) => body);
const rows = (...json: IDataObject[]): INodeExecutionData[] => json.map((one) => ({ json: one }));

/** The check of one item, and what a run says of the same: that it refuses it, and sends nothing. */
async function refusal(parameters: IDataObject, items?: INodeExecutionData[]): Promise<string> {
	const check = await world.run({
		parameters: { ...parameters, operation: 'check' },
		...(items && { items }),
	});
	expect(check.rows[0].json.ok).toBe(false);
	const run = await world.run({ parameters, ...(items && { items }) });
	expect(run.status).toBe('error');
	expect(submits(world.sandbox)).toBe(0);
	expect(uploads()).toBe(0);
	expect(run.error?.description).toMatch(/nothing was charged/i);
	const [problem] = check.rows[0].json.problems as string[];
	expect(run.error?.message).toContain(problem);
	return problem;
}

/** The hints of a request that is sent all the same, which the check has too. */
async function hints(parameters: IDataObject, items?: INodeExecutionData[]): Promise<string> {
	const check = await world.run({
		parameters: { ...parameters, operation: 'check' },
		...(items && { items }),
	});
	expect(check.rows.map(({ json }) => json.ok)).not.toContain(false);
	const run = await world.run({ parameters, ...(items && { items }) });
	expect(run.error).toBeUndefined();
	for (const hint of check.rows.flatMap(({ json }) => json.hints as string[]))
		expect(run.hints.join('\n')).toContain(hint);
	return run.hints.join('\n');
}

describe('a file of an item', () => {
	const FROM_FILE = { firstFrameSource: 'binary', firstFrameUrl: '' };
	let item: INodeExecutionData;
	let photo: IBinaryData;
	let logo: IBinaryData;
	beforeAll(async () => {
		logo = await storeBinary(media('last_frame.jpg'), 'logo.jpg', 'image/jpeg');
		photo = await storeBinary(media('first_frame.jpg'), 'photo.jpg', 'image/jpeg');
		item = { json: {}, binary: { data: logo, photo } };
	});

	/** What was uploaded is known by its hash, which the check shows. */
	async function fileOf(parameters: IDataObject, items: INodeExecutionData[]) {
		const check = await world.run({
			items,
			parameters: { ...FROM_FILE, operation: 'check', ...parameters },
		});
		return (check.rows[0].json.body as IDataObject | undefined)?.image_start;
	}

	it.each([
		['={{ $binary.photo }}'],
		["={{ $('Start').item.binary.photo }}"],
		['={{ $input.item.binary.photo }}'],
		['={{ "photo" }}'],
		['= photo '],
	])('that an expression gives is taken as the file that it is: %s', async (field) => {
		const wanted = await fileOf({ firstFrameBinaryField: 'photo' }, [item]);
		expect(wanted).toMatch(/^sha256:/);
		expect(await fileOf({ firstFrameBinaryField: field }, [item])).toBe(wanted);
		const run = await world.run({
			items: [item],
			parameters: { ...FROM_FILE, firstFrameBinaryField: field },
		});
		expect(run.error).toBeUndefined();
		expect([uploads(), submits(world.sandbox)]).toEqual([1, 1]);
	});

	it('whose content n8n leaves out of the expression is the one of the item that is like it, or refused', async () => {
		const inMemory = (name: string, fileName: string): IBinaryData => ({
			...{ mimeType: 'image/jpeg', fileName, data: media(name).toString('base64') },
		});
		const [one, other] = ['first_frame.jpg', 'last_frame.jpg'];
		const apart = { data: inMemory(other, 'logo.jpg'), photo: inMemory(one, 'photo.jpg') };
		const wanted = await fileOf({ firstFrameBinaryField: 'photo' }, [{ json: {}, binary: apart }]);
		expect(
			await fileOf({ firstFrameBinaryField: '={{ $binary.photo }}' }, [
				{ json: {}, binary: apart },
			]),
		).toBe(wanted);
		const alike = { data: inMemory(other, 'a.jpg'), photo: inMemory(one, 'a.jpg') };
		const problem = await refusal({ ...FROM_FILE, firstFrameBinaryField: '={{ $binary.photo }}' }, [
			{ json: {}, binary: alike },
		]);
		expect(problem).toMatch(/several of the item are like it.*data, photo/);
	});

	it.each([
		[
			'={{ $binary.foto }}',
			/is empty: its expression gave nothing\. It has files in: data, photo\./,
		],
		['={{ $json.field }}', /is empty: its expression gave nothing/],
		['={{ null }}', /is empty: its expression gave nothing/],
		['={{ "" }}', /is empty: its expression gave nothing/],
		['={{ "  " }}', /is empty: its expression gave nothing/],
		['={{ 5 }}', /is 5, but must be the name of a field, or a file\. It has files in: data, photo/],
		['={{ $binary }}', /is an object: .*but must be the name of a field, or a file/],
		['={{ ["photo"] }}', /is a list: \["photo"\], but must be the name/],
		['={{ "photo.jpg" }}', /no file in the field 'photo\.jpg'\. It has files in: data, photo\./],
		['{{ $binary.photo }}', /is "\{\{ \$binary\.photo \}\}", which .*from Fixed to Expression/],
		['$binary.photo', /is an expression without its \{\{ \}\}/],
		['', /is empty\. It has files in: data, photo\. Enter the name/],
		['  ', /is empty\. It has files in: data, photo\./],
	])('is never another one: field %j', async (field, says) => {
		const problem = await refusal({ ...FROM_FILE, firstFrameBinaryField: field }, [item]);
		expect(problem).toMatch(/^'First Frame Input Data Field Name'/);
		expect(problem).toMatch(says);
	});
});

describe('a prompt', () => {
	it.each([
		['{{ $json.prompt }}', /^'Prompt' is "\{\{ \$json\.prompt \}\}", which holds/],
		[
			'=Make {{ $json.item }}',
			/\[object Object\].*To send it on purpose, turn off the option 'Check Prompt'/,
		],
		['={{ "" + $json.missing }}', /^'Prompt' is "undefined", which/],
		['={{ String($json.nothing) }}', /^'Prompt' is "null", which/],
		['={{ $json.item }}', /^'Prompt' is an object: \{"a":1\}, but must be a text/],
	])('that did not become a text is refused: %s', async (prompt, says) => {
		const problem = await refusal({ prompt }, rows({ item: { a: 1 }, nothing: null }));
		expect(problem).toMatch(says);
	});

	it('is sent to the letter where the option says so', async () => {
		await hints({ prompt: 'A sign: {{ cat }}', options: { checkPrompt: false } });
		expect(bodies()[0].prompt).toBe('A sign: {{ cat }}');
	});

	it.each(['={{ $json.prompt }}', '={{ "" }}', '={{ null }}', '={{ $json.a.b.c }}'])(
		'that an expression left empty is hinted at: %s',
		async (prompt) => {
			expect(await hints({ prompt }, rows({}))).toMatch(
				/'Prompt' is empty: its expression gave nothing, so the video is made without one/,
			);
			expect(bodies()[0]).not.toHaveProperty('prompt');
		},
	);

	it('that is empty by hand is no hint', async () => {
		expect(await hints({ prompt: '' })).not.toMatch(/Prompt/);
	});
});

describe('what decides the price', () => {
	it.each([
		['={{ $json.secs }}', /^'Duration' is empty: its expression gave nothing\. EvoLink bills/],
		['={{ null }}', /^'Duration' is empty/],
		['', /^'Duration' is empty\. /],
		['={{ "five" }}', /^'Duration' is "five", but must be a whole number from 2 to 15 seconds/],
		['={{ 60 }}', /^'Duration' is 60, but/],
	])('Duration %j is no 5 seconds', async (duration, says) => {
		expect(await refusal({ duration }, rows({}))).toMatch(says);
	});

	it.each([
		['={{ $json.quality }}', /^'Quality' is empty: its expression gave nothing/],
		['={{ "high" }}', /^'Quality' is "high", but must be one of: 720p, 1080p/],
	])('Quality %j is no 720p', async (quality, says) => {
		expect(await refusal({ quality }, rows({}))).toMatch(says);
	});

	it.each([
		['={{ $json.nope }}', /^'Prompt' is empty/],
		['={{ "five".toNumber() }}', /^'Prompt' could not be read/],
	])('a prompt that is refused is not told as left out: %s', async (prompt, says) => {
		const run = await world.run({
			parameters: { model: 'wan2.7-text-to-video', prompt },
			settings: { onError: 'continueErrorOutput' },
		});
		expect(run.errorRows[0].json.error).toMatch(says);
		expect(run.hints.join()).not.toMatch(/made without one/);
		expect(submits(world.sandbox)).toBe(0);
	});

	it.each(['0x10', '1e1', '5,0', '5 s'])('Duration %j is no number', async (duration) => {
		expect(await refusal({ duration: `={{ "${duration}" }}` }, rows({}))).toMatch(
			/^'Duration' is ".+", but must be a whole number from 2 to 15 seconds/,
		);
	});

	it('numbers as text stay legal', async () => {
		await hints(
			{ duration: '={{ $json.secs }}', options: { seed: '={{ $json.seed }}' } },
			rows({ secs: ' 7 ', seed: '42' }),
		);
		expect(bodies()[0]).toMatchObject({ duration: 7, seed: 42 });
	});
});

describe('a source by expression', () => {
	it.each([
		[
			'={{ "Binary File" }}',
			/^'First Frame Source' is "Binary File", but must be one of: url, binary\./,
		],
		[
			'={{ $json.source }}',
			/^'First Frame Source' is empty: its expression gave nothing\. It must be one of/,
		],
		['={{ "URL" }}', /must be one of: url, binary/],
		['={{ 1 }}', /^'First Frame Source' is 1, but must be one of/],
	])('%s does not count as URL', async (firstFrameSource, says) => {
		expect(await refusal({ firstFrameSource }, rows({}))).toMatch(says);
	});

	it('that gives none where the material is needed does not take what is in the hidden field', async () => {
		expect(await refusal({ firstFrameSource: '={{ "none" }}' }, rows({}))).toMatch(
			/^'First Frame URL' is needed/,
		);
	});
});

describe('a table with optional columns', () => {
	const AUDIO = 'https://example.com/audio.mp3';
	const TABLE = { drivingAudioSource: 'url', drivingAudioUrl: '={{ $json.audio }}' };

	it('goes without a material where its cell is empty, and says how many rows did', async () => {
		const items = rows({ audio: AUDIO }, { audio: '' }, {}, { audio: null }, { audio: AUDIO });
		const text = await hints({ ...TABLE, options: { checkMaterials: false } }, items);
		expect(text).toMatch(
			/Items 1, 2, 3: 'Driving Audio URL' is empty: its expression gave nothing, so the video is made without 'Driving Audio'/,
		);
		expect(bodies().map((body) => body.audio_urls)).toEqual([
			...[[AUDIO], undefined, undefined, undefined],
			[AUDIO],
		]);
	});

	it('of files likewise', async () => {
		const text = await hints({
			drivingAudioSource: 'binary',
			drivingAudioBinaryField: '={{ $binary.voice }}',
		});
		expect(text).toMatch(/'Driving Audio Input Field Name' is empty.*without 'Driving Audio'/);
	});

	it('an address that is empty by hand is still refused', async () => {
		expect(await refusal({ drivingAudioSource: 'url', drivingAudioUrl: '' })).toMatch(
			/^'Driving Audio URL' is empty\. Fill it in, or set its source to None/,
		);
	});

	it('mixes modes: a row need not fill what its mode has no use for', async () => {
		const parameters = {
			generationMode: '={{ $json.mode }}',
			firstFrameSource: 'url',
			firstFrameUrl: '={{ $json.image }}',
			clipSource: 'url',
			clipUrl: '={{ $json.clip }}',
			lastFrameSource: 'none',
			drivingAudioSource: 'url',
			drivingAudioUrl: '={{ $json.audio }}',
			options: { checkMaterials: false },
		};
		const image = 'https://example.com/first_frame.jpg';
		const clip = 'https://example.com/clip.mp4';
		await hints(
			parameters,
			rows({ mode: 'first_frame', image }, { mode: 'video_continuation', clip }),
		);
		expect(bodies()).toMatchObject([{ image_start: image }, { video_urls: [clip] }]);
		await world.reset();
		expect(await refusal(parameters, rows({ mode: 'first_frame', image, clip }))).toMatch(
			/^'Clip URL' cannot be used in the mode First Frame/,
		);
	});
});

describe('mixed modes', () => {
	const image = 'https://example.com/first_frame.jpg';

	it('may have one field for all their files: what the row has no use for is not looked at', async () => {
		const picture = await storeBinary(media('first_frame.jpg'), 'a.jpg', 'image/jpeg');
		const clip = await storeBinary(media('clip.mp4'), 'a.mp4', 'video/mp4');
		await hints(
			{
				generationMode: '={{ $json.mode }}',
				firstFrameSource: 'binary',
				clipSource: 'binary',
				lastFrameSource: 'none',
				drivingAudioSource: 'none',
			},
			[
				{ json: { mode: 'first_frame' }, binary: { data: picture } },
				{ json: { mode: 'video_continuation' }, binary: { data: clip } },
			],
		);
		expect(bodies()).toEqual([
			expect.objectContaining({ image_start: expect.stringMatching(/\.jpg$/) as string }),
			expect.objectContaining({ video_urls: [expect.stringMatching(/\.mp4$/)] }),
		]);
	});

	it('may have a fixed address that only some rows use, and say where it is not used', async () => {
		const text = await hints(
			{
				generationMode: '={{ $json.mode }}',
				firstFrameSource: 'url',
				firstFrameUrl: image,
				clipSource: 'url',
				clipUrl: 'https://example.com/clip.mp4',
				lastFrameSource: 'none',
				drivingAudioSource: 'none',
				options: { checkMaterials: false },
			},
			rows({ mode: 'first_frame' }, { mode: 'video_continuation' }),
		);
		expect(text).toMatch(/Item 0: 'Clip URL' is the same for all items, and not used/);
		expect(text).toMatch(/Item 1: 'First Frame URL' is the same for all items, and not used/);
	});
});

describe('an address', () => {
	it.each([
		['https://example.com/Bild mit Leerzeichen.png', /has a space/],
		['data:image/png;base64,AAAA', /data address/],
		['{{ $json.url }}', /not filled in/],
		['C:\\Bilder\\a.png', /path on a computer/],
		['s3://bucket/a.png', /begins with s3:/],
		['www.example.com/a.png', /does not begin with http/],
		['https://drive.google.com/file/d/1/view', /page of Google Drive/],
		['={{ $json.file }}', /is a file, but must be a text.*Binary File as the source/],
	])('%s is told for what it is', async (firstFrameUrl, says) => {
		const file = { mimeType: 'image/png', id: 'filesystem-v2:1', fileName: 'a.png' };
		const problem = await refusal({ firstFrameUrl }, rows({ file }));
		expect(problem).toMatch(/^'First Frame URL' is /);
		expect(problem).toMatch(says);
	});

	it('in quotes is taken without them', async () => {
		await hints({ firstFrameUrl: ' "https://example.com/first_frame.jpg"\n' });
		expect(bodies()[0].image_start).toBe('https://example.com/first_frame.jpg');
	});
});

describe('Video: Check', () => {
	it('shows what each expression gave, also where the request is refused', async () => {
		const check = await world.run({
			items: rows({ prompt: 'A cat', secs: 'five', seed: 7 }),
			parameters: {
				operation: 'check',
				prompt: '={{ $json.prompt }}',
				duration: '={{ $json.secs }}',
				quality: '={{ $json.quality }}',
				options: { seed: '={{ $json.seed }}' },
			},
		});
		expect(check.rows[0].json).toMatchObject({
			ok: false,
			expressions: { Prompt: '"A cat"', Duration: '"five"', Quality: 'nothing', Seed: '7' },
		});
		const fixed = await world.run({ parameters: { operation: 'check' } });
		expect(fixed.rows[0].json).not.toHaveProperty('expressions');
	});
});

describe('an option', () => {
	it.each([
		['timeout', '={{ "abc" }}', /^'Timeout' is "abc", but must be a number/],
		['concurrency', '={{ "many" }}', /^'Tasks at Once' is "many", but must be a number/],
		['submitAgain', '={{ 9 }}', /^'Submit Again on Failure' is 9, but must be a whole number/],
		['pollInterval', '={{ [3] }}', /^'Poll Interval' is a list: \[3\], but must be a number/],
		['maxBilledSeconds', '={{ $json.cap }}', /^'Max Billed Seconds' is empty/],
		['maxBilledSeconds', '={{ "60 s" }}', /^'Max Billed Seconds' is "60 s", but must be a number/],
		['onTimeout', '={{ "Return" }}', /^'On Timeout' is "Return", but must be one of: fail, return/],
		['onTimeout', '={{ $json.x }}', /^'On Timeout' is empty\. It must be one of/],
		['whileWaiting', '={{ "Pause" }}', /^'While Waiting' is "Pause", but must be one of: keepR/],
		['fileName', '={{ $json }}', /^'File Name' is an object: .*but must be a text/],
		['fileName', '={{ $json.a * $json.x }}', /^'File Name' is NaN, but must be a text/],
		['negativePrompt', '={{ 1 / 0 }}', /^'Negative Prompt' is Infinity, but must be a text/],
		['outputBinaryField', '={{ 1 / 0 }}', /^'Output Data Field Name' is Infinity, but must be/],
		['download', '={{ "maybe" }}', /^'Download Video'/],
		['outputBinaryField', '={{ $json.x }}', /^'Output Data Field Name' is empty/],
		['callbackUrl', '{{ $json.hook }}', /^'Callback URL' is .*not filled in/],
		['promptExtend', '={{ "maybe" }}', /^'Extend Prompt' is "maybe", but must be true or false/],
		['checkMaterials', '={{ "maybe" }}', /^'Check Materials'/],
		['checkPrompt', '={{ "maybe" }}', /^'Check Prompt'/],
		['submitGoodItems', '={{ "maybe" }}', /^'Submit Good Items'/],
	])('of the wrong kind is refused before the charge: %s %s', async (name, value, says) => {
		const isOption = !['download', 'outputBinaryField'].includes(name);
		const run = await world.run({
			parameters: isOption ? { options: { [name]: value } } : { [name]: value },
			items: rows({ a: 1 }),
		});
		expect(run.status).toBe('error');
		expect(run.error?.message).toMatch(says);
		expect(submits(world.sandbox)).toBe(0);
	});

	it.each([
		['timeout', "'Timeout' is empty: its expression gave nothing, so it counts as not set."],
		['concurrency', "'Tasks at Once' is empty"],
		['pollInterval', "'Poll Interval' is empty"],
		['submitAgain', "'Submit Again on Failure' is empty"],
		['submitGoodItems', "'Submit Good Items' is empty"],
		['checkMaterials', "'Check Materials' is empty"],
		['fileName', "'File Name' is empty"],
		['seed', "'Seed' is empty: its expression gave nothing, so it is random."],
		['negativePrompt', "'Negative Prompt' is empty"],
		['promptExtend', "'Extend Prompt' is empty"],
		['callbackUrl', "'Callback URL' is empty"],
		['download', "'Download Video' is empty: its expression gave nothing, so it is on."],
		['simplify', "'Simplify' is empty: its expression gave nothing, so it is on."],
	])('whose expression gave nothing is told: %s', async (name, says) => {
		const isOption = !['download', 'simplify'].includes(name);
		const value = '={{ $json.nothing }}';
		const run = await world.run({
			parameters: isOption ? { options: { [name]: value } } : { [name]: value },
		});
		expect(run.error).toBeUndefined();
		expect(run.hints.join('\n')).toContain(says);
	});

	it.each([
		['concurrency', "'Tasks at Once' stands for all items together: it is 4, as its expression"],
		['maxBilledSeconds', "'Max Billed Seconds' stands for all items together: it is 4"],
	])('of the whole run that differs by item is told: %s', async (name, says) => {
		const run = async (value: string) => {
			const parameters = { duration: 2, options: { [name]: value } };
			const { hints } = await world.run({ parameters, items: rows({ number: 2 }, { number: 0 }) });
			return hints.join();
		};
		expect(await run('={{ $json.number + 2 }}')).toContain(`Item 1: ${says}`);
		expect(await run('={{ 4 }}')).not.toContain('stands for all items');
	});

	it.each([5.5, '={{ 11 / 2 }}'])(
		'that is cut to a whole number is told: %s',
		async (concurrency) => {
			const run = await world.run({ parameters: { options: { concurrency } } });
			expect(run.error).toBeUndefined();
			expect(run.hints.join()).toMatch(/'Tasks at Once' is 5\.5, and counts as 5\./);
		},
	);

	it.each(['0x10', '1e1', '5 tasks', true, Number.NaN])(
		'that is no number is refused before anything is sent: Tasks at Once %p',
		async (concurrency) => {
			const run = await world.run({ parameters: { options: { concurrency } } });
			expect(run.error?.message).toMatch(
				/'Tasks at Once' is .+, but must be a number from 1 to 100/,
			);
			expect(submits(world.sandbox)).toBe(0);
		},
	);

	it('that names the field of the video with a value that is missing is told', async () => {
		const run = await world.run({ parameters: { outputBinaryField: '={{ "undefined" }}' } });
		expect(run.hints.join()).toMatch(
			/'Output Data Field Name' is what becomes of a value that is missing; the field with the video is called so/,
		);
	});

	it('a file name may be a number', async () => {
		const run = await world.run({ parameters: { options: { fileName: '={{ 42 }}' } } });
		expect(run.rows[0].binary?.data.fileName).toBe('42.mp4');
	});

	it('a field that the row does not need may be empty', async () => {
		const run = await world.run({
			parameters: { download: '={{ false }}', outputBinaryField: '={{ $json.x }}' },
		});
		expect(run.error).toBeUndefined();
	});
});

describe('other operations', () => {
	it('Task: Wait tells an ID that was not filled in, and takes one in quotes', async () => {
		const task = { resource: 'task', operation: 'wait' };
		const bad = await world.run({ parameters: { ...task, taskId: '{{ $json.taskId }}' } });
		expect(bad.error?.message).toMatch(/^'Task ID' is "\{\{ \$json\.taskId \}\}", which holds/);
		const made = await world.run({ parameters: { operation: 'submit' } });
		const taskId = `"${made.rows[0].json.taskId as string}"`;
		const run = await world.run({ parameters: { ...task, taskId } });
		expect(run.rows[0].json.status).toBe('completed');
	});

	it('File: Upload takes a file that an expression gives, and no other', async () => {
		const photo = await storeBinary(media('first_frame.jpg'), 'photo.jpg', 'image/jpeg');
		const logo = await storeBinary(media('last_frame.jpg'), 'logo.jpg', 'image/jpeg');
		const setup = (binaryField: string) => ({
			items: [{ json: {}, binary: { data: logo, photo } }],
			parameters: { resource: 'file', operation: 'upload', binaryField },
		});
		const run = await world.run(setup('={{ $binary.photo }}'));
		const named = await world.run(setup('photo'));
		expect(run.rows[0].json.bytes).toBe(named.rows[0].json.bytes);
		const none = await world.run(setup('={{ $binary.foto }}'));
		expect(none.error?.message).toMatch(/'Input Data Field Name' is empty.*data, photo/);
		expect(uploads()).toBe(2);
	});
});
