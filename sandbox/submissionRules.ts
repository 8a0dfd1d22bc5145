// The rules of a model that bind several fields, as far as a body alone can break them. What the
// lengths of materials decide is in materials.ts.

import type { FieldName, MaterialField, ModelContract, Rule } from './contract';
import type { Given, Values } from './given';
import type { Switches } from './switches';

/** The first rule that a body breaks, in words. */
export function rulesProblem(
	{ rules }: ModelContract,
	values: Values,
	materials: readonly Given[],
	switches: Switches,
): string | undefined {
	for (const rule of rules) {
		const problem = ruleProblem(rule, values, materials, switches);
		if (problem !== undefined) return problem;
	}
	return undefined;
}

function ruleProblem(
	rule: Rule,
	values: Values,
	materials: readonly Given[],
	switches: Switches,
): string | undefined {
	const has = (name: FieldName): boolean => isGiven(values[name]);
	const count = (name: MaterialField): number =>
		materials.filter(({ field }) => field === name).length;
	switch (rule.rule) {
		case 'atLeastOneOf':
			if (!rule.fields.some(has)) return `one of ${rule.fields.join(', ')} is required`;
			if (switches.fileWithoutPrompt === 'refused' && has('file_url') && !has('prompt'))
				return 'prompt is required with file_url';
			return undefined;
		case 'notTogether':
			return rule.fields.every(has) ? `${rule.fields.join(' and ')} exclude each other` : undefined;
		case 'countTogether': {
			const { fields, min, max } = rule;
			const sum = fields.reduce((all, name) => all + count(name), 0);
			return sum >= min && sum <= max
				? undefined
				: `${fields.join(' and ')} must have ${min} to ${max} elements together`;
		}
		case 'voicesBelong': {
			const stray = materials.find(
				({ field, at }) => field === 'voice_bindings' && !isThere(at, count),
			);
			return stray && `${stray.at.replace('model_params.', '')} out of range`;
		}
		case 'shorterWithClips':
			return count('video_urls') > 0 && Number(values.duration ?? 0) > rule.max
				? `duration must not exceed ${rule.max} with video_urls`
				: undefined;
		case 'clipsAndDuration':
			return values.duration === -1 &&
				count('video_urls') > 0 &&
				switches.smartWithClips === 'refused'
				? 'duration -1 is not supported with video_urls'
				: undefined;
		case 'clipFitsDuration':
			return undefined;
	}
}

const isGiven = (value: unknown): boolean =>
	value !== undefined &&
	value !== null &&
	value !== '' &&
	!(Array.isArray(value) && value.length === 0);

/** Whether the picture or clip that a voice is bound to is there, e.g. `...image2`. */
function isThere(at: string, count: (name: MaterialField) => number): boolean {
	const [, kind, number] = /\.(image|video)(\d+)$/.exec(at) ?? [];
	return Number(number) <= count(kind === 'video' ? 'video_urls' : 'image_urls');
}
