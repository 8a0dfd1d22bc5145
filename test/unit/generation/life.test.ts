/** The life of one item beside the second witness: what it is asked and told, and what a lost run left. */
import type { Failure } from '../../../nodes/WanVideo/evolink/failure';
import type { Lost } from '../../../nodes/WanVideo/generation/claimNames';
import type { Witness } from '../../../nodes/WanVideo/generation/ports';
import { aBody, aFailure, aJob, anEntry, aSubmitOnly, jobs, TASK_ID } from '../../support/builders';
import { FakeStop } from '../../support/fakeClock';
import { accepted, type SubmitPlan } from '../../support/fakeEvoLink';
import { FakeRun } from '../../support/fakeRun';

/** Remembers what it was told, and knows of a lost run what a test has put in. */
class FakeWitness implements Witness {
	readonly told: string[] = [];
	/** Found when an item begins. */
	left: Lost | undefined;
	/** Found only where it is asked for certain. */
	leftForSure: Lost | undefined;
	/** Found just before the POST. */
	leftBefore: Lost | undefined;

	expect(): void {
		// Which items come is the run's business.
	}

	async lostAt(_slot: string, isSure = false): Promise<Lost | undefined> {
		this.told.push(isSure ? 'lostAt for sure' : 'lostAt');
		return await Promise.resolve(isSure ? this.leftForSure : this.left);
	}

	comes(): void {
		this.told.push('comes');
	}

	async before(): Promise<Lost | undefined> {
		this.told.push('before');
		const { leftBefore } = this;
		// It is told once.
		this.leftBefore = undefined;
		return await Promise.resolve(leftBefore);
	}

	accepted(_slot: string, taskId: string): void {
		this.told.push(`accepted ${taskId}`);
	}

	over(_slot: string, how: 'brought' | 'free' | 'open'): void {
		this.told.push(how);
	}
}

function witnessed(submits: SubmitPlan[], plan: Partial<FakeWitness> = {}) {
	const run = new FakeRun({ submits });
	const witness = Object.assign(new FakeWitness(), plan);
	run.claims = witness;
	return { run, witness };
}

const refused: SubmitPlan = { answer: 'refused', failure: { kind: 'invalidRequest' } };

/** A body that this keeps from being made. */
const cannotBeMade = (failure: Failure) => async () =>
	await Promise.resolve({ ok: false as const, failure });

describe('the second witness', () => {
	it('is asked before the POST, and told of the task and that its video came', async () => {
		const { run, witness } = witnessed([accepted()]);
		await run.try(jobs(1));
		const [taskId] = run.evolink.tasks.keys();
		const story = ['lostAt', 'comes', 'before', `accepted ${taskId}`, 'brought'];
		expect(witness.told).toEqual(story);
	});

	it.each([
		['a task that is only submitted', [accepted()], aSubmitOnly(), 'brought'],
		['a refusal', [refused], aJob(), 'free'],
		['a task that failed', [accepted({ failsWith: 'service_error' })], aJob(), 'free'],
		['an answer that was lost', [{ answer: 'lost' }], aJob(), 'open'],
		['a task that does not end', [accepted({ takesMs: Infinity })], aJob(), 'open'],
	] as const)('is told how %s ended', async (_, submits, job, how) => {
		const { run, witness } = witnessed([...submits]);
		await run.try([job]);
		expect(witness.told.at(-1)).toBe(how);
	});

	it('is not told of an item whose body cannot be made', async () => {
		const { run, witness } = witnessed([accepted()]);
		const failure = aFailure({ kind: 'outOfCredits' });
		const body = cannotBeMade(failure);
		const [outcome] = await run.try([aJob({ body })]);
		expect(outcome).toMatchObject({ end: 'failed', failure: { kind: 'outOfCredits' } });
		expect(witness.told).toEqual(['lostAt', 'lostAt for sure', 'free']);
		expect(run.evolink.posts).toEqual([]);
	});

	it('is asked for nothing where the journal knows the item, or a failed task is submitted again', async () => {
		const { run, witness } = witnessed([accepted({ failsWith: 'service_error' }), accepted()]);
		await run.try(jobs(1, { resubmits: 1 }));
		await run.try(jobs(1, { resubmits: 1 }));
		expect(witness.told.filter((word) => word.startsWith('lostAt'))).toEqual(['lostAt']);
		expect(run.evolink.posts).toHaveLength(2);
	});
});

