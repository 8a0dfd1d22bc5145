/** The sentence at the end of a run: true counts, what is paid for, and nothing that is not known. */
import { summaryOf } from '../../../nodes/WanVideo/actions/summary';
import type { Outcome } from '../../../nodes/WanVideo/generation/outcome';

const task = (taskId: string) => ({ taskId, earlierTaskIds: [], creditsReserved: 27.2 });
const made = (id: string): Outcome<unknown> => ({ end: 'completed', ...task(id), videoUrl: 'u' });
const failed: Outcome<unknown> = {
	end: 'failed',
	failure: { kind: 'generationFailed', charged: 'no', taskId: 'x' },
	earlierTaskIds: [],
};
const five = { durationSeconds: 5 };

it.each([
	['one video', [made('a')], [five], 0, '1 video made, 5 seconds of video, 27.2 credits reserved.'],
	[
		'a mixed batch',
		[made('a'), failed, made('b'), { end: 'timedOut', ...task('c'), timeoutMs: 1, fails: false }],
		[five, five, five, five],
		2,
		'2 videos made, 1 task not over in time, 1 item failed, 2 items not submitted, 15 seconds of video, 81.6 credits reserved.',
	],
	[
		'submits',
		[{ end: 'submitted', ...task('a') }],
		[five],
		0,
		'1 task submitted, 5 seconds of video, 27.2 credits reserved.',
	],
	[
		'a task of others, whose request is not known',
		[made('a')],
		[{}],
		0,
		'1 video made, 27.2 credits reserved.',
	],
	['only refused items', [], [], 1, '1 item not submitted.'],
	['nothing', [], [], 0, undefined],
] as Array<
	[string, Array<Outcome<unknown>>, Array<{ durationSeconds?: number }>, number, string | undefined]
>)('of %s', (...[, outcomes, plans, refused, text]) => {
	expect(summaryOf(outcomes, plans, refused)).toBe(text);
});
