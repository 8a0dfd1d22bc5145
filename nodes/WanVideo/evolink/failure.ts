/**
 * What went wrong at EvoLink: which kind it is, whether money was spent, and the words for it. HTTP answers
 * and task error codes both end here (EvoLink docs: create, task query, task error codes; codes marked "CLI"
 * are those that EvoLink's own command line knows).
 */

import { LABELS } from '../wan/request';
import { CATALOGUE, type FailureKind } from './catalogue';
import { WIRE_FIELDS } from './wire';

/** "unknown" where a yes or a no would be a guess about the user's money. */
export type Charged = 'no' | 'yes' | 'unknown';

export interface Failure {
	kind: FailureKind;
	charged: Charged;
	/** EvoLink's own code, if it gave one. */
	code?: string;
	/** EvoLink's own text, cleaned and without the key. */
	said?: string;
	httpStatus?: number;
	/** How long EvoLink asks to be left alone. */
	retryAfterMs?: number;
	taskId?: string;
}

/** What to do about a task that goes on at EvoLink and is paid for: running the item anew would pay again. */
const PAID_ADVICE =
	"Retry the execution, or use 'Task: Wait' with the task ID: neither makes a new video.";

/** What has to be put right before a paid task can be followed again. */
const FIX_FIRST: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'unauthorized',
	'forbidden',
	'addressWrong',
]);

/** What to do when a submit's outcome is unknown, instead of the usual advice: another POST could pay twice. */
const UNKNOWN_SUBMIT_ADVICE =
	"The task may be running and be charged. Look for it in the task list of the EvoLink dashboard: if it is there, get its video with 'Task: Wait' and its ID; if it is not, run the item in a new execution. A retry of this execution does not submit it again.";

const CHARGED_TEXT: Readonly<Record<Charged, string>> = {
	no: 'Nothing was charged.',
	yes: 'The task is paid for.',
	unknown: 'It may have been charged.',
};

/** Task error codes (HTTP 200, status `failed`). What is not listed counts as `generationFailed`. */
const TASK_CODES: Readonly<Record<string, FailureKind>> = {
	content_policy_violation: 'contentPolicy',
	content_filter: 'contentPolicy',
	sensitive_content: 'contentPolicy',
	moderation_blocked: 'contentPolicy',
	input_moderation_failed: 'contentPolicy',
	invalid_parameters: 'invalidRequest',
	invalid_parameter: 'invalidRequest',
	invalid_request: 'invalidRequest',
	image_processing_error: 'materialUnusable',
	image_dimension_mismatch: 'materialUnusable',
	invalid_media_url: 'materialUnusable',
	invalid_audio: 'materialUnusable',
	video_probe_failed: 'materialUnusable',
	request_cancelled: 'cancelled',
	generation_failed_no_content: 'generationFailed',
	service_error: 'serviceTrouble',
	generation_timeout: 'serviceTrouble',
	resource_exhausted: 'serviceTrouble',
	quota_exceeded: 'rateLimited',
	rate_limited: 'rateLimited',
	service_unavailable: 'serviceTrouble',
	model_unavailable: 'serviceTrouble',
	upstream_error: 'serviceTrouble',
	resource_not_found: 'taskNotFound',
	unknown_error: 'generationFailed',
};

/** The codes for which EvoLink's docs advise the same request once more (class "server"). */
export const WORTH_SUBMITTING_AGAIN: ReadonlySet<string> = new Set([
	'generation_failed_no_content',
	'service_error',
	'generation_timeout',
	'resource_exhausted',
	'quota_exceeded',
	'service_unavailable',
]);

const CREDIT_CODES = new Set([
	'insufficient_quota',
	'insufficient_user_quota',
	'quota_not_enough',
	'account_balance_insufficient',
	'insufficient_token_quota',
	'key_quota_exhausted',
	'token_daily_quota_exceeded',
	'key_daily_quota_exhausted',
]);
const MODEL_CODES = new Set(['model_access_denied', 'key_model_not_allowed', 'model_not_found']);
const KEY_CODES = new Set(['key_disabled', 'key_expired', 'invalid_token', 'unauthorized']);

/** EvoLink names no code of its own for a material that it cannot fetch (EvoLink CLI, release notes). */
const NOT_FETCHED = /could not be (fetched|downloaded|retrieved)/i;

/** Own keys only: a code such as `constructor` is no kind. */
function taskKind(code: string): FailureKind | undefined {
	return Object.hasOwn(TASK_CODES, code) ? TASK_CODES[code] : undefined;
}