describe('whether a lost run left something for certain', () => {
	const isAskedBy = async (submits: SubmitPlan[], tries = 1) => {
		const { run, witness } = witnessed(submits);
		for (let left = tries; left > 0; left -= 1) await run.try(jobs(1));
		return witness.told.includes('lostAt for sure');
	};

	it('is not asked of what EvoLink has answered, nor where that is not known', async () => {
		expect(await isAskedBy([refused])).toBe(false);
		expect(await isAskedBy([refused], 2)).toBe(false);
		expect(await isAskedBy([{ answer: 'lost' }])).toBe(false);
		expect(await isAskedBy([accepted({ failsWith: 'service_error' })])).toBe(false);
	});

	it('is asked where nothing was sent, also of a request that was turned away before', async () => {
		const failure = aFailure({ kind: 'outOfCredits' });
		const body = cannotBeMade(failure);
		const { run, witness } = witnessed([refused]);
		await run.try([aJob({ body })]);
		expect(witness.told).toEqual(['lostAt', 'lostAt for sure', 'free']);
		witness.told.length = 0;
		await run.try(jobs(1));
		expect(witness.told).not.toContain('lostAt for sure');
		await run.try([aJob({ body })]);
		expect(witness.told).toContain('lostAt for sure');
		// What may have been charged is for nobody to take over.
		witness.told.length = 0;
		const maybe = cannotBeMade({ ...failure, charged: 'unknown' });
		await run.try([aJob({ item: 1, body: maybe })]);
		expect(witness.told).toEqual(['lostAt', 'open']);
	});
});

/** Another execution, as the Retry button starts it. */
const RETRY = { executionId: '8' };

describe.each(['left', 'leftBefore'] as const)('what a lost run left (%s)', (when) => {
	it('is found though the journal knows of a submit that was turned away, or of a failed task', async () => {
		for (const before of [refused, accepted({ failsWith: 'service_error' })]) {
			const { run, witness } = witnessed([before]);
			await run.try(jobs(1));
			const posts = run.evolink.posts.length;
			const { taskId } = run.evolink.open(aBody());
			witness[when] = { taskId };
			expect((await run.try(jobs(1), RETRY))[0]).toMatchObject({ end: 'completed', taskId });
			expect(run.evolink.posts).toHaveLength(posts);
		}
	});

	it('of a task that is known to have failed is in nobody’s way', async () => {
		const { run, witness } = witnessed([accepted({ failsWith: 'service_error' }), accepted()]);
		const [first] = await run.try(jobs(1));
		const dead = first.end === 'failed' ? first.failure.taskId : undefined;
		expect(dead).toBeDefined();
		witness[when] = { taskId: dead ?? '' };
		const [outcome] = await run.try(jobs(1), RETRY);
		expect(outcome).toMatchObject({ end: 'completed', earlierTaskIds: [dead] });
		expect(run.evolink.posts).toHaveLength(2);
	});

	it('is its task, which is followed and not paid for again', async () => {
		const { run, witness } = witnessed([accepted()]);
		const { taskId } = run.evolink.open(aBody());
		witness[when] = { taskId };
		for (let tries = 0; tries < 2; tries += 1)
			expect((await run.try(jobs(1)))[0]).toMatchObject({ end: 'completed', taskId });
		expect(run.evolink.posts).toEqual([]);
	});

	it('without an ID is an unknown outcome, and stays one', async () => {
		const { run } = witnessed([accepted()], { [when]: {} });
		const unclear = { end: 'failed', failure: { kind: 'interrupted', charged: 'unknown' } };
		for (let tries = 0; tries < 2; tries += 1)
			expect((await run.try(jobs(1)))[0]).toMatchObject(unclear);
		expect(run.evolink.posts).toEqual([]);
	});
});

