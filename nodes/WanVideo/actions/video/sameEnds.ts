/** A video that ends where it begins is a loop, which is seldom meant: both ends are asked for in the field `data` at first. */
import { isRows, sourceKey } from '../../wan/materialSource';
import { MATERIAL_WORDS } from '../../wan/vocabulary';
import type { InspectedItem } from './inspectItems';

/** The hint for an item whose first and last frame are the same; none for others. It is charged all the same, so the hint says where else to look. */
export function sameEnds({
	result,
	otherFiles,
}: Pick<InspectedItem, 'result' | 'otherFiles'>): string[] {
	if (!result.ok) return [];
	const { firstFrame, lastFrame } = result.request.materials;
	if (firstFrame === undefined || lastFrame === undefined) return [];
	if (isRows(firstFrame) || isRows(lastFrame)) return [];
	if (sourceKey(firstFrame) !== sourceKey(lastFrame)) return [];
	const what = 'file' in firstFrame ? 'file' : 'address';
	const more = otherFiles.length === 0 ? '' : ` Other files of the item: ${otherFiles.join(', ')}.`;
	return [
		`'${MATERIAL_WORDS.firstFrame.title}' and '${MATERIAL_WORDS.lastFrame.title}' are the same ${what}, so the video ends where it begins: a loop.${more}`,
	];
}
