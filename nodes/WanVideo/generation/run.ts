/**
 * The conductor: takes all jobs of a run and gives one outcome for each, in their order.
 * Items live side by side; one that fails ends the others only when the run is not to keep going.
 */
import { fewAtATime } from './downloads';
import { finish } from './finish';
import { guardOf, trouble } from './guard';
import { live } from './life';
import type { Job, KnownTask, Outcome, PauseRule } from './outcome';
import type { FollowPorts, Ports, StopSignal } from './ports';
import { sideBySide } from './sideBySide';
import { sharedSlowdown } from './slowdown';
import { submitter } from './submit';

export interface RunSettings {
	executionId: string;
	/** True: a failed item does not end the others. */
	keepGoing: boolean;
	/** Items under way at once. */
	concurrency: number;
	/** Given where the execution can pause: the outcomes may then be `open`. */
	pause?: PauseRule;
}

/** Makes all videos: one outcome per job, in the order of the jobs. */
export async function run<File, Stream>(
	jobs: readonly Job[],
	settings: RunSettings,
	ports: Ports<File, Stream>,
): Promise<Array<Outcome<File>>> {
	const stop = haltable(ports.stop);
	const halt = () => {
		if (!settings.keepGoing) stop.halt();
	};
	ports.claims?.expect(jobs);
	const guard = guardOf(ports.clock, ports.stop);
	const shared = { ...ports, ...sharedBy(guard.ports(ports), stop) };
	const submits = submitter(shared.client, shared.clock, stop, halt);
	const one = async (job: Job) =>
		await live<File, Stream>({ ...job, body: guard.body(job) }, settings, shared, submits);
	try {
		return await together(jobs, settings, stop, one);
	} finally {
		guard.end();
	}
}

/** Waits for tasks that exist already: nothing is ever submitted. */
export async function follow<File, Stream>(
	tasks: readonly KnownTask[],
	settings: Omit<RunSettings, 'executionId'>,
	ports: FollowPorts<File, Stream>,
): Promise<Array<Outcome<File>>> {
	const stop = haltable(ports.stop);
	const guard = guardOf(ports.clock, ports.stop);
	const shared = sharedBy(guard.ports(ports), stop);
	const one = async ({ item, taskId, wait }: KnownTask): Promise<Outcome<File>> => {
		const known = { taskId, earlierTaskIds: [] };
		try {
			return await finish<File, Stream>(item, known, wait, {}, shared, settings.pause);
		} catch (error) {
			return { end: 'failed', failure: trouble(error, 'unknown', taskId), earlierTaskIds: [] };
		}
	};
	try {
		return await together(tasks, settings, stop, one);
	} finally {
		guard.end();
	}
}

/** Where n8n's store writes to disk; more at once would only share the line. */
const DOWNLOADS_AT_ONCE = 4;

/** What the items of a run have in common: one stop, one slow-down for all looks and one pace, a few downloads at a time. */
function sharedBy<File, Stream>(
	ports: FollowPorts<File, Stream>,
	stop: StopSignal,
): FollowPorts<File, Stream> {
	const { client, videos, clock } = ports;
	return {
		...ports,
		stop,
		waitedFor: new Set(),
		client: sharedSlowdown(client, clock, stop),
		videos: fewAtATime(videos, { atOnce: DOWNLOADS_AT_ONCE, stop }),
	};
}

async function together<In, File>(
	inputs: readonly In[],
	{ keepGoing, concurrency }: Pick<RunSettings, 'keepGoing' | 'concurrency'>,
	stop: HaltableStop,
	one: (input: In) => Promise<Outcome<File>>,
): Promise<Array<Outcome<File>>> {
	const outcomes = await sideBySide(
		inputs,
		concurrency,
		async (input) => {
			let outcome: Outcome<File> | undefined;
			try {
				outcome = await one(input);
				return outcome;
			} finally {
				// A defect ends the run in any case: nothing may go on submitting behind its back.
				if (outcome === undefined || (isFailure(outcome) && !keepGoing)) stop.halt();
			}
		},
		// A task that is left for after a pause is still under way, so nothing else may take its place.
		({ end }) => end === 'open',
	);
	return inputs.map((_, index) => outcomes[index] ?? { end: 'open' });
}

function isFailure(outcome: Outcome<unknown>): boolean {
	return outcome.end === 'failed' || (outcome.end === 'timedOut' && outcome.fails);
}

type HaltableStop = StopSignal & { halt(): void };

/** The user's stop, plus a halt of our own that ends a run in which going on makes no sense. */
function haltable(user: StopSignal): HaltableStop {
	let halted = false;
	return {
		get aborted() {
			return user.aborted || halted;
		},
		halt() {
			halted = true;
		},
	};
}
