// How EvoLink says no: the HTTP errors of each endpoint as their pages show them, and the codes a
// failed task carries (those come with HTTP 200). `error.code` is a string on the generation and
// task pages and a number on the credits page.

import { assumed, documented, observed, SOURCES, type Fact } from './fact';

export interface ErrorBody {
	readonly error: {
		readonly code?: string | number;
		readonly message: string;
		readonly type: string;
		readonly param?: string | null;
		readonly fallback_suggestion?: string;
	};
}

export type Endpoint = 'submit' | 'look' | 'credits' | 'any';
type HttpError = Fact & { readonly body: ErrorBody };

const error = (
	fact: Fact,
	code: string | number | undefined,
	type: string,
	message: string,
	more: { param?: string | null; fallback_suggestion?: string } = {},
): HttpError => ({
	body: { error: { ...(code === undefined ? {} : { code }), message, type, ...more } },
	...fact,
});

const onModel = documented(SOURCES.model);
const onTask = documented(SOURCES.task);
const onCredits = documented(SOURCES.credits);
const topUp = 'Insufficient quota. Please top up your account.';
const invalid = 'invalid_request_error';
const later = { fallback_suggestion: 'try again later' };

/** endpoint -> status -> body. */
export const HTTP_ERRORS: Readonly<Record<Endpoint, Readonly<Record<number, HttpError>>>> = {
	submit: {
		400: error(onModel, 'invalid_request', invalid, 'Invalid request parameters'),
		401: error(onModel, 'unauthorized', 'authentication_error', 'Invalid or expired token'),
		402: error(onModel, 'insufficient_quota', 'insufficient_quota', topUp),
		403: error(
			onModel,
			'model_access_denied',
			invalid,
			'Token does not have access to model: wan2.7-image-to-video',
		),
		429: error(
			onModel,
			'rate_limit_exceeded',
			'rate_limit_error',
			'Too many requests, please try again later',
		),
		500: error(onModel, 'internal_error', 'api_error', 'Internal server error'),
		502: error(
			observed('EvoLink docs of other models on this endpoint'),
			'upstream_error',
			'upstream_error',
			'Upstream AI service unavailable',
		),
	},
	look: {
		400: error(
			onTask,
			'invalid_task_id',
			invalid,
			"Invalid task ID format, must start with 'task-unified-'",
			{ param: 'task_id' },
		),
		401: error(onTask, 'unauthorized', 'authentication_error', 'Authentication required'),
		402: error(onTask, 'quota_exceeded', 'insufficient_quota', topUp),
		403: error(
			onTask,
			'permission_denied',
			invalid,
			"You don't have permission to access this task",
		),
		404: error(onTask, 'task_not_found', invalid, 'The requested task could not be found'),
		429: error(onTask, 'rate_limit_exceeded', 'evo_api_error', 'Rate limit exceeded'),
		500: error(onTask, 'internal_error', 'api_error', 'Failed to retrieve task status'),
	},
	credits: {
		400: error(onCredits, 400, invalid, 'Invalid request'),
		401: error(onCredits, 401, 'authentication_error', 'Invalid or expired token'),
		403: error(onCredits, 403, 'permission_error', 'Access denied'),
		429: error(onCredits, 429, 'rate_limit_error', 'Rate limit exceeded', {
			fallback_suggestion: 'retry after 60 seconds',
		}),
		500: error(onCredits, 500, 'internal_server_error', 'Internal server error', later),
		502: error(onCredits, 502, 'upstream_error', 'Upstream service error', later),
		503: error(onCredits, 503, 'service_unavailable_error', 'Service temporarily unavailable', {
			fallback_suggestion: 'retry after 30 seconds',
		}),
	},
	any: {
		404: error(observed(SOURCES.cli), undefined, invalid, 'Invalid URL (GET /x)'),
		413: error(
			assumed('the command line client handles 413; its body is not known'),
			'request_too_large',
			invalid,
			'Request body too large',
		),
	},
};

/** The files API says no with `success: false`; its pages show only successes. */
export const UPLOAD_ERRORS: Readonly<
	Record<40001 | 40002 | 40003 | 40004 | 50001, Fact & { readonly msg: string }>
> = {
	40001: { msg: 'File too large, must be under 100MB', ...observed(SOURCES.media) },
	40002: { msg: 'File type not allowed', ...observed(SOURCES.media) },
	40003: { msg: 'File quota exceeded', ...observed(SOURCES.media) },
	40004: { msg: 'URL download failed', ...observed(SOURCES.media) },
	50001: { msg: 'Storage error', ...observed(SOURCES.media) },
};
