/**
 * Bill once, as a property: over arbitrary histories of tries (retries in the same execution, new executions,
 * edits, lost replies, refusals, failures, stops) the real run() never pays twice for one item. The ledger
 * is EvoLink's side: it also knows the tasks whose answer never arrived.
 */
import fc from 'fast-check';

import type { Failure } from '../../../nodes/WanVideo/evolink/failure';
import type { Job } from '../../../nodes/WanVideo/generation/outcome';
import { aBody, aFailure, aWaitPlan } from '../../support/builders';
import { FakeStop } from '../../support/fakeClock';
import type { LedgerTask, SubmitPlan } from '../../support/fakeEvoLink';
import { FakeRun } from '../../support/fakeRun';
import { runs } from '../../support/thorough';

interface Try {
	/** The user's new try; otherwise Retry On Fail within the same execution. */
	newExecution: boolean;
	edit: 'none' | 'request' | 'intent' | 'both';
	stopAtMs: number | undefined;
	keepGoing: boolean;
	concurrency: number;
	resubmits: number;
	submitOnly: boolean;
	timeoutMs: number;
	/** Failures of looks: every so many, of this kind. */
	lookTrouble: { every: number; kind: Failure['kind'] } | undefined;
	fates: SubmitPlan[];
}

interface History {
	items: number;
	tries: Try[];
	brokenMedia: boolean;
}

const fate: fc.Arbitrary<SubmitPlan> = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({
			answer: fc.constant('accepted' as const),
			takesMs: fc.constantFrom(1_000, 20_000, 90_000, Infinity),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			answer: fc.constant('accepted' as const),
			takesMs: fc.constantFrom(1_000, 30_000),
			failsWith: fc.constantFrom(
				'service_error',
				'content_policy_violation',
				'quota_exceeded',
				'request_cancelled',
			),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			answer: fc.constant('lost' as const),
			takesMs: fc.constantFrom(1_000, Infinity),
		}),
	},
	{ weight: 1, arbitrary: fc.constant({ answer: 'lostUntouched' as const }) },
	{
		weight: 3,
		arbitrary: fc.record({
			answer: fc.constant('refused' as const),
			failure: fc.record({
				kind: fc.constantFrom(
					'rateLimited' as const,
					'notReached' as const,
					'invalidRequest' as const,
					'unauthorized' as const,
					'outOfCredits' as const,
				),
			}),
		}),
	},
);

const attempt: fc.Arbitrary<Try> = fc.record({
	newExecution: fc.boolean(),
	edit: fc.constantFrom(
		'none' as const,
		'none' as const,
		'request' as const,
		'intent' as const,
		'both' as const,
	),
	stopAtMs: fc.option(fc.integer({ min: 0, max: 120_000 }), { nil: undefined }),
	keepGoing: fc.boolean(),
	concurrency: fc.constantFrom(1, 2, 20),
	resubmits: fc.integer({ min: 0, max: 3 }),
	submitOnly: fc.boolean(),
	timeoutMs: fc.constantFrom(5_000, 60_000, 600_000),
	lookTrouble: fc.option(
		fc.record({
			every: fc.integer({ min: 1, max: 4 }),
			kind: fc.constantFrom(
				'serviceTrouble' as const,
				'unauthorized' as const,
				'taskNotFound' as const,
				'replyLost' as const,
			),
		}),
		{ nil: undefined },
	),
	fates: fc.array(fate, { minLength: 1, maxLength: 8 }),
});

const history: fc.Arbitrary<History> = fc.record({
	items: fc.integer({ min: 1, max: 4 }),
	tries: fc.array(attempt, { minLength: 1, maxLength: 6 }),
	brokenMedia: fc.boolean(),
});

/** What was known of the latest POST for an item that may have cost something. */
interface Spent {
	request: string;
	intent: string;
	/** Absent while the POST has no answer, and for ever when it was lost without a trace. */
	task?: LedgerTask;
	/** Refused: it certainly cost nothing. */
	free: boolean;
}

