/**
 * A request as version 0.1.0 wrote it down: flat, with files as `sha256:` texts. Its hash is what entries of
 * stored executions were made with, so these bytes must never change (a golden test holds them).
 */
import { isRows, type MaterialSource, standInOf } from './materialSource';
import { DEFAULT_MODEL } from './models';
import type { GenerationRequest } from './request';
import { MATERIAL_NAMES } from './vocabulary';

/** The request in the words of 0.1.0, which knew one model; of another one it wrote nothing down. */
export function requestOf010({ model, materials, ...settings }: GenerationRequest): object {
	const textOf = (source: MaterialSource | undefined) =>
		source === undefined ? null : 'url' in source ? source.url : standInOf(source.file);
	const flat = MATERIAL_NAMES.flatMap((name): Array<[string, unknown]> => {
		const value = materials[name];
		if (value === undefined) return [];
		return [[name, isRows(value) ? value.map(textOf) : textOf(value)]];
	});
	return {
		...(model !== DEFAULT_MODEL.id && { model }),
		...settings,
		...Object.fromEntries(flat),
	};
}
