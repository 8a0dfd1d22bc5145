/** Takes an API key out of texts, in every form in which an answer may give it back. */
import type { Redact } from './foreign';

const IN_ITS_PLACE = '[API key]';

/** A function that takes this key out of a text: as it is, as in an address, in JSON, in HTML, and in base64. */
export function redactorOf(apiKey: string): Redact {
	const forms = formsOf(apiKey);
	return (text) => forms.reduce((clean, form) => clean.split(form).join(IN_ITS_PLACE), text);
}

/** The longer ones first: a shorter one may be part of them. */
function formsOf(key: string): string[] {
	if (key === '') return [];
	const inBase64 = [`Bearer ${key}`, key].flatMap((text) => {
		const encoded = Buffer.from(text).toString('base64').replace(/=+$/, '');
		return [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')];
	});
	const inHtml = key.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
	const inJson = JSON.stringify(key).slice(1, -1);
	const forms = [key, inAddress(key), inHtml, inJson, ...inBase64];
	return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function inAddress(key: string): string {
	// Throws at half a surrogate pair, which no key has.
	return /\p{Cs}/u.test(key) ? key : encodeURIComponent(key);
}
