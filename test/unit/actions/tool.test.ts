/** What users and language models see of the node as a tool, by n8n's own rules of display. */
import { type INodeParameters, type INodeProperties, NodeHelpers } from 'n8n-workflow';

import { readWaitPlan } from '../../../nodes/WanVideo/actions/readWait';
import { BY_MODEL, textForAll } from '../../../nodes/WanVideo/actions/toolDescriptions';
import { MODELS } from '../../../nodes/WanVideo/wan/models';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node';
import { fakeContext, type FakeContextPlan } from '../../support/fakeContext';

const node = new WanVideo().description;
/** As n8n names the type of the tool that it makes of the node. */
const tool = { ...node, name: 'wanVideoTool' };

function shown(description: typeof node, values: INodeParameters): INodeProperties[] {
	const { properties } = description;
	const at = { typeVersion: 1 };
	const filled = NodeHelpers.getNodeParameters(properties, values, true, false, at, description);
	return properties.filter((property) =>
		NodeHelpers.displayParameter(filled ?? {}, property, at, description),
	);
}

const names = (properties: INodeProperties[]) => properties.map(({ name }) => name);

/** Names of the entries that the options collection offers. */
function offered(description: typeof node, values: INodeParameters): string[] {
	const [collection] = shown(description, values).filter(({ name }) => name === 'options');
	return (
		(collection.options ?? [])
			.filter((option): option is INodeProperties => 'type' in option)
			// With the defaults of what stands outside the collection: a file name is offered where a file is downloaded.
			.filter((option) =>
				NodeHelpers.displayParameter({}, option, { typeVersion: 1 }, description, DOWNLOADS),
			)
			.map(({ name }) => name)
	);
}

const DOWNLOADS: INodeParameters = { download: true };

/** Whether a drop-down of the tool offers an entry. */
const isOffered = (option: object) =>
	!('displayOptions' in option) ||
	JSON.stringify(option.displayOptions) !== '{"hide":{"@tool":[true]}}';

/** Every operation, as the drop-downs have them. */
const OPERATIONS = node.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ displayOptions, options = [] }) =>
		options.flatMap((option) =>
			'value' in option
				? {
						resource: displayOptions?.show?.resource?.[0] as string,
						operation: String(option.value),
					}
				: [],
		),
	);

describe('the description for the model', () => {
	it.each(OPERATIONS)('$resource: $operation', ({ resource, operation }) => {
		const texts = shown(tool, { resource, operation }).filter(
			({ name }) => name === 'toolDescription',
		);
		expect(texts).toHaveLength(resource === 'file' || operation === 'join' ? 0 : 1);
		for (const { default: text } of texts) {
			// OpenAI refuses functions with more than 1024 characters.
			expect((text as string).length).toBeLessThanOrEqual(1024);
			expect(text).toMatch(/[Cc]osts? (nothing|money)/);
		}
		expect(names(shown(node, { resource, operation }))).not.toContain('toolDescription');
	});

	it('is short enough for each model, and where the model comes from an expression', () => {
		const texts = node.properties.filter(({ name }) => name === 'toolDescription');
		const long = texts.filter(({ default: text }) => (text as string).length > 1024);
		expect(texts.length).toBeGreaterThan(30);
		expect(long.map(({ displayOptions }) => displayOptions)).toEqual([]);
	});

	describe('where the model comes from an expression', () => {
		const all = node.properties.filter(
			({ name, displayOptions }) =>
				name === 'toolDescription' && displayOptions?.show?.model?.[0] === '',
		);

		it('names every model, with what it takes where there is room', () => {
			expect(all).toHaveLength(Object.keys(BY_MODEL).length);
			for (const { default: text } of all) for (const { id } of MODELS) expect(text).toContain(id);
			for (const textOf of Object.values(BY_MODEL)) {
				const few = MODELS.slice(0, 8);
				const text = textForAll(few, textOf);
				for (const { id, tells } of few) {
					expect(text).toContain(id);
					expect(text).toContain(tells);
				}
			}
		});

		it.each(Object.entries(BY_MODEL))('%s has room for six models more', (_operation, textOf) => {
			const more = MODELS.slice(0, 6).map((model) => ({
				...{ ...model, id: model.id.replace('2.7', '2.6').replace('3.0', '3.1') },
				tells: 'from something that no other model takes',
			}));
			const text = textForAll([...MODELS, ...more], textOf);
			expect(text.length).toBeLessThanOrEqual(1024);
			for (const { id } of [...MODELS, ...more]) expect(text).toContain(id);
		});
	});

	it('says of every way to spend money how not to spend it twice', () => {
		for (const operation of ['generate', 'submit']) {
			const [text] = shown(tool, { operation });
			expect(text.default).toMatch(/call it once for each video/);
			expect(text.default).toMatch(/another take, change the prompt or the seed/);
		}
	});
});

