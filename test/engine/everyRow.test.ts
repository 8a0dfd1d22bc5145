// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// Every row ends in its own place: what an item's parameters do is that item's error, and a fault of the run as a
// whole is every item's. n8n hands on the input of a node that throws under "continue", as if it were the result.
import { readFileSync } from 'node:fs';

import {
	type IDataObject,
	type INodeExecutionData,
	type INodeProperties,
	NodeHelpers,
} from 'n8n-workflow';

import { WanVideo } from '../../nodes/WanVideo/WanVideo.node';
import { type EngineRun, storeBinary } from '../support/engine';
import { startWorld, submits, type World } from '../support/engineWorld';
import { someOf } from '../support/thorough';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
let items: INodeExecutionData[];
/** A task that is there for the operations on tasks. */
let taskId: string;
beforeAll(async () => {
	world = await startWorld();
	const image = readFileSync('examples/media/first_frame.jpg');
	const binary = { data: await storeBinary(image, 'first.jpg', 'image/jpeg') };
	items = [0, 1, 2].map((number) => ({ json: { number, input: true }, binary }));
});
beforeEach(async () => {
	await world.reset();
	const { rows } = await world.run({ parameters: { operation: 'submit' } });
	taskId = rows[0].json.taskId as string;
});
afterAll(async () => await world.close());

const frame = 'https://example.com/first_frame.jpg';
const FIRST_FRAME = { generationMode: 'first_frame', firstFrameUrl: frame };
const WAYS: Array<[string, IDataObject]> = [
	['generate', { ...FIRST_FRAME, drivingAudioSource: 'url', drivingAudioUrl: `${frame}.mp3` }],
	['generate', { ...FIRST_FRAME, firstFrameSource: 'binary', firstFrameBinaryField: 'data' }],
	[
		'generate',
		{
			generationMode: 'video_continuation',
			clipUrl: 'https://example.com/clip.mp4',
			...{ lastFrameSource: 'url', lastFrameUrl: frame },
		},
	],
	['submit', FIRST_FRAME],
	['check', FIRST_FRAME],
	['upload', { resource: 'file', binaryField: 'data' }],
	['get', { resource: 'task' }],
	['wait', { resource: 'task' }],
];

/** A legal value of each parameter and option whose default is none. */
const LEGAL: IDataObject = {
	prompt: 'A cat',
	negativePrompt: 'blurry',
	callbackUrl: 'https://example.com/hook',
	fileName: 'cat.mp4',
	// Switched on, a wrong item would not hold the others back.
	submitGoodItems: false,
	firstFrameSource: 'url',
};

const { description } = new WanVideo();

interface Place {
	label: string;
	/** The parameters with an expression in this one that throws for the second item. */
	parameters: IDataObject;
}

/** What is read for an operation is read in all of its ways alike: the first way that shows a place has it. */
const ofOperation = new Map<string, Set<string>>();
function newPlacesIn(operation: string, parameters: IDataObject): Place[] {
	const known = ofOperation.get(operation) ?? new Set();
	ofOperation.set(operation, known);
	const places = placesIn(parameters).filter(({ label }) => !known.has(label));
	for (const { label } of places) known.add(label);
	return places;
}

/** Every parameter and option that is shown, and may hold an expression. */
function placesIn(parameters: IDataObject): Place[] {
	const values = filled(parameters);
	const shown = description.properties.filter(
		(property) =>
			property.type !== 'notice' &&
			property.noDataExpression !== true &&
			NodeHelpers.displayParameter(values, property, { typeVersion: 1 }, description),
	);
	return shown.flatMap((property): Place[] => {
		if (property.type !== 'collection') {
			const value = parameters[property.name] ?? LEGAL[property.name] ?? property.default;
			const text = throwingFor(value);
			// Texts name a field without its unit.
			const label = property.displayName.replace(/ \(Seconds\)$/, '');
			return [{ label, parameters: { ...parameters, [property.name]: text } }];
		}
		const options = (property.options ?? []).filter(
			(option): option is INodeProperties => 'type' in option,
		);
		// n8n drops an option that the model does not have.
		const shown = options.filter(
			({ displayOptions }) =>
				displayOptions?.show?.['/model']?.includes('wan2.7-image-to-video') ?? true,
		);
		return shown.map(({ name, displayName, default: value }) => ({
			label: displayName,
			parameters: {
				...parameters,
				// The addresses lead nowhere.
				options: { checkMaterials: false, [name]: throwingFor(LEGAL[name] ?? value) },
			},
		}));
	});
}

/** As the editor fills them in. */
function filled(parameters: IDataObject) {
	const values = parameters as Parameters<typeof NodeHelpers.getNodeParameters>[1];
	return (
		NodeHelpers.getNodeParameters(
			description.properties,
			values,
			true,
			false,
			{ typeVersion: 1 },
			description,
		) ?? {}
	);
}

/** A text to a number by n8n's own function, which throws for a word. */
const throwingFor = (value: unknown) =>
	`={{ $json.number === 1 ? "five".toNumber() : ${JSON.stringify(value)} }}`;

const isInput = ({ json }: INodeExecutionData) => json.input === true;

