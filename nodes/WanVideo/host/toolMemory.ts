/**
 * What this process remembers of an agent's tool calls: the journal entry of each wish, and whose it is. A model
 * asks again in the next message of a chat, with another tool for the same video, or after its client has given up.
 */
import { type Entry, next } from '../generation/journal';
import { clock } from './clock';

/** How long a wish is remembered beyond its execution, and how many wishes: who asks again does so within minutes. */
export const REMEMBERED_MS = 3_600_000;
const MOST_WISHES = 1_000;

/** Who calls. */
export interface Caller {
	/** Workflow and account: nobody else's tasks are to be seen. */
	place: string;
	/** Absent where n8n runs a tool without an execution: MCP Server Trigger, n8n's Agents. */
	executionId: string | undefined;
	/** The node as the agent knows it. */
	tool: string;
	operation: string;
}

interface Wish extends Omit<Caller, 'place'> {
	entry: Entry;
	/** The call is over and the video was not handed over: a later execution may go on with the task. */
	left: boolean;
	at: number;
}

const memory = new Map<string, Wish[]>();

/** The entry of a wish that this caller worked on, or another tool of its agent. */
export function recallOwn(caller: Caller, slot: string): Entry | undefined {
	return wishesAt(caller, slot).find((wish) => isOwn(caller, wish))?.entry;
}

/** The entry of a task that an earlier execution left: paid for, not handed over, and made for the same tool. */
export function recallLeft(caller: Caller, slot: string): Entry | undefined {
	return wishesAt(caller, slot).find((wish) => isLeft(wish))?.entry;
}

/** Keeps the entry as this caller's. Whoever takes over what was left has it from then on. */
export function remember(caller: Caller, slot: string, entry: Entry): void {
	const key = keyOf(caller, slot);
	const seen = wishesAt(caller, slot);
	const known = seen.find((wish) => isOwn(caller, wish)) ?? seen.find(isLeft);
	const { executionId, tool, operation } = known ?? caller;
	// Who asks for a video again and again has it for an hour from when it was handed over, not for ever.
	const isOld = entry.stage === 'delivered' && known?.entry.stage === 'delivered';
	const at = isOld ? known.at : clock.now();
	const wish = { executionId, tool, operation, entry, left: false, at };
	if (known !== undefined) wish.executionId = caller.executionId;
	const others = (memory.get(key) ?? []).filter((other) => other !== known && isFresh(other));
	// Anew at the end of the map, so that the first one is always the oldest.
	memory.delete(key);
	memory.set(key, [...others, wish]);
	const [oldest] = memory.keys();
	if (memory.size > MOST_WISHES) memory.delete(oldest);
}

/** The call is over: what it did not hand over is there for a later execution, from now on for an hour. */
export function leave(caller: Caller, slot: string): void {
	for (const wish of wishesAt(caller, slot)) {
		if (!isOwn(caller, wish)) continue;
		wish.left = true;
		if (wish.entry.stage !== 'delivered') wish.at = clock.now();
	}
}

/**
 * Another tool or node of the workflow handed the videos of tasks over: the same call in a later execution is a new
 * wish. In the execution that had one, of what an earlier one left, it gets that video again.
 */
export function handedOver(
	{ place, executionId }: Pick<Caller, 'place' | 'executionId'>,
	taskIds: readonly string[],
): void {
	const handed = new Set(taskIds);
	for (const [key, wishes] of memory) {
		if (!key.startsWith(`${place}\n`)) continue;
		for (const wish of wishes) {
			const { entry } = wish;
			if (entry.stage !== 'submitted' || !handed.has(entry.taskId)) continue;
			wish.entry = next(entry, { type: 'delivered' });
			wish.at = clock.now();
			const isLeft = wish.left && wish.executionId !== undefined;
			if (isLeft && executionId !== undefined) wish.executionId = executionId;
		}
	}
}

/** As after a restart of n8n. */
export function forgetAll(): void {
	memory.clear();
}

function wishesAt(caller: Caller, slot: string): Wish[] {
	return (memory.get(keyOf(caller, slot)) ?? []).filter(
		(wish) => isFresh(wish) && isForTool(caller, wish),
	);
}

/** The same tool, or one that does another part of the work: Submit and Generate of one agent share a task. */
function isForTool({ tool, operation }: Caller, wish: Wish): boolean {
	return wish.tool === tool || wish.operation !== operation;
}

function isOwn({ executionId }: Caller, wish: Wish): boolean {
	return wish.executionId === executionId;
}

function isLeft({ left, entry }: Wish): boolean {
	return left && entry.stage === 'submitted';
}

function isFresh({ at }: Wish): boolean {
	return clock.now() - at < REMEMBERED_MS;
}

function keyOf({ place }: Caller, slot: string): string {
	return `${place}\n${slot}`;
}
