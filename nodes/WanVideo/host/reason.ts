/** The reason behind something that was thrown, as words that can stand in a sentence of the node's own. */

/** Characters of a foreign text that are worth reading. */
const LONGEST = 300;

/** The message of what was thrown, cut, without a full stop at the end. */
export function messageOf(thrown: unknown): string {
	const message = textIn(thrown, 'message') ?? (typeof thrown === 'string' ? thrown : '');
	return cut(message) || 'unknown reason';
}

/** Its description, as n8n's errors have one, where that says more than the message. */
export function descriptionOf(thrown: unknown): string | undefined {
	const description = cut(textIn(thrown, 'description') ?? '');
	return description === '' || description === messageOf(thrown) ? undefined : description;
}

/** Both, to stand behind a colon. */
export function reasonOf(thrown: unknown): string {
	const description = descriptionOf(thrown);
	return description === undefined ? messageOf(thrown) : `${messageOf(thrown)}. ${description}`;
}

function cut(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	const short = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
	return short.replace(/[.\s]+$/, '');
}

/** A text property of what was thrown, which may be anything: even reading it may throw. */
function textIn(thrown: unknown, name: 'message' | 'description'): string | undefined {
	if (typeof thrown !== 'object' || thrown === null) return undefined;
	try {
		const value: unknown = Reflect.get(thrown, name);
		return typeof value === 'string' && value.trim() !== '' ? value : undefined;
	} catch {
		return undefined;
	}
}