it('where nothing could be sent, a task that a lost run left for certain is found', async () => {
	const { run, witness } = witnessed([accepted()]);
	const { taskId } = run.evolink.open(aBody());
	witness.leftForSure = { taskId };
	const failure = aFailure({ kind: 'outOfCredits' });
	const body = cannotBeMade(failure);
	expect((await run.try([aJob({ body })]))[0]).toMatchObject({ end: 'completed', taskId });
	expect(run.evolink.posts).toEqual([]);
});

it('each key is for one purpose', async () => {
	const wakeUrl = 'http://localhost/wake';
	const run = new FakeRun({
		submits: [refused, accepted({ failsWith: 'service_error' }), accepted()],
	});
	const job = aJob({ resubmits: 1, wakeUrl });
	await run.try([job]);
	const { slot, requestHash } = job;
	expect(run.purposes).toEqual([
		{ slot, requestHash, failedTasks: 0, isWithoutWake: false },
		{ slot, requestHash, failedTasks: 0, isWithoutWake: true },
		{ slot, requestHash, failedTasks: 1, isWithoutWake: false },
	]);
});

const LOOKS: ReadonlyArray<[string, Failure | undefined, string | undefined]> = [
	['knows', undefined, 'processing'],
	['does not know', aFailure({ kind: 'taskNotFound' }), 'not known'],
	['does not tell', aFailure({ kind: 'serviceTrouble' }), undefined],
];
it.each(LOOKS)('of a task that an unclear answer names, EvoLink %s', async (_, trouble, seen) => {
	const unclear: SubmitPlan = { answer: 'lost', failure: { kind: 'taskUnclear', taskId: TASK_ID } };
	const run = new FakeRun({ submits: [unclear] });
	run.evolink.tasks.set(TASK_ID, { ...run.evolink.open(aBody()), taskId: TASK_ID });
	run.evolink.lookTrouble = () => trouble;
	const [outcome] = await run.try(jobs(1));
	expect(outcome).toMatchObject({ end: 'failed', failure: { kind: 'taskUnclear' } });
	expect('failure' in outcome && outcome.failure.seen).toBe(seen);
	const [again] = await run.try(jobs(1));
	expect('failure' in again && again.failure.seen).toBe(seen);
});

it.each([
	['replyLost', 'outcomeUnknown'],
	['notReached', 'outcomeUnknown'],
	['serviceTrouble', 'outcomeUnclear'],
] as const)('a submit that ended in %s is told as %s by the next try', async (kind, told) => {
	const run = new FakeRun({ submits: [{ answer: 'lost', failure: { kind, said: 'Oh' } }] });
	await run.try(jobs(1));
	const [outcome] = await run.try(jobs(1));
	expect(outcome).toMatchObject({ failure: { kind: told, charged: 'unknown', said: 'Oh' } });
});

it('what EvoLink keeps for a task goes along with it', async () => {
	const run = new FakeRun({ submits: [accepted({ creditsReserved: 7 }), accepted()] });
	const [told, untold] = await run.try([aSubmitOnly({ item: 0 }), aSubmitOnly({ item: 1 })]);
	expect(told).toMatchObject({ creditsReserved: 7 });
	expect(untold).not.toHaveProperty('creditsReserved');
});

