/** How a message shows what a field held: enough to know it again, never a secret. */

const SHOWN_CHARACTERS = 60;

/**
 * A value in short: a text in quotes, cut after 60 characters, anything else as JSON or by its kind.
 * API keys are left out, and so is what stands behind the `?` of an address, where links carry theirs.
 */
export function shown(value: unknown): string {
	if (value === undefined || value === null || value === '') return 'nothing';
	if (typeof value === 'string') {
		return value.trim() === '' ? 'nothing but blanks' : `"${cut(withoutSecrets(oneLine(value)))}"`;
	}
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	if (typeof value !== 'object') return `a ${typeof value}`;
	return `${Array.isArray(value) ? 'a list' : 'an object'}: ${cut(withoutSecrets(jsonOf(value)))}`;
}

/** The name of a field or a file in a message: in single quotes, and no more of it than of a value. */
export function named(name: string): string {
	return `'${cut(withoutSecrets(oneLine(name)))}'`;
}

function cut(text: string): string {
	const characters = [...text];
	return characters.length <= SHOWN_CHARACTERS
		? text
		: `${characters.slice(0, SHOWN_CHARACTERS).join('')}…`;
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

function withoutSecrets(text: string): string {
	return text
		.replace(/\bsk-[\w-]{6,}/g, 'sk-…')
		.replace(/\b(Bearer)\s+[^\s"]+/gi, '$1 …')
		.replace(/(https?:\/\/)[^\s/@"]+@/gi, '$1…@')
		.replace(/(https?:\/\/[^\s?"]+)\?[^\s"]*/gi, '$1?…');
}

/** Long contents, such as those of a file, are not worth writing out for the few characters that are shown. */
function jsonOf(value: object): string {
	try {
		return (
			JSON.stringify(value, (_key, part: unknown) =>
				typeof part === 'string' && part.length > 200 ? `${part.slice(0, 200)}…` : part,
			) ?? ''
		);
	} catch {
		return '…';
	}
}
