// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// A length that follows the sound or the clip, in n8n's engine: what is sent, shown, capped, refused and retried.
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { processedValues, retryLost, storeBinary } from '../support/engine';
import { FIRST_FRAME, requestLines, startWorld, submits, type World } from '../support/engineWorld';
import { bytesOf } from '../unit/media/corpus';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld({ credits: 100_000 });
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

/** Silence of so many seconds. */
function wav(seconds: number): Buffer {
	const samples = Math.round(seconds * 8000);
	const bytes = Buffer.alloc(44 + samples * 2);
	bytes.write('RIFF', 0);
	bytes.writeUInt32LE(bytes.length - 8, 4);
	bytes.write('WAVEfmt ', 8);
	bytes.writeUInt32LE(16, 16);
	bytes.writeUInt16LE(1, 20);
	bytes.writeUInt16LE(1, 22);
	bytes.writeUInt32LE(8000, 24);
	bytes.writeUInt32LE(16_000, 28);
	bytes.writeUInt16LE(2, 32);
	bytes.writeUInt16LE(16, 34);
	bytes.write('data', 36);
	bytes.writeUInt32LE(samples * 2, 40);
	return bytes;
}
const voiced = async (...lengths: number[]): Promise<INodeExecutionData[]> =>
	await Promise.all(
		lengths.map(async (seconds) => ({
			json: {},
			binary: { voice: await storeBinary(wav(seconds), 'voice.wav', 'audio/wav') },
		})),
	);
/** Ten seconds. */
const clip = async (): Promise<INodeExecutionData> => ({
	json: {},
	binary: {
		data: await storeBinary(
			Buffer.from(bytesOf('valid/mp4/ten-seconds.mp4')),
			'clip.mp4',
			'video/mp4',
		),
	},
});

const TALKING: IDataObject = {
	...{ drivingAudioSource: 'binary', drivingAudioBinaryField: 'voice', durationMode: 'asAudio' },
};
const LONGER: IDataObject = {
	...{ generationMode: 'video_continuation', clipSource: 'binary', durationMode: 'afterClip' },
	duration: 3,
};
/** EvoLink's own trouble with one task, which is charged nothing. */
const TROUBLE = { kind: 'failTask', code: 'service_error', message: 'Try again' } as const;
const durations = () => world.sandbox.ledger().map(({ body }) => body.duration);
const options = (more: IDataObject) => ({ options: { checkMaterials: false, ...more } });

describe('as long as the audio', () => {
	it('each item has the length of its own sound', async () => {
		const items = await voiced(3.02, 6.5, 14.2);
		const run = await world.run({ items, parameters: TALKING });
		expect(run.error).toBeUndefined();
		expect(durations().sort()).toEqual([15, 3, 7]);
		const shown = await world.run({
			items,
			parameters: { ...TALKING, operation: 'submit' },
		});
		expect(shown.rows.map(({ json }) => json.durationSeconds)).toEqual([3, 7, 15]);
	});

	it('Check says the number, in the body, too', async () => {
		const run = await world.run({
			items: await voiced(6.5),
			parameters: { ...TALKING, operation: 'check' },
		});
		const [{ json }] = run.rows;
		expect(json).toMatchObject({ ok: true, billedSeconds: 7, body: { duration: 7 } });
		expect(JSON.stringify(json.hints)).not.toMatch(/Driving Audio/);
		expect(submits(world.sandbox)).toBe(0);
	});

	it('the cap counts it', async () => {
		const items = await voiced(6.5, 6.5);
		const run = await world.run({
			items,
			parameters: { ...TALKING, options: { maxBilledSeconds: 13 } },
		});
		expect(run.error?.message).toMatch(/14 seconds of video/);
		expect(submits(world.sandbox)).toBe(0);
	});

	it('is measured with Check Materials off, too', async () => {
		await world.run({ items: await voiced(6.5), parameters: { ...TALKING, ...options({}) } });
		expect(durations()).toEqual([7]);
	});

	it.each<[string, IDataObject]>([
		['a file that is no sound', { drivingAudioBinaryField: 'page' }],
		[
			'an address that cannot be read',
			{ drivingAudioSource: 'url', drivingAudioUrl: 'http://127.0.0.1:1/a.mp3' },
		],
	])('%s is refused before anything is charged', async (_, source) => {
		const page = await storeBinary(Buffer.from('<html>gone</html>'), 'a.html', 'text/html');
		const run = await world.run({
			items: [{ json: {}, binary: { page } }],
			parameters: { ...TALKING, ...source, ...options({}) },
		});
		expect(run.error?.message).toMatch(/How long .*Driving Audio.* could not be read/);
		expect(submits(world.sandbox)).toBe(0);
	});

	it('a sound that is too long is refused with both numbers, and the other item is told nothing wrong', async () => {
		const run = await world.run({ items: await voiced(6.5, 18.3), parameters: TALKING });
		expect(run.error?.message).toMatch(
			/^Item 1: File 'voice' of 'Driving Audio' is 18.3 s long, and Wan 2.7 Image to Video makes at most 15 s/,
		);
		expect(submits(world.sandbox)).toBe(0);
	});
});

