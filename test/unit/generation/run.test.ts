/** The conductor over a virtual clock and a ledger: order, concurrency, one bad item, Task: Wait, Stop. */
import { Experiences } from '../../../nodes/WanVideo/generation/experience';
import { anEntry, aJob, aSubmitOnly, aWaitPlan, jobs, TASK_ID } from '../../support/builders';
import { FakeStop } from '../../support/fakeClock';
import { accepted, type SubmitPlan } from '../../support/fakeEvoLink';
import { FakeRun } from '../../support/fakeRun';

const lost: SubmitPlan = { answer: 'lost' };
const refused: SubmitPlan = { answer: 'refused', failure: { kind: 'invalidRequest' } };

describe('a batch', () => {
	it('gives one outcome for each request in their order, whichever ends first', async () => {
		const times = [90_000, 20_000, 60_000, 5_000];
		const batch = new FakeRun({ submits: (post) => accepted({ takesMs: times[post] }) });
		const outcomes = await batch.try(jobs(4));
		expect(outcomes.map((outcome) => outcome.end)).toEqual(Array(4).fill('completed'));
		const prompts = outcomes.map((outcome) => {
			const taskId = 'taskId' in outcome ? (outcome.taskId ?? '') : '';
			return batch.evolink.tasks.get(taskId)?.body.prompt;
		});
		expect(prompts).toEqual(['item 0', 'item 1', 'item 2', 'item 3']);
	});

	it('of twenty equal tasks takes hardly longer than one', async () => {
		const one = new FakeRun();
		await one.try(jobs(1));
		const many = new FakeRun();
		await many.try(jobs(20));
		expect(many.clock.elapsed()).toBeLessThanOrEqual(one.clock.elapsed() * 1.3);
	});

	it('looks at its last task as often as at one alone: those that have ended need no looks', async () => {
		const kind = '720p of 5 s';
		/** Milliseconds between the looks at the first of so many, the only one that takes longer. */
		async function looksAtSlowest(count: number): Promise<number[]> {
			const batch = new FakeRun({
				submits: (post) => accepted({ takesMs: post === 0 ? 66_000 : 60_000 }),
			});
			batch.experience = new Experiences().at('account');
			for (const foundMs of [60_000, 63_000, 66_000])
				batch.experience.add(kind, { openMs: foundMs - 350, foundMs, idleUntilMs: 0, trail: [] });
			const looks: number[] = [];
			batch.evolink.lookTrouble = (_look, taskId) => {
				if (taskId === [...batch.evolink.tasks.keys()][0]) looks.push(batch.clock.elapsed());
				return undefined;
			};
			await batch.try(
				jobs(count).map((job) => ({ ...job, kind })),
				{ concurrency: count },
			);
			return looks;
		}
		const closest = (looks: number[]) =>
			Math.min(...looks.slice(1).map((atMs, index) => atMs - looks[index]));
		const alone = closest(await looksAtSlowest(1));
		expect(alone).toBeLessThan(1_500);
		expect(closest(await looksAtSlowest(40))).toBeLessThanOrEqual(alone);
	});

	it.each([1, 3, 20])('has never more than %i tasks under way', async (concurrency) => {
		const batch = new FakeRun();
		const open: number[] = [];
		const { clock, evolink } = batch;
		evolink.beforePost = () => {
			const running = [...evolink.tasks.values()].filter(
				({ submittedAtMs, takesMs }) => clock.elapsed() < submittedAtMs + takesMs,
			);
			open.push(running.length + 1);
		};
		await batch.try(jobs(20), { concurrency });
		expect(open).toHaveLength(20);
		expect(Math.max(...open)).toBe(Math.min(concurrency, 20));
	});

	it('of nothing gives nothing', async () => {
		expect(await new FakeRun().try([])).toEqual([]);
	});

	it('of the same item twice makes it twice', async () => {
		const twice = new FakeRun();
		const same = { requestHash: 'same', intent: 'same' };
		await twice.try([aJob({ item: 0, ...same }), aJob({ item: 1, ...same })]);
		expect(twice.evolink.tasks.size).toBe(2);
	});

	it('that only submits waits for nothing and downloads nothing', async () => {
		const batch = new FakeRun();
		const outcomes = await batch.try([0, 1, 2].map((item) => aSubmitOnly({ item })));
		expect(outcomes.map(({ end }) => end)).toEqual(['submitted', 'submitted', 'submitted']);
		expect([batch.clock.elapsed(), batch.evolink.looks, batch.videos.opened.length]).toEqual([
			0, 0, 0,
		]);
	});

	it('without download gives links and opens none', async () => {
		const wait = { timeoutMs: 600_000, timeoutFails: true };
		const batch = new FakeRun();
		const [outcome] = await batch.try([aJob({ wait })]);
		expect(outcome).toMatchObject({ end: 'completed' });
		expect(outcome).not.toHaveProperty('file');
		expect(batch.videos.opened).toEqual([]);
	});
});

