/**
 * The EvoLink API as this package uses it: submit, look, credits. Every call answers with a value;
 * what was charged is part of it. Nothing is sent twice here: when to try again is retry.ts's business.
 */
import { type Charged, type Failure, kindOfAnswer, tidy } from './failure';
import type { ApiPort, HttpAnswer, HttpResult } from './http';
import { type Credits, parseCredits, parseError, parseTask } from './schemas';
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
	/** One look at a task. A look costs nothing, so its failures say so; what the task cost, its submitter knows. */
	look(taskId: string): Promise<Answer<TaskState>>;
	credits(): Promise<Answer<Credits>>;
}

const SUBMIT_TIMEOUT_MS = 60_000;
const READ_TIMEOUT_MS = 30_000;

/** A client over an HTTP port that carries the credential. */
export function evoLinkClient(api: ApiPort): EvoLinkClient {
	return {
		async submit(body, idempotencyKey) {
			const result = await api.send({
				method: 'POST',
				path: '/v1/videos/generations',
				body,
				// Some EvoLink clients send it; what it does for a plain key is not documented, so nothing relies on it.
				headers: { 'Idempotency-Key': idempotencyKey },
				timeoutMs: SUBMIT_TIMEOUT_MS,
				endsOnStop: false,
			});
			return readSubmit(result, api);
		},
		async look(taskId) {
			// Dots alone are a folder in an address, encoded or not.
			if (/^\.*$/.test(taskId)) {
				return { ok: false, failure: { kind: 'taskNotFound', charged: 'no', taskId } };
			}
			// The ID may come from outside: encoded, it cannot lead to another address.
			const path = `/v1/tasks/${encodeURIComponent(taskId)}`;
			const result = await api.send({
				method: 'GET',
				path,
				timeoutMs: READ_TIMEOUT_MS,
				endsOnStop: true,
			});
			const failed = readFailure(result, api, 'no');
			if (failed !== undefined) return { ok: false, failure: { ...lookFailure(failed), taskId } };
			const task = result.answered ? parseTask(result.answer.body) : undefined;
			if (task === undefined)
				return { ok: false, failure: { ...unreadable(result, api, 'no'), taskId } };
			return { ok: true, value: readTaskState(taskId, task, redactor(api)) };
		},
		async credits() {
			const result = await api.send({
				method: 'GET',
				path: '/v1/credits',
				timeoutMs: READ_TIMEOUT_MS,
				endsOnStop: true,
			});
			const failure = readFailure(result, api, 'no');
			if (failure !== undefined) return { ok: false, failure };
			const credits = result.answered ? parseCredits(result.answer.body) : undefined;
			if (credits === undefined) return { ok: false, failure: unreadable(result, api, 'no') };
			return { ok: true, value: credits };
		},
	};
}

function readSubmit(result: HttpResult, api: ApiPort): SubmitAnswer {
	const failure = readFailure(result, api, submitCharge(result));
	if (failure?.charged === 'no') return { outcome: 'refused', failure };
	const body = result.answered ? result.answer.body : undefined;
	if (failure === undefined) {
		const task = parseTask(body) ?? {};
		const taskId = task.id ?? taskIdIn(body);
		if (taskId === undefined)
			return { outcome: 'unknown', failure: unreadable(result, api, 'unknown') };
		return { outcome: 'accepted', taskId, task: readTaskState(taskId, task, redactor(api)) };
	}
	const taskId = taskIdIn(body);
	if (taskId === undefined) {
		// A conflict is no word on the request.
		const kind = failure.kind === 'invalidRequest' ? 'unreadableAnswer' : failure.kind;
		return { outcome: 'unknown', failure: { ...failure, kind } };
	}
	return { outcome: 'unknown', failure: { ...failure, kind: 'taskUnclear', taskId } };
}

/** The one task that an answer names, wherever it stands: the ID of a task that may be paid for must not be lost. */
function taskIdIn(body: unknown): string | undefined {
	const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
	const [taskId, ...others] = new Set(text.match(/\btask-unified-[A-Za-z0-9-]*[A-Za-z0-9]/g));
	return others.length === 0 ? taskId : undefined;
}

function redactor(api: ApiPort): (text: string) => string {
	return (text) => api.redact(text);
}

/** Codes that EvoLink's command line knows: an earlier request with the same key may have made a task. */
const UNKNOWN_OUTCOME = new Set(['paid_outcome_unknown', 'idempotency_conflict']);

/** Statuses below 500 that tell of an earlier request or of a broken connection, not of a refusal. */
const UNSURE_STATUS = new Set([303, 408, 409, 425, 444, 460, 499]);

/**
 * Whether a submit without a good answer may have been charged. Only a refusal (4xx, a redirect)
 * and a request that never left are sure. A 5xx, a conflict or time-out and a lost reply are not.
 */
function submitCharge(result: HttpResult): Charged {
	if (!result.answered) return result.sent === 'no' ? 'no' : 'unknown';
	const { status } = result.answer;
	if (UNKNOWN_OUTCOME.has(parseError(result.answer.body).code ?? '')) return 'unknown';
	return status >= 300 && status < 500 && !UNSURE_STATUS.has(status) ? 'no' : 'unknown';
}

/** The failure that an answer stands for, or undefined for a good one. */
export function readFailure(
	result: HttpResult,
	api: ApiPort,
	charged: Charged,
): Failure | undefined {
	if (!result.answered) {
		const kind = result.sent === 'no' ? 'notReached' : 'replyLost';
		return { kind, charged, said: cleaned(result.reason, api) };
	}
	const { status, body } = result.answer;
	if (status >= 200 && status < 300) return undefined;
	const { code, message } = parseError(body);
	const wait = retryAfterMs(result.answer.headers);
	const said = message ?? (typeof body === 'string' ? asPlainText(body) : undefined);
	return {
		kind: kindOfAnswer(status, code, message),
		charged,
		httpStatus: status,
		...(code !== undefined && { code }),
		...(said !== undefined && said !== '' && { said: cleaned(said, api) }),
		...(wait !== undefined && { retryAfterMs: wait }),
	};
}

/** A 404 of the task query means the task, not the address. */
function lookFailure(failure: Failure): Failure {
	return failure.httpStatus === 404 ? { ...failure, kind: 'taskNotFound' } : failure;
}

export function unreadable(result: HttpResult, api: ApiPort, charged: Charged): Failure {
	const excerpt = result.answered ? excerptOf(result.answer, api) : '';
	return {
		kind: 'unreadableAnswer',
		charged,
		...(result.answered && { httpStatus: result.answer.status }),
		...(excerpt !== '' && { said: excerpt }),
	};
}

function excerptOf({ body }: HttpAnswer, api: ApiPort): string {
	const text = typeof body === 'string' ? asPlainText(body) : (JSON.stringify(body) ?? '');
	return cleaned(text, api).slice(0, 200);
}

/** The key goes before the text is cut: half a key is a key too much. */
function cleaned(text: string, api: ApiPort): string {
	return tidy(api.redact(text));
}

/** An HTML error page as a line of text. */
function asPlainText(body: string): string {
	return body.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}