describe('requests that the user comes back to', () => {
	const named = (name: string) =>
		aJob({ requestHash: `request ${name}`, intent: `intent ${name}` });

	it('are each kept aside, however many there were', async () => {
		const run = new FakeRun();
		const taskOf = async (name: string) => {
			const [outcome] = await run.try([named(name)]);
			return outcome.end === 'completed' ? outcome.taskId : outcome.end;
		};
		const [a, b, c] = [await taskOf('a'), await taskOf('b'), await taskOf('c')];
		expect(new Set([a, b, c]).size).toBe(3);
		expect([await taskOf('b'), await taskOf('a'), await taskOf('c')]).toEqual([b, a, c]);
		expect(run.evolink.posts).toHaveLength(3);
	});

	it('are found by the names of earlier releases, too', async () => {
		const run = new FakeRun();
		const [made] = await run.try([named('old a')]);
		await run.try([named('b')]);
		const asNow = { ...named('a'), olderNames: ['request old a'] };
		expect((await run.try([asNow]))[0]).toMatchObject({
			taskId: made.end === 'completed' ? made.taskId : 'none',
		});
		expect(run.evolink.posts).toHaveLength(2);
	});
});

describe('a journal that cannot be written', () => {
	const failing = (run: FakeRun, stages: readonly string[]) => {
		const write = run.journal.write.bind(run.journal);
		run.journal.write = (slot, entry) => {
			if (stages.includes(entry.stage)) throw new Error('no room');
			write(slot, entry);
		};
	};

	it('before the POST keeps it back', async () => {
		const run = new FakeRun();
		failing(run, ['intended']);
		expect((await run.try(jobs(1)))[0]).toMatchObject({
			...{ end: 'failed', failure: { kind: 'nodeTrouble', charged: 'no', said: 'no room' } },
		});
		expect(run.evolink.posts).toEqual([]);
	});

	it.each(['submitted', 'delivered'])(
		'at %s changes nothing: the video is brought',
		async (stage) => {
			const run = new FakeRun();
			failing(run, [stage]);
			expect((await run.try(jobs(1)))[0]).toMatchObject({ end: 'completed' });
			expect(run.evolink.posts).toHaveLength(1);
		},
	);
});

describe('a task that failed', () => {
	const failsWith = 'service_error';

	it('is told as it was by the next try of this execution, and paid for anew by another', async () => {
		const run = new FakeRun({ submits: [accepted({ failsWith }), accepted()] });
		const [first] = await run.try(jobs(1));
		const [taskId] = run.evolink.tasks.keys();
		const failure = {
			kind: 'serviceTrouble',
			charged: 'no',
			code: failsWith,
			said: 'It failed',
			taskId,
		};
		expect(first).toMatchObject({ end: 'failed', failure });
		expect((await run.try(jobs(1)))[0]).toMatchObject({ end: 'failed', failure });
		expect(run.evolink.posts).toHaveLength(1);
		expect((await run.try(jobs(1), { executionId: '8' }))[0]).toMatchObject({ end: 'completed' });
	});

	it('is submitted again after 5, 10 and 20 s', async () => {
		const run = new FakeRun({ submits: [accepted({ failsWith, takesMs: 1 })] });
		const foundMs: number[] = [];
		run.evolink.lookTrouble = () => void foundMs.push(run.clock.elapsed());
		await run.try(jobs(1, { resubmits: 4 }));
		const postsMs = run.evolink.posts.map(({ atMs }) => atMs);
		expect(postsMs.slice(1).map((atMs, nth) => atMs - foundMs[nth])).toEqual([
			...[5_000, 10_000, 20_000, 20_000],
		]);
	});

	it('stays failed where a Stop comes before it is submitted again', async () => {
		const run = new FakeRun({ submits: [accepted({ failsWith, takesMs: 1 })] });
		run.clock.at(5_000, () => run.stop.press());
		expect(await run.try(jobs(1, { resubmits: 1 }))).toMatchObject([
			{ end: 'failed', failure: { charged: 'no', code: failsWith } },
		]);
		expect(run.evolink.posts).toHaveLength(1);
	});
});

