/** Where n8n cannot pause, the node says so and keeps running; what a pause does in n8n's engine is test/engine/pause.test.ts. */
import { pausingOf } from '../../../nodes/WanVideo/host/pause';
import { fakeContext } from '../../support/fakeContext';

const resumeUrl = {
	signed: 'https://n8n.example.com/webhook-waiting/7?signature=a',
	plain: 'https://n8n.example.com/webhook-waiting/7',
};

interface Plan {
	mode?: string;
	isTool?: boolean;
	signed?: boolean;
	stack?: unknown;
	record?: object;
	isAsked?: boolean;
}

async function pausing({
	mode = 'trigger',
	isTool = false,
	signed = true,
	stack = [],
	record,
	isAsked = true,
}: Plan) {
	const context = fakeContext({
		isTool,
		members: {
			getMode: () => mode,
			getContext: () => (record === undefined ? {} : { wanVideoPause: { run0: record } }),
			getWorkflowDataProxy: () => ({
				$runIndex: 0,
				$execution: { resumeUrl: signed ? resumeUrl.signed : resumeUrl.plain },
			}),
			getCredentials: async () =>
				await Promise.resolve({ apiKey: 'sk', baseUrl: 'https://api.evolink.ai', filesUrl: '' }),
		},
	});
	const whole = new Proxy(context, {
		has: (_target, name) => name === 'runExecutionData',
		get: (target, name): unknown =>
			name === 'runExecutionData'
				? { executionData: { nodeExecutionStack: stack } }
				: Reflect.get(target, name),
	});
	return await pausingOf(whole, { isAsked, submits: true });
}

it('pauses where everything it needs is there', async () => {
	const { rule, hints, wakeUrl, woke } = await pausing({});
	expect(rule?.patienceMs).toBe(30_000);
	expect(wakeUrl).toContain('/webhook-waiting/7/');
	expect({ hints, woke }).toEqual({ hints: [], woke: undefined });
});

it.each([
	['as a tool of an AI agent', { isTool: true }, /AI agent/],
	['on the command line', { mode: 'cli' }, /command line/],
	['in an evaluation', { mode: 'evaluation' }, /evaluation/],
	['in a sub-workflow of n8n 1.x', { mode: 'integrated', signed: false }, /sub-workflow/],
	['in an n8n that keeps its stack elsewhere', { stack: null }, /this version of n8n/],
] as Array<[string, Plan, RegExp]>)('keeps running %s, and says why', async (...[, plan, why]) => {
	const { rule, hints } = await pausing(plan);
	expect(rule).toBeUndefined();
	expect(hints).toEqual([
		expect.stringMatching(/^'While Waiting' is set to pause, but the node kept running: /),
	]);
	expect(hints[0]).toMatch(why);
});

it('pauses in a sub-workflow of n8n 2.x', async () => {
	expect((await pausing({ mode: 'integrated' })).rule).toBeDefined();
});

it('says nothing where no pause was asked for', async () => {
	expect(await pausing({ isAsked: false, isTool: true })).toEqual({ hints: [] });
});

describe('after a pause', () => {
	const record = {
		executionId: '7',
		since: 1_000,
		pauses: 2,
		hints: ['a hint'],
		refused: [{ item: 1, error: 'e', message: 'm' }],
	};

	it('knows what the run left behind, and counts its time from before the first pause', async () => {
		const { woke, rule } = await pausing({ record });
		expect(woke).toEqual(record);
		expect(rule?.since).toBe(1_000);
	});

	it('takes over nothing from another execution, whose data the Retry button brought along', async () => {
		expect((await pausing({ record: { ...record, executionId: '6' } })).woke).toBeUndefined();
	});

	it('takes over nothing that it cannot read', async () => {
		expect((await pausing({ record: { ...record, pauses: 'many' } })).woke).toBeUndefined();
	});
});
