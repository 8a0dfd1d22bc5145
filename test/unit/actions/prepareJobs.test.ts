/** From parameters of items to jobs: what is read, what is refused before a charge, and in which order. */
import { inItemOrder } from '../../../nodes/WanVideo/actions/rows';
import { checkItems } from '../../../nodes/WanVideo/actions/video/checkItems';
import { inspectItems } from '../../../nodes/WanVideo/actions/video/inspectItems';
import { TO_WAIT } from '../../../nodes/WanVideo/actions/video/itemSettings';
import { judgeItems } from '../../../nodes/WanVideo/actions/video/judgeItems';
import { prepareJobs } from '../../../nodes/WanVideo/actions/video/prepareJobs';
import { readItems } from '../../../nodes/WanVideo/actions/video/readItems';
import { Uploads } from '../../../nodes/WanVideo/generation/uploads';
import { ItemFiles } from '../../../nodes/WanVideo/host/itemFiles';
import { scopeOf } from '../../../nodes/WanVideo/host/scope';
import { FakeClock } from '../../support/fakeClock';
import { fakeContext, type FakeContextPlan } from '../../support/fakeContext';
import { runs } from '../../support/thorough';

const firstFrame = 'https://example.com/first_frame.jpg';
const item = (overrides: Record<string, unknown> = {}) => ({
	generationMode: 'first_frame',
	firstFrameUrl: firstFrame,
	drivingAudioSource: 'none',
	prompt: 'A cat',
	duration: 5,
	quality: '720p',
	...overrides,
});

/** Without a look into the materials: those are addresses, and this is about fields. */
async function prepare(given: Array<Record<string, unknown>>, plan: FakeContextPlan = {}) {
	const parameters = given.map((one) => ({
		...one,
		options: { checkMaterials: false, ...(one.options as object | undefined) },
	}));
	const context = fakeContext({ parameters, input: parameters.map(() => ({ json: {} })), ...plan });
	const files = new ItemFiles(context);
	const checked = checkItems(await readItems(context, files, TO_WAIT.read));
	return prepareJobs(context, judgeItems(await inspectItems(context, files, checked)), {
		scope: scopeOf(context, []),
		uploads: noUploads,
		paid: () => undefined,
		plain: TO_WAIT.plain,
	});
}

const noUploads = new Uploads({
	files: { upload: unexpected, quota: unexpected },
	store: { read: () => undefined, write: unexpected },
	clock: new FakeClock(),
	stop: { aborted: false },
	load: unexpected,
	ownUrl: unexpected,
});

function unexpected(): never {
	throw new Error('Nothing is to be uploaded.');
}

const body = async (parameters: Record<string, unknown>) =>
	(await prepare([parameters])).jobs[0].body;

describe('a request', () => {
	it('is made of exactly what the user set', async () => {
		expect(await body(item())).toEqual({
			model: 'wan2.7-image-to-video',
			generation_mode: 'first_frame',
			prompt: 'A cat',
			image_start: firstFrame,
			quality: '720p',
			duration: 5,
		});
	});

	it('takes the options', async () => {
		const options = {
			seed: 42,
			negativePrompt: 'blurry',
			promptExtend: true,
			callbackUrl: 'https://a.example/h',
		};
		expect(await body(item({ options }))).toMatchObject({
			...{ seed: 42, negative_prompt: 'blurry', prompt_extend: true },
			callback_url: 'https://a.example/h',
		});
	});

	it('leaves out a material whose source is None, whatever stands in its field', async () => {
		const given = item({ drivingAudioSource: 'none', drivingAudioUrl: 'https://a.example/a.mp3' });
		expect(await body(given)).not.toHaveProperty('audio_urls');
	});

	it('takes a material whose source is URL', async () => {
		const given = item({ drivingAudioSource: 'url', drivingAudioUrl: 'https://a.example/a.mp3' });
		expect(await body(given)).toHaveProperty('audio_urls', ['https://a.example/a.mp3']);
	});

	it.each([
		[
			'driving audio',
			item({ drivingAudioSource: 'url', drivingAudioUrl: '' }),
			'Driving Audio URL',
		],
		[
			'last frame in a continuation',
			item({
				generationMode: 'video_continuation',
				firstFrameUrl: undefined,
				clipUrl: 'https://a.example/c.mp4',
				lastFrameSource: 'url',
				lastFrameUrl: null,
			}),
			'Last Frame URL',
		],
		[
			'last frame in auto',
			item({
				generationMode: 'auto',
				firstFrameSource: 'url',
				lastFrameSource: 'url',
				lastFrameUrl: ' ',
			}),
			'Last Frame URL',
		],
	])(
		'whose %s is wanted but empty is refused, not made without it',
		async (_label, given, label) => {
			await expect(prepare([given])).rejects.toThrow(new RegExp(label));
		},
	);

	it('differs by item in its hashes only where the items differ', async () => {
		const { jobs } = await prepare([item(), item(), item({ prompt: 'A dog' })]);
		expect(jobs[0].requestHash).toBe(jobs[1].requestHash);
		expect(jobs[0].requestHash).not.toBe(jobs[2].requestHash);
		expect(new Set(jobs.map(({ slot }) => slot)).size).toBe(3);
	});
});

