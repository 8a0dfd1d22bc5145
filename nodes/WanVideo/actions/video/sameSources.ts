/**
 * The same file or address in two places, which is seldom meant: every field of a file says `data` at first, and a
 * row that was duplicated says what the first one says. It is charged all the same, so it is told.
 */
import { isRows, type Materials, nameOf, placed, sourceKey } from '../../wan/materialSource';
import { MATERIAL_WORDS } from '../../wan/vocabulary';
import type { InspectedItem } from './inspectItems';

/** The hints for an item; they say where else to look. */
export function sameSources({
	result,
	otherFiles,
}: Pick<InspectedItem, 'result' | 'otherFiles'>): string[] {
	if (!result.ok) return [];
	const more = otherFiles.length === 0 ? '' : ` Other files of the item: ${otherFiles.join(', ')}.`;
	const { materials } = result.request;
	return [...sameEnds(materials), ...sameRows(materials)].map((text) => `${text}.${more}`);
}

/** A video that ends where it begins is a loop. */
function sameEnds({ firstFrame, lastFrame }: Materials): string[] {
	if (firstFrame === undefined || lastFrame === undefined) return [];
	if (isRows(firstFrame) || isRows(lastFrame)) return [];
	if (sourceKey(firstFrame) !== sourceKey(lastFrame)) return [];
	const what = 'file' in firstFrame ? 'file' : 'address';
	return [
		`'${MATERIAL_WORDS.firstFrame.title}' and '${MATERIAL_WORDS.lastFrame.title}' are the same ${what}, so the video ends where it begins: a loop`,
	];
}

/** Rows of one list: the prompt names each as something of its own. */
function sameRows(materials: Materials): string[] {
	const alike = new Map<string, { names: string[]; what: string }>();
	for (const { value, ...place } of placed(materials)) {
		if (place.row === undefined) continue;
		const key = `${place.name} ${sourceKey(value)}`;
		const names = [...(alike.get(key)?.names ?? []), nameOf(place)];
		alike.set(key, { names, what: 'file' in value ? 'file' : 'address' });
	}
	return [...alike.values()]
		.filter(({ names }) => names.length > 1)
		.map(({ names, what }) => `${names.join(' and ')} are the same ${what}`);
}
