/** What the life of a task needs from outside. host/ implements it for n8n, tests with fakes and a virtual clock. */
import type { EvoLinkClient } from '../evolink/client';
import type { Mp4Proof } from '../media/mp4';
import type { Claimed, Lost } from './claimNames';
import type { Experience } from './experience';
import type { Entry } from './journal';
import type { CompletedTask } from './outcome';

/** The user's Stop. Looked at before every submit and at least every second. */
export interface StopSignal {
	readonly aborted: boolean;
}

export interface Clock {
	/** Wall clock in milliseconds since 1970: for times that people or links go by. */
	now(): number;
	/** Milliseconds that only ever grow: for spans and deadlines, so that a corrected clock ends none of them. */
	elapsed(): number;
	/** Waits; returns early, without an error, when `stop` is aborted. */
	sleep(ms: number, stop?: StopSignal): Promise<void>;
	/** In [0, 1). */
	random(): number;
}

/**
 * Where the journal lives. `slot` names one item of one run of the node; what is read may be
 * anything, as it comes from stored execution data. Writing is immediate: it must not be lost by a throw.
 */
export interface JournalStore {
	read(slot: string): unknown;
	write(slot: string, entry: Entry): void;
}

/** The answer of a media host, before its body was read. */
export interface MediaAnswer<Stream> {
	status: number;
	/** Lower case, without parameters; empty when not given. */
	contentType: string;
	/** Bytes, where the host says so. */
	contentLength?: number;
	stream: Stream;
}

export type Fetched<T> = { ok: true; value: T } | { ok: false; reason: string };

/**
 * A video that was kept, or why not: the transfer broke, the bytes are no video, or the store (not the
 * network) did not take them. The reason has no paths in it.
 */
export type Kept<File> =
	| { ok: true; value: File }
	| { ok: false; trouble: 'transfer' | 'content' | 'store'; reason: string };

/** Fetches a finished video and keeps it. `File` is n8n's binary data; `Stream` is never looked into here. */
export interface VideoPort<File, Stream> {
	/** Opens the link, without any credential. */
	open(url: string): Promise<Fetched<MediaAnswer<Stream>>>;
	/** Streams the body into the store; every chunk passes the proof on its way, the first before the store is touched. */
	keep(stream: Stream, fileName: string, proof: Mp4Proof): Promise<Kept<File>>;
	/** Ends a body that is not wanted. */
	discard(stream: Stream): void;
	/** Whether the store held this file in memory as a whole, instead of writing it to disk as it came. */
	buffers(file: File): boolean;
}

/**
 * Videos that this execution has kept already: what a try of Retry On Fail or a pause comes back to
 * is not fetched again. A store that cannot hand a file over (n8n's memory mode) keeps nothing here.
 */
export interface Shelf<File> {
	get(taskId: string, fileName: string): CompletedTask<File> | undefined;
	put(fileName: string, video: CompletedTask<File>): void;
}

/** What is said while a run goes on: to the server log, and where the user can see it. */
export interface Notices {
	/** At once after a task was paid for: its ID must outlive a stop or a crash. */
	submitted(item: number, taskId: string): void;
	state(item: number, taskId: string, status: string, progress: number | undefined): void;
}

/** What following a task needs, wherever it was submitted. */
export interface FollowPorts<File, Stream> {
	client: EvoLinkClient;
	videos: VideoPort<File, Stream>;
	shelf: Shelf<File>;
	clock: Clock;
	stop: StopSignal;
	notices: Notices;
	/** What earlier tasks of the same account tell. */
	experience?: Experience;
	/** IDs of the run's tasks that are waited for at this moment. */
	waitedFor?: Set<string>;
}

/** A second witness of what was submitted, beside the journal; claims.ts has what it is for. */
export interface Witness {
	/** What a run may submit, in its order. */
	expect(items: readonly Claimed[]): void;
	/** What a run that n8n lost left of this place; `isSure` asks also where none is likely. */
	lostAt(slot: string, isSure?: boolean): Promise<Lost | undefined>;
	/** Stands in line for a submit. */
	comes(item: Claimed): void;
	/** Just before a submit. */
	before(item: Claimed): Promise<Lost | undefined>;
	accepted(slot: string, taskId: string): void;
	/** The item has its outcome: its task is brought, nothing was charged, or there is still something to be had. */
	over(slot: string, how: 'brought' | 'free' | 'open'): void;
}

/** What a POST is for. One key never stands for two bodies. */
export interface KeyPurpose {
	slot: string;
	requestHash: string;
	/** Tasks of the item that have failed before. */
	failedTasks: number;
	/** Whether the address that wakes the execution is left out. */
	isWithoutWake: boolean;
}

/** What making a video needs on top of it. */
export interface Ports<File, Stream> extends FollowPorts<File, Stream> {
	journal: JournalStore;
	/** The second witness, where n8n has a place for it. */
	claims?: Witness | undefined;
	/** A new `Idempotency-Key`: the same for the same purpose where the run has an identity that outlives n8n, else random. */
	newKey(purpose: KeyPurpose): string;
}