describe('settings that cannot be used', () => {
	it.each([
		['a time-out of 0', { timeout: 0 }, /'Timeout'/],
		['a time-out in words', { timeout: 'long' }, /'Timeout'/],
		['a pace of 0', { pollInterval: 0 }, /'Poll Interval'/],
		['a list as pace', { pollInterval: [10, 20] }, /'Poll Interval'/],
		['four new submits', { submitAgain: 4 }, /'Submit Again on Failure'/],
		['minus one new submit', { submitAgain: -1 }, /'Submit Again on Failure'/],
		['one and a half new submits', { submitAgain: 1.5 }, /'Submit Again on Failure'/],
	])('are refused: %s', async (_label, options, text) => {
		await expect(prepare([item({ options })])).rejects.toThrow(text);
	});

	it('are the defaults when empty', async () => {
		const options = { timeout: '', pollInterval: null, submitAgain: ' ' };
		const [job] = (await prepare([item({ options })])).jobs;
		expect(job).toMatchObject({ resubmits: 0, wait: { timeoutMs: 1_800_000 } });
		expect(job.wait).not.toHaveProperty('pollIntervalMs');
	});

	it('are numbers also as texts', async () => {
		const options = { timeout: '10', pollInterval: ' 5 ', submitAgain: '2' };
		expect((await prepare([item({ options })])).jobs[0]).toMatchObject({
			resubmits: 2,
			wait: { timeoutMs: 600_000, pollIntervalMs: 5000 },
		});
	});
});

describe('several items', () => {
	const bad = item({ duration: 99 });

	it('with a bad one are refused together, with all problems and nothing charged', async () => {
		const error: unknown = await prepare([item(), bad, item({ firstFrameUrl: '' })]).catch(
			(thrown: unknown) => thrown,
		);
		expect(error).toMatchObject({ message: expect.stringContaining('2 items') as string });
		expect(error).toMatchObject({
			description: expect.stringMatching(
				/nothing was charged[^]*Item 1: 'Duration'[^]*Item 2: 'First Frame URL'/,
			) as string,
		});
	});

	it('become rows where they are bad and requests where they are good, under Continue On Fail', async () => {
		const { jobs, refused, plans } = await prepare([item(), bad, item()], {
			continueOnFail: true,
		});
		expect(jobs.map((job) => job.item)).toEqual([0, 2]);
		expect(plans.map((plan) => plan.item)).toEqual([0, 2]);
		expect(refused.map(({ item }) => item)).toEqual([1]);
		expect(refused[0].error).toMatch(/'Duration'/);
	});

	it('come out in the order of the input', () => {
		const rows = [2, 0, 1].map((index) => ({ json: { index }, pairedItem: { item: index } }));
		expect(inItemOrder(rows, []).map(({ json }) => json.index)).toEqual([0, 1, 2]);
	});

	it('have hints that name their item', async () => {
		const { hints } = await prepare([item(), item({ prompt: 'a'.repeat(5001) })]);
		expect(hints).toEqual([expect.stringMatching(/^Item 1: 'Prompt' has 5001 characters/)]);
	});

	it('of thousands that are wrong in one way make an error that can be read', async () => {
		const count = runs(10_000);
		const many = Array.from({ length: count }, () => bad);
		const error: unknown = await prepare(many).catch((thrown: unknown) => thrown);
		const { message, description } = error as { message: string; description: string };
		const begins = `${count} items cannot be submitted. Items 0 to ${count - 1}: 'Duration'`;
		expect(message.slice(0, begins.length)).toBe(begins);
		expect(message.length + description.length).toBeLessThan(2_000);
	});

	it('with one that is wrong tell its number', async () => {
		await expect(prepare([item(), bad])).rejects.toThrow(/^Item 1: 'Duration'/);
		await expect(prepare([bad])).rejects.toThrow(/^'Duration'/);
	});
});
