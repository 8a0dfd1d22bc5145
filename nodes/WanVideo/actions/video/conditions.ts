/** When a field of a request is shown: for which models, and of a model with modes in which of these. */
import type { IDisplayOptions } from 'n8n-workflow';

import { MODELS } from '../../wan/models';
import type { Model } from '../../wan/models/model';
import { modesOf, ruleOf } from '../../wan/modes';
import type { ModeChoice } from '../../wan/request';
import type { Material } from '../../wan/vocabulary';

export type Show = NonNullable<IDisplayOptions['show']>;
export type Need = 'required' | 'optional';

/** The modes that a user chooses among. */
export const choicesOf = (model: Model): ModeChoice[] => [
	...modesOf(model).map(({ mode }) => mode),
	'auto',
];

/** Of these models, those without modes by one condition, and each that has modes by one of its own. */
function showOf(wanted: ReadonlyArray<{ model: Model; modes?: ModeChoice[] }>): Show[] {
	const plain = wanted.filter(({ modes }) => modes === undefined).map(({ model }) => model.id);
	return [
		...wanted.flatMap(({ model, modes }) =>
			modes === undefined || modes.length === 0
				? []
				: [{ model: [model.id], generationMode: modes }],
		),
		...(plain.length === 0 ? [] : [{ model: plain }]),
	];
}

/** Where a material may be given; with `need` only where it must be, or need not be. */
export function showMaterial(
	material: Material,
	need?: Need,
	models: readonly Model[] = MODELS,
): Show[] {
	const fits = (rule: string) => (need === undefined ? rule !== 'refused' : rule === need);
	return showOf(
		models.flatMap((model) => {
			if (model.materials[material] === undefined) return [];
			const modes = modesOf(model);
			if (modes.length === 0) return fits(ruleOf(model.sets[0], material)) ? [{ model }] : [];
			const named = modes.filter((set) => fits(ruleOf(set, material))).map(({ mode }) => mode);
			// In Auto everything may be given, and nothing must be.
			return [{ model, modes: [...named, ...(fits('optional') ? (['auto'] as const) : [])] }];
		}),
	);
}

/** For these models, in all of their modes. */
export const showModels = (models: readonly Model[]): Show => ({
	model: models.map(({ id }) => id),
});

/**
 * For no fixed model: n8n shows it only where the model comes from an expression, so that no default of a
 * certain model is taken for what the user chose.
 */
export const SHOW_ANY_MODEL: Show = { model: [''] };

/** Models that are alike in something, told by a text, in the order of the family. */
export function alike<T>(
	of: (model: Model) => T | undefined,
	all: readonly Model[] = MODELS,
): Array<{ models: Model[]; value: T }> {
	const groups = new Map<string, { models: Model[]; value: T }>();
	for (const model of all) {
		const value = of(model);
		if (value === undefined) continue;
		const key = JSON.stringify(value);
		const group = groups.get(key) ?? { models: [], value };
		group.models.push(model);
		groups.set(key, group);
	}
	return [...groups.values()];
}
