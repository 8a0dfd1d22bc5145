/**
 * When a field is shown, in the order in which n8n reads conditions: at the first one whose value is an
 * expression it shows the field and reads no further. So the operation comes first, the mode next. The model
 * is told by what is hidden, as only there an expression can be told apart: a model by expression has one
 * field of each name, which fits most of the models.
 */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { MODELS } from '../../wan/models';
import { SHOW_ANY_MODEL } from './conditions';

type Conditions = NonNullable<IDisplayOptions['show']>;

/**
 * Texts that begin with "=", by their order: `startsWith` throws in n8n 1.123 where a workflow of 0.1.0 has no
 * model, and `regex` runs in a sandbox of n8n with an end in time, which a loaded server reaches.
 */
const BY_EXPRESSION = { _cnd: { between: { from: '=', to: '>' } } } as const;
/** The editor works an expression out before it looks at conditions; while nothing has run, nothing comes of it. */
const UNKNOWN = [BY_EXPRESSION, ''];
const MODE = 'generationMode';

const showOf = ({ displayOptions }: INodeProperties): Conditions => displayOptions?.show ?? {};
const isForAny = (property: INodeProperties) =>
	showOf(property).model?.[0] === SHOW_ANY_MODEL.model?.[0];
const depends = (property: INodeProperties) => showOf(property).model !== undefined;

/** How well a field serves where the model is not known: in every mode, with many choices, in a wide range. */
function breadth(property: INodeProperties): number {
	const { options = [], typeOptions: { minValue = 0, maxValue = 0 } = {} } = property;
	const anyMode = showOf(property)[MODE] === undefined ? 1000 : 0;
	// An address that is left empty is none, so nobody has to say so.
	const asked = property.default === 'url' ? 100 : 0;
	return (isForAny(property) ? 10_000 : anyMode + asked) + options.length + maxValue - minValue;
}

/** Of each name the field that is shown where the model comes from an expression. */
function standIns(properties: readonly INodeProperties[]): Set<INodeProperties> {
	const best = new Map<string, INodeProperties>();
	for (const property of properties.filter(depends)) {
		const known = best.get(property.name);
		if (known === undefined || breadth(property) > breadth(known))
			best.set(property.name, property);
	}
	return new Set(best.values());
}

/** The fields of an operation on videos. */
export function ofOperation(
	operation: string,
	properties: readonly INodeProperties[],
): INodeProperties[] {
	const chosen = standIns(properties);
	return properties.map((property) => {
		const { model, [MODE]: mode, ...beside } = showOf(property);
		const hide: Conditions = { ...property.displayOptions?.hide };
		if (model !== undefined && !isForAny(property)) {
			const others = MODELS.map(({ id }) => id).filter((id) => !model.includes(id));
			const hidden = [...others, ...(chosen.has(property) ? [] : UNKNOWN)];
			if (hidden.length > 0) hide.model = hidden;
		}
		const show: Conditions = {
			...{ resource: ['video'], operation: [operation] },
			...(mode !== undefined && { [MODE]: mode }),
			...beside,
			...(isForAny(property) && { model }),
		};
		const displayOptions = { show, ...(Object.keys(hide).length > 0 && { hide }) };
		return { ...property, displayOptions };
	});
}
