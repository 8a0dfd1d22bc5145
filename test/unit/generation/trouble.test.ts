// @thorough
/**
 * An item's trouble is that item's outcome, never the run's: every call of every port throws or hangs, one
 * after the other. No paid ID is untold, no other item is lost, nothing is paid for twice, and a retry goes on.
 */
import type { Job, Outcome } from '../../../nodes/WanVideo/generation/outcome';
import type { RunSettings } from '../../../nodes/WanVideo/generation/run';
import { aBody, aWaitPlan, jobs } from '../../support/builders';
import { accepted } from '../../support/fakeEvoLink';
import { FakeRun, type FakeRunPlan } from '../../support/fakeRun';
import type { FakeFile } from '../../support/fakeVideos';
import { thorough } from '../../support/thorough';
import { type Fault, type Trouble, Troubles } from '../../support/troubledPorts';

interface Setup {
	items: Job[];
	settings: Partial<RunSettings>;
	plan?: FakeRunPlan;
}

const failsFirst: FakeRunPlan = {
	submits: (post) =>
		accepted(post === 0 ? { takesMs: 5_000, failsWith: 'service_error' } : { takesMs: 60_000 }),
};
const batch = (more: Partial<Job> = {}) => jobs(4, more);

const SETUPS: Record<string, Setup> = {
	'one item': { items: jobs(1), settings: {} },
	'one item that is submitted again': {
		items: jobs(1, { resubmits: 1 }),
		settings: {},
		plan: failsFirst,
	},
	'a batch that goes on after a failure': {
		items: batch({ resubmits: 1 }),
		settings: { keepGoing: true, concurrency: 2 },
		plan: failsFirst,
	},
	'a batch that ends with the first failure': {
		items: batch(),
		settings: { keepGoing: false, concurrency: 2 },
	},
	'a batch without download': {
		items: batch({ wait: { timeoutMs: 600_000, timeoutFails: true } }),
		settings: { keepGoing: true, concurrency: 20 },
	},
	'a batch whose bodies are made late': {
		items: batch({ body: async () => await Promise.resolve({ ok: true, value: aBody() }) }),
		settings: { keepGoing: true, concurrency: 20 },
	},
};

/** Calls of a kind are many and alike: the first and the last few stand for them, at home the first, the second and the last. */
function chosen(count: number): number[] {
	const all = Array.from({ length: count }, (_, nth) => nth);
	const [first, last] = thorough ? [4, 2] : [2, 1];
	return count <= first + last ? all : [...all.slice(0, first), ...all.slice(-last)];
}

/** What answers at once cannot hang, and hardly anything follows from what it did before it threw. */
const troublesOf = (call: string): Trouble[] =>
	/^(client|videos\.(open|keep)|clock\.sleep|body|journal\.write)/.test(call)
		? ['throwsBefore', 'throwsAfter', 'hangs']
		: ['throwsBefore'];

async function countsOf({ items, settings, plan }: Setup): Promise<Map<string, number>> {
	const history = new FakeRun(plan);
	history.troubles = new Troubles();
	await history.try(items, settings);
	return history.troubles.counts;
}

const idsOf = (outcome: Outcome<FakeFile>): Array<string | undefined> =>
	outcome.end === 'failed'
		? [outcome.failure.taskId, ...outcome.earlierTaskIds]
		: [outcome.taskId, ...(outcome.earlierTaskIds ?? [])];

