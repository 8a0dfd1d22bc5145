// The life of a task: its states and the legal ways between them, the codes a failed task may
// carry, what it costs, how it calls back, and how long its links and uploads live.

import { assumed, documented, observed, SOURCES, type Fact } from './fact';
import type { ModelContract } from './model';

export type TaskState = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';

/** Each state, whether it is the end, and what may follow. */
export const TASK_STATES: Readonly<
	Record<TaskState, Fact & { readonly final: boolean; readonly next: readonly TaskState[] }>
> = {
	pending: {
		final: false,
		next: ['processing', 'completed', 'failed', 'cancelled'],
		...documented(SOURCES.task),
	},
	processing: {
		final: false,
		next: ['completed', 'failed', 'cancelled'],
		...documented(SOURCES.task),
	},
	completed: { final: true, next: [], ...documented(SOURCES.task) },
	failed: { final: true, next: [], ...documented(SOURCES.task) },
	cancelled: {
		final: true,
		next: [],
		...observed(`${SOURCES.cli}; the callback text of the model page says "cancelled" too`),
	},
};

export type TaskErrorCode =
	| 'content_policy_violation'
	| 'invalid_parameters'
	| 'image_processing_error'
	| 'image_dimension_mismatch'
	| 'request_cancelled'
	| 'generation_failed_no_content'
	| 'service_error'
	| 'generation_timeout'
	| 'resource_exhausted'
	| 'quota_exceeded'
	| 'service_unavailable'
	| 'resource_not_found'
	| 'unknown_error';

type TaskError = Fact & { readonly class: 'client' | 'server'; readonly advice: string };
const onErrors = documented(SOURCES.taskErrors);
const client = (advice: string): TaskError => ({ class: 'client', advice, ...onErrors });
const server = (advice: string): TaskError => ({ class: 'server', advice, ...onErrors });

/** The codes of `error.code` in a failed task. */
export const TASK_ERRORS: Readonly<Record<TaskErrorCode, TaskError>> = {
	content_policy_violation: client('Change the content.'),
	invalid_parameters: client('Correct the request.'),
	image_processing_error: client('Give another image: reachable, whole, in a usual format.'),
	image_dimension_mismatch: client('Resize the image.'),
	request_cancelled: client('Submit again.'),
	generation_failed_no_content: server('Try again or change the prompt.'),
	service_error: server('Wait 30 to 60 seconds and send the same request.'),
	generation_timeout: server('Try again later or ask for less.'),
	resource_exhausted: server('Wait 1 to 5 minutes.'),
	quota_exceeded: server('Slow down, 1 to 2 seconds between requests, or add credits.'),
	service_unavailable: server('Wait a few minutes.'),
	resource_not_found: server('The results have expired.'),
	unknown_error: server('Ask support.'),
};

/** How a task is paid; what a second costs stands with each model. */
export const BILLING = {
	creditsPerUsDollar: { value: 68, ...observed(SOURCES.pricing) },
	/** What `usage.billing_rule` says; the sample of the model page shows per_call. */
	rule: { value: 'per_second', ...observed(SOURCES.pricing) },
	reserved: { value: 'at submit, for the asked duration', ...documented(SOURCES.model) },
	charged: { value: 'for the actual duration, at the end', ...documented(SOURCES.model) },
	continuation: { value: 'the total duration is billed', ...documented(SOURCES.model) },
	failed: { value: 'not charged, the reserve comes back', ...observed(SOURCES.cli) },
	cancelled: { value: 'not charged, the reserve comes back', ...assumed('as for failed tasks') },
} as const;

/** Seconds that a task is billed for: of output, and of clips that go in. */
export interface Seconds {
	readonly output: number;
	readonly input: number;
}

/** What so many seconds at `quality` cost with a model, in credits. */
export function price({ billing }: ModelContract, seconds: Seconds, quality: string): number {
	const { perSecond, factors, minimum, inputCapSeconds = 0 } = billing;
	const billed = seconds.output + Math.min(seconds.input, inputCapSeconds);
	const credits = billed * perSecond * (factors[quality] ?? 1);
	return Math.max(minimum, Math.round(credits * 10_000) / 10_000);
}

/** When and how EvoLink calls back. */
export const CALLBACKS = {
	method: { value: 'POST', ...observed('every receiver seen in public code') },
	timeoutMs: { value: 10_000, ...documented(SOURCES.model) },
	retryDelaysMs: { value: [1_000, 2_000, 4_000], ...documented(SOURCES.model) },
	success: { value: 'any 2xx', ...documented(SOURCES.model) },
	body: { value: 'as the task query answers', ...documented(SOURCES.model) },
	protocol: { value: 'https only', ...documented(SOURCES.model) },
	privateAddresses: { value: 'refused', ...documented(SOURCES.model) },
	maxLength: { value: 2048, ...documented(SOURCES.model) },
	timing: { value: 'after billing is confirmed', ...documented(SOURCES.model) },
} as const;

const HOUR_MS = 3_600_000;

/** How long things live. */
export const EXPIRY = {
	resultLinkMs: { value: 24 * HOUR_MS, ...documented(SOURCES.model) },
	uploadMs: { value: 72 * HOUR_MS, ...documented(SOURCES.upload) },
} as const;

/** The files API. */
export const UPLOADS = {
	documentedTypes: {
		value: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
		...documented(SOURCES.upload),
	},
	observedTypes: {
		value: [
			'audio/mpeg',
			'audio/wav',
			'audio/mp4',
			'audio/aac',
			'audio/flac',
			'audio/ogg',
			'video/mp4',
			'video/quicktime',
			'video/webm',
		],
		...observed(SOURCES.cli),
	},
	maxBytes: { value: 100 * 1024 * 1024, ...observed(SOURCES.media) },
	maxFiles: { value: 2000, ...documented(SOURCES.quota) },
} as const;
