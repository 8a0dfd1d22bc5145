// Planned faults: what shall go wrong, on which kind of request, how often and for whom. The plan
// is only kept and matched here; routes.ts and reply.ts carry the faults out.

import { isRecord } from './json';

export type FaultPlace = 'submit' | 'look' | 'media' | 'credits' | 'upload' | 'callback';

export type Fault =
	/** An HTTP answer instead of the real one; nothing is carried out. */
	| { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
	/** The connection is reset before anything is done. */
	| { kind: 'reset' }
	/** The request is carried out (and charged), then the socket is destroyed. */
	| { kind: 'lostReply' }
	/** The answer stops after nothing, after its headers or after half of its body, and hangs. */
	| { kind: 'stall'; after: 'nothing' | 'headers' | 'half' }
	| { kind: 'slowBody'; bytesPerSecond: number }
	/** The request is carried out at once, and its answer is sent so much (real time) later: answers cross. */
	| { kind: 'late'; ms: number }
	/** The body ends after `bytes`, with the full content-length or, if chunked, without one. */
	| { kind: 'truncate'; bytes: number; chunked?: boolean }
	/** Not JSON: text with 200 (the request is carried out) or an HTML page with 502 (it is not). */
	| { kind: 'garbage'; status?: number }
	/** This one look shows another state. */
	| { kind: 'oddState'; state: string }
	/** The task ends as cancelled, or as failed with this code. */
	| { kind: 'cancelled' }
	| { kind: 'failTask'; code: string; message?: string }
	| { kind: 'completedWithoutResults' }
	| { kind: 'missingTaskInfo' }
	| { kind: 'numericCode' }
	/** The link answers as if its 24 hours were over; a link from a later look works again. */
	| { kind: 'expireLink' }
	| { kind: 'htmlInsteadOfVideo' }
	| { kind: 'wrongContentType'; contentType?: string }
	/** A page of a gateway or firewall instead of the answer; nothing is carried out. */
	| { kind: 'page'; status: number }
	/** The request is carried out (and charged), then answered with an error that names the task. */
	| { kind: 'refusalWithTask'; status: number }
	/** This one look shows another task. */
	| { kind: 'otherTask' }
	/** The task comes in `data`, and the wrapper has an ID and a status of its own. */
	| { kind: 'wrapped' }
	/** A picture stands before the video in the results. */
	| { kind: 'coverFirst' }
	/** A field of the answer is nested so deep. */
	| { kind: 'deep'; levels: number }
	/** The answer begins well and never ends. */
	| { kind: 'endless' }
	/** One byte each time. */
	| { kind: 'trickle'; everyMs: number }
	/** 302 to another origin: `to`, or the sandbox itself under its other local name. */
	| { kind: 'redirectMedia'; to?: string };

export type FaultKind = Fault['kind'];

export interface FaultPlan {
	readonly on: FaultPlace;
	readonly fault: Fault;
	/** How often it strikes; default 1, and Infinity (in JSON: 0) for ever. */
	readonly times?: number;
	/** How many matching requests pass first; default 0. */
	readonly after?: number;
	/** Only requests about this task, on a path with this text, or the nth (from 1) of its place. */
	readonly match?: { readonly taskId?: string; readonly path?: string; readonly nth?: number };
}

/** Everything a fault can be matched by. */
export interface FaultTarget {
	readonly on: FaultPlace;
	readonly path: string;
	readonly taskId?: string;
}

/** Each kind with the type of the field it cannot do without. */
const KINDS: Readonly<Record<FaultKind, readonly [string, 'string' | 'number'] | undefined>> = {
	status: ['status', 'number'],
	reset: undefined,
	lostReply: undefined,
	stall: ['after', 'string'],
	slowBody: ['bytesPerSecond', 'number'],
	late: ['ms', 'number'],
	truncate: ['bytes', 'number'],
	garbage: undefined,
	oddState: ['state', 'string'],
	cancelled: undefined,
	failTask: ['code', 'string'],
	completedWithoutResults: undefined,
	missingTaskInfo: undefined,
	numericCode: undefined,
	expireLink: undefined,
	htmlInsteadOfVideo: undefined,
	wrongContentType: undefined,
	redirectMedia: undefined,
	page: ['status', 'number'],
	refusalWithTask: ['status', 'number'],
	otherTask: undefined,
	wrapped: undefined,
	coverFirst: undefined,
	deep: ['levels', 'number'],
	endless: undefined,
	trickle: ['everyMs', 'number'],
};
const PLACES: readonly unknown[] = ['submit', 'look', 'media', 'credits', 'upload', 'callback'];

const isKind = (kind: unknown): kind is FaultKind => typeof kind === 'string' && kind in KINDS;

/** True for the name of a place where faults can strike. */
export const isFaultPlace = (value: unknown): value is FaultPlace => PLACES.includes(value);

/** True for a fault with a known kind and the field that kind needs. */
export function isFault(value: unknown): value is Fault {
	if (!isRecord(value) || !isKind(value.kind)) return false;
	const needed = KINDS[value.kind];
	return needed === undefined || typeof value[needed[0]] === needed[1];
}

export class Faults {
	#plans: Array<{ plan: FaultPlan; skip: number; left: number }> = [];
	#seen = new Map<FaultPlace, number>();

	/** Adds a plan; the first plan that matches a request strikes. */
	add(plan: FaultPlan): void {
		const left = plan.times === 0 ? Infinity : (plan.times ?? 1);
		this.#plans.push({ plan, skip: plan.after ?? 0, left });
	}

	clear(): void {
		this.#plans = [];
		this.#seen.clear();
	}

	/** The plans that still wait for their request. */
	pending(): FaultPlan[] {
		return this.#plans.filter((entry) => entry.left > 0).map((entry) => entry.plan);
	}

	/** The fault that strikes this request, if any; counts it. */
	take(target: FaultTarget): Fault | undefined {
		const nth = (this.#seen.get(target.on) ?? 0) + 1;
		this.#seen.set(target.on, nth);
		for (const entry of this.#plans) {
			const { on, match, fault } = entry.plan;
			if (on !== target.on || entry.left <= 0) continue;
			if (match?.taskId !== undefined && match.taskId !== target.taskId) continue;
			if (match?.path !== undefined && !target.path.includes(match.path)) continue;
			if (match?.nth !== undefined && match.nth !== nth) continue;
			if (entry.skip > 0) {
				entry.skip -= 1;
				continue;
			}
			entry.left -= 1;
			return fault;
		}
		return undefined;
	}
}
