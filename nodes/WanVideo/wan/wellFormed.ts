/**
 * Texts as every service can read them. A `slice` through an emoji leaves half of it, and some sources end texts in
 * a NUL: neither is a character, and what a service makes of it nobody knows.
 */
import { LABELS, type RawRequest } from './request';

/** Half of a pair of UTF-16 code units, without the other half. */
const HALF = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const NUL = '\u0000';

/** The text without what is no character. */
export function wellFormed(text: string): string {
	return text.split(NUL).join('').replace(HALF, '');
}

/** The request with its prompts well-formed, and a hint for each that was not. */
export function withWellFormedPrompts(raw: RawRequest): { raw: RawRequest; hints: string[] } {
	const mended: Partial<Record<'prompt' | 'negativePrompt', string>> = {};
	const hints: string[] = [];
	for (const field of ['prompt', 'negativePrompt'] as const) {
		const value = raw[field];
		if (typeof value !== 'string') continue;
		const text = wellFormed(value);
		if (text === value) continue;
		mended[field] = text;
		hints.push(
			`'${LABELS[field]}' held what is no character (half an emoji, as a text cut in its middle leaves it, or a NUL); it was taken out.`,
		);
	}
	return { raw: { ...raw, ...mended }, hints };
}
