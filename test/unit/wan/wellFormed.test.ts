/** Prompts as every service can read them: nothing that is no character, and everything that is one. */
import { wellFormed, withWellFormedPrompts } from '../../../nodes/WanVideo/wan/wellFormed';

const EMOJI = '\u{1F63A}';

it.each([
	['half an emoji at the end', `A cat ${EMOJI}`.slice(0, -1), 'A cat '],
	['half an emoji at the beginning', `${EMOJI} cat`.slice(1), ' cat'],
	['a NUL', 'A\u0000 cat', 'A cat'],
	['two high halves', `\uD83D${EMOJI}`, EMOJI],
	['whole emoji', `${EMOJI}${EMOJI}`, `${EMOJI}${EMOJI}`],
	['other letters and breaks', '\u732B \n\t\u00FC', '\u732B \n\t\u00FC'],
])('%s', (_label, text, expected) => {
	expect(wellFormed(text)).toBe(expected);
});

it('tells of a prompt that it had to mend, by its label, and of no other', () => {
	const raw = { prompt: `A cat ${EMOJI}`.slice(0, -1), negativePrompt: 'blurry', seed: 1 };
	const mended = withWellFormedPrompts(raw);
	expect(mended.raw).toEqual({ ...raw, prompt: 'A cat ' });
	expect(mended.hints).toEqual([expect.stringMatching(/^'Prompt' held what is no character/)]);
	expect(withWellFormedPrompts({ prompt: EMOJI }).hints).toEqual([]);
});
