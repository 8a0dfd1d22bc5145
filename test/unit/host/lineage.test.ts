/** What an execution of n8n 1.x shares with its retries: the data that it began with, however n8n has put its runs together. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { lineageOf } from '../../../nodes/WanVideo/host/lineage';

interface Run {
	startTime?: number;
	executionIndex?: number;
	executionStatus?: string;
	source?: unknown[];
	data?: unknown;
}

function nameOf(runData: Record<string, Run[]>): string {
	const context: Partial<IExecuteFunctions> = {
		getExecutionId: () => '7',
		getMode: () => 'retry',
		getWorkflowDataProxy: () => ({}) as ReturnType<IExecuteFunctions['getWorkflowDataProxy']>,
	};
	Object.assign(context, { runExecutionData: { resultData: { runData } } });
	const { names, isOwn } = lineageOf(context as IExecuteFunctions, 'place');
	expect(isOwn).toBe(false);
	return names[0];
}

const out = (text: string) => ({ main: [[{ json: { text } }]] });
const trigger: Run = { startTime: 1_000, executionIndex: 0, source: [], data: out('began') };
const set: Run = {
	...{ startTime: 1_000, executionIndex: 1, data: out('set') },
	source: [{ previousNode: 'Webhook' }],
};
const crashed: Run = {
	startTime: 1,
	executionIndex: 0,
	executionStatus: 'crashed',
	source: [null],
};
const NAME = nameOf({ Webhook: [trigger], Set: [set] });

it.each<[what: string, runData: Record<string, Run[]>]>([
	['another node is the first of the file', { Set: [set], Webhook: [trigger] }],
	['made-up runs stand before', { Set: [crashed, set], Webhook: [crashed, trigger] }],
	['it begins a second later', { Webhook: [{ ...trigger, startTime: 2_000 }], Set: [set] }],
	[
		'the clock was set back between two nodes',
		{ Set: [{ ...set, startTime: 1 }], Webhook: [trigger] },
	],
	[
		'its nodes are told by their order alone',
		{ Set: [{ ...set, source: [null] }], Webhook: [{ ...trigger, source: [null] }] },
	],
])('is the same where %s', (_what, runData) => {
	expect(nameOf(runData)).toBe(NAME);
});

it('is another one where it began with other data', () => {
	expect(nameOf({ Webhook: [{ ...trigger, data: out('other') }], Set: [set] })).not.toBe(NAME);
	expect(nameOf({ Set: [{ ...set, source: [] }] })).not.toBe(NAME);
	expect(nameOf({})).not.toBe(NAME);
});
