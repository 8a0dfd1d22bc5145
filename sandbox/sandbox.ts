// What a running sandbox offers to the program that started it. The admin calls over HTTP offer
// the same.

import type { NewKey } from './accounts';
import type { CallbackAttempt } from './callbacks';
import type { Clock, ClockMode } from './clock';
import type { TaskState } from './contract';
import type { FaultPlan } from './faults';
import type { JsonRecord } from './json';
import type { ProgressCurve } from './progress';
import type { LoggedRequest, Violation } from './requestLog';
import type { Switches } from './switches';

export interface SandboxOptions {
	/** 0, the default: any free port. */
	readonly port?: number;
	readonly host?: string;
	readonly clock?: ClockMode;
	/** How long a task takes on the sandbox's clock; default 60. */
	readonly taskSeconds?: number | { readonly min: number; readonly max: number };
	readonly progress?: ProgressCurve;
	/** `sample`: every task delivers the same tiny MP4, without ffmpeg. */
	readonly video?: 'rendered' | 'sample';
	/** `trust`: materials are neither fetched nor read at submit. */
	readonly materials?: 'read' | 'trust';
	/** For random task times, IDs and links. */
	readonly seed?: number;
	readonly switches?: Partial<Switches>;
	/** The first key; default `sk-sandbox` with 1000 credits. */
	readonly key?: string;
	readonly credits?: number;
	/** Where videos are kept; default a temporary folder that close() removes. */
	readonly folder?: string;
	/** Gets one line of text per event. */
	readonly onEvent?: (line: string) => void;
}

export interface LedgerEntry {
	readonly id: string;
	/** Last four characters of the key. */
	readonly key: string;
	readonly at: number;
	readonly body: JsonRecord;
	readonly idempotencyKey: string | undefined;
	readonly creditsReserved: number;
	readonly creditsCharged: number;
	readonly state: TaskState;
	readonly endedAt: number | undefined;
	/** The client that submitted it cannot have learnt the task's ID from the answer. */
	readonly replyLost: boolean;
}

export interface Sandbox {
	readonly url: string;
	/** Base address of the API; as `url`. */
	readonly apiUrl: string;
	/** Base address of the files API; as `url`. */
	readonly filesUrl: string;
	readonly key: string;
	readonly clock: Clock;
	/** One entry per task ever created since the start or the last reset. */
	ledger(): LedgerEntry[];
	requests(): LoggedRequest[];
	violations(): Violation[];
	callbacks(): CallbackAttempt[];
	/** How many requests are open that a stall lets wait for ever. */
	stalled(): number;
	plan(fault: FaultPlan): void;
	pendingFaults(): FaultPlan[];
	clearFaults(): void;
	switches(): Switches;
	setSwitches(changes: Readonly<Record<string, unknown>>): void;
	/** Sets what is left on the account of a key; default: of the first key. */
	setCredits(credits: number, key?: string): void;
	addKey(key: NewKey): void;
	/** Back to the state after the start; the clock keeps its time and mode. */
	reset(): Promise<void>;
	close(): Promise<void>;
}
