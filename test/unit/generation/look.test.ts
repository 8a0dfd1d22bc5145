/** A single look at several tasks: four tries, and no patience of minutes. */
import type { Answer, EvoLinkClient } from '../../../nodes/WanVideo/evolink/client';
import type { TaskState } from '../../../nodes/WanVideo/evolink/taskState';
import { linkLivesUntil, lookAt } from '../../../nodes/WanVideo/generation/look';
import { aCompletedState, aFailure, aTaskState, TASK_ID } from '../../support/builders';
import { FakeClock, FakeStop } from '../../support/fakeClock';

const good = (task: TaskState): Answer<TaskState> => ({ ok: true, value: task });
const bad = (overrides: Parameters<typeof aFailure>[0]): Answer<TaskState> => ({
	ok: false,
	failure: aFailure(overrides),
});
const running = aTaskState({ status: 'processing' });
const unfinished = aTaskState({ status: 'completed', results: [] });

/** EvoLink whose looks answer so, the last one again and again. */
function world(answers: Array<Answer<TaskState>>, onLook: () => void = () => undefined) {
	const clock = new FakeClock(0);
	const stop = new FakeStop();
	const looked: string[] = [];
	const never = async () => await new Promise<never>(() => undefined);
	const client: EvoLinkClient = {
		...{ submit: never, credits: never },
		async look(taskId) {
			await Promise.resolve();
			const answer = answers[Math.min(looked.length, answers.length - 1)];
			looked.push(taskId);
			onLook();
			return answer;
		},
	};
	return { clock, stop, looked, needs: { client, clock, stop } };
}

describe('a look', () => {
	it.each<[string, Array<Answer<TaskState>>, number, number]>([
		['that is good', [good(running)], 1, 0],
		['that fails once', [bad({ kind: 'serviceTrouble' }), good(running)], 2, 1_500],
		['that fails for ever', [bad({ kind: 'serviceTrouble' })], 4, 1_500 + 3_000 + 6_000],
		['that is refused', [bad({ kind: 'unauthorized' })], 1, 0],
		['at results that are late', [good(unfinished), good(aCompletedState())], 2, 3_000],
		['at results that never come', [good(unfinished)], 4, 9_000],
		['at another end', [good(aTaskState({ status: 'failed' }))], 1, 0],
		['at a task that nobody knows', [bad({ kind: 'taskNotFound' })], 1, 0],
	])('%s is made as often as it is worth', async (_what, answers, looks, waitedMs) => {
		const { clock, looked, needs } = world(answers);
		const [answer] = await lookAt([TASK_ID], needs);
		const last = answers[answers.length - 1];
		expect(answer).toEqual(
			last.ok
				? { ok: true, taskId: TASK_ID, task: last.value }
				: { ok: false, taskId: TASK_ID, failure: last.failure },
		);
		expect([looked.length, clock.elapsed()]).toEqual([looks, waitedMs]);
	});

	it('at a task so new that EvoLink may be late to know it is made again', async () => {
		const { clock, looked, needs } = world([bad({ kind: 'taskNotFound' }), good(running)]);
		const young = `task-unified-${Math.floor(clock.now() / 1000)}-abcdefgh`;
		expect(await lookAt([young], needs)).toMatchObject([{ ok: true }]);
		expect(looked).toHaveLength(2);
	});

	it('that is given up on a page tells of the address, not of the task', async () => {
		const { needs } = world([bad({ kind: 'taskNotFound', foreign: true })]);
		expect(await lookAt([TASK_ID], needs)).toMatchObject([{ failure: { kind: 'addressWrong' } }]);
	});

	it('after a Stop is not made again', async () => {
		const { looked, stop, needs } = world([bad({ kind: 'serviceTrouble' })], () => stop.press());
		expect(await lookAt([TASK_ID], needs)).toMatchObject([{ ok: false }]);
		expect(looked).toHaveLength(1);
	});

	it('at many tasks is made ten at a time, and told in their order', async () => {
		const ids = Array.from({ length: 25 }, (_, index) => `task-${index}`);
		const { looked, needs } = world([good(running)]);
		const answers = lookAt(ids, needs);
		await Promise.resolve();
		expect(looked.length).toBeLessThanOrEqual(10);
		expect((await answers).map(({ taskId }) => taskId)).toEqual(ids);
	});
});

it('a link lives a day from the creation of its task, where that is known', () => {
	const created = 1_757_169_743;
	const done = aTaskState({ status: 'completed', results: ['https://a.example/v.mp4'], created });
	expect(linkLivesUntil(done)).toBe((created + 24 * 3_600) * 1_000);
	expect(linkLivesUntil(aTaskState({ status: 'processing', created }))).toBeUndefined();
	const undated = aTaskState({
		status: 'completed',
		results: ['https://a.example/v.mp4'],
		created: 0,
	});
	expect(linkLivesUntil(undated)).toBeUndefined();
});
