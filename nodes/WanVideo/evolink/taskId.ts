/** Task IDs in foreign answers: what may be one, which one is meant, and how old its task is. */

/** EvoLink's are 31 characters long (docs); its own clients take up to 128. */
const LONGEST = 200;
/** Blanks, control and format characters, half a surrogate pair: such an ID can be neither shown nor asked for. */
const UNUSABLE = /[\s\p{Cc}\p{Cf}\p{Cs}]/u;
/** Every ID that EvoLink's docs show begins like this, and its task query insists on it. */
const OWN_PREFIX = 'task-unified-';
const OWN_FORM = /^task-/;
/** Names under which a task's ID stands. A bare `id` may be that of anything. */
const ID_KEYS: ReadonlySet<string> = new Set(['task_id', 'taskId']);
/** Names under which an answer's words stand. */
const WORD_KEYS: ReadonlySet<string> = new Set(['error', 'message', 'msg']);
/** Parts of an answer that are looked through for an ID. */
const MOST_PARTS = 10_000;
/** Of a text. What an answer says of its task stands at its beginning. */
const MOST_CHARACTERS = 300_000;

/** The text as a task ID, or undefined where it cannot be one. */
export function asTaskId(value: unknown): string | undefined {
	if (typeof value !== 'string' || value.length > 2 * LONGEST) return undefined;
	const id = value.trim();
	return id !== '' && id.length <= LONGEST && !UNUSABLE.test(id) ? id : undefined;
}

/** Whether an ID looks like a task's, and not like one of a request or of a gateway. */
export function isOfOwnForm(id: string): boolean {
	return OWN_FORM.test(id);
}

/**
 * The one task that an answer names, wherever it stands: the ID of a task that may be paid for must not
 * be lost. `asked` is what was sent: an ID in it, e.g. in the address of an earlier video, is no news.
 */
export function taskIdIn(body: unknown, asked = ''): string | undefined {
	const found = new Set(idsIn(body).filter((id) => !asked.includes(id)));
	const [id, ...others] = found;
	return others.length === 0 ? id : undefined;
}

/** Whether an answer names the ID in sentences only, which may be a word on another task. */
export function isOnlyInWords(body: unknown, id: string): boolean {
	const naming = textsIn(body).filter(({ text }) => text.includes(id));
	return naming.length > 0 && !naming.some((one) => isField(one, id));
}

/** JSON that broke off is a text, and has the ID in a field. */
function isField({ key, text }: { key: string; text: string }, id: string): boolean {
	if (WORD_KEYS.has(key)) return false;
	return !/\s/.test(text.trim()) || (/^\s*[[{]/.test(text) && text.includes(`"${id}"`));
}

function idsIn(body: unknown): string[] {
	return textsIn(body).flatMap(({ text, key }) => idsOf(text, key));
}

/** The texts of an answer. Not by recursion: it may be nested deeper than a call stack goes. */
function textsIn(body: unknown): Array<{ key: string; text: string }> {
	const texts: Array<{ key: string; text: string }> = [];
	const left: Array<{ key: string; value: unknown }> = [{ key: '', value: body }];
	for (let part = left.pop(), seen = 0; part && seen < MOST_PARTS; part = left.pop(), seen += 1) {
		const { key, value } = part;
		if (typeof value === 'string') texts.push({ key, text: value });
		if (typeof value !== 'object' || value === null) continue;
		for (const [name, inner] of Object.entries(value)) left.push({ key: name, value: inner });
	}
	return texts;
}

function idsOf(text: string, key: string): string[] {
	const whole = asTaskId(text);
	if (whole !== undefined && (ID_KEYS.has(key) || whole.startsWith(OWN_PREFIX))) return [whole];
	// What stands where an ID should and is none: a part of it would be another task's.
	if (whole === undefined && (ID_KEYS.has(key) || key === 'id')) return [];
	// Within a sentence or a page an ID ends where its writing ends; within an address, at the next slash.
	const start = text.slice(0, MOST_CHARACTERS);
	const found = start.matchAll(/(\/?)\b(task-unified-[^\s"'`<>\\|,;()[\]{}?#&=]{1,200})/gu);
	return Array.from(found, ([, slash, id]) =>
		(slash === '' ? id : id.split('/')[0]).replace(/[.:!/]{1,9}$/, ''),
	).filter((id) => id.length > OWN_PREFIX.length && asTaskId(id) === id);
}

/** Wall clock (ms) of a task's creation by its ID, which holds the Unix seconds (EvoLink docs: every sample). */
export function bornAt(taskId: string): number | undefined {
	const seconds = /^task-unified-(\d{10})-/.exec(taskId)?.[1];
	return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/** How long (ms) EvoLink may take to know its own task everywhere: a copy of its database that lags. */
const YOUNG_MS = 180_000;

/** Whether a task is so new that an answer which does not know it may only be late. Times are wall clock in milliseconds. */
export function isYoung(taskId: string, now: number, submittedAt?: number): boolean {
	const since = submittedAt ?? bornAt(taskId);
	return since !== undefined && Math.abs(now - since) < YOUNG_MS;
}
