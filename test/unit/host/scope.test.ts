/** Which run is this: retries share slots and intents, loops and other items do not. */
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node';
import { isTool, scopeOf } from '../../../nodes/WanVideo/host/scope';
import { fakeContext, type FakeContextPlan } from '../../support/fakeContext';

const input = [{ json: { name: 'cat' } }, { json: { name: 'dog' } }];
const { properties } = new WanVideo().description;
const prompt = '={{ $json.name }} at {{ $now }}';
const plan: FakeContextPlan = { input, node: { parameters: { prompt } } };
const scope = (overrides: FakeContextPlan = {}) =>
	scopeOf(fakeContext({ ...plan, ...overrides }), properties);

describe('a slot', () => {
	it('is the same in a retry, whatever the request became', () => {
		expect(scope().slot(0, 'a')).toBe(scope({ executionId: '8' }).slot(0, 'b'));
	});

	it('differs by item and by run, so that loops and equal items each get their own', () => {
		const slots = [scope().slot(0, 'a'), scope().slot(1, 'a'), scope({ runIndex: 1 }).slot(0, 'a')];
		expect(new Set(slots).size).toBe(3);
	});

	it('of a tool call goes by the request, as its runs are counted anew', () => {
		const tool = scope({ isTool: true });
		expect(tool.slot(0, 'a')).toBe(scope({ isTool: true, runIndex: 5 }).slot(3, 'a'));
		expect(tool.slot(0, 'a')).not.toBe(tool.slot(0, 'b'));
		expect(tool.slot(0, 'a')).not.toBe(scope().slot(0, 'a'));
	});
});

describe('an intent', () => {
	it('is the same for the same item and settings, though expressions give another text', () => {
		expect(scope().intent(0)).toBe(scope({ executionId: '8', runIndex: 2 }).intent(0));
	});

	it.each([
		['another item', {}, 1],
		['an edited setting', { node: { parameters: { prompt: 'A dog' } } }, 0],
		['other input', { input: [{ json: { name: 'cow' } }] }, 0],
	])('differs by %s', (_label, overrides, item) => {
		expect(scope(overrides).intent(item)).not.toBe(scope().intent(0));
	});

	it('of tool calls is never shared: there the request alone decides', () => {
		const tool = scope({ isTool: true });
		expect(tool.intent(0)).not.toBe(tool.intent(0));
	});
});

it('keys are fit for the header and never the same', () => {
	const keys = Array.from({ length: 50 }, () => scope().newKey());
	expect(new Set(keys).size).toBe(50);
	for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9._-]{16,96}$/);
});

it.each([
	['n8n 2 says so', { isTool: true }, true],
	['the type says so', { node: { type: 'n8n-nodes-wan-video.wanVideoTool' } }, true],
	['an ordinary node', {}, false],
])('a tool is known: %s', (_label, overrides: FakeContextPlan, expected) => {
	expect(isTool(fakeContext(overrides))).toBe(expected);
});
