/** The prompts as texts: what is certainly not meant, what is probably not, and what EvoLink cuts off. */
import { shown } from './shown';
import { renderAdvice, strayTemplate, strayWord, unrendered } from './unrendered';

export type TextField = 'prompt' | 'negativePrompt';
export const TEXT_FIELDS: readonly TextField[] = ['prompt', 'negativePrompt'];

/** The option that lets a prompt through as it is. */
export const CHECK_PROMPT_LABEL = 'Check Prompt';

/** Why a text is not sent, in words that go on from its label; undefined for one that may be meant. */
export function textFlaw(text: string, isExpression: boolean): string | undefined {
	const flaw = unrendered(text);
	if (flaw === undefined) return undefined;
	return `is ${shown(text)}, which ${flaw}. ${renderAdvice(isExpression)} To send it on purpose, turn off the option '${CHECK_PROMPT_LABEL}'.`;
}

/** What is worth a look in a text that is sent, in words that go on from its label. */
export function textHints(text: string, maxCharacters: number, isExpression: boolean): string[] {
	const hints: string[] = [];
	const characters = [...text].length;
	// EvoLink cuts without a word (seed).
	if (characters > maxCharacters)
		hints.push(`has ${characters} characters; EvoLink cuts it after ${maxCharacters}.`);
	const word = isExpression ? strayWord(text) : undefined;
	if (word !== undefined)
		hints.push(`holds the word ${word}, as when an expression finds nothing: ${shown(text)}.`);
	const template = strayTemplate(text);
	if (template !== undefined)
		hints.push(`holds ${shown(template)}, which n8n does not fill in: it is sent as it stands.`);
	return hints;
}
