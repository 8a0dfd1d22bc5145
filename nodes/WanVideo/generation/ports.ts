/** What the life of a task needs from outside. host/ implements it for n8n, tests with fakes and a virtual clock. */
import type { EvoLinkClient } from '../evolink/client';
import type { Mp4Proof } from '../media/mp4';
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

/** Fetches a finished video and keeps it. `File` is n8n's binary data; `Stream` is never looked into here. */
export interface VideoPort<File, Stream> {
	/** Opens the link, without any credential. */
	open(url: string): Promise<Fetched<MediaAnswer<Stream>>>;
	/** Streams the body into the store; every chunk passes the proof on its way. */
	keep(stream: Stream, fileName: string, proof: Mp4Proof): Promise<Fetched<File>>;
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
}

/** What making a video needs on top of it. */
export interface Ports<File, Stream> extends FollowPorts<File, Stream> {
	journal: JournalStore;
	/** A new `Idempotency-Key`. */
	newKey(): string;
}