it('a task of this run is given some seconds, one of an earlier try is looked at at once', async () => {
	const run = new FakeRun({ submits: [accepted({ takesMs: Infinity })] });
	const looksMs: number[] = [];
	run.evolink.lookTrouble = () => void looksMs.push(run.clock.elapsed());
	run.clock.at(30_000, () => run.stop.press());
	await run.try(jobs(1));
	expect(looksMs[0]).toBe(3_000);
	looksMs.length = 0;
	run.stop = new FakeStop();
	const againMs = run.clock.elapsed();
	run.clock.at(againMs + 1_000, () => run.stop.press());
	await run.try(jobs(1));
	expect(looksMs[0]).toBe(againMs);
});

it('nobody looks for a task that no answer has named', async () => {
	for (const plan of [refused, { answer: 'lost' } as const]) {
		const run = new FakeRun({ submits: [plan] });
		await run.try(jobs(1));
		expect(run.evolink.looks).toBe(0);
	}
});

describe('two runs of one execution at once, as n8n may wake it twice', () => {
	const postsOf = ({ evolink }: FakeRun) => evolink.posts.length;

	it.each([[1], [20]])('pay once, and both bring the videos (%i at once)', async (concurrency) => {
		const run = new FakeRun({ submits: [accepted()] });
		const twice = [1, 2].map(async () => await run.try(jobs(3), { concurrency }));
		const [one, two] = await Promise.all(twice);
		const idsOf = (outcomes: typeof one) =>
			outcomes.map((outcome) => (outcome.end === 'completed' ? outcome.taskId : outcome.end));
		expect(idsOf(two)).toEqual(idsOf(one));
		expect(new Set(idsOf(one)).size).toBe(3);
		expect(postsOf(run)).toBe(3);
	});

	it('submit what was turned away once', async () => {
		const run = new FakeRun({ submits: [refused, accepted()] });
		await run.try(jobs(1));
		await Promise.all([run.try(jobs(1)), run.try(jobs(1))]);
		expect(postsOf(run)).toBe(2);
	});

	it('submit a failed task again once, and both bring the new one', async () => {
		const run = new FakeRun({ submits: [accepted({ failsWith: 'service_error' }), accepted()] });
		const twice = [1, 2].map(async () => await run.try(jobs(1, { resubmits: 1 })));
		const [[one], [two]] = await Promise.all(twice);
		expect(two).toMatchObject({ end: 'completed' });
		expect(one).toMatchObject({ end: 'completed', taskId: two.end === 'completed' && two.taskId });
		expect(postsOf(run)).toBe(2);
	});

	it('never send again what got no answer, and both say so', async () => {
		const run = new FakeRun({ submits: [{ answer: 'lost' }] });
		const both = await Promise.all([run.try(jobs(1)), run.try(jobs(1))]);
		for (const [outcome] of both) expect(outcome).toMatchObject({ end: 'failed' });
		expect(postsOf(run)).toBe(1);
	});

	it('bring what one of them has paid for, though the other could not have made it', async () => {
		const run = new FakeRun({ submits: [accepted({ answersMs: 5_000 })] });
		const body = async () => {
			await run.clock.sleep(1_000);
			return { ok: false as const, failure: aFailure({ kind: 'nodeTrouble', charged: 'no' }) };
		};
		const [[failing], [paying]] = await Promise.all([run.try(jobs(1, { body })), run.try(jobs(1))]);
		expect(paying).toMatchObject({ end: 'completed' });
		expect(failing).toMatchObject({
			end: 'completed',
			taskId: paying.end === 'completed' && paying.taskId,
		});
	});

	it.each([
		['no longer than a submit can take', '7', 75_000],
		['not at all for one of an execution that is over', '6', 0],
	])('that began later waits %s', async (_how, executionId, waitedMs) => {
		const run = new FakeRun();
		const entry = anEntry('intended', { request: 'request-0', executionId });
		run.journal.write('run0:item0', entry);
		const [outcome] = await run.try(jobs(1));
		expect(outcome).toMatchObject({ end: 'failed', failure: { charged: 'unknown' } });
		expect([postsOf(run), run.clock.elapsed()]).toEqual([0, waitedMs]);
	});
});
