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
	/** How many items the sub-workflow began with, and whether its parent waits for it. */
	begunWith?: number;
	parentWaits?: boolean;
	isAsked?: boolean;
}

async function pausing({
	mode = 'trigger',
	isTool = false,
	signed = true,
	stack = [],
	record,
	isAsked = true,
	begunWith,
	parentWaits = true,
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
				? {
						executionData: { nodeExecutionStack: stack },
						parentExecution: { executionId: '1', workflowId: 'w', shouldResume: parentWaits },
						...(begunWith !== undefined && {
							resultData: {
								runData: {
									Start: [{ data: { main: [Array.from({ length: begunWith }, () => ({}))] } }],
									Later: [{ data: { main: [[{}]] } }],
								},
							},
						}),
					}
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

it.each([
	['of one item, whose parent waits for it, as n8n would lose rows', 1, true, false],
	['of one item that nobody waits for', 1, false, true],
	['of several items, which runs once', 3, true, true],
])('in a sub-workflow %s', async (_label, begunWith, parentWaits, pauses) => {
	const { rule, hints } = await pausing({ mode: 'integrated', begunWith, parentWaits });
	expect(rule !== undefined).toBe(pauses);
	if (!pauses) expect(hints[0]).toMatch(/once for each item.*run it once with all items/);
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
