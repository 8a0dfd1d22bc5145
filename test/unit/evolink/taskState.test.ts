/** The verdict of a look: what ends a task, what only looks like it, and what it cost. */
import { parseTask } from '../../../nodes/WanVideo/evolink/schemas';
import { readTaskState } from '../../../nodes/WanVideo/evolink/taskState';
import { TASK_ID } from '../../support/builders';

const VIDEO = 'https://files.evolink.ai/video.mp4';

function stateOf(answer: Record<string, unknown>) {
	const task = parseTask({ id: TASK_ID, ...answer });
	if (task === undefined) throw new Error('No task');
	return readTaskState(TASK_ID, task, (text) => text);
}

describe('a task', () => {
	it.each([
		...['success', 'succeeded', 'succeed', 'successful', 'complete', 'finished', 'done', 'ready'],
		...['completed', 'COMPLETED'],
	])('is completed by the word %s with a video beside it', (status) => {
		expect(stateOf({ status, results: [VIDEO] })).toMatchObject({
			...{ status: 'completed', state: 'completed', videoUrl: VIDEO },
		});
	});

	it('goes on by another word for completed without a video, and has ended by its own', () => {
		expect(stateOf({ status: 'success' }).state).toBe('running');
		expect(stateOf({ status: 'completed', results: [] })).toMatchObject({
			...{ state: 'ended', failure: { kind: 'noVideo', charged: 'unknown' } },
		});
	});

	const error = { code: 'content_policy_violation', message: 'No' };

	it.each(['failed', 'cancelled', 'canceled'])('that is %s costs nothing', (status) => {
		const state = stateOf({ status, error, model: 'wan2.7-image-to-video' });
		expect(state).toMatchObject({
			state: 'ended',
			failure: { charged: 'no', model: 'wan2.7-image-to-video' },
		});
	});

	it.each([undefined, 'user_cancelled', 'constructor', 'service_error'])(
		'that is cancelled is so under the code %s',
		(code) => {
			expect(stateOf({ status: 'cancelled', error: { code, message: 'No' } })).toMatchObject({
				...{ state: 'ended', failure: { kind: 'cancelled', charged: 'no' } },
			});
		},
	);

	it.each(['failure', 'fail', 'error', 'errored'])(
		'by the word %s ends only with an error beside it, and nobody knows what it cost',
		(status) => {
			expect(stateOf({ status, error })).toMatchObject({
				...{ state: 'ended', failure: { charged: 'unknown' } },
			});
			expect(stateOf({ status }).state).toBe('running');
		},
	);

	it('tells no model where the answer tells none', () => {
		const state = stateOf({ status: 'failed', error });
		expect(state.state === 'ended' && Object.keys(state.failure)).not.toContain('model');
	});
});

describe('the time of its creation', () => {
	it.each([1e9, 1_757_169_743, 9_999_999_999])('is Unix seconds: %i', (created) => {
		expect(stateOf({ status: 'processing', created }).createdSeconds).toBe(created);
	});

	it.each([0, 1, 999_999_999, 1e10, 1_757_169_743_000])(
		'is left out when it is not: %i',
		(created) => {
			expect(stateOf({ status: 'processing', created })).not.toHaveProperty('createdSeconds');
		},
	);
});

it('without progress has none', () => {
	expect(Object.keys(stateOf({ status: 'processing' }))).not.toContain('progress');
});