describe('seconds to add', () => {
	it('come on top of the clip, and are what is sent, shown and billed', async () => {
		const items = [await clip()];
		const check = await world.run({ items, parameters: { ...LONGER, operation: 'check' } });
		expect(check.rows[0].json).toMatchObject({
			ok: true,
			billedSeconds: 13,
			body: { duration: 13 },
		});
		const run = await world.run({ items, parameters: { ...LONGER, operation: 'submit' } });
		expect(run.rows[0].json.durationSeconds).toBe(13);
		expect(durations()).toEqual([13]);
	});

	it('too many are refused with the most that can be added', async () => {
		const run = await world.run({ items: [await clip()], parameters: { ...LONGER, duration: 6 } });
		expect(run.error?.message).toMatch(/16 s together, .*at most 15 s\. Add 5 s at most/);
		expect(submits(world.sandbox)).toBe(0);
	});
});

it('an expression chooses for each item, and one without a sound is not guessed', async () => {
	const [spoken, silent] = await voiced(4.4, 4.4);
	const run = await world.run({
		items: [
			{ ...spoken, json: { mode: 'asAudio', source: 'binary' } },
			{ ...silent, json: { mode: 'fixed', source: 'none' } },
			{ ...silent, json: { mode: 'asAudio', source: 'none' } },
		],
		parameters: {
			...TALKING,
			...{ durationMode: '={{ $json.mode }}', drivingAudioSource: '={{ $json.source }}' },
			duration: 9,
			options: { submitGoodItems: true },
		},
	});
	expect(JSON.stringify(run.rows[2]?.json)).toMatch(/'Driving Audio URL' is not given/);
	expect(durations().sort()).toEqual([5, 9]);
});

describe('retries', () => {
	it.each([
		['sound', TALKING, async () => await voiced(4.4)],
		['clip', LONGER, async () => [await clip()]],
	])(
		'after a time-out the task of a length by its %s is found, and not paid again',
		async (_, how, of) => {
			const items = await of();
			const failed = await world.run({ items, parameters: { ...how, options: { timeout: 0.5 } } });
			expect(failed.status).toBe('error');
			const run = await world.retry(failed, {
				items,
				parameters: { ...how, options: { timeout: 9 } },
			});
			expect(run.status).toBe('success');
			expect(submits(world.sandbox)).toBe(1);
		},
	);

	it('finds it though the sound is gone', async () => {
		const items = await voiced(4.4);
		const failed = await world.run({
			items,
			parameters: { ...TALKING, options: { timeout: 0.5 } },
		});
		const run = await world.retry(failed, {
			items: [{ json: {} }],
			parameters: { ...TALKING, options: { timeout: 9 } },
		});
		expect([run.error?.message, run.status]).toEqual([undefined, 'success']);
		expect(submits(world.sandbox)).toBe(1);
	});

	it('after n8n was killed the task is found, and the length is the same', async () => {
		const setup = { items: await voiced(4.4), parameters: { ...FIRST_FRAME, ...TALKING } };
		const running = world.start(setup);
		let over = false;
		void running.done.finally(() => (over = true));
		const looked = () => requestLines(world.sandbox).some((line) => line.includes('/v1/tasks/'));
		while (!over && !looked()) await new Promise(setImmediate);
		const left = processedValues.snapshot();
		const lost = await running.done;
		processedValues.restore(left);
		const credential = { apiKey: world.sandbox.key, baseUrl: world.sandbox.url };
		const run = await retryLost(lost, { credential, ...setup }).done;
		expect(run.rows[0].json.taskId).toBe(world.sandbox.ledger()[0].id);
		expect(durations()).toEqual([5]);
	});

	it('over a pause it is one task', async () => {
		const { run, pauses } = await world.runOn({
			items: await voiced(4.4),
			parameters: { ...TALKING, options: { whileWaiting: 'pause' } },
		});
		expect(pauses).toBeGreaterThan(0);
		expect(run.rows[0].json.status).toBe('completed');
		expect(durations()).toEqual([5]);
	});

	it('a task that fails is submitted again with the same length', async () => {
		world.sandbox.plan({ on: 'submit', fault: TROUBLE });
		await world.run({
			items: await voiced(4.4),
			parameters: { ...TALKING, options: { submitAgain: 1 } },
		});
		expect(durations()).toEqual([5, 5]);
	});
});

it('nothing is looked at twice', async () => {
	const items = await voiced(4.4, 4.4);
	await world.run({ items, parameters: TALKING });
	expect(requestLines(world.sandbox).filter((line) => line.includes('/upload'))).toHaveLength(1);
});

it('a model by expression counts the seconds to add as any other does', async () => {
	const model = '={{ "wan2.7-image-to-video" }}';
	const run = await world.run({ items: [await clip()], parameters: { ...LONGER, model } });
	expect(run.error).toBeUndefined();
	expect(durations()).toEqual([13]);
});
