/** Foreign texts and data made fit to be told and stored: without the key, short, and never the reason for a throw. */

/** Takes the credential's key out of a text. */
export type Redact = (text: string) => string;

/** Of a text that is searched or tidied. An error page says what it has to say in its first kilobytes. */
const READ_CHARACTERS = 8_000;
const TOLD_CHARACTERS = 500;
const CODE_CHARACTERS = 100;
/** Signed links have up to a few thousand characters. */
const LINK_CHARACTERS = 8_000;
/** A task has three levels (EvoLink docs). */
const LEVELS = 40;
const ENTRIES = 1_000;

/** A foreign text made fit for an error: no control characters, one line, at most `most` characters. */
export function tidy(text: string, most = TOLD_CHARACTERS): string {
	// n8n marks a run as cancelled by the American spelling in a message; the user did not stop anything.
	const line = text
		.slice(0, READ_CHARACTERS)
		.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
		.replace(/\bcanceled\b/gi, 'cancelled')
		.trim();
	return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** The key goes before the text is cut: half a key is a key too much. */
export function cleaned(text: string, redact: Redact, most = TOLD_CHARACTERS): string {
	return tidy(redact(text), most);
}

/** A code or a state: one word as a rule. */
export function cleanedWord(text: string, redact: Redact): string {
	return cleaned(text, redact, CODE_CHARACTERS);
}

/** An error page as a line of text. The key is taken out before the page is cut, and again where only its tags parted it. */
export function cleanedPage(page: string, redact: Redact, most = TOLD_CHARACTERS): string {
	return cleaned(asPlainText(redact(page).slice(0, READ_CHARACTERS)), redact, most);
}

/** Only for a text that was cut: the search for an end that is not there takes quadratic time. */
function asPlainText(page: string): string {
	return page.replace(/<(style|script)[\s\S]*?(<\/\1>|$)/gi, ' ').replace(/<[^>]*>?/g, ' ');
}

/** Whether a link is short enough to be one. */
export function isLinkLength(link: string): boolean {
	return link.length <= LINK_CHARACTERS;
}

/** What a foreign value has under a name; nothing where it is no object. */
export function fieldOf(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** A copy of foreign data without the key, with long texts cut, and no deeper than anybody reads. */
export function plainCopy(value: unknown, redact: Redact, level = 0): unknown {
	if (typeof value === 'string') {
		const clean = redact(value);
		return clean.length > LINK_CHARACTERS ? `${clean.slice(0, LINK_CHARACTERS)}…` : clean;
	}
	if (typeof value !== 'object' || value === null) return value;
	if (level >= LEVELS) return '…';
	if (Array.isArray(value))
		return value.slice(0, ENTRIES).map((entry) => plainCopy(entry, redact, level + 1));
	return plainRecord(value, redact, level + 1);
}

/** The same of an object. Fields without a value are left out. */
export function plainRecord(value: object, redact: Redact, level = 1): Record<string, unknown> {
	const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
	// Made by entries: a field named `__proto__` is data like any other.
	return Object.fromEntries(
		fields
			.slice(0, ENTRIES)
			.map(([name, inner]) => [cleanedWord(name, redact), plainCopy(inner, redact, level)]),
	);
}
