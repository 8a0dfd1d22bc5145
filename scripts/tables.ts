/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Writes the README's tables of modes and limits from the node's own table: `npm run docs`.
// A test fails when the README says anything else.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { limitsText } from '../nodes/WanVideo/actions/video/materials';
import { LIMITS, MATERIALS, MODE_NAMES, MODES } from '../nodes/WanVideo/wan/model';
import { LABELS } from '../nodes/WanVideo/wan/request';

const WORDS = { required: 'required', optional: 'optional', refused: '–' } as const;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: ReadonlyArray<readonly string[]>) =>
	[row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** The README's generated parts by their names. */
export function tables(): Record<string, string> {
	const { durationSeconds, quality, seed, prompt, negativePrompt, callbackUrl } = LIMITS;
	return {
		modes: table(
			[LABELS.mode, ...MATERIALS.map((material) => LABELS[material])],
			MODE_NAMES.map((mode) => [
				MODES[mode].label,
				...MATERIALS.map((material) => WORDS[MODES[mode].materials[material]]),
			]),
		),
		materials: table(
			['Material', 'What EvoLink takes'],
			MATERIALS.map((material) => [LABELS[material], limitsText(material)]),
		),
		settings: table(
			['Field', 'Range', 'Default'],
			[
				[
					LABELS.durationSeconds,
					`${durationSeconds.min} to ${durationSeconds.max} seconds, whole numbers`,
					`${durationSeconds.default}`,
				],
				[LABELS.quality, quality.values.join(' or '), quality.default],
				[LABELS.prompt, `cut by EvoLink after ${prompt.maxCharacters} characters`, 'none'],
				[
					LABELS.negativePrompt,
					`cut by EvoLink after ${negativePrompt.maxCharacters} characters`,
					'none',
				],
				[LABELS.seed, `${seed.min} to ${seed.max}`, 'random'],
				[LABELS.promptExtend, 'on or off', 'off'],
				[
					LABELS.callbackUrl,
					`https, public, up to ${callbackUrl.maxCharacters} characters`,
					'none',
				],
			],
		),
	};
}

/** The text with every generated part renewed. */
export function withTables(text: string): string {
	return Object.entries(tables()).reduce(
		(whole, [name, content]) =>
			whole.replace(
				new RegExp(`(<!-- table: ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`),
				(_all, begin: string, end: string) => `${begin}\n${content}\n\n${end}`,
			),
		text,
	);
}

if (require.main === module) {
	const readme = join(__dirname, '..', 'README.md');
	writeFileSync(readme, withTables(readFileSync(readme, 'utf8')));
}
