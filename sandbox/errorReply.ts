// Answers that say no, in the words of the contract and under the switches.

import { HTTP_ERRORS, type Endpoint, type ErrorBody } from './contract';
import { json, type Reply } from './reply';
import type { Switches } from './switches';

/** The contract's error of an endpoint; `detail` is added to its message, `ownCode` is that of a model. */
export function errorReply(
	switches: Switches,
	endpoint: Endpoint,
	status: number,
	detail?: string,
	headers: Record<string, string> = {},
	ownCode?: string,
): Reply {
	const known: ErrorBody = HTTP_ERRORS[endpoint][status]?.body ?? {
		error: { code: `http_${status}`, message: `HTTP ${status}`, type: 'api_error' },
	};
	const message = detail === undefined ? known.error.message : `${known.error.message}: ${detail}`;
	const named = ownCode === undefined ? {} : { code: ownCode };
	const code = switches.errorCode === 'number' ? { code: status } : named;
	return json(status, { error: { ...known.error, message, ...code } }, headers);
}

/** 429, with Retry-After if the switch says so. */
export function tooMany(switches: Switches, endpoint: Endpoint): Reply {
	const seconds = switches.retryAfterSeconds;
	const headers: Record<string, string> = seconds > 0 ? { 'retry-after': String(seconds) } : {};
	return errorReply(switches, endpoint, 429, undefined, headers);
}

/** 404 for a path that does not exist. */
export function unknownPath(method: string, path: string): Reply {
	const { type } = (HTTP_ERRORS.any[404]?.body ?? { error: { type: 'invalid_request_error' } })
		.error;
	return json(404, { error: { message: `Invalid URL (${method} ${path})`, type } });
}