function expectTwoAndOne(run: EngineRun, label: string): void {
	const failed = [...run.rows, ...run.errorRows].filter(({ json }) => 'error' in json);
	const good = run.rows.filter(({ json }) => !('error' in json));
	expect(run.status).toBe('success');
	expect(run.rows.filter(isInput)).toEqual([]);
	expect(good.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
	expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
	expect(failed[0].json.error).toContain(`'${label}' could not be read: `);
	expect(failed[0].json.error).toMatch(/convert/i);
	expect(failed[0].json.message).toMatch(/Nothing was sent to EvoLink/);
}

describe.each(WAYS)('%s with %j', (operation, given) => {
	const parameters = { resource: 'video', operation, ...given };
	const pays = operation === 'generate' || operation === 'submit';
	const places = newPlacesIn(operation, { ...parameters, taskId: 'x' });
	const withTask = (place: IDataObject) => ({
		...place,
		...(place.taskId === undefined || place.taskId === 'x'
			? { taskId }
			: { taskId: (place.taskId as string).replace('"x"', JSON.stringify(taskId)) }),
	});

	it('has parameters', () => {
		expect(places.length).toBeGreaterThan(0);
	});

	it.each(someOf(places, 3))(
		'$label that throws for one of three items is its error',
		async ({ label, parameters: place }) => {
			const run = async (
				onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput',
			) => await world.run({ items, parameters: withTask(place), settings: { onError } });

			const before = submits(world.sandbox);
			const stopped = await run('stopWorkflow');
			expect(stopped.status).toBe('error');
			expect(stopped.error?.message).toContain(`Item 1: '${label}' could not be read: `);
			expect(stopped.error?.message).toMatch(/convert/i);
			expect(submits(world.sandbox)).toBe(before);

			const regular = await run('continueRegularOutput');
			expectTwoAndOne(regular, label);
			expect(regular.rows).toHaveLength(3);
			expect(submits(world.sandbox)).toBe(before + (pays ? 2 : 0));

			const toBranch = await run('continueErrorOutput');
			expectTwoAndOne(toBranch, label);
			expect([toBranch.rows.length, toBranch.errorRows.length]).toEqual([2, 1]);
		},
	);
});

describe('a fault of the run as a whole', () => {
	const gone = new Error('Credential with ID "1" does not exist for type "evoLinkApi".');
	const FAULTS: Array<[string, IDataObject, Error | undefined, RegExp]> = [
		['Tasks at Once of 0', { options: { concurrency: 0 } }, undefined, /'Tasks at Once'/],
		['Tasks at Once in words', { options: { concurrency: 'abc' } }, undefined, /'Tasks at Once'/],
		[
			'Tasks at Once of a wait in words',
			{ resource: 'task', operation: 'wait', taskId: 'task-1', options: { concurrency: 'abc' } },
			undefined,
			/'Tasks at Once'/,
		],
		['an operation that is not there', { operation: 'dance' }, undefined, /'dance'/],
		['a property of every object', { operation: 'constructor' }, undefined, /'constructor'/],
		['a credential that is gone', {}, gone, /Credential with ID/],
		['a credential that is gone, submit', { operation: 'submit' }, gone, /Credential with ID/],
		[
			'a credential that is gone, get',
			{ resource: 'task', operation: 'get', taskId: 'task-1' },
			gone,
			/Credential with ID/,
		],
		[
			'a credential that is gone, wait',
			{ resource: 'task', operation: 'wait', taskId: 'task-1' },
			gone,
			/Credential with ID/,
		],
		[
			'a credential that is gone, upload',
			{ resource: 'file', operation: 'upload', binaryField: 'data' },
			gone,
			/Credential with ID/,
		],
		[
			'a credential that is gone, quota',
			{ resource: 'file', operation: 'getQuota' },
			gone,
			/Credential with ID/,
		],
		[
			'a credential that is gone, credits',
			{ resource: 'account', operation: 'getCredits' },
			gone,
			/Credential with ID/,
		],
	];

	it.each(FAULTS)('%s is every row', async (_label, parameters, fault, text) => {
		const before = submits(world.sandbox);
		const setup = { items, parameters, ...(fault && { credentialFault: fault }) };
		const stopped = await world.run(setup);
		expect(stopped.status).toBe('error');
		expect(stopped.error?.message).toMatch(text);
		expect(stopped.error?.description).toMatch(/nothing was charged|tasks go on/i);

		const regular = await world.run({ ...setup, settings: { onError: 'continueRegularOutput' } });
		expect(regular.rows).toHaveLength(3);
		for (const { json } of regular.rows) expect(json.error).toMatch(text);
		expect(regular.rows.filter(isInput)).toEqual([]);

		const branch = await world.run({ ...setup, settings: { onError: 'continueErrorOutput' } });
		expect([branch.rows.length, branch.errorRows.length]).toEqual([0, 3]);
		expect(branch.errorRows.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
		expect(submits(world.sandbox)).toBe(before);
	});

	it('and a parameter that cannot be read are an answer to an agent', async () => {
		const settings = {
			type: 'n8n-nodes-wan-video.wanVideoTool',
			onError: 'continueErrorOutput',
		} as const;
		const one = items.slice(1, 2);
		const bad = await world.run({
			items: one,
			settings,
			parameters: { prompt: throwingFor('A cat') },
		});
		expect(bad.rows[0].json).toMatchObject({ status: 'failed' });
		expect(bad.rows[0].json.message).toMatch(/'Prompt' could not be read: .*nothing was charged/);
		const lost = await world.run({
			items: one,
			settings,
			parameters: { operation: 'dance' },
		});
		expect(lost.rows[0].json).toMatchObject({ status: 'failed' });
	});
});
