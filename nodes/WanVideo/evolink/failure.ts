/**
 * The catalogue of what can go wrong at EvoLink, in plain words: the cause, whether money was spent,
 * what to do next. HTTP answers and task error codes both end here (EvoLink docs: create, task query,
 * task error codes; codes marked "CLI" are those that EvoLink's own command line knows).
 */

/** "unknown" where a yes or a no would be a guess about the user's money. */
export type Charged = 'no' | 'yes' | 'unknown';

export type FailureKind =
	| 'invalidRequest'
	| 'materialUnusable'
	| 'unauthorized'
	| 'outOfCredits'
	| 'modelNotAllowed'
	| 'forbidden'
	| 'taskNotFound'
	| 'addressWrong'
	| 'rateLimited'
	| 'contentPolicy'
	| 'serviceTrouble'
	| 'generationFailed'
	| 'cancelled'
	| 'noVideo'
	| 'notReached'
	| 'replyLost'
	| 'unreadableAnswer'
	| 'outcomeUnknown'
	| 'fileTypeRefused'
	| 'fileTooLarge'
	| 'storageFull'
	| 'uploadFailed'
	| 'videoNotFetched'
	| 'linkExpired';

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

/** Cause and next step of each kind. */
export const CATALOGUE: Readonly<Record<FailureKind, { cause: string; advice: string }>> = {
	invalidRequest: {
		cause: 'EvoLink does not accept the request',
		advice: 'Change the field that EvoLink names, then run the item again.',
	},
	materialUnusable: {
		cause: 'EvoLink could not use one of the materials',
		advice:
			'Check that every URL opens without a login and holds a file of an allowed format and size, then run the item again.',
	},
	unauthorized: {
		cause: 'EvoLink does not accept the API key',
		advice: 'Open the credential, enter a valid key from evolink.ai/dashboard/keys and test it.',
	},
	outOfCredits: {
		cause: 'The credits at EvoLink are not sufficient',
		advice: 'Top up the account, or raise the limit of the API key, then run the item again.',
	},
	modelNotAllowed: {
		cause: 'The API key has no access to the model Wan 2.7 image-to-video',
		advice: 'Allow the model for this key in the EvoLink dashboard, or use another key.',
	},
	forbidden: {
		cause: 'EvoLink refuses access',
		advice:
			'Use the key of the account that submitted the task, and check its restrictions at EvoLink.',
	},
	taskNotFound: {
		cause: 'EvoLink does not know the task, or does not keep it any longer',
		advice: 'Check the task ID and that the credential belongs to the account that submitted it.',
	},
	addressWrong: {
		cause: 'The address does not answer like the EvoLink API',
		advice: "Check 'Base URL' in the credential.",
	},
	rateLimited: {
		cause: 'EvoLink is receiving too many requests from this key',
		advice: "Run again later, or lower 'Concurrency' in the options.",
	},
	contentPolicy: {
		cause: "The content is blocked by EvoLink's safety filter",
		advice: 'Change the prompt or the materials, then run the item again.',
	},
	serviceTrouble: {
		cause: 'EvoLink has trouble of its own',
		advice: 'Run the item again in a few minutes.',
	},
	generationFailed: {
		cause: 'EvoLink could not make the video',
		advice:
			'Run the item again; when it happens again, change the prompt or ask EvoLink about the task.',
	},
	cancelled: {
		cause: 'The task was cancelled at EvoLink',
		advice: 'Run the item again.',
	},
	noVideo: {
		cause: 'EvoLink reports the task as completed but names no video',
		advice:
			"Look at the task with 'Task: Get'; when there is no video, ask EvoLink about the task.",
	},
	notReached: {
		cause: 'EvoLink could not be reached',
		advice: "Check the connection of n8n and 'Base URL' in the credential, then run again.",
	},
	replyLost: {
		cause: 'The connection to EvoLink broke before its answer arrived',
		advice: 'Run again later.',
	},
	unreadableAnswer: {
		cause: "EvoLink's answer could not be understood",
		advice: "Run again later, and check 'Base URL' in the credential.",
	},
	outcomeUnknown: {
		cause: 'An earlier try submitted this item and got no answer, so it is not submitted again',
		advice: 'Run again later.',
	},
	fileTypeRefused: {
		cause: "EvoLink's file storage does not take this type of file",
		advice:
			'Give the material as a public URL instead. Images can also be converted to JPEG or PNG, which it takes.',
	},
	fileTooLarge: {
		cause: "The file is too large for EvoLink's file storage",
		advice: 'Make the file smaller, or give the material as a public URL.',
	},
	storageFull: {
		cause: "EvoLink's file storage is full",
		advice:
			"Wait until files expire (72 hours), or delete some at EvoLink; 'File: Get Quota' tells how many there are.",
	},
	uploadFailed: {
		cause: "The file could not be uploaded to EvoLink's file storage",
		advice: 'Run the item again, or give the material as a public URL.',
	},
	videoNotFetched: {
		cause: 'The video is ready but could not be downloaded',
		advice: "Retry the execution, or use 'Task: Wait' with the task ID: neither makes a new video.",
	},
	linkExpired: {
		cause: 'The link to the video has expired; EvoLink keeps it for 24 hours',
		advice:
			'Ask EvoLink about the task. Only a new run would make the video again, and be charged.',
	},
};

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
	return taskKind(code) ?? 'invalidRequest';
}

/** The failure of a task that EvoLink reports as failed. Its reserve goes back, so nothing is charged (EvoLink CLI, release notes). */
export function taskFailure(
	taskId: string,
	code: string | undefined,
	said: string | undefined,
): Failure {
	const kind = taskKind(code ?? '') ?? 'generationFailed';
	return {
		kind,
		// "Expired tasks cannot be queried" (EvoLink docs): then it was made, and paid for, or not.
		charged: kind === 'taskNotFound' ? 'unknown' : 'no',
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
	return [CHARGED_TEXT[failure.charged], adviceFor(failure), pause, ...facts]
		.filter(Boolean)
		.join(' ');
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
