/** Traces of an expression that did not become text: what a builder meant to have filled in, and was not. */
import { shown } from './shown';

/** What JavaScript writes where a value is missing, when it stands for the whole value. */
const NO_VALUE = /^(undefined|null|NaN)$/;

/** `$json.prompt`, `$('Form').item.json.text`: an expression without its braces. */
const BARE_EXPRESSION =
	/^\$(json|input|node|binary|items?|prevNode|vars|env|fromAI|parameter|workflow|execution)\b[^\s]*$|^\$\([^\n]*$/;

/**
 * What in a text certainly came out of an expression that did not work, in words that go on from
 * "…, which"; undefined for a text that may be meant. Case counts: "Null" may begin a sentence.
 */
export function unrendered(text: string): string | undefined {
	const trimmed = text.trim();
	const template = /\{\{[\s\S]*?\}\}|\{\{\s*\$.*/.exec(text)?.[0];
	if (template !== undefined)
		return `holds ${shown(template)}, an expression that was not filled in`;
	const object = /\[object(?: |%20)[A-Z]\w*\]/.exec(text)?.[0];
	if (object !== undefined) return `holds ${object}, what an object becomes in a text`;
	if (NO_VALUE.test(trimmed)) return 'is what becomes of a value that is missing';
	if (BARE_EXPRESSION.test(trimmed)) return 'is an expression without its {{ }}';
	return undefined;
}

/** A word inside a text that is probably none, but a value that was missing. */
export function strayWord(text: string): string | undefined {
	return /(?<![\w'"-])(undefined|null|NaN)(?![\w'"-])/.exec(text)?.[1];
}

/** What other tools and JavaScript fill in, and n8n does not: `$` with braces, `<%= name %>`, an = at the beginning. */
export function strayTemplate(text: string): string | undefined {
	return /\$\{[^{}\n]{1,80}\}|<%[^%\n]{1,80}%>|^\s*=(?=\s*[\p{L}{])/u.exec(text)?.[0].trim();
}

/** What to do about it. */
export function renderAdvice(isExpression: boolean): string {
	return isExpression
		? "Look at what the field's expression gives, and take a value that is a text."
		: 'Switch the field from Fixed to Expression, so that n8n fills it in.';
}
