/**
 * EvoLink's answers, read with tolerance: the docs leave out fields in places, send error codes as
 * text or as number, and older pages differ (facts in EvoLink's docs: task query, error codes, credits).
 * A field of an unexpected type counts as missing; only what nothing works without is insisted on.
 */
import { z } from 'zod';

const looseNumber = z
	.union([
		z.number(),
		z
			.string()
			.regex(/^\d+(\.\d+)?$/)
			.transform(Number),
	])
	.pipe(z.number().finite().nonnegative())
	.optional()
	.catch(undefined);
const looseText = z
	.union([z.string(), z.number().transform(String)])
	.optional()
	.catch(undefined);

const resultUrl = z
	.union([
		z.string(),
		z.object({ url: z.string() }).transform(({ url }) => url),
		z.object({ video_url: z.string() }).transform((result) => result.video_url),
	])
	.pipe(
		z
			.string()
			.trim()
			.url()
			.regex(/^https?:/i),
	);

const errorSchema = z
	.object({ code: looseText, message: looseText, type: looseText })
	.or(z.string().transform((message) => ({ code: undefined, message, type: undefined })));

const taskSchema = z
	.object({
		id: z.string().trim().min(1).optional().catch(undefined),
		status: z.string().optional().catch(undefined),
		progress: looseNumber,
		/** Unix seconds. */
		created: looseNumber,
		results: z.unknown(),
		// Not in EvoLink's docs, but in EvoLink's own clients.
		result_data: z.unknown(),
		output: z.unknown(),
		billing: z
			.object({ charge_status: looseText, refund_status: looseText })
			.passthrough()
			.optional()
			.catch(undefined),
		error: errorSchema.nullish().catch(undefined),
		task_info: z.object({ estimated_time: looseNumber }).passthrough().optional().catch(undefined),
		usage: z
			.object({ credits_reserved: looseNumber, credits_used: looseNumber })
			.passthrough()
			.optional()
			.catch(undefined),
	})
	.passthrough();

export type TaskAnswer = z.infer<typeof taskSchema>;

/** A task as EvoLink describes it, also where it comes wrapped in `data`; undefined when it is none. */
export function parseTask(body: unknown): TaskAnswer | undefined {
	const wrapped = z.object({ data: z.object({}).passthrough() }).safeParse(body);
	const candidates = [body, ...(wrapped.success ? [wrapped.data.data] : [])].flatMap(
		(candidate): TaskAnswer[] => {
			const task = taskSchema.safeParse(candidate);
			return task.success ? [task.data] : [];
		},
	);
	// A wrapper may have a status of its own; what has an ID is the task.
	return (
		candidates.find(({ id }) => id !== undefined) ??
		candidates.find(({ status }) => status !== undefined)
	);
}

/** The first link of the results, or undefined when there is none that could be fetched. */
export function firstResultUrl(task: TaskAnswer): string | undefined {
	for (const result of [task.results, task.result_data, task.output].flat()) {
		const url = resultUrl.safeParse(result);
		if (url.success) return url.data;
	}
	return undefined;
}

/** Code and text of an error answer, wherever they stand: `error.message`, `error`, `message` or `msg`. */
export function parseError(body: unknown): { code?: string; message?: string } {
	const nested = z.object({ error: errorSchema }).safeParse(body);
	const flat = z.object({ code: looseText, message: looseText, msg: looseText }).safeParse(body);
	const outer = flat.success ? flat.data : {};
	const inner = nested.success ? nested.data.error : {};
	return { code: inner.code ?? outer.code, message: inner.message ?? outer.message ?? outer.msg };
}

const balance = z.object({ remaining_credits: z.number(), used_credits: z.number() });

const creditsSchema = z.object({
	data: z.object({
		token: balance.extend({ unlimited_credits: z.boolean() }),
		user: balance,
	}),
});

export interface Credits {
	/** What a new task can really draw on: the account's credits, capped by the key's own limit. */
	available: number;
	accountRemaining: number;
	accountUsed: number;
	keyRemaining: number;
	keyUsed: number;
	keyUnlimited: boolean;
}

/** The answer of `GET /v1/credits`, or undefined when it is none. */
export function parseCredits(body: unknown): Credits | undefined {
	const parsed = creditsSchema.safeParse(body);
	if (!parsed.success) return undefined;
	const { token, user } = parsed.data.data;
	return {
		available: token.unlimited_credits
			? user.remaining_credits
			: Math.min(user.remaining_credits, token.remaining_credits),
		accountRemaining: user.remaining_credits,
		accountUsed: user.used_credits,
		keyRemaining: token.remaining_credits,
		keyUsed: token.used_credits,
		keyUnlimited: token.unlimited_credits,
	};
}
