// A random story for one execution, made from a seed alone: items, settings, faults, stops, retries.

import type { IDataObject, INode } from 'n8n-workflow';

import type { FaultPlan } from '../../sandbox';

export interface Scenario {
	seed: number;
	itemCount: number;
	settings: Partial<INode>;
	options: IDataObject;
	faults: FaultPlan[];
	/** How long EvoLink does not know a new task yet. */
	lookLagSeconds?: number;
	/** Stop after so many requests; none: never. */
	stopAfterRequests?: number;
	/** How often the user presses Retry while the execution has failed. */
	retries: number;
	/** The user stops the execution in this pause, and presses Retry. */
	stopInPause?: number;
	/** n8n is killed after so many calls of the node; then the user presses Retry, or n8n runs it again by itself. */
	kill?: { afterCalls: number; then: 'retry' | 'rerun' };
}

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const SUBMIT_FAULTS: ReadonlyArray<FaultPlan['fault']> = [
	{ kind: 'status', status: 429, headers: { 'retry-after': '5' } },
	{ kind: 'status', status: 429 },
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 503, headers: { 'retry-after': '1' } },
	{
		kind: 'status',
		status: 402,
		body: { error: { code: 'insufficient_quota', message: 'Insufficient quota' } },
	},
	{
		kind: 'status',
		status: 401,
		body: { error: { code: 'unauthorized', message: 'Invalid or expired token' } },
	},
	{ kind: 'reset' },
	{ kind: 'late', ms: 3 },
	{ kind: 'late', ms: 12 },
	{ kind: 'lostReply' },
	{ kind: 'garbage' },
	{ kind: 'garbage', status: 502 },
	{ kind: 'failTask', code: 'service_error' },
	{ kind: 'failTask', code: 'content_policy_violation' },
	{ kind: 'cancelled' },
	{ kind: 'missingTaskInfo' },
	{ kind: 'numericCode' },
];
const LOOK_FAULTS: ReadonlyArray<FaultPlan['fault']> = [
	{ kind: 'status', status: 429, headers: { 'retry-after': '30' } },
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 403 },
	{ kind: 'status', status: 404 },
	{ kind: 'reset' },
	{ kind: 'lostReply' },
	{ kind: 'garbage' },
	{ kind: 'oddState', state: 'queued' },
	{ kind: 'completedWithoutResults' },
	{ kind: 'missingTaskInfo' },
];
const MEDIA_FAULTS: ReadonlyArray<FaultPlan['fault']> = [
	{ kind: 'status', status: 503 },
	{ kind: 'status', status: 404 },
	{ kind: 'reset' },
	{ kind: 'lostReply' },
	{ kind: 'truncate', bytes: 3000 },
	{ kind: 'truncate', bytes: 3000, chunked: true },
	{ kind: 'expireLink' },
	{ kind: 'htmlInsteadOfVideo' },
	{ kind: 'wrongContentType', contentType: 'binary/octet-stream' },
	{ kind: 'redirectMedia' },
	{ kind: 'slowBody', bytesPerSecond: 100_000 },
];

/** Answers that do not fit the question. */
const ODD_ANSWERS: ReadonlyArray<Pick<FaultPlan, 'on' | 'fault'>> = [
	{ on: 'submit', fault: { kind: 'refusalWithTask', status: 429 } },
	{ on: 'submit', fault: { kind: 'refusalWithTask', status: 402 } },
	{ on: 'submit', fault: { kind: 'wrapped' } },
	{ on: 'submit', fault: { kind: 'deep', levels: 6_000 } },
	{ on: 'submit', fault: { kind: 'endless' } },
	{ on: 'submit', fault: { kind: 'page', status: 403 } },
	{
		on: 'submit',
		fault: { kind: 'status', status: 200, body: { error: { code: 'insufficient_quota' } } },
	},
	{ on: 'look', fault: { kind: 'otherTask' } },
	{ on: 'look', fault: { kind: 'wrapped' } },
	{ on: 'look', fault: { kind: 'coverFirst' } },
	{ on: 'look', fault: { kind: 'deep', levels: 6_000 } },
	{ on: 'look', fault: { kind: 'endless' } },
	{ on: 'look', fault: { kind: 'page', status: 302 } },
	{ on: 'look', fault: { kind: 'page', status: 403 } },
	{ on: 'look', fault: { kind: 'oddState', state: 'SUCCESS' } },
	{
		on: 'look',
		fault: {
			kind: 'status',
			status: 200,
			body: { status: 'failed', error: { code: 'service_unavailable' } },
		},
	},
];

