/** The hint about a callback that never came: only where one was to come, and could have. */
import { missedCallback } from '../../../nodes/WanVideo/actions/missedCallback';
import type { Outcome } from '../../../nodes/WanVideo/generation/outcome';
import { aJob, TASK_ID, VIDEO_URL } from '../../support/builders';

const WOKEN_AT = 1_000_000;
const DAY_MS = 24 * 3_600_000;
const wakeUrl = 'https://n8n.example.com/prefix/webhook-waiting/7/wan-video?signature=s&wan=secret';
const completed = (knownOpenAt: number): Outcome<never> => ({
	...{ end: 'completed', taskId: TASK_ID, earlierTaskIds: [], videoUrl: VIDEO_URL },
	linkLivesUntil: knownOpenAt + DAY_MS,
});

it('names WEBHOOK_URL and the address, without what is secret in it', () => {
	const hints = missedCallback([aJob({ wakeUrl })], [completed(WOKEN_AT - 60_000)], WOKEN_AT);
	expect(hints).toEqual([expect.stringMatching(/https:\/\/n8n\.example\.com .*WEBHOOK_URL/)]);
	expect(hints[0]).not.toContain('secret');
});

it.each([
	['a callback woke it', [aJob({ wakeUrl })], completed(0), undefined],
	['no address was given', [aJob()], completed(0), WOKEN_AT],
	['the task ended after the wake', [aJob({ wakeUrl })], completed(WOKEN_AT + 1), WOKEN_AT],
	[
		'the task is not over',
		[aJob({ wakeUrl })],
		{ end: 'open' as const, taskId: TASK_ID },
		WOKEN_AT,
	],
] as Array<[string, Array<ReturnType<typeof aJob>>, Outcome<never>, number | undefined]>)(
	'says nothing where %s',
	(_label, jobs, outcome, wokenAt) => {
		expect(missedCallback(jobs, [outcome], wokenAt)).toEqual([]);
	},
);