describe('hidden from tools', () => {
	it.each([
		['generate', {}, ['download', 'outputBinaryField', 'simplify']],
		['submit', { operation: 'submit' }, ['submitNotice', 'simplify']],
		['check', { operation: 'check' }, []],
		['task: get', { resource: 'task', operation: 'get' }, ['simplify']],
		['task: wait', { resource: 'task' }, ['download', 'outputBinaryField', 'simplify']],
	] as Array<[string, INodeParameters, string[]]>)('parameters of %s', (_label, values, hidden) => {
		const asTool = names(shown(tool, values)).filter((name) => name !== 'toolDescription');
		const asNode = names(shown(node, values));
		expect(asNode.filter((name) => !asTool.includes(name))).toEqual(hidden);
		// In sight only where a model decides how often to call.
		const more = asTool.filter((name) => !asNode.includes(name));
		expect(more.filter((name) => name !== 'maxBilledSeconds')).toEqual([]);
	});

	const WAITING = ['fileName', 'onTimeout', 'pollInterval'];
	it.each([
		['generate', {}, [...WAITING, 'submitGoodItems', 'concurrency', 'whileWaiting']],
		['submit', { operation: 'submit' }, ['submitGoodItems']],
		['task: wait', { resource: 'task' }, [...WAITING, 'concurrency', 'whileWaiting']],
	] as Array<[string, INodeParameters, string[]]>)('options of %s', (_label, values, hidden) => {
		const asTool = offered(tool, values);
		expect(offered(node, values).filter((name) => !asTool.includes(name))).toEqual(hidden);
	});

	it.each([
		['resource', 'file'],
		['operation', 'join'],
		['firstFrameSource', 'binary'],
	])('the %s "%s", as a model has no files to give', (name, value) => {
		const [list] = shown(tool, {}).filter((property) => property.name === name);
		const entries = (list.options ?? []).filter((option) => 'value' in option);
		const hidden = entries.filter((option) => !isOffered(option));
		expect(hidden.map((option) => option.value)).toEqual([value]);
		expect(list.default).not.toBe(value);
	});
});

describe('the wait of', () => {
	const mcp = { isTool: true, members: { getExecutionId: () => undefined } };
	it.each([
		['an ordinary node', {}, 30],
		['a tool', { isTool: true }, 5],
		['a tool over MCP, whose clients give up after a minute', mcp, 0.75],
	] as Array<[string, FakeContextPlan, number]>)('%s', (_label, plan, minutes) => {
		const parameters = { download: true, options: { onTimeout: 'fail' } };
		const wait = readWaitPlan(fakeContext({ ...plan, parameters }), 0);
		expect(wait.timeoutMs).toBe(minutes * 60_000);
		expect(wait.timeoutFails).toBe(plan.isTool !== true);
		expect('fileName' in wait).toBe(plan.isTool !== true);
	});

	it.each([[{ isTool: true }], [mcp]])('a tool is as long as the user sets it', (plan) => {
		const parameters = { options: { timeout: 12 } };
		expect(readWaitPlan(fakeContext({ ...plan, parameters }), 0).timeoutMs).toBe(720_000);
	});
});

describe('each field says what it takes, as n8n tells a model neither values nor bounds', () => {
	const fields = shown(tool, { resource: 'video', operation: 'generate' });
	const collected = fields.flatMap(({ options = [] }) =>
		options.filter((option): option is INodeProperties => 'type' in option),
	);
	const described = (name: string) =>
		[...fields, ...collected].find((property) => property.name === name)?.description ?? '';

	it.each([
		['generationMode', /first_frame, first_last_frame, video_continuation, auto/],
		['duration', /2 to 15/],
		['quality', /720p or 1080p/],
		['seed', /1 to 2147483647/],
		['prompt', /5000 characters/],
		['negativePrompt', /500 characters/],
		['firstFrameUrl', /JPEG.*20 MB/],
	])('%s', (name, expected) => {
		expect(described(name)).toMatch(expected);
		// n8n puts it between backticks.
		expect(described(name)).not.toMatch(/[`$\\]/);
	});

	it.each(['video:generate', 'video:submit', 'video:check'])(
		'and so does the text of %s',
		(key) => {
			const [resource, operation] = key.split(':');
			const [{ default: text }] = shown(tool, { resource, operation }).filter(
				({ name }) => name === 'toolDescription',
			);
			expect(text).toMatch(/2 to 15, 5 when left out.*720p or 1080p, 720p when left out/);
		},
	);
});
