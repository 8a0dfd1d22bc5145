/**
 * The EvoLink API as this package uses it: submit, look, credits. Every call answers with a value;
 * what was charged is part of it. Nothing is sent twice here: when to try again is retry.ts's business.
 */
import type { FailureKind } from './catalogue';
import { type Charged, type Failure, kindOfAnswer, refusalStatusOf } from './failure';
import { cleaned, cleanedPage, cleanedWord, plainCopy, type Redact } from './foreign';
import { READ_MS, SUBMIT_MS } from './timeLimits';
import type { ApiPort, Hindrance, HttpAnswer, HttpResult } from './apiPort';
import {
	type Credits,
	isOwnError,
	parseCredits,
	parseError,
	parseTask,
	parseTaskOf,
} from './schemas';
import { asTaskId, isOfOwnForm, isOnlyInWords, taskIdIn } from './taskId';
import { readTaskState, type TaskState } from './taskState';
import { retryAfterMs } from './retry';
import type { GenerationBody } from './wire';

export type SubmitAnswer =
	| { outcome: 'accepted'; taskId: string; task: TaskState }
	/** EvoLink said no, or never heard of it: nothing is charged, and it may be sent again. */
	| { outcome: 'refused'; failure: Failure }
	/** The task may exist and be paid for. Must never lead to a second POST. */
	| { outcome: 'unknown'; failure: Failure };

export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export interface EvoLinkClient {
	submit(body: GenerationBody, idempotencyKey: string): Promise<SubmitAnswer>;
	/**
	 * One look at a task, over after `withinMs` at the latest. A look costs nothing, so its failures say so;
	 * what the task cost, its submitter knows.
	 */
	look(taskId: string, withinMs?: number): Promise<Answer<TaskState>>;
	credits(): Promise<Answer<Credits>>;
}

/** A client over an HTTP port that carries the credential. */
export function evoLinkClient(api: ApiPort): EvoLinkClient {
	const redact: Redact = (text) => api.redact(text);
	return {
		async submit(body, idempotencyKey) {
			const result = await api.send({
				method: 'POST',
				path: '/v1/videos/generations',
				body,
				// Some EvoLink clients send it; what it does for a plain key is not documented, so nothing relies on it.
				headers: { 'Idempotency-Key': idempotencyKey },
				timeoutMs: SUBMIT_MS,
				endsAfterMs: SUBMIT_MS,
				endsOnStop: false,
			});
			const answer = readSubmit(result, JSON.stringify(body), redact);
			if (answer.outcome === 'accepted') return answer;
			return { ...answer, failure: { ...answer.failure, model: body.model } };
		},
		async look(taskId, withinMs = READ_MS) {
			// Dots alone are a folder in an address, encoded or not.
			if (asTaskId(taskId) !== taskId || /^\.*$/.test(taskId)) {
				return { ok: false, failure: { kind: 'taskNotFound', charged: 'no', taskId } };
			}
			// The ID may come from outside: encoded, it cannot lead to another address.
			const path = `/v1/tasks/${encodeURIComponent(taskId)}`;
			const ms = Math.min(READ_MS, withinMs);
			const result = await api.send({
				method: 'GET',
				path,
				timeoutMs: ms,
				endsAfterMs: ms,
				endsOnStop: true,
			});
			const failed = readFailure(result, redact, 'no');
			if (failed !== undefined) return { ok: false, failure: { ...lookFailure(failed), taskId } };
			const task = result.answered ? parseTaskOf(taskId, result.answer.body) : undefined;
			if (task === undefined) {
				const failure = refusalInGoodAnswer(result, redact) ?? unreadable(result, redact, 'no');
				return { ok: false, failure: { ...failure, taskId } };
			}
			const state = readTaskState(taskId, task, redact);
			// Whatever is in between may say 'failed' of itself: the end of a paid task is told with its ID.
			if (state.state === 'ended' && task.id === undefined)
				return { ok: false, failure: { ...unreadable(result, redact, 'no'), taskId } };
			return { ok: true, value: state };
		},
		async credits() {
			const result = await api.send({
				method: 'GET',
				path: '/v1/credits',
				timeoutMs: READ_MS,
				endsAfterMs: READ_MS,
				endsOnStop: true,
			});
			const failure = readFailure(result, redact, 'no');
			if (failure !== undefined) return { ok: false, failure };
			const credits = result.answered ? parseCredits(result.answer.body) : undefined;
			if (credits === undefined)
				return {
					ok: false,
					failure: refusalInGoodAnswer(result, redact) ?? unreadable(result, redact, 'no'),
				};
			return { ok: true, value: credits };
		},
	};
}