/** Plays a run with one fault, and retries without; what is wrong comes back as lines. */
async function play({ items, settings, plan }: Setup, fault: Fault): Promise<string[]> {
	const wrong: string[] = [];
	const history = new FakeRun(plan);
	const { evolink } = history;
	history.troubles = new Troubles(fault);
	const first = await history.try(items, settings);
	history.troubles = undefined;

	if (first.length !== items.length) wrong.push('not one outcome for each item');
	const told = new Set([...first.flatMap(idsOf), ...history.notices.submittedIds]);
	const unheard = fault.call === 'client.submit' ? 1 : 0;
	const untold = [...evolink.tasks.keys()].filter((taskId) => !told.has(taskId));
	if (untold.length > unheard) wrong.push(`untold: ${untold.join(', ')}`);
	const unknown = first.filter(
		(outcome) => outcome.end === 'failed' && outcome.failure.charged === 'unknown',
	);
	if (untold.length > unknown.length) wrong.push('nobody says that a task may be charged');
	const bad = first.filter(({ end }) => end !== 'completed');
	if (settings.keepGoing !== false && bad.length > 1)
		wrong.push(`${bad.length} items without a video: ${JSON.stringify(bad)}`);
	for (const outcome of bad) {
		if (outcome.end !== 'failed') continue;
		const { charged, taskId, said } = outcome.failure;
		if (charged === 'yes' && taskId === undefined) wrong.push('a paid item without its ID');
		if (said === undefined) wrong.push('a failure without a reason');
	}

	const second = await history.try(items, { ...settings, executionId: '8' });
	const third = await history.try(items, { ...settings, executionId: '9', keepGoing: true });
	const spent = new Map<string, number>();
	for (const { body, toldFailed, failsWith } of evolink.tasks.values()) {
		if (toldFailed || failsWith !== undefined) continue;
		const item = body.prompt ?? '';
		spent.set(item, (spent.get(item) ?? 0) + 1);
	}
	for (const [item, times] of spent) if (times > 1) wrong.push(`${item} is paid ${times} times`);
	const blocked = third.filter(({ end }) => end !== 'completed');
	// Only an outcome that nobody can know may keep one item from its video.
	const isUnknowable = /^(client\.submit|journal\.write|newKey)$/.test(fault.call);
	if (blocked.length > (isUnknowable ? 1 : 0))
		wrong.push(`after two retries without a video: ${JSON.stringify(blocked)}`);
	for (const outcome of [...second, ...third])
		if (outcome.end === 'failed' && outcome.failure.charged === 'no')
			wrong.push(`a retry fails: ${JSON.stringify(outcome.failure)}`);
	return wrong;
}

describe.each(Object.entries(SETUPS))('%s', (_name, setup) => {
	it('survives every call of every port that throws or hangs', async () => {
		const items = setup.items.map((job, item) => ({
			...job,
			...(typeof job.body === 'function' && {
				body: async () =>
					await Promise.resolve({ ok: true as const, value: aBody({ prompt: `item ${item}` }) }),
			}),
		}));
		const counts = await countsOf({ ...setup, items });
		const bad: string[] = [];
		let played = 0;
		for (const [call, count] of counts) {
			for (const nth of chosen(count)) {
				for (const trouble of troublesOf(call)) {
					const fault = { call, nth, trouble };
					played += 1;
					const wrong = await play({ ...setup, items }, fault).catch((error: unknown) => [
						`the run throws: ${String(error)}`,
					]);
					bad.push(...wrong.map((line) => `${call} ${nth} ${trouble}: ${line}`));
				}
			}
		}
		expect(bad).toEqual([]);
		expect(played).toBeGreaterThan(thorough ? 50 : 25);
	}, 60_000);
});

describe('Task: Wait', () => {
	it('tells the task of an item whose port breaks, and brings the others', async () => {
		const tasksOf = (waiting: FakeRun) =>
			[5_000, 9_000, 20_000].map((takesMs, item) => ({
				...{ item, wait: aWaitPlan() },
				taskId: waiting.evolink.open({ model: 'm' }, { takesMs }).taskId,
			}));
		const counting = new FakeRun();
		counting.troubles = new Troubles();
		await counting.follow(tasksOf(counting));
		for (const [call, count] of counting.troubles.counts) {
			for (const nth of chosen(count)) {
				for (const trouble of troublesOf(call)) {
					const waiting = new FakeRun();
					const tasks = tasksOf(waiting);
					waiting.troubles = new Troubles({ call, nth, trouble });
					const outcomes = await waiting.follow(tasks);
					const bad = outcomes.filter(({ end }) => end !== 'completed');
					expect({ call, nth, trouble, bad: bad.length <= 1 }).toMatchObject({ bad: true });
					expect(outcomes.map((outcome) => idsOf(outcome)[0])).toEqual(
						tasks.map(({ taskId }) => taskId),
					);
				}
			}
		}
	});
});
