/**
 * One material as its fields say it: an address, a file, or why it is neither. An expression that gives
 * nothing, or a thing of the wrong kind, never becomes another file. Plain values in, so that it serves
 * single fields and the rows of a list alike.
 */
import { asBinary, type ItemFiles } from '../../host/itemFiles';
import { withoutBlanks } from '../../wan/address';
import { isBlank, type RawMaterial } from '../../wan/request';
import { named, shown } from '../../wan/shown';
import { renderAdvice, unrendered } from '../../wan/unrendered';

export interface MaterialFields {
	item: number;
	files: Pick<ItemFiles, 'look' | 'filesIn'>;
	/** What the fields hold. Null: the field is not there. */
	values: { source: unknown; url: unknown; file: unknown };
	/** The labels of the fields, and of the material itself. */
	labels: { source: string; url: string; file: string; material: string };
	/** Which of the values an expression gave, so that they may differ from item to item. */
	byExpression: { source: boolean; url: boolean; file: boolean };
	/** What the mode of the item says to the material; a row of a list is there, so it cannot be without. */
	rule: 'required' | 'optional' | 'unused' | 'row';
	/** A model fills in every argument, and leaves empty what it does not need. */
	isTool: boolean;
}

/** At most one of material and problem; neither where the item goes without the material. */
export interface ReadMaterial {
	material?: RawMaterial;
	problem?: string;
	hint?: string;
	/** What the material is called, by where it really came from. */
	name?: string;
}

export async function readMaterial(fields: MaterialFields): Promise<ReadMaterial> {
	const source = sourceOf(fields);
	if (source === 'none') return {};
	if (source === 'url') return fromUrl(fields);
	if (source === 'binary') return await fromFile(fields);
	const { labels, byExpression, rule } = fields;
	const choices = isOptional(rule) ? 'url, binary, none' : 'url, binary';
	const given = fields.values.source;
	const what = isBlank(given)
		? `is empty${byExpression.source ? ': its expression gave nothing' : ''}. It must be`
		: `is ${shown(given)}, but must be`;
	return { problem: `'${labels.source}' ${what} one of: ${choices}.` };
}

/** The source that is meant; undefined for one that does not exist. */
function sourceOf({ values, byExpression, rule }: MaterialFields): string | undefined {
	const { source } = values;
	if (!byExpression.source && (source === null || source === undefined)) return 'url';
	if (rule === 'unused' && isBlank(source)) return 'none';
	const name = typeof source === 'string' ? withoutBlanks(source) : undefined;
	// Where a material is needed there is no None to choose; it is left from another mode.
	if (name === 'none' && !isOptional(rule) && !byExpression.source) return 'url';
	// Of a single material the mode tells that it is needed; a row that is not there would change the others' numbers.
	if (name === 'none' && rule === 'row') return undefined;
	return name !== undefined && ['url', 'binary', 'none'].includes(name) ? name : undefined;
}

const isOptional = (rule: MaterialFields['rule']) => rule === 'optional' || rule === 'unused';

function fromUrl({ values, labels, byExpression, rule, isTool }: MaterialFields): ReadMaterial {
	const { url } = values;
	if (!isBlank(url)) {
		if (rule !== 'unused' || byExpression.url) return { material: { url } };
		return {
			hint: `'${labels.url}' is the same for all items, and not used in the mode of this one.`,
		};
	}
	if (!isOptional(rule)) return { material: { url } };
	if (rule === 'unused' || isTool) return {};
	if (byExpression.url) return { hint: goneWithout(labels.url, labels.material) };
	return { problem: `'${labels.url}' is empty. Fill it in, or set its source to None.` };
}

async function fromFile(fields: MaterialFields): Promise<ReadMaterial> {
	const { item, files, values, labels, byExpression, rule } = fields;
	const given = values.file;
	const label = `'${labels.file}'`;
	const there = files.filesIn(item);
	// A name that stands in the node is the same for all items, whatever their mode has a use for.
	if (rule === 'unused' && (isBlank(given) || !byExpression.file)) return {};
	if (isBlank(given)) {
		if (!byExpression.file)
			return { problem: `${label} is empty. ${there} Enter the name of the field.` };
		if (rule === 'optional')
			return { hint: `${goneWithout(labels.file, labels.material)} ${there}` };
		return {
			problem: `${label} is empty: its expression gave nothing. ${there} Take one of these, or its name.`,
		};
	}
	const binary = asBinary(given);
	const field = typeof given === 'string' ? withoutBlanks(given) : undefined;
	if (binary === undefined && field === undefined) {
		return {
			problem: `${label} is ${shown(given)}, but must be the name of a field, or a file. ${there}`,
		};
	}
	const name = `File ${named(field ?? binary?.fileName ?? 'without a name')} of '${labels.material}'`;
	const found = await files.look(item, binary ?? field ?? '');
	if (found.ok) return { material: { file: found.value.hash }, name };
	if (rule === 'unused') return {};
	const trace = field === undefined ? undefined : unrendered(field);
	if (trace === undefined) return { problem: `${label}: ${found.reason}`, name };
	return {
		problem: `${label} is ${shown(field)}, which ${trace}. ${there} ${renderAdvice(byExpression.file)}`,
		name,
	};
}

function goneWithout(label: string, material: string): string {
	return `'${label}' is empty: its expression gave nothing, so the video is made without '${material}'.`;
}
