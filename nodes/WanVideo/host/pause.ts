/**
 * The pause: the execution sleeps in n8n's database, and this node runs again when it wakes.
 *
 * n8n lets a waiting node not run a second time: on waking it passes its input on. So a copy of the
 * node's own place in the execution is put behind the one that waits, and what waits passes on nothing.
 * That uses a field which n8n does not document (run on n8n 1.123 and 2.41; test/engine/pause.test.ts
 * watches it for every version under test), so where it is missing the node keeps running instead.
 */
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { fieldOf, tidy } from '../evolink/foreign';
import type { PauseRule } from '../generation/outcome';
import { PATIENCE_MS } from '../generation/pauseLength';
import { waitingCaller } from './callers';
import { clock } from './clock';
import { recordsIn } from './journalStore';
import { isEngine2 } from './lineage';
import { isTool, runIndexOf } from './scope';
import { isSigned, resumeUrlOf, wakeUrlOf } from './wake';

const CONTEXT_KEY = 'wanVideoPause';

const refusalSchema = z.object({ item: z.number(), error: z.string(), message: z.string() });

const recordSchema = z.object({
	executionId: z.string(),
	/** Wall clock (ms) of the run's beginning. */
	since: z.number(),
	pauses: z.number(),
	/** What the check found before the first pause; it is not made again. */
	hints: z.array(z.string()),
	refused: z.array(refusalSchema),
	/** Wall clock (ms) at which the time wakes it, if no callback does; 0.1.0 did not write it down. */
	wakeAt: z.number().optional().catch(undefined),
});

/** What a run left behind before its last pause. */
export type PauseRecord = z.infer<typeof recordSchema>;

export interface Pausing {
	/** Absent: this run waits in memory. */
	rule?: PauseRule;
	/** Set when this run goes on after a pause. */
	woke?: PauseRecord;
	/** Set when it was the time that woke it, and no callback: when that was (ms, wall clock). */
	wokenAt?: number;
	/** Address by which EvoLink wakes the execution. */
	wakeUrl?: string;
	/** Why it keeps running although a pause was asked for. */
	hints: string[];
}

export interface PauseWish {
	isAsked: boolean;
	/** Whether the node submits the tasks, and so can have EvoLink call back. */
	submits: boolean;
}

/** Finds out whether this run woke from a pause, and whether it may pause. */
export async function pausingOf(
	context: IExecuteFunctions,
	{ isAsked, submits }: PauseWish,
): Promise<Pausing> {
	const woke = readRecord(context);
	const past = { ...(woke && { woke, ...wakingOf(woke) }) };
	if (!isAsked) return { ...past, hints: [] };
	const obstacle = obstacleOf(context);
	if (obstacle !== undefined) {
		return { ...past, hints: [keptRunning(obstacle)] };
	}
	const wakeUrl = submits ? await wakeUrlOf(context) : undefined;
	return {
		...past,
		...(wakeUrl !== undefined && { wakeUrl }),
		rule: { patienceMs: PATIENCE_MS, since: woke?.since ?? clock.now() },
		hints: [],
	};
}

/** n8n wakes an execution at its time or later, never before. */
function wakingOf({ wakeAt }: PauseRecord): Pick<Pausing, 'wokenAt'> {
	return wakeAt !== undefined && clock.now() >= wakeAt ? { wokenAt: wakeAt } : {};
}

/** The hint of a run that was to pause and did not. */
export function keptRunning(why: string): string {
	return `'While Waiting' is set to pause, but the node kept running: ${why}.`;
}

/**
 * Puts the execution to sleep for `ms`; then the node must return right after, with no items. Where n8n does not
 * let it sleep nothing has changed, and the reason comes back.
 */
export async function pause(
	context: IExecuteFunctions,
	ms: number,
	record: Pick<PauseRecord, 'since' | 'hints' | 'refused'>,
	pauses: number,
): Promise<{ ok: true } | { ok: false; reason: string }> {
	const stack = stackOf(context);
	if (stack === undefined)
		return { ok: false, reason: 'this version of n8n does not let a node pause' };
	const wakeAt = new Date(clock.now() + ms);
	recordsIn(context, CONTEXT_KEY).write(placeOf(context), {
		...record,
		executionId: context.getExecutionId(),
		pauses,
		wakeAt: wakeAt.getTime(),
	});
	const entry = context.getExecuteData();
	const before = { node: entry.node, data: entry.data };
	stack.unshift({
		...entry,
		node: { ...entry.node },
		data: { ...entry.data },
		runIndex: runIndexOf(context),
	});
	// Only what waits is disabled on waking, and with no input at all it has nothing to pass on: in the old order of
	// execution n8n hands on an empty one, too, and a Merge behind would run without the videos.
	entry.node = { ...entry.node, alwaysOutputData: false };
	entry.data = { main: [] };
	try {
		await context.putExecutionToWait(wakeAt);
	} catch (error) {
		stack.shift();
		Object.assign(entry, before);
		if ('runExecutionData' in context && isObject(context.runExecutionData))
			Reflect.deleteProperty(context.runExecutionData, 'waitTill');
		const said = error instanceof Error ? error.message : String(error);
		return { ok: false, reason: `n8n did not let it sleep ("${tidy(said)}")` };
	}
	context.logger.info(
		`Wan Video ("${context.getNode().name}"): paused until ${wakeAt.toISOString()}`,
		{ executionId: context.getExecutionId() },
	);
	return { ok: true };
}