/** Plays a history; throws at the first POST that should not have been sent. Returns what happened. */
async function play({
	items,
	tries,
	brokenMedia,
}: History): Promise<{ posts: number; followed: number }> {
	let current = tries[0];
	let postsOfTry = 0;
	let execution = 1;
	let edits = { request: 0, intent: 0 };
	const spent = new Map<number, Spent>();
	const jobsOfTry = new Map<string, Job>();
	const real = new FakeRun({
		submits: () => current.fates[Math.min(postsOfTry++, current.fates.length - 1)],
		media: [brokenMedia ? { status: 500 } : {}],
	});
	const { evolink } = real;

	evolink.beforePost = (body) => {
		settle();
		if (real.stop.aborted) throw new Error('A POST after Stop.');
		const job = jobsOfTry.get(body.prompt ?? '');
		if (job === undefined) throw new Error('A POST for no item.');
		const before = spent.get(job.item);
		const edited = before?.request !== job.requestHash && before?.intent !== job.intent;
		const failed = before?.task?.toldFailed === true;
		if (before !== undefined && !before.free && !edited && !failed)
			throw new Error(`A second POST for item ${job.item} while the first may be charged.`);
		spent.set(job.item, { request: job.requestHash, intent: job.intent, free: false });
	};

	/** Brings what the ledger has learnt of the latest POSTs into the books. */
	function settle(): void {
		for (const { body, plan, task } of evolink.posts) {
			const item = Number(/^item (\d+)/.exec(body.prompt ?? '')?.[1]);
			const entry = spent.get(item);
			if (entry === undefined) continue;
			entry.free = plan === 'refused';
			if (task === undefined) delete entry.task;
			else entry.task = task;
		}
	}

	for (const next of tries) {
		current = next;
		postsOfTry = 0;
		if (next.newExecution) execution += 1;
		if (next.edit === 'request' || next.edit === 'both')
			edits = { ...edits, request: edits.request + 1 };
		if (next.edit === 'intent' || next.edit === 'both')
			edits = { ...edits, intent: edits.intent + 1 };
		jobsOfTry.clear();
		for (let item = 0; item < items; item += 1) {
			const prompt = `item ${item} v${edits.request} in try ${execution}`;
			jobsOfTry.set(prompt, {
				item,
				body: aBody({ prompt }),
				requestHash: `request-${item}-${edits.request}`,
				intent: `intent-${item}-${edits.intent}`,
				slot: `run0:item${item}`,
				resubmits: next.resubmits,
				...(!next.submitOnly && { wait: aWaitPlan({ timeoutMs: next.timeoutMs }) }),
			});
		}
		const stop = new FakeStop();
		real.stop = stop;
		const { stopAtMs, lookTrouble } = next;
		if (stopAtMs === 0) stop.press();
		else if (stopAtMs !== undefined)
			real.clock.at(real.clock.elapsed() + stopAtMs, () => stop.press());
		evolink.lookTrouble = (look) =>
			lookTrouble !== undefined && look % lookTrouble.every === 0
				? aFailure({ kind: lookTrouble.kind })
				: undefined;
		const outcomes = await real.try([...jobsOfTry.values()], {
			executionId: String(execution),
			keepGoing: next.keepGoing,
			concurrency: next.concurrency,
		});
		settle();
		if (outcomes.length !== items) throw new Error('Not one outcome for each item.');
	}
	// Every task that anyone heard of was named at once, so it can be followed whatever comes after.
	const heard = evolink.posts
		.filter(({ plan }) => plan === 'accepted')
		.map(({ task }) => task?.taskId);
	expect(real.notices.submittedIds).toEqual(heard);
	return { posts: evolink.posts.length, followed: evolink.looks };
}

it('no history pays twice for one item, or submits after Stop', async () => {
	let posts = 0;
	let looks = 0;
	await fc.assert(
		fc.asyncProperty(history, async (given) => {
			const played = await play(given);
			posts += played.posts;
			looks += played.followed;
		}),
		{ numRuns: runs(1000), seed: 20261122 },
	);
	expect(posts).toBeGreaterThan(runs(2000));
	expect(looks).toBeGreaterThan(runs(2000));
});
