/** What a run is asked for, and what becomes of it: expected ends are values, in the order of the jobs. */
import type { Answer } from '../evolink/client';
import type { Failure } from '../evolink/failure';
import type { TaskState } from '../evolink/taskState';
import type { GenerationBody } from '../evolink/wire';
import type { Mp4Facts } from '../media/mp4';

/** One video that is wanted. */
export interface Job {
	/** Index of the n8n item. */
	item: number;
	/** What is sent; made at the last moment where files have to be uploaded first. */
	body: GenerationBody | (() => Promise<Answer<GenerationBody>>);
	/** Hashes by which the journal knows the item again. */
	requestHash: string;
	intent: string;
	/** Names that earlier releases gave to the request and to the intent: entries of stored executions carry them. */
	olderNames?: readonly string[];
	/** Where in the journal the item's entry stands. */
	slot: string;
	/** Where earlier releases wrote it, as far as that was somewhere else. */
	olderSlots?: readonly string[];
	/** Where EvoLink's callback wakes the execution; left out where EvoLink does not take the address. */
	wakeUrl?: string;
	/** Tasks of one kind should take about as long: model, mode, quality, length. */
	kind?: string;
	/** How often EvoLink's own failures are answered with a new submit, 0 to 3. */
	resubmits: number;
	/** Absent: submit only. */
	wait?: WaitPlan;
}

/** A task that exists already, wherever it was submitted. */
export interface KnownTask {
	item: number;
	taskId: string;
	wait: WaitPlan;
}

export interface WaitPlan {
	timeoutMs: number;
	/** Wall clock (ms) from which the time-out counts, where somebody waits for the answer of the whole call. */
	since?: number;
	/** Whether a task that does not end in time counts as a failed item. */
	timeoutFails: boolean;
	pollIntervalMs?: number;
	/** Absent: the link is enough. */
	fileName?(taskId: string): string;
}

/** How a run goes on over pauses. Absent: it waits in memory to its end. */
export interface PauseRule {
	/** What is expected to take longer than this (ms) is left for after a pause. */
	patienceMs: number;
	/** Wall clock (ms) of the run's beginning, before its first pause: deadlines count from there. */
	since: number;
}

export interface TaskRecord {
	taskId: string;
	/** Tasks submitted for the same item before, which failed at EvoLink without a charge. */
	earlierTaskIds: string[];
	creditsReserved?: number;
	/** EvoLink's last word on the task. */
	last?: TaskState;
}

export interface CompletedTask<File> extends TaskRecord {
	end: 'completed';
	videoUrl: string;
	/** Wall clock in milliseconds until which the link lives at least. */
	linkLivesUntil?: number;
	/** Absent when no download was asked for. */
	file?: File;
	facts?: Mp4Facts;
}

export type Outcome<File> =
	| CompletedTask<File>
	| (TaskRecord & { end: 'submitted' })
	/** `isUnseen`: it was only followed, and no look has told anything of it. */
	| (TaskRecord & {
			end: 'timedOut';
			timeoutMs: number;
			fails: boolean;
			hindrance?: Failure;
			isUnseen?: true;
	  })
	/** Left for after a pause. Without a task: not begun, as `concurrency` others are under way. */
	| (Partial<TaskRecord> & { end: 'open'; restMs?: number; leftMs?: number })
	| { end: 'failed'; failure: Failure; earlierTaskIds: string[]; videoUrl?: string }
	/** Not gone on with: the user stopped, or another item failed and the run does not keep going. */
	| (Partial<TaskRecord> & { end: 'stopped' });
