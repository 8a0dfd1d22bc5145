/** For an agent's tool: materials that EvoLink can never open are wrong, though a person would only get a hint. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { isTool } from '../../host/scope';
import { reachOf } from '../../host/unreachable';
import type { Problem } from '../../wan/check';
import { nameOf, placed, placeKey } from '../../wan/materialSource';
import type { RawMaterial } from '../../wan/request';
import { withProblems } from './checkItems';
import type { InspectedItem } from './inspectItems';

/** The items with these problems. `counts` says for which of them it matters: nothing is looked at once it is paid for. */
export async function refuseUnreachable(
	context: IExecuteFunctions,
	inspected: readonly InspectedItem[],
	counts: (one: InspectedItem) => boolean,
): Promise<readonly InspectedItem[]> {
	if (!isTool(context)) return inspected;
	const reach = await reachOf(context);
	return inspected.map((one) => {
		if (!counts(one)) return one;
		const problems = placed<RawMaterial>(one.raw.materials ?? {}).flatMap(
			({ value: material, ...place }): Problem[] => {
				if (!('url' in material)) return [];
				const url = typeof material.url === 'string' ? material.url.trim() : '';
				const seen = one.inspections.find((other) => placeKey(other) === placeKey(place))?.value;
				const byLook = seen?.seen === 'nothing' && reach.byLook(seen.text) ? seen.text : undefined;
				const reason = reach.byForm(url) ?? byLook;
				if (reason === undefined) return [];
				const text = `${nameOf(place)} cannot be opened by EvoLink: ${reason}. Give a public address.`;
				const { name, row } = place;
				return [{ field: name, ...(row !== undefined && { row }), text }];
			},
		);
		return { ...one, result: withProblems(one.result, problems) };
	});
}
