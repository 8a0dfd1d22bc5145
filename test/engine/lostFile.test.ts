// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// A file that n8n's store loses between the check and its upload is its item's trouble: the others deliver, and nothing is
// charged for it.
import { readFileSync, rmSync } from 'node:fs';

import { binaryFile } from '../e2e/support/n8nInstall';
import { storeBinary } from '../support/engine';
import { startWorld, submits, type World } from '../support/engineWorld';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

const taskIds = () => world.sandbox.ledger().map(({ id }) => id);

/** Three items, two at a time; the file of the third one goes when the first is submitted. */
async function run(onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput') {
	const image = readFileSync('examples/media/first_frame.jpg');
	const file = await storeBinary(image, 'first.jpg', 'image/jpeg');
	const setup = {
		items: [0, 1, 2].map((number) => ({ json: { number }, binary: { data: file } })),
		parameters: {
			firstFrameSource: '={{ $json.number === 2 ? "binary" : "url" }}',
			firstFrameBinaryField: 'data',
			options: { concurrency: 2 },
		},
		settings: { onError },
	};
	const running = world.start(setup);
	while (submits(world.sandbox) === 0) await new Promise(setImmediate);
	rmSync(binaryFile(process.env.N8N_USER_FOLDER ?? '', file.id ?? ''));
	return { setup, run: await running.done };
}

it.each([['continueRegularOutput'], ['continueErrorOutput']] as const)(
	'is told in its row, and the others have their videos, under %s',
	async (onError) => {
		const { run: ended } = await run(onError);
		const failed = [...ended.rows, ...ended.errorRows].filter(({ json }) => 'error' in json);
		expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 2 }]);
		expect(failed[0].json.error).toMatch(/nothing was charged for this item/);
		const made = ended.rows.filter(({ json }) => 'taskId' in json);
		expect(made.map(({ json }) => json.taskId)).toEqual(taskIds());
		expect(made.every(({ binary }) => binary?.data.mimeType === 'video/mp4')).toBe(true);
		expect(submits(world.sandbox)).toBe(2);
	},
);

it('ends a run that is to stop with an error that names the paid tasks, which a retry brings in', async () => {
	const { setup, run: ended } = await run('stopWorkflow');
	expect(ended.status).toBe('error');
	expect(ended.error?.message).toMatch(/^Item 2: .*nothing was charged for this item/);
	for (const id of taskIds()) expect(ended.error?.description).toContain(id);
	const goesOn = { ...setup, settings: { onError: 'continueErrorOutput' } as const };
	const again = await world.retry(ended, goesOn);
	expect(again.rows.map(({ json }) => json.taskId)).toEqual(taskIds());
	expect(again.errorRows).toHaveLength(1);
	expect(submits(world.sandbox)).toBe(2);
});

it.each([
	['generate', /nothing was charged for this item/],
	['upload', /'Input Data Field Name': the file in the field 'data' cannot be read/],
] as const)(
	'that goes between two tries of its upload is told as that by %s',
	async (operation, text) => {
		const image = readFileSync('examples/media/first_frame.jpg');
		const file = await storeBinary(image, 'first.jpg', 'image/jpeg');
		world.sandbox.plan({ on: 'upload', fault: { kind: 'status', status: 503 } });
		const running = world.start({
			items: [{ json: {}, binary: { data: file } }],
			parameters: {
				resource: operation === 'upload' ? 'file' : 'video',
				operation,
				firstFrameSource: 'binary',
			},
		});
		while (world.sandbox.requests().length === 0) await new Promise(setImmediate);
		rmSync(binaryFile(process.env.N8N_USER_FOLDER ?? '', file.id ?? ''));
		const { error } = await running.done;
		expect(error?.message).toMatch(text);
		expect(error?.message).not.toMatch(/connection/);
		expect(submits(world.sandbox)).toBe(0);
	},
);
