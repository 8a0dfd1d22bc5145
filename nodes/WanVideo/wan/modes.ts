/** The modes of a model that has modes, and which of them materials make. */
import { type ByMaterial, placed } from './materialSource';
import { modelOf } from './models';
import type { MaterialSet, Mode, Model } from './models/model';
import type { Material } from './vocabulary';

/** The sets that are modes. */
export function modesOf(model: Model): Array<MaterialSet & { mode: Mode }> {
	return model.sets.flatMap((set) => (set.mode === undefined ? [] : [{ ...set, mode: set.mode }]));
}

/** Whether a set takes a material, and must have it. */
export function ruleOf(set: MaterialSet, name: Material): 'required' | 'optional' | 'refused' {
	if (set.required.includes(name)) return 'required';
	return set.optional.includes(name) ? 'optional' : 'refused';
}

/** The mode whose required and optional materials cover exactly these, or undefined when no mode does. */
export function modeForMaterials(model: Model, materials: ByMaterial<unknown>): Mode | undefined {
	const given = new Set(placed<unknown>(materials).map(({ name }) => name));
	return modesOf(model).find(
		(set) =>
			set.required.every((name) => given.has(name)) &&
			[...given].every((name) => ruleOf(set, name) !== 'refused'),
	)?.mode;
}

/**
 * What EvoLink takes a setting for that a request leaves out, by the model's ID. A setting that is not
 * listed is left to chance or is not there. Models that this version does not know have none.
 */
export function unsetMeans(id: string): Readonly<Record<string, string | number | boolean>> {
	const model = modelOf(id);
	if (model === undefined) return {};
	return Object.fromEntries(
		Object.entries(model.settings).flatMap(
			([name, limits]: [string, object]): Array<[string, string | number | boolean]> => {
				// "As the clip" has no value of its own.
				const fallback: unknown = Reflect.get(limits, 'default');
				if (fallback === 'asClip') return [];
				return isPlain(fallback) ? [[name, fallback]] : [];
			},
		),
	);
}

function isPlain(value: unknown): value is string | number | boolean {
	return ['string', 'number', 'boolean'].includes(typeof value);
}