/** Whether a stored word is a kind of this version. */
export function isFailureKind(kind: string): kind is FailureKind {
	return Object.hasOwn(CATALOGUE, kind);
}

/** The kind of an HTTP error answer. The code decides where it is known, else the status. */
export function kindOfAnswer(status: number, code = '', message = ''): FailureKind {
	if (
		status === 402 ||
		CREDIT_CODES.has(code) ||
		(status === 403 && /insufficient/i.test(message))
	) {
		return 'outOfCredits';
	}
	if (status === 401 || KEY_CODES.has(code)) return 'unauthorized';
	if (code === 'paid_outcome_unknown') return 'outcomeUnknown';
	if (MODEL_CODES.has(code)) return 'modelNotAllowed';
	if (code === 'task_not_found') return 'taskNotFound';
	if (status === 403 || status === 451)
		return taskKind(code) === 'contentPolicy' ? 'contentPolicy' : 'forbidden';
	if (status === 404 || status === 405 || (status >= 300 && status < 400)) return 'addressWrong';
	if (status === 429) return 'rateLimited';
	if (status >= 500 || status === 408) return 'serviceTrouble';
	if (NOT_FETCHED.test(message)) return 'materialUnusable';
	return taskKind(code) ?? 'invalidRequest';
}

/** What a task says of its own charge, where it says anything (EvoLink CLI). */
export interface Billing {
	charge_status?: string | undefined;
	refund_status?: string | undefined;
}

function mayBeCharged({ charge_status: charge, refund_status: refund }: Billing = {}): boolean {
	return (charge === 'charged' || charge === 'unknown') && refund !== 'completed';
}

/** The failure of a task that EvoLink reports as failed. Its reserve goes back, so nothing is charged (EvoLink CLI, release notes). */
export function taskFailure(
	taskId: string,
	code: string | undefined,
	said: string | undefined,
	billing?: Billing,
): Failure {
	const kind = taskKind(code ?? '') ?? 'generationFailed';
	return {
		kind,
		// "Expired tasks cannot be queried" (EvoLink docs): then it was made, and paid for, or not.
		charged: kind === 'taskNotFound' || mayBeCharged(billing) ? 'unknown' : 'no',
		taskId,
		...(code !== undefined && { code }),
		...(said !== undefined && { said }),
	};
}

/** Cause, EvoLink's own words and the task ID: one line, also the `error` of an item. */
export function failureHeadline(failure: Failure): string {
	const { cause } = CATALOGUE[failure.kind];
	const said = failure.said === undefined ? '' : `: "${failure.said}"`;
	const task = failure.taskId === undefined ? '' : ` (task ${failure.taskId})`;
	return `${cause}${said}${task}`;
}

/** What it cost, what to do next, and the identifiers that a support request needs. */
export function failureDetails(failure: Failure): string {
	const facts = [
		failure.taskId !== undefined && `Task ID: ${failure.taskId}.`,
		failure.httpStatus !== undefined && `HTTP status: ${failure.httpStatus}.`,
		failure.code !== undefined && `EvoLink's code: ${failure.code}.`,
	];
	const pause =
		failure.retryAfterMs === undefined
			? ''
			: `EvoLink asks for a pause of ${Math.ceil(failure.retryAfterMs / 1000)} seconds.`;
	return [CHARGED_TEXT[failure.charged], adviceFor(failure), inOurWords(failure), pause, ...facts]
		.filter(Boolean)
		.join(' ');
}

/** EvoLink names the fields of the body; the user knows the labels. */
function inOurWords({ said = '' }: Failure): string {
	const names = Object.entries(WIRE_FIELDS).filter(([wire]) => said.includes(wire));
	return names.map(([wire, field]) => `In the node, ${wire} is '${LABELS[field]}'.`).join(' ');
}

function adviceFor({ kind, charged, taskId }: Failure): string {
	const { advice } = CATALOGUE[kind];
	if (charged === 'unknown' && taskId === undefined) return UNKNOWN_SUBMIT_ADVICE;
	if (charged !== 'yes' || kind === 'videoNotFetched' || kind === 'linkExpired') return advice;
	return FIX_FIRST.has(kind) ? `${advice} Then: ${PAID_ADVICE}` : PAID_ADVICE;
}

/** A foreign text made fit for an error: no control characters, one line, at most 500 characters. */
export function tidy(text: string): string {
	// n8n marks a run as cancelled by the American spelling in a message; the user did not stop anything.
	const line = text
		.replace(/[\p{Cc}\s]+/gu, ' ')
		.replace(/\bcanceled\b/gi, 'cancelled')
		.trim();
	return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}
