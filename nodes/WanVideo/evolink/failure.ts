/**
 * What went wrong at EvoLink: which kind it is, whether money was spent, and the words for it. HTTP answers
 * and task error codes both end here (EvoLink docs: create, task query, task error codes; codes marked "CLI"
 * are those that EvoLink's own command line knows).
 */

import { nameOf } from '../wan/materialSource';
import { DEFAULT_MODEL, modelOf } from '../wan/models';
import { LABELS } from '../wan/request';
import { MATERIAL_NAMES } from '../wan/vocabulary';
import { CATALOGUE, type FailureKind } from './catalogue';
import { wireNames } from './wire';

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
	/** True for an answer that is not EvoLink's own word, but a page of something in between. */
	foreign?: true;
	/** True for what no patience helps with, e.g. a certificate for another host. */
	lasting?: true;
	/** True where it was the file storage that was asked, which has an address of its own. */
	atFiles?: true;
	/** How long EvoLink asks to be left alone. */
	retryAfterMs?: number;
	taskId?: string;
	/** EvoLink's word on that task, where it was looked at only to be told. */
	seen?: string;
	/** True for a task that is only followed: what it cost is its submitter's to know. */
	isFollowed?: true;
	/** Whose fields EvoLink's text names; absent: the default model's. */
	model?: string;
}

/** What to do about a task that goes on at EvoLink and is paid for: running the item anew would pay again. */
const PAID_ADVICE =
	"Retry the execution, or use 'Task: Wait' with the task ID: neither makes a new video.";

/** What has to be put right before a paid task can be followed again. */
const FIX_FIRST: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'unauthorized',
	'forbidden',
	'outOfCredits',
	'addressWrong',
	'certificateRefused',
	'credentialUnusable',
	'packageRemoved',
	'proxyRefused',
	'gatewayAnswer',
]);

/** What to do where it is not sure that a task which ended was free, before it is run anew. */
const LOOK_FIRST =
	"Look at the task with 'Task: Get' first; if there is a video, 'Task: Wait' brings it. Else:";

/** What to do when a submit's outcome is unknown, instead of the usual advice: another POST could pay twice. */
const UNKNOWN_SUBMIT_ADVICE =
	"The task may be running and be charged. Look for its ID in the log of n8n ('submitted task') or in the task list of the EvoLink dashboard: if it is there, get its video with 'Task: Wait' and its ID; if it is not, run the item in a new execution. A retry of this execution does not submit it again.";

export const CHARGED_TEXT: Readonly<Record<Charged, string>> = {
	no: 'Nothing was charged.',
	yes: 'The task is paid for.',
	unknown: 'It may have been charged.',
};

const FOLLOWED_TEXT = 'Nothing was submitted: waiting for a task costs nothing.';

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

/** As what a task can end; and what may break after it was submitted. */
const ENDED_KINDS: ReadonlySet<FailureKind> = new Set<FailureKind>([
	...Object.values(TASK_CODES),
	'nodeTrouble',
]);

/** The codes for which EvoLink's docs advise the same request once more (class "server"). */
const WORTH_SUBMITTING_AGAIN: ReadonlySet<string> = new Set([
	'generation_failed_no_content',
	'service_error',
	'generation_timeout',
	'resource_exhausted',
	'quota_exceeded',
	'service_unavailable',
]);

