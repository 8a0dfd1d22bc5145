/** A look into the materials before anything is paid for, each once. Nothing is charged and nothing is uploaded. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { inspectAll, type Inspection } from '../../generation/inspect';
import type { ItemFiles } from '../../host/itemFiles';
import { materialDoor } from '../../host/materialDoor';
import { bareAddress } from '../../wan/address';
import { FOLLOWS, isFollowed } from '../../wan/follow';
import {
	isRows,
	type MaterialSource,
	type Place,
	placed,
	sourceKey,
} from '../../wan/materialSource';
import { sameField } from '../../wan/problem';
import type { RawMaterial } from '../../wan/request';
import { type CheckedItem, isGood } from './checkItems';
import { goesOnWithoutBadItems } from './refusals';

export interface InspectedItem extends CheckedItem {
	/** What was seen of the materials that were looked into. */
	inspections: Array<Place & { value: Inspection }>;
	/** What was seen of the material that the length follows. */
	length?: Inspection;
}

export interface Looks {
	/** Which items are checked with their materials. */
	inspects: (one: CheckedItem) => boolean;
	/** Of which items the length is needed, where it follows a material. */
	measures: (one: CheckedItem) => boolean;
}

const ALL: Looks = { inspects: () => true, measures: () => true };

/** What an item is made of is looked at only where it is asked for; without `looks` all of it. */
export async function inspectItems(
	context: IExecuteFunctions,
	files: ItemFiles,
	checked: readonly CheckedItem[],
	looks?: Looks,
): Promise<InspectedItem[]> {
	const { inspects, measures } = looks ?? ALL;
	// Files cost nothing to look into. Addresses cost requests, and none is made for a run that ends here anyway.
	const ends = looks !== undefined && !goesOnWithoutBadItems(context) && !checked.every(isGood);
	const inspected = (one: CheckedItem) =>
		one.checksMaterials && one.unread.length === 0 && inspects(one) ? sourcesOf(one) : [];
	const measured = (one: CheckedItem) => (measures(one) ? measuredOf(one) : []);
	const wanted = checked.flatMap((one) => {
		const sources = inspected(one).map(({ value }) => value);
		const seen = ends ? sources.filter((source) => 'file' in source) : sources;
		return [...seen, ...measured(one)];
	});
	// No look, no credential needed.
	const seen =
		wanted.length === 0
			? new Map<string, Inspection>()
			: await inspectAll(wanted, await materialDoor(context, files));
	return checked.map((one) => {
		const [length] = measured(one).map((source) => seen.get(sourceKey(source)));
		return {
			...one,
			inspections: inspected(one).flatMap(({ value, ...place }) => {
				const inspection = seen.get(sourceKey(value));
				return inspection === undefined ? [] : [{ ...place, value: inspection }];
			}),
			...(length !== undefined && { length }),
		};
	});
}

/** The material that the length follows, looked into whatever else is checked; none where it follows nothing. */
function measuredOf({ result, unread }: CheckedItem): MaterialSource[] {
	if (!result.ok || unread.length > 0 || !isFollowed(result.request.durationMode)) return [];
	const source = result.request.materials[FOLLOWS[result.request.durationMode].material];
	return source === undefined || isRows(source) ? [] : [source];
}

type Source = Place & { value: MaterialSource };

/** The materials of an item that are worth a look: those whose field has no problem. A web page is whatever it is. */
function sourcesOf({ raw, result }: CheckedItem): Source[] {
	const problems = result.ok ? [] : result.problems;
	return placed<RawMaterial>(raw.materials ?? {}).flatMap(({ value, ...place }): Source[] => {
		const field = { field: place.name, ...(place.row !== undefined && { row: place.row }) };
		if (place.name === 'page') return [];
		if (problems.some((problem) => sameField(problem, field))) return [];
		if ('file' in value) return [{ ...place, value }];
		const url = typeof value.url === 'string' ? bareAddress(value.url) : '';
		return url === '' ? [] : [{ ...place, value: { url } }];
	});
}
