/** What a callback is worth, by one look at its task. */
import { endOf, judge, TASK_ENDS, type TaskEnd } from '../../../nodes/WanVideo/generation/callback';
import { aCompletedState, aFailure, aTaskState } from '../../support/builders';

const ALL = new Set(TASK_ENDS);
const states = {
	running: aTaskState({ status: 'processing' }),
	completed: aCompletedState(),
	failed: aTaskState({ status: 'failed' }),
	cancelled: aTaskState({ status: 'cancelled' }),
	withoutVideo: aTaskState({ status: 'completed', results: [] }),
};

it.each([
	['running', undefined],
	['completed', 'completed'],
	['failed', 'failed'],
	['cancelled', 'cancelled'],
	['withoutVideo', 'failed'],
] as const)('a task that is %s has ended as %s', (state, end) => {
	expect(endOf(states[state])).toBe(end);
	const look = { ok: true, value: states[state] } as const;
	expect(judge(look, ALL)).toEqual(
		end === undefined
			? { verdict: 'callAgain', reason: 'the task has not ended, it is processing' }
			: { verdict: 'start', task: states[state] },
	);
	if (end === undefined) return;
	const others = new Set<TaskEnd>(TASK_ENDS.filter((one) => one !== end));
	expect(judge(look, others)).toEqual({ verdict: 'ignore', reason: `the task is ${end}` });
});

it.each([
	['another family', 'sora-2', 'ignore'],
	['this family', 'wan2.7-image-to-video', 'start'],
	['a variant of this family', 'Wan2.7-flash-text-to-video', 'start'],
	['no model', undefined, 'start'],
	['a number', 7, 'start'],
])('a task of %s', (_what, model, verdict) => {
	const task = aTaskState({ status: 'completed', results: ['https://a.example/v.mp4'], model });
	expect(judge({ ok: true, value: task }, ALL)).toMatchObject({ verdict });
});

it.each([
	['the word of EvoLink', { kind: 'taskNotFound', code: 'task_not_found' }, 'ignore'],
	['the word of EvoLink on the key', { kind: 'forbidden', code: 'permission_denied' }, 'ignore'],
	['a page', { kind: 'taskNotFound' }, 'callAgain'],
	['trouble', { kind: 'serviceTrouble', code: 'busy' }, 'callAgain'],
] as const)('a task that could not be read, by %s', (_by, failure, verdict) => {
	const answer = judge({ ok: false, failure: aFailure(failure) }, ALL);
	expect(answer.verdict).toBe(verdict);
	if (verdict === 'callAgain')
		expect(answer).toMatchObject({ reason: expect.stringContaining(failure.kind) as string });
});