/** Whether a task that failed is worth the same request once more. What somebody has cancelled is not wanted. */
export function isWorthSubmittingAgain({ kind, charged, taskId, code = '' }: Failure): boolean {
	const isFree = charged === 'no' && taskId !== undefined;
	return isFree && kind !== 'cancelled' && WORTH_SUBMITTING_AGAIN.has(code);
}

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
/** Codes that are a refusal whatever the HTTP status is: nothing was made. */
const REFUSAL_CODES: Readonly<Record<string, number>> = {
	invalid_request: 400,
	invalid_parameter: 400,
	invalid_parameters: 400,
	unsupported_parameters: 400,
	missing_required_params: 400,
	invalid_media_url: 400,
	video_probe_failed: 400,
	content_policy_violation: 400,
	content_filter: 400,
	sensitive_content: 400,
	moderation_blocked: 400,
	input_moderation_failed: 400,
	ip_restricted: 403,
	user_disabled: 403,
	permission_denied: 403,
	rate_limit_exceeded: 429,
	rate_limited: 429,
};
/** Where a number is the code, it is an HTTP status (EvoLink docs, credits). */
const REFUSAL_STATUS: ReadonlySet<string> = new Set([
	'400',
	'401',
	'402',
	'403',
	'413',
	'422',
	'429',
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

/** The HTTP status that an error code stands for, where the code is a refusal by itself; else undefined. */
export function refusalStatusOf(code = ''): number | undefined {
	if (CREDIT_CODES.has(code)) return 402;
	if (KEY_CODES.has(code)) return 401;
	if (MODEL_CODES.has(code)) return 403;
	if (Object.hasOwn(REFUSAL_CODES, code)) return REFUSAL_CODES[code];
	return REFUSAL_STATUS.has(code) ? Number(code) : undefined;
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
	if (status === 407) return 'proxyRefused';
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

/** A look's failure that is not waited for any longer. A page that says 404 says nothing of the task. */
export function givenUp(failure: Failure): Failure {
	const isPage = failure.kind === 'taskNotFound' && failure.foreign === true;
	return isPage ? { ...failure, kind: 'addressWrong' } : failure;
}

/** Many read only the first line, and n8n's Engine 2.0 keeps no other. */
export const HEADLINE_MONEY = '. It may have been charged';

function causeInWords({ kind, atFiles, model }: Failure): string {
	const { cause } = CATALOGUE[kind];
	if (kind === 'modelNotAllowed') return `${cause} ${(modelOf(model) ?? DEFAULT_MODEL).label}`;
	return atFiles === true ? cause.replace(/^EvoLink /, "EvoLink's storage ") : cause;
}

/** Cause, EvoLink's own words and the task ID: one line, also the `error` of an item. */
export function failureHeadline(failure: Failure): string {
	const cause = causeInWords(failure);
	const said = failure.said === undefined ? '' : `: "${inLabels(failure)}"`;
	const task = failure.taskId === undefined ? '' : ` (task ${failure.taskId})`;
	const money = failure.charged === 'unknown' && !failure.isFollowed ? HEADLINE_MONEY : '';
	return `${cause}${said}${task}${money}`;
}

/** What it cost, what to do next, and the identifiers that a support request needs. */
export function failureDetails(failure: Failure): string {
	const facts = [
		failure.taskId !== undefined && `Task ID: ${failure.taskId}.`,
		failure.seen !== undefined && `EvoLink says of the task now: ${failure.seen}.`,
		failure.httpStatus !== undefined && `HTTP status: ${failure.httpStatus}.`,
		failure.code !== undefined && `EvoLink's code: ${failure.code}.`,
	];
	const pause =
		failure.retryAfterMs === undefined
			? ''
			: `EvoLink asks for a pause of ${Math.ceil(failure.retryAfterMs / 1000)} seconds.`;
	const money = failure.isFollowed === true ? FOLLOWED_TEXT : CHARGED_TEXT[failure.charged];
	return [money, adviceFor(failure), theirWords(failure), pause, ...facts]
		.filter(Boolean)
		.join(' ');
}

/** EvoLink names the fields of the body; the user knows the labels. A material may have come as a file, so without "URL". */
function inLabels({ said = '', model }: Failure): string {
	return wireNames(model).reduce((text, [wire, field]) => {
		const material = MATERIAL_NAMES.find((name) => name === field);
		return text.replace(
			new RegExp(`\\b(?:model_params\\.)?${wire}\\b(?:\\[(\\d{1,2})\\])?`, 'g'),
			(_all, row?: string) => {
				if (material === undefined) return `'${LABELS[field]}'`;
				return nameOf({ name: material, ...(row && { row: Number(row) }) }).replace(" URL'", "'");
			},
		);
	}, said);
}

/** What the headline says in the node's words, for who asks EvoLink about it. */
function theirWords(failure: Failure): string {
	const { said = '' } = failure;
	return inLabels(failure) === said ? '' : `In EvoLink's words: "${said}".`;
}

/** What to do next, alone: for what costs nothing. */
export function failureAdvice(failure: Failure): string {
	return adviceFor(failure);
}

/** The video was made; what to do is in the catalogue. */
const HAVE_VIDEO: ReadonlySet<FailureKind> = new Set([
	'videoNotFetched',
	'videoNotStored',
	'linkExpired',
]);

function adviceFor({ kind, charged, taskId, atFiles, isFollowed }: Failure): string {
	const { advice: words } = CATALOGUE[kind];
	const advice = atFiles === true ? words.replaceAll("'Base URL'", "'Files URL'") : words;
	if (charged === 'unknown' && taskId === undefined) return UNKNOWN_SUBMIT_ADVICE;
	if (charged === 'unknown' && !isFollowed && ENDED_KINDS.has(kind))
		return `${LOOK_FIRST} ${advice}`;
	if (charged !== 'yes' || HAVE_VIDEO.has(kind)) return advice;
	if (!FIX_FIRST.has(kind)) return PAID_ADVICE;
	// To run it again would pay again.
	return `${advice.replace(/, then run (the item )?again/, '')} Then: ${PAID_ADVICE}`;
}