/** `asked` is what was sent: an ID that EvoLink only repeats from there is not a new task's. */
function readSubmit(result: HttpResult, asked: string, redact: Redact): SubmitAnswer {
	const body = result.answered ? result.answer.body : result.heard;
	// In a header as well, e.g. in Location.
	const named =
		taskIdIn(body, asked) ?? (result.answered ? taskIdIn(result.answer.headers, asked) : undefined);
	const failure = readFailure(
		result,
		redact,
		named === undefined ? submitCharge(result) : 'unknown',
	);
	if (failure?.charged === 'no') return { outcome: 'refused', failure };
	if (failure === undefined) {
		const task = parseTask(body) ?? {};
		const taskId = told(isOwnId(task.id) ? task.id : (named ?? task.id), redact);
		// Of an error that names a task nobody knows what it means; a task that failed at once has a state.
		const isClear =
			(task.status !== undefined || !isOwnError(body)) && !isOnlyInWords(body, taskId ?? '');
		if (taskId !== undefined && isClear)
			return { outcome: 'accepted', taskId, task: readTaskState(taskId, task, redact) };
		const refusal = refusalInGoodAnswer(result, redact);
		if (refusal !== undefined && taskId === undefined)
			return { outcome: 'refused', failure: refusal };
		const unclear = refusal ?? unreadable(result, redact, 'unknown');
		return { outcome: 'unknown', failure: unclearSubmit(unclear, taskId) };
	}
	return { outcome: 'unknown', failure: unclearSubmit(failure, told(named, redact)) };
}

function unclearSubmit(failure: Failure, taskId: string | undefined): Failure {
	if (taskId !== undefined) return { ...failure, kind: 'taskUnclear', charged: 'unknown', taskId };
	// A conflict is no word on the request, nor is a page about one.
	const isNoWord = failure.kind === 'invalidRequest' || failure.kind === 'gatewayAnswer';
	return { ...failure, kind: isNoWord ? 'unreadableAnswer' : failure.kind };
}

function isOwnId(id: string | undefined): boolean {
	return id !== undefined && isOfOwnForm(id);
}

/** An ID that holds the key is not told, and so it is none. */
function told(taskId: string | undefined, redact: Redact): string | undefined {
	return taskId !== undefined && redact(taskId) === taskId ? taskId : undefined;
}

/** Codes that EvoLink's command line knows: an earlier request with the same key may have made a task. */
const UNKNOWN_OUTCOME = new Set(['paid_outcome_unknown', 'idempotency_conflict']);

/** Statuses below 500 that tell of an earlier request or of a broken connection, not of a refusal. */
const UNSURE_STATUS = new Set([303, 408, 409, 425, 444, 460, 499]);

/**
 * Whether a submit without a good answer may have been charged. Only a refusal (4xx, a redirect) that names
 * no task and a request that never left are sure. A 5xx, a conflict or time-out and a lost reply are not.
 */
function submitCharge(result: HttpResult): Charged {
	if (!result.answered) return result.sent === 'no' ? 'no' : 'unknown';
	const { status } = result.answer;
	if (UNKNOWN_OUTCOME.has(parseError(result.answer.body).code ?? '')) return 'unknown';
	return status >= 300 && status < 500 && !UNSURE_STATUS.has(status) ? 'no' : 'unknown';
}

/** What kept a request from leaving, as a kind of failure. */
const KINDS_OF_HINDRANCE: Readonly<Record<Hindrance, FailureKind>> = {
	certificate: 'certificateRefused',
	credential: 'credentialUnusable',
	nobodyThere: 'notReached',
	package: 'packageRemoved',
};

/** The failure that an answer stands for, or undefined for a good one. */
export function readFailure(
	result: HttpResult,
	redact: Redact,
	charged: Charged,
): Failure | undefined {
	if (!result.answered) return unanswered(result, redact, charged);
	const { status, body } = result.answer;
	if (status >= 200 && status < 300) return undefined;
	const wait = retryAfterMs(result.answer.headers);
	return {
		...failureOf(status, body, redact),
		charged,
		httpStatus: status,
		...(wait !== undefined && { retryAfterMs: wait }),
	};
}