/** The same story with odd answers in it, and with a copy of EvoLink's database that lags. From numbers of their own. */
export function withOddAnswers(scenario: Scenario): Scenario {
	const random = randomFrom(scenario.seed ^ 0x0dd);
	const below = (limit: number) => Math.floor(random() * limit);
	const odd = Array.from({ length: below(4) }, () => ({
		...ODD_ANSWERS[below(ODD_ANSWERS.length)],
		times: 1 + below(3),
		after: below(6),
	}));
	return {
		...scenario,
		faults: [...scenario.faults, ...odd],
		lookLagSeconds: random() < 0.3 ? 5 + below(40) : 0,
	};
}

/** The same story with hosts that say nothing, or no more, and keep the connection. From numbers of their own. */
export function withSilence(scenario: Scenario): Scenario {
	const random = randomFrom(scenario.seed ^ 0x511e);
	const below = (limit: number) => Math.floor(random() * limit);
	const silent = Array.from({ length: Math.max(0, below(4) - 1) }, () => ({
		on: SILENT_PLACES[below(SILENT_PLACES.length)],
		fault: { kind: 'stall', after: SILENCES[below(SILENCES.length)] } as const,
		times: 1 + below(2),
		after: below(5),
	}));
	return { ...scenario, faults: [...scenario.faults, ...silent] };
}

const SILENT_PLACES = ['submit', 'look', 'media'] as const;
const SILENCES = ['nothing', 'headers', 'half'] as const;

/** The same story with a kill of n8n in some of those that the user does not stop. From numbers of their own. */
export function withKills(scenario: Scenario): Scenario {
	const random = randomFrom(scenario.seed ^ 0xdead);
	if (random() < 0.5 || scenario.stopAfterRequests !== undefined) return scenario;
	const afterCalls = 1 + Math.floor(random() * 5 * (scenario.itemCount + 1));
	return { ...scenario, kill: { afterCalls, then: random() < 0.7 ? 'retry' : 'rerun' } };
}

/** The story of a seed. */
export function scenarioOf(seed: number): Scenario {
	const random = randomFrom(seed);
	const below = (limit: number) => Math.floor(random() * limit);
	const pick = <T>(from: readonly T[]): T => from[below(from.length)];
	const chance = (share: number) => random() < share;
	const plan = (on: FaultPlan['on'], faults: ReadonlyArray<FaultPlan['fault']>): FaultPlan => ({
		on,
		fault: pick(faults),
		times: 1 + below(chance(0.2) ? 14 : 2),
		after: below(6),
	});
	const faults = Array.from({ length: below(6) }, () =>
		pick([
			() => plan('submit', SUBMIT_FAULTS),
			() => plan('look', LOOK_FAULTS),
			() => plan('media', MEDIA_FAULTS),
		])(),
	);
	const scenario: Scenario = {
		seed,
		itemCount: 1 + below(6),
		settings: {
			...(chance(0.5) && { retryOnFail: true, maxTries: 2 + below(2), waitBetweenTries: 1 }),
			onError: pick(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const),
		},
		options: {
			timeout: pick([0.5, 3, 30]),
			onTimeout: pick(['fail', 'return']),
			concurrency: 1 + below(6),
			submitAgain: below(3),
		},
		faults,
		...(chance(0.2) && { stopAfterRequests: 1 + below(20) }),
		retries: below(4),
	};
	// Drawn last, so that the stories of older seeds stay what they were.
	if (!chance(0.4)) return scenario;
	const { options } = scenario;
	return {
		...scenario,
		options: { ...options, whileWaiting: 'pause', timeout: pick([3, 30]) },
		...(chance(0.2) && { stopInPause: 1 + below(2) }),
	};
}
