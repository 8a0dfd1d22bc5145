/** What a later try does with what an earlier one left: paid tasks are found, unknown ones left alone, failed ones made anew only when they may be. */
import { aFailure, aJob, aSubmitOnly, aWaitPlan, jobs, TASK_ID } from '../../support/builders';
import { accepted, type SubmitPlan } from '../../support/fakeEvoLink';
import { FakeRun } from '../../support/fakeRun';

const lost: SubmitPlan = { answer: 'lost' };
const refused: SubmitPlan = { answer: 'refused', failure: { kind: 'invalidRequest' } };
const serviceError = accepted({ failsWith: 'service_error', takesMs: 10_000 });

describe('a retry', () => {
	it('in the same execution finds what is paid for', async () => {
		const history = new FakeRun();
		await history.try(jobs(3));
		const again = await history.try(jobs(3));
		expect(again.map(({ end }) => end)).toEqual(Array(3).fill('completed'));
		expect(history.evolink.posts).toHaveLength(3);
	});

	it('goes on with a task that was still running', async () => {
		const history = new FakeRun({ submits: [accepted({ takesMs: 600_000 })] });
		const short = [aJob({ wait: aWaitPlan({ timeoutMs: 60_000 }) })];
		expect((await history.try(short))[0].end).toBe('timedOut');
		expect((await history.try(jobs(1), { executionId: '8' }))[0].end).toBe('completed');
		expect(history.evolink.posts).toHaveLength(1);
	});

	it('of the submit-only kind gives the same task again', async () => {
		const history = new FakeRun();
		const request = aSubmitOnly();
		const [first] = await history.try([request]);
		const [second] = await history.try([request]);
		expect(second).toMatchObject({ end: 'submitted', taskId: 'taskId' in first && first.taskId });
		expect(history.evolink.posts).toHaveLength(1);
	});

	it.each(['7', '8'])(
		'after a lost reply never submits again, in execution %s',
		async (executionId) => {
			const history = new FakeRun({ submits: [lost, accepted()] });
			await history.try(jobs(1));
			const [outcome] = await history.try(jobs(1), { executionId });
			expect(outcome).toMatchObject({
				end: 'failed',
				failure: { kind: 'outcomeUnknown', charged: 'unknown' },
			});
			expect(history.evolink.posts).toHaveLength(1);
		},
	);

	it('after an unclear answer tells again what was heard, with the task that it named', async () => {
		const said = 'Gateway time-out';
		const unclear: SubmitPlan = {
			answer: 'lost',
			failure: { kind: 'taskUnclear', taskId: TASK_ID, said, httpStatus: 504 },
		};
		const history = new FakeRun({ submits: [unclear, accepted()] });
		await history.try(jobs(1));
		const [outcome] = await history.try(jobs(1));
		expect(outcome).toMatchObject({
			end: 'failed',
			failure: { kind: 'taskUnclear', charged: 'unknown', taskId: TASK_ID, said, httpStatus: 504 },
		});
		expect(history.evolink.posts).toHaveLength(1);
	});

	it('after a refusal submits again, under the same key', async () => {
		const history = new FakeRun({ submits: [refused, accepted()] });
		await history.try(jobs(1));
		expect((await history.try(jobs(1)))[0].end).toBe('completed');
		expect(history.evolink.posts.map(({ key }) => key)).toEqual(['key-1', 'key-1']);
	});

	it('after a refusal with another request takes another key: one key never stands for two requests', async () => {
		const history = new FakeRun({ submits: [refused, accepted()] });
		await history.try(jobs(1));
		await history.try(jobs(1, { requestHash: 'with another text' }));
		const [first, second] = history.evolink.posts;
		expect(second.key).not.toBe(first.key);
	});

	it('by n8n after a failure at EvoLink tells the same failure, by the user it makes a new task', async () => {
		const history = new FakeRun({ submits: [serviceError, accepted()] });
		await history.try(jobs(1));
		const [same] = await history.try(jobs(1));
		expect(same).toMatchObject({
			end: 'failed',
			failure: { code: 'service_error', charged: 'no' },
			// The task that failed is no earlier one of its own.
			earlierTaskIds: [],
		});
		expect(history.evolink.posts).toHaveLength(1);
		const [fresh] = await history.try(jobs(1), { executionId: '8' });
		expect(fresh).toMatchObject({
			end: 'completed',
			earlierTaskIds: [history.notices.submittedIds[0]],
		});
	});

	it('with an edited node and request makes a new video', async () => {
		const history = new FakeRun();
		await history.try(jobs(1));
		await history.try(jobs(1, { requestHash: 'r2', intent: 'i2' }), { executionId: '8' });
		expect(history.evolink.posts).toHaveLength(2);
	});

	it('goes back to the video of a request that the user goes back to, as often as that may be', async () => {
		const history = new FakeRun();
		const other = { requestHash: 'r2', intent: 'i2' };
		const [first] = await history.try(jobs(1));
		const [second] = await history.try(jobs(1, other), { executionId: '8' });
		const [back] = await history.try(jobs(1), { executionId: '9' });
		const [forth] = await history.try(jobs(1, other), { executionId: '10' });
		const idOf = (outcome: object) => ('taskId' in outcome ? outcome.taskId : undefined);
		expect(idOf(first)).not.toBe(idOf(second));
		expect([idOf(back), idOf(forth)]).toEqual([idOf(first), idOf(second)]);
		expect(history.evolink.posts).toHaveLength(2);
	});

	it('after EvoLink forgot a paid task does not pay again', async () => {
		const history = new FakeRun();
		await history.try(jobs(1));
		history.evolink.tasks.clear();
		const [outcome] = await history.try(jobs(1), { executionId: '8' });
		expect(outcome).toMatchObject({
			end: 'failed',
			failure: { kind: 'taskNotFound', charged: 'unknown' },
		});
		expect(history.evolink.posts).toHaveLength(1);
	});

	it('after EvoLink says of a delivered task that its resource is gone does not pay again', async () => {
		const history = new FakeRun();
		await history.try(jobs(1));
		const [task] = history.evolink.tasks.values();
		task.failsWith = 'resource_not_found';
		await history.try(jobs(1), { executionId: '8' });
		await history.try(jobs(1), { executionId: '9' });
		expect(history.evolink.posts).toHaveLength(1);
	});
});

