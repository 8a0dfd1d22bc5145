/**
 * EvoLink's answers, read with tolerance: the docs leave out fields in places, send error codes as
 * text or as number, and older pages differ (facts in EvoLink's docs: task query, error codes, credits).
 * A field of an unexpected type counts as missing; only what nothing works without is insisted on.
 */
import { z } from 'zod';

import { fieldOf, isLinkLength } from './foreign';
import { asTaskId, isOfOwnForm } from './taskId';

const looseNumber = z
	.union([
		z.number(),
		z
			.string()
			.max(40)
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

const link = z
	.string()
	.refine(isLinkLength)
	// Without a protocol, as pages have it.
	.transform((text) => text.trim().replace(/^\/\//, 'https://'))
	.pipe(
		z
			.string()
			.url()
			.regex(/^https?:/i),
	);

interface Link {
	url: string;
	/** What it says to be, e.g. `image/png`; '' where it says nothing. */
	kind: string;
}

/** A link, or an object that holds one and may say of what. */
const result = z.union([
	link.transform((url) => ({ url, kind: '' })),
	z.object({ video_url: link }).transform(({ video_url: url }) => ({ url, kind: 'video' })),
	z
		.object({ url: link, type: looseText, mime_type: looseText })
		.transform(({ url, type, mime_type: mimeType }) => ({ url, kind: mimeType ?? type ?? '' })),
]);

const errorSchema = z
	.object({ code: looseText, message: looseText, type: looseText })
	// One word of this form is a code.
	.or(
		z.string().transform((message) => ({
			code: /^[a-z]+(_[a-z]+)+$/.test(message) ? message : undefined,
			message,
			type: undefined,
		})),
	);

const taskSchema = z
	.object({
		id: z.unknown().transform(asTaskId),
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

/** Where a task's own ID may stand in it. */
const OWN_ID_FIELDS = ['id', 'task_id'] as const;

interface Candidate {
	task: TaskAnswer;
	/** Whether it has an ID at all, readable or not. */
	isNamed: boolean;
}

/** What in an answer may be the task: the answer itself, or what comes wrapped in `data`. */
function candidatesIn(body: unknown): Candidate[] {
	// Zod would write an error for each answer that is not wrapped, and most are not.
	const wrapped = fieldOf(body, 'data');
	return [body, ...(wrapped === undefined ? [] : [wrapped])].flatMap((part) => {
		const task = taskSchema.safeParse(part);
		if (!task.success) return [];
		const names = OWN_ID_FIELDS.map((key) => fieldOf(part, key));
		const ids = names.flatMap((name) => asTaskId(name) ?? []);
		const id = ids.find(isOfOwnForm) ?? ids[0];
		const isNamed = names.some((name) => name !== undefined && name !== null && name !== '');
		return [{ task: { ...task.data, id }, isNamed }];
	});
}

/** The task of a submit's answer; undefined when it is none. A wrapper may have an ID and a status of its own. */
export function parseTask(body: unknown): TaskAnswer | undefined {
	const tasks = candidatesIn(body).map(({ task }) => task);
	return (
		tasks.find(({ id }) => id !== undefined && isOfOwnForm(id)) ??
		tasks.filter(({ id }) => id !== undefined).at(-1) ??
		tasks.find(({ status }) => status !== undefined)
	);
}

/** Parts of an answer that are looked through for a task. */
const MOST_PARTS = 1_000;

/** The task of this ID wherever it stands in an answer, e.g. in a list. Not by recursion. */
function nested(taskId: string, body: unknown): TaskAnswer | undefined {
	const left: unknown[] = [body];
	for (let seen = 0; left.length > 0 && seen < MOST_PARTS; seen += 1) {
		const part = left.shift();
		if (typeof part !== 'object' || part === null) continue;
		const task = taskSchema.safeParse(part);
		if (task.success && task.data.id === taskId) return task.data;
		const parts: unknown[] = Object.values(part);
		left.push(...parts.slice(0, MOST_PARTS));
	}
	return undefined;
}

/** The answer to a look at this very task; undefined when it is none, or about another one. One without any ID is taken; it is no word on an end. */
export function parseTaskOf(taskId: string, body: unknown): TaskAnswer | undefined {
	const candidates = candidatesIn(body);
	const [outer, inner] = candidates;
	const isWrapper = outer?.task.id === taskId && outer.task.status === undefined;
	if (isWrapper && inner?.isNamed === false && saysMore(inner.task, outer.task))
		return { ...inner.task, id: taskId };
	const exact = candidates.find(({ task }) => task.id === taskId)?.task ?? nested(taskId, body);
	if (exact !== undefined) return exact;
	const isAboutAnother = candidates.some(({ task: { id } }) => id !== undefined && isOfOwnForm(id));
	if (isAboutAnother) return undefined;
	const nameless = candidates.filter(({ task, isNamed }) => !isNamed && task.status !== undefined);
	return nameless.at(-1)?.task;
}

/** Whether what is wrapped is the task, and its wrapper is none. */
function saysMore(inner: TaskAnswer, outer: TaskAnswer): boolean {
	const { status, results, result_data, output, error, progress, created } = inner;
	const parts = [results, result_data, output, error, progress, created];
	const isTask = parts.some((part) => part !== undefined);
	return status !== undefined && isTask && videoUrlOf(outer) === undefined;
}

const IMAGE = /^image|^cover|^thumb|^poster|^audio/i;
const IMAGE_ENDING = /\.(jpe?g|png|webp|gif|bmp|avif|heic|svg|mp3|wav|json|txt|vtt|srt)$/i;
const VIDEO_ENDING = /\.(mp4|m4v|mov|webm)$/i;

const LINK_NAME = /^(urls?|links?|files?|outputs?|results?|data|content)$/i;
const VIDEO_NAME = /video/i;
const OTHER_NAME = /image|cover|thumb|poster|audio|input|preview/i;

/** Links in results of a form that nobody has seen yet, by the names of the fields around them. */
function linksIn(entry: unknown, kind = '', level = 0): Link[] {
	if (typeof entry === 'string') {
		const read = link.safeParse(entry);
		return read.success ? [{ url: read.data, kind }] : [];
	}
	if (typeof entry !== 'object' || entry === null || level > 5) return [];
	const fields = Object.entries(entry).slice(0, MOST_PARTS);
	if (Array.isArray(entry)) return fields.flatMap(([, part]) => linksIn(part, kind, level + 1));
	return fields.flatMap(([name, part]) => {
		if (OTHER_NAME.test(name)) return [];
		if (VIDEO_NAME.test(name)) return linksIn(part, 'video', level + 1);
		return LINK_NAME.test(name) ? linksIn(part, kind, level + 1) : [];
	});
}

/**
 * The link of the video, or undefined when there is none that could be fetched. Where a task has several
 * results, e.g. a cover image, it is the one that says that it is a video, else the first that does not say otherwise.
 */
export function videoUrlOf(task: TaskAnswer): string | undefined {
	const places = [task.results, task.result_data, task.output];
	const entries = places.flat().filter((entry) => entry !== undefined && entry !== null);
	const plain = entries.flatMap((entry) => {
		const read = result.safeParse(entry);
		return read.success ? [read.data] : [];
	});
	const links = [...plain];
	// Where the plain ones are covers and the like, the video may lie deeper.
	const deeper = () => [...linksIn(places), ...linksIn(task.video_url, 'video')];
	if (links.every(isOther))
		links.push(...deeper().filter(({ url }) => plain.every((one) => one.url !== url)));
	const mayBe = links.filter((one) => !isOther(one));
	return (mayBe.find(saysVideo) ?? mayBe[0] ?? links[0])?.url;
}

function isOther({ url, kind }: Link): boolean {
	return IMAGE.test(kind) || IMAGE_ENDING.test(new URL(url).pathname);
}

function saysVideo({ url, kind }: Link): boolean {
	return /^video/i.test(kind) || VIDEO_ENDING.test(new URL(url).pathname);
}

const word = z.union([z.string(), z.number()]);
const ownErrorSchema = z.union([
	z.object({ error: z.object({ code: word }) }),
	z.object({ error: z.object({ type: word }) }),
	z.object({ error: z.object({ message: word }) }),
	// The file storage's form (EvoLink's own clients).
	z.object({ success: z.literal(false), code: word }),
	z.object({ success: z.literal(false), msg: word }),
]);

/**
 * Whether an answer is EvoLink's own word: every error of its docs has an object `error` with a code, a
 * message or a type. A gateway, a proxy or a firewall on the way answers with a page or with JSON of its own.
 */
export function isOwnError(body: unknown): boolean {
	return ownErrorSchema.safeParse(body).success;
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