function unanswered(
	{ sent, reason, hindrance, httpStatus }: Extract<HttpResult, { answered: false }>,
	redact: Redact,
	charged: Charged,
): Failure {
	const kind = sent === 'no' ? 'notReached' : 'replyLost';
	return {
		kind: hindrance === undefined ? kind : KINDS_OF_HINDRANCE[hindrance],
		charged,
		said: cleaned(reason, redact),
		...(hindrance !== undefined && { lasting: true as const }),
		...(httpStatus !== undefined && { httpStatus }),
	};
}

/** What only EvoLink can say about a key or an account. */
const OWN_TO_SAY: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'unauthorized',
	'forbidden',
	'outOfCredits',
	'modelNotAllowed',
]);

function failureOf(
	status: number,
	body: unknown,
	redact: Redact,
): Pick<Failure, 'kind' | 'code' | 'said' | 'foreign'> {
	const { code: ownCode, message: ownWords } = parseError(body);
	const code = ownCode === undefined ? undefined : cleanedWord(ownCode, redact);
	const message = ownWords === undefined ? undefined : cleaned(ownWords, redact);
	const kind = kindOfAnswer(status, code, message);
	const isForeign = !isOwnError(body);
	const said = message ?? (typeof body === 'string' ? cleanedPage(body, redact) : '');
	return {
		kind: isForeign ? kindOfPage(status, kind, code, typeof body === 'string') : kind,
		...(isForeign && { foreign: true as const }),
		...(code !== undefined && { code }),
		...(said !== '' && { said }),
	};
}

/** An answer without EvoLink's form: a code says that it is its own word all the same. */
function kindOfPage(
	status: number,
	kind: FailureKind,
	code: string | undefined,
	isText: boolean,
): FailureKind {
	if (status === 413) return 'requestTooLarge';
	// EvoLink names a field, and a page names none.
	if (isText && kind === 'invalidRequest') return 'gatewayAnswer';
	return code === undefined && OWN_TO_SAY.has(kind) ? 'gatewayAnswer' : kind;
}

/** A refusal that came with a good HTTP status. Where its code is not known, it is no word on the charge. */
function refusalInGoodAnswer(result: HttpResult, redact: Redact): Failure | undefined {
	if (!result.answered) return undefined;
	const { body } = result.answer;
	const status = refusalStatusOf(parseError(body).code);
	if (status === undefined) return undefined;
	return { ...failureOf(status, body, redact), charged: 'no', httpStatus: result.answer.status };
}

/** What a refusal means of the task query, which takes no fields, files or models. */
const REFUSED_LOOKS: Partial<Readonly<Record<FailureKind, FailureKind>>> = {
	...{ invalidRequest: 'taskNotTold', materialUnusable: 'taskNotTold' },
	...{ modelNotAllowed: 'forbidden', requestTooLarge: 'gatewayAnswer' },
};

/** A 404 of the task query means the task, not the address. */
function lookFailure(failure: Failure): Failure {
	const { httpStatus, kind } = failure;
	const isGone = httpStatus === 404 || (httpStatus === 410 && failure.foreign !== true);
	return { ...failure, kind: isGone ? 'taskNotFound' : (REFUSED_LOOKS[kind] ?? kind) };
}

export function unreadable(result: HttpResult, redact: Redact, charged: Charged): Failure {
	const excerpt = result.answered ? excerptOf(result.answer, redact) : '';
	return {
		kind: 'unreadableAnswer',
		charged,
		...(result.answered && { httpStatus: result.answer.status }),
		...(excerpt !== '' && { said: excerpt }),
	};
}

const EXCERPT_CHARACTERS = 200;

function excerptOf({ body }: HttpAnswer, redact: Redact): string {
	if (typeof body === 'string') return cleanedPage(body, redact, EXCERPT_CHARACTERS);
	const { message } = parseError(body);
	const text = message ?? JSON.stringify(plainCopy(body, redact)) ?? '';
	return cleaned(text, redact, EXCERPT_CHARACTERS);
}