describe('the journal after a try', () => {
	it.each<[string, SubmitPlan, number, string]>([
		['a delivered video', accepted(), 200, 'delivered'],
		['a video that could not be fetched', accepted(), 500, 'submitted'],
		['a time-out', accepted({ takesMs: Infinity }), 200, 'submitted'],
		['a failure at EvoLink', serviceError, 200, 'ended'],
		['a lost reply', lost, 200, 'intended'],
		['a refusal', refused, 200, 'refused'],
	])('stands, after %s, at its stage', async (_label, plan, status, stage) => {
		const history = new FakeRun({ submits: [plan], media: [{ status }] });
		await history.try(jobs(1));
		expect(history.journal.read('run0:item0')).toMatchObject({ stage, request: 'request-0' });
	});
});

describe('Submit Again on Failure', () => {
	it.each([
		[0, 1],
		[1, 2],
		[3, 4],
	])('at %i leads to %i tasks', async (resubmits, posts) => {
		const batch = new FakeRun({ submits: [serviceError] });
		const [outcome] = await batch.try(jobs(1, { resubmits }));
		expect(batch.evolink.posts).toHaveLength(posts);
		expect(outcome).toMatchObject({ end: 'failed' });
		const ids = batch.notices.submittedIds;
		const told =
			outcome.end === 'failed' ? [...outcome.earlierTaskIds, outcome.failure.taskId] : [];
		expect(told).toEqual(ids);
	});

	it('ends with the first good task, and names those before', async () => {
		const batch = new FakeRun({ submits: [serviceError, serviceError, accepted()] });
		const [outcome] = await batch.try(jobs(1, { resubmits: 3 }));
		expect(outcome).toMatchObject({
			end: 'completed',
			earlierTaskIds: batch.notices.submittedIds.slice(0, 2),
		});
	});

	it.each(['content_policy_violation', 'invalid_parameters', 'request_cancelled', 'unknown_error'])(
		'does not answer %s',
		async (failsWith) => {
			const batch = new FakeRun({ submits: [accepted({ failsWith })] });
			await batch.try(jobs(1, { resubmits: 3 }));
			expect(batch.evolink.posts).toHaveLength(1);
		},
	);

	it('never answers an unknown outcome', async () => {
		const batch = new FakeRun({ submits: [lost] });
		await batch.try(jobs(1, { resubmits: 3 }));
		expect(batch.evolink.posts).toHaveLength(1);
	});

	it('stops at a Stop between two tasks', async () => {
		const batch = new FakeRun({ submits: [serviceError] });
		batch.clock.at(15_000, () => batch.stop.press());
		await batch.try(jobs(1, { resubmits: 3 }));
		expect(batch.evolink.posts).toHaveLength(1);
	});
});

describe('a task that cannot be asked for any longer', () => {
	it.each(['unauthorized', 'forbidden', 'serviceTrouble'] as const)(
		'(%s) is told as paid, with its ID, and found by a retry',
		async (kind) => {
			const history = new FakeRun();
			history.evolink.lookTrouble = () => aFailure({ kind });
			const [outcome] = await history.try(jobs(1));
			const [taskId] = history.notices.submittedIds;
			expect(outcome).toMatchObject({ end: 'failed', failure: { kind, charged: 'yes', taskId } });
			history.evolink.lookTrouble = () => undefined;
			expect((await history.try(jobs(1)))[0].end).toBe('completed');
			expect(history.evolink.posts).toHaveLength(1);
		},
	);

	it('of others is never said to be free: what it cost, its submitter knows', async () => {
		const waiting = new FakeRun();
		const { taskId } = waiting.evolink.open({ model: 'wan2.7-image-to-video' });
		waiting.evolink.lookTrouble = () => aFailure({ kind: 'unauthorized' });
		const [outcome] = await waiting.follow([{ item: 0, taskId, wait: aWaitPlan() }]);
		expect(outcome).toMatchObject({ end: 'failed', failure: { taskId } });
		expect(outcome.end === 'failed' && outcome.failure.charged).not.toBe('no');
	});

	it('of which the video cannot be fetched keeps link, ID and reason, and is never paid again', async () => {
		const history = new FakeRun({ media: [{ status: 500 }] });
		const [outcome] = await history.try(jobs(1));
		const [taskId] = history.notices.submittedIds;
		expect(outcome).toMatchObject({
			end: 'failed',
			failure: { kind: 'videoNotFetched', charged: 'yes', taskId },
			videoUrl: `https://media.example.com/${taskId}.mp4`,
		});
		await history.try(jobs(1), { executionId: '8' });
		expect(history.evolink.posts).toHaveLength(1);
	});
});