function readRecord(context: IExecuteFunctions): PauseRecord | undefined {
	const record = recordSchema.safeParse(recordsIn(context, CONTEXT_KEY).read(placeOf(context)));
	// One of another execution came along with its data, by the Retry button.
	if (!record.success || record.data.executionId !== context.getExecutionId()) return undefined;
	return record.data;
}

function placeOf(context: IExecuteFunctions): string {
	return `run${runIndexOf(context)}`;
}

/** Why this execution cannot pause, in words that go on from "the node kept running:". */
function obstacleOf(context: IExecuteFunctions): string | undefined {
	const mode = context.getMode();
	if (isEngine2(context.getExecutionId())) return "n8n's Engine 2.0 lets no execution pause yet";
	if (isEngine2(parentOf(context)))
		return "it was called by an execution of n8n's Engine 2.0, which cannot wait for it";
	if (isTool(context)) return 'an AI agent waits for its tools';
	if (mode === 'cli') return "nothing wakes an execution of n8n's command line";
	if (mode === 'evaluation') return 'an evaluation waits for its workflow';
	if (mode === 'integrated' && !isSigned(resumeUrlOf(context)))
		return 'in this version of n8n a sub-workflow that pauses loses its result';
	if (mode === 'integrated' && isOneOfMany(context))
		return "n8n keeps one row only when a sub-workflow that runs once for each item pauses, and a sub-workflow with a single item cannot tell. To pause, run it once with all items, or switch off 'Wait For Sub-Workflow Completion'";
	const caller = waitingCaller(context);
	if (caller !== undefined)
		return `'${caller}' answers its caller when the last node finishes, and with a pause that answer would be an error. To pause, let it respond at once, or with 'Respond to Webhook' before this node, and start what comes after the video with 'Wan Video Trigger'`;
	if (stackOf(context) === undefined) return 'this version of n8n does not let a node pause';
	return undefined;
}

/**
 * Whether the sub-workflow may be one of several that run once for each item and whose parent waits for them: n8n 2.x
 * brings home the rows of the first one that ends, and no others (run on n8n 2.41). It is not told in which way it
 * runs, but one that began with several items runs once with all of them.
 */
function isOneOfMany(context: IExecuteFunctions): boolean {
	if (!('runExecutionData' in context)) return false;
	const { runExecutionData } = context;
	const parent = fieldOf(runExecutionData, 'parentExecution');
	if (fieldOf(parent, 'shouldResume') === false) return false;
	const runData = fieldOf(fieldOf(runExecutionData, 'resultData'), 'runData');
	if (typeof runData !== 'object' || runData === null) return false;
	const runs: unknown[] = Object.values<unknown>({ ...runData });
	const [firstRuns] = runs;
	const firstRun = isList(firstRuns) ? firstRuns[0] : undefined;
	const outputs = fieldOf(fieldOf(firstRun, 'data'), 'main');
	const begunWith = isList(outputs) ? outputs[0] : undefined;
	return isList(begunWith) && begunWith.length === 1;
}

/** The execution that called this one as a sub-workflow. */
function parentOf(context: IExecuteFunctions): unknown {
	const data = 'runExecutionData' in context ? context.runExecutionData : undefined;
	return fieldOf(fieldOf(data, 'parentExecution'), 'executionId');
}

/** What n8n runs next, the first one at the top. */
function stackOf(context: IExecuteFunctions): unknown[] | undefined {
	if (!('runExecutionData' in context)) return undefined;
	const { runExecutionData } = context;
	const executionData = fieldOf(runExecutionData, 'executionData');
	const stack = fieldOf(executionData, 'nodeExecutionStack');
	return isList(stack) ? stack : undefined;
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}

function isList(value: unknown): value is unknown[] {
	return Array.isArray(value);
}
