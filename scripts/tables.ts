/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Writes the README's tables of models, modes and limits from the node's own tables: `npm run docs`.
// A test fails when the README says anything else.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { alike } from '../nodes/WanVideo/actions/video/conditions';
import { limitsText } from '../nodes/WanVideo/actions/video/limitsText';
import { DEFAULT_MODEL, MODELS } from '../nodes/WanVideo/wan/models';
import type { Model } from '../nodes/WanVideo/wan/models/model';
import { modesOf, ruleOf } from '../nodes/WanVideo/wan/modes';
import { LABELS } from '../nodes/WanVideo/wan/request';
import { MATERIAL_NAMES, SETTING_NAMES, type Setting } from '../nodes/WanVideo/wan/vocabulary';

const WORDS = { required: 'required', optional: 'optional', refused: '–' } as const;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: ReadonlyArray<readonly string[]>) =>
	[row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const FAMILIES = ['Wan 2.7', 'Wan 3.0 Prime', 'Wan 3.0'] as const;
const familyOf = ({ label }: Model) => FAMILIES.find((name) => label.startsWith(name)) ?? label;

/** "all", families that are whole by their name, and the other models by their labels. */
function whose(models: readonly Model[]): string {
	if (models.length === MODELS.length) return 'all';
	const isWhole = (family: string) =>
		MODELS.filter((model) => familyOf(model) === family).every((model) => models.includes(model));
	const names = models.map((model) => (isWhole(familyOf(model)) ? familyOf(model) : model.label));
	return [...new Set(names)].join(', ');
}

function billedText({ billing, settings }: Model): string {
	const { clipsUpToSeconds: clips } = billing;
	const plus = clips === undefined ? '' : ` + clips, up to ${clips}`;
	return `${settings.durationSeconds.default === 'asClip' ? 'the clip or duration' : 'duration'}${plus}`;
}

const MORE = { smart: ', or chosen by the model', asClip: ', or as the clip' } as const;

function modelRow(model: Model): string[] {
	const { durationSeconds, quality, aspectRatio } = model.settings;
	const { min, max, open } = durationSeconds;
	return [
		`[${model.label}](${model.page})`,
		model.summary,
		`${min} to ${max} s${open === undefined ? '' : MORE[open]}`,
		quality.values.join(', '),
		aspectRatio === undefined ? 'that of the material' : aspectRatio.values.join(', '),
		billedText(model),
	];
}

function settingText(name: Setting, limits: object): [range: string, fallback: string] {
	const facts: Record<string, unknown> = { ...limits };
	const own = facts.default;
	const isPlain = typeof own === 'string' || typeof own === 'number' || typeof own === 'boolean';
	const plain = isPlain ? String(own) : 'none';
	const fallback = own === 'asClip' ? 'as the clip' : plain;
	switch (name) {
		case 'prompt':
		case 'negativePrompt': {
			const text = `cut by EvoLink after ${String(facts.maxCharacters)} characters`;
			return [text, facts.needed === true ? 'needed' : 'none'];
		}
		case 'durationSeconds':
			return [`${String(facts.min)} to ${String(facts.max)} seconds, whole numbers`, fallback];
		case 'seed':
			return [`${String(facts.min)} to ${String(facts.max)}`, 'random'];
		case 'callbackUrl':
			return [`https, public, up to ${String(facts.maxCharacters)} characters`, 'none'];
		case 'quality':
		case 'aspectRatio':
			return [(facts.values as string[]).join(', '), fallback];
		case 'promptExtend':
		case 'generateAudio':
		case 'keepOriginalSound':
			return ['on or off', own === true ? 'on' : 'off'];
	}
}

/** The README's generated parts by their names. */
export function tables(): Record<string, string> {
	const materials = MATERIAL_NAMES.filter((name) => DEFAULT_MODEL.materials[name] !== undefined);
	return {
		models: table(
			['Model', 'What it makes a video from', 'Duration', 'Quality', 'Shape', 'Billed seconds'],
			MODELS.map(modelRow),
		),
		modes: table(
			[LABELS.mode, ...materials.map((material) => LABELS[material])],
			modesOf(DEFAULT_MODEL).map((set) => [
				set.label ?? set.mode,
				...materials.map((material) => WORDS[ruleOf(set, material)]),
			]),
		),
		materials: table(
			['Material', 'Models', 'What EvoLink takes'],
			MATERIAL_NAMES.flatMap((name) =>
				alike((model) => model.materials[name]).map(({ models, value }) => {
					const count = value.maxCount === undefined ? '' : `up to ${value.maxCount}; `;
					const text = `${count}${limitsText(value)}`;
					return [LABELS[name], whose(models), text === '' ? 'a public page' : text];
				}),
			),
		),
		settings: table(
			['Field', 'Models', 'Range', 'Default'],
			SETTING_NAMES.flatMap((name) =>
				alike(({ settings }) => settings[name]).map(({ models, value }) => [
					LABELS[name],
					whose(models),
					...settingText(name, value),
				]),
			),
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