describe('one bad item', () => {
	it('does not hold up the others when the run keeps going', async () => {
		const batch = new FakeRun({ submits: (post) => (post === 1 ? refused : accepted()) });
		const outcomes = await batch.try(jobs(4), { keepGoing: true });
		expect(outcomes.map(({ end }) => end)).toEqual([
			'completed',
			'failed',
			'completed',
			'completed',
		]);
	});

	it('ends the run otherwise: nothing more is submitted, and paid tasks are named', async () => {
		const batch = new FakeRun({ submits: (post) => (post === 1 ? refused : accepted()) });
		const outcomes = await batch.try(jobs(4), { keepGoing: false });
		expect(outcomes.map(({ end }) => end)).toEqual(['stopped', 'failed', 'stopped', 'stopped']);
		expect(batch.evolink.posts).toHaveLength(2);
		expect(outcomes[0]).toMatchObject({ taskId: batch.notices.submittedIds[0] });
	});

	it('that times out ends the run too, unless the time-out is to be returned', async () => {
		const plan = { submits: [accepted({ takesMs: Infinity })] };
		const posts = async (timeoutFails: boolean) => {
			const batch = new FakeRun(plan);
			const wait = aWaitPlan({ timeoutMs: 60_000, timeoutFails });
			await batch.try(jobs(3, { wait }), { keepGoing: false, concurrency: 1 });
			return batch.evolink.posts.length;
		};
		expect([await posts(true), await posts(false)]).toEqual([1, 3]);
	});

	it('with an unknown outcome ends the run as well', async () => {
		const batch = new FakeRun({ submits: [lost] });
		await batch.try(jobs(3), { keepGoing: false });
		expect(batch.evolink.posts).toHaveLength(1);
	});

	it('with a broken journal is not submitted, and says so; the others go on', async () => {
		const batch = new FakeRun();
		batch.journal.entries.set('run0:item1', { stage: 'paid' });
		const outcomes = await batch.try(jobs(6), { concurrency: 2 });
		expect(outcomes.map(({ end }) => end)).toEqual(
			[0, 1, 2, 3, 4, 5].map((item) => (item === 1 ? 'failed' : 'completed')),
		);
		expect(outcomes[1]).toMatchObject({
			failure: {
				kind: 'nodeTrouble',
				charged: 'unknown',
				said: expect.stringContaining('cannot be read') as string,
			},
		});
		expect(batch.evolink.posts).toHaveLength(5);
	});

	it('with a broken journal lets no other item submit behind its back, when the run is to end', async () => {
		const batch = new FakeRun();
		batch.journal.entries.set('run0:item1', { stage: 'paid' });
		await batch.try(jobs(6), { concurrency: 2, keepGoing: false });
		expect(batch.evolink.posts.length).toBeLessThanOrEqual(1);
	});
});

describe('Task: Wait', () => {
	it('follows tasks of others, one outcome each, and submits nothing', async () => {
		const waiting = new FakeRun();
		const ids = [5_000, 90_000].map(
			(takesMs) => waiting.evolink.open({ model: 'm' }, { takesMs }).taskId,
		);
		const tasks = [...ids, 'task-unified-0-unknown0'].map((taskId, item) => ({
			...{ item, taskId },
			wait: aWaitPlan(),
		}));
		const outcomes = await waiting.follow(tasks);
		expect(outcomes.map(({ end }) => end)).toEqual(['completed', 'completed', 'failed']);
		expect(waiting.evolink.posts).toEqual([]);
		expect(waiting.journal.entries.size).toBe(0);
	});
});

describe('the last look', () => {
	it('is over with the time-out, as far as anybody waits for it', async () => {
		const history = new FakeRun({ submits: [accepted({ takesMs: Infinity })] });
		await history.try([aJob({ wait: aWaitPlan({ timeoutMs: 60_000 }) })]);
		expect(history.evolink.lastWithinMs).toBeLessThanOrEqual(3_000);
	});
});

describe('Stop', () => {
	it('ends all waits at once and names every paid task', async () => {
		const batch = new FakeRun({ submits: [accepted({ takesMs: Infinity })] });
		batch.clock.at(40_000, () => batch.stop.press());
		const outcomes = await batch.try(jobs(5));
		expect(outcomes.map((outcome) => 'taskId' in outcome && outcome.taskId)).toEqual(
			batch.notices.submittedIds,
		);
		expect(batch.clock.elapsed()).toBe(40_000);
	});

	it('leaves nothing submitted after it, also under Continue On Fail, and a later try goes on', async () => {
		const history = new FakeRun();
		history.clock.at(70_000, () => history.stop.press());
		const outcomes = await history.try(jobs(6), { concurrency: 2, keepGoing: true });
		const before = history.evolink.posts.length;
		expect(before).toBeLessThan(6);
		expect(outcomes.at(-1)).toEqual({ end: 'stopped', earlierTaskIds: [] });
		history.stop = new FakeStop();
		expect((await history.try(jobs(6))).map(({ end }) => end)).toEqual(Array(6).fill('completed'));
		expect(history.evolink.posts).toHaveLength(6);
	});

	it('before the run submits nothing and still names what earlier tries paid for', async () => {
		const history = new FakeRun();
		history.journal.write('run0:item0', anEntry('submitted'));
		history.stop.press();
		const outcomes = await history.try(jobs(2));
		expect(outcomes).toMatchObject([{ end: 'stopped', taskId: TASK_ID }, { end: 'stopped' }]);
		expect(history.evolink.posts).toEqual([]);
	});
});
