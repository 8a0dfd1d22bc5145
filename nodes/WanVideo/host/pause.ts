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

import type { PauseRule } from '../generation/outcome';
import { PATIENCE_MS } from '../generation/pause';
import { clock } from './clock';
import { recordsIn } from './journalStore';
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
});

/** What a run left behind before its last pause. */
export type PauseRecord = z.infer<typeof recordSchema>;

export interface Pausing {
	/** Absent: this run waits in memory. */
	rule?: PauseRule;
	/** Set when this run goes on after a pause. */
	woke?: PauseRecord;
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
	const past = woke === undefined ? {} : { woke };
	if (!isAsked) return { ...past, hints: [] };
	const obstacle = obstacleOf(context);
	if (obstacle !== undefined) {
		const hint = `'While Waiting' is set to pause, but the node kept running: ${obstacle}.`;
		return { ...past, hints: [hint] };
	}
	const wakeUrl = submits ? await wakeUrlOf(context) : undefined;
	return {
		...past,
		...(wakeUrl !== undefined && { wakeUrl }),
		rule: { patienceMs: PATIENCE_MS, since: woke?.since ?? clock.now() },
		hints: [],
	};
}

/** Puts the execution to sleep for `ms`. The node must return right after, with no items. */
export async function pause(
	context: IExecuteFunctions,
	ms: number,
	record: Pick<PauseRecord, 'since' | 'hints' | 'refused'>,
	pauses: number,
): Promise<void> {
	const stack = stackOf(context);
	if (stack === undefined) throw new Error('This n8n cannot pause the node.');
	recordsIn(context, CONTEXT_KEY).write(placeOf(context), {
		...record,
		executionId: context.getExecutionId(),
		pauses,
	});
	const wakeAt = new Date(clock.now() + ms);
	const entry = context.getExecuteData();
	stack.unshift({
		...entry,
		node: { ...entry.node },
		data: { ...entry.data },
		runIndex: runIndexOf(context),
	});
	// Only what waits is disabled on waking, and with no input it has nothing to pass on.
	entry.node = { ...entry.node, alwaysOutputData: false };
	entry.data = { main: [[]] };
	context.logger.info(
		`Wan Video ("${context.getNode().name}"): paused until ${wakeAt.toISOString()}`,
		{ executionId: context.getExecutionId() },
	);
	await context.putExecutionToWait(wakeAt);
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
	if (isTool(context)) return 'an AI agent waits for its tools';
	if (mode === 'cli') return "nothing wakes an execution of n8n's command line";
	if (mode === 'evaluation') return 'an evaluation waits for its workflow';
	if (mode === 'integrated' && !isSigned(resumeUrlOf(context)))
		return 'in this version of n8n a sub-workflow that pauses loses its result';
	if (stackOf(context) === undefined) return 'this version of n8n does not let a node pause';
	return undefined;
}

/** What n8n runs next, the first one at the top. */
function stackOf(context: IExecuteFunctions): unknown[] | undefined {
	if (!('runExecutionData' in context)) return undefined;
	const { runExecutionData } = context;
	const executionData = fieldOf(runExecutionData, 'executionData');
	const stack = fieldOf(executionData, 'nodeExecutionStack');
	return isList(stack) ? stack : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isList(value: unknown): value is unknown[] {
	return Array.isArray(value);
}
