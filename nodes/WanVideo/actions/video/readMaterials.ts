/** The materials of one item, as the model and the mode of the item take them: single fields, and lists row by row. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { ItemFiles } from '../../host/itemFiles';
import { isExpression, rowsAt } from '../../host/given';
import { withoutBlanks } from '../../wan/address';
import { nameOf, type Place } from '../../wan/materialSource';
import type { Model } from '../../wan/models/model';
import { modesOf, ruleOf } from '../../wan/modes';
import { isBlank, type RawMaterial } from '../../wan/request';
import { shown } from '../../wan/shown';
import { type Material, MATERIAL_WORDS } from '../../wan/vocabulary';
import { type List, LISTS, ROW_LABELS, VOICE_LABELS, voicesOf } from './listParameters';
import { type MaterialFields, readMaterial } from './readMaterial';

export interface NamedMaterial extends Place {
	/** E.g. "File 'photo' of 'First Frame'". */
	value: string;
}

export interface ReadMaterials {
	found: Array<Place & { value: RawMaterial }>;
	problems: Array<Place & { text: string }>;
	hints: string[];
	names: NamedMaterial[];
	/** Fields of the item whose files are used. */
	usedFields: string[];
	/** Materials whose address an expression gave. */
	expressions: Material[];
}

interface Reading {
	context: IExecuteFunctions;
	files: ItemFiles;
	item: number;
	model: Model;
	/** The mode of the item, as it was given. */
	mode: unknown;
	tool: boolean;
	/** Reads a parameter by its path; null where it is not there. */
	parameter: (path: string, label: string) => unknown;
	/** The same where it is not used, and so may not stand in the way: null, too, where it cannot be read. */
	unused: (path: string, label: string) => unknown;
}

const SINGLE = ['firstFrame', 'clip', 'lastFrame', 'drivingAudio'] as const;

/** Reads what the model takes; what stands in fields of other models is left alone, and told where items may differ. */
export async function readMaterials(reading: Reading): Promise<ReadMaterials> {
	const read: ReadMaterials = {
		...{ found: [], problems: [], hints: [], names: [], usedFields: [], expressions: [] },
	};
	const { materials } = reading.model;
	for (const name of SINGLE)
		if (materials[name] !== undefined) await readSingle(name, reading, read);
	for (const list of LISTS) if (materials[list] !== undefined) await readList(list, reading, read);
	if (materials.document !== undefined) await readDocument(reading, read);
	if (isExpression(reading.context, 'model')) read.hints.push(...notSent(reading));
	return read;
}

/** What an expression gives to materials that the model of the item does not take. What is fixed is there for other items. */
function notSent({ context, model, unused }: Reading): string[] {
	const all: Array<Place & Places> = [
		...SINGLE.map((name) => ({ name, ...placesOf(name) })),
		...LISTS.flatMap((list) => rowsOf(list, context)),
		...(['document', 'page'] as const).map((name) => ({ name, ...linkOf(name) })),
	];
	return all.flatMap(({ paths, labels, ...place }) => {
		if (model.materials[place.name] !== undefined) return [];
		const source = unused(paths.source, labels.source);
		const isFile = source === 'binary';
		if (!isFile && source !== 'url' && source !== place.name) return [];
		const [path, label] = isFile ? [paths.file, labels.file] : [paths.url, labels.url];
		if (!isExpression(context, path) || isBlank(unused(path, label))) return [];
		const name = place.row === undefined ? `'${label}'` : nameOf(place);
		return [`${name} is not sent: ${model.label} takes none.`];
	});
}

async function readSingle(
	name: (typeof SINGLE)[number],
	reading: Reading,
	read: ReadMaterials,
): Promise<void> {
	await readOne({ name }, { ...placesOf(name), ...ruleFor(name, reading) }, reading, read);
}

function placesOf(name: (typeof SINGLE)[number]): Places {
	const { title, label, fileLabel } = MATERIAL_WORDS[name];
	return {
		paths: { source: `${name}Source`, url: `${name}Url`, file: `${name}BinaryField` },
		labels: { source: `${title} Source`, url: label, file: fileLabel, material: title },
	};
}

/** Where a material is given, and what its fields are called. */
interface Places extends Pick<MaterialFields, 'labels'> {
	paths: { source: string; url: string; file: string };
}

interface Fields extends Places, Pick<MaterialFields, 'rule' | 'isTool'> {
	/** What stands before the texts of a row. */
	before?: string;
	/** The source, where it is not what its field says. */
	source?: string;
}

async function readOne(
	place: Place,
	{ paths, labels, rule, isTool, before = '', source }: Fields,
	{ context, files, item, parameter }: Reading,
	read: ReadMaterials,
): Promise<void> {
	const values = {
		source: source ?? parameter(paths.source, labels.source),
		url: parameter(paths.url, labels.url),
		file: parameter(paths.file, labels.file),
	};
	const one = await readMaterial({
		...{ item, files, labels, rule, isTool, values },
		byExpression: {
			source: source === undefined && isExpression(context, paths.source),
			url: isExpression(context, paths.url),
			file: isExpression(context, paths.file),
		},
	});
	if (isExpression(context, paths.url)) read.expressions.push(place.name);
	if (one.material !== undefined) {
		read.found.push({ ...place, value: one.material });
		if ('file' in one.material) read.usedFields.push(String(values.file));
	}
	if (one.name !== undefined) read.names.push({ ...place, value: one.name });
	if (one.hint !== undefined) read.hints.push(`${before}${one.hint}`);
	if (one.problem === undefined) return;
	read.problems.push({ ...place, text: `${before}${one.problem}` });
}

/** The rows of a list in their order. None is left out: the prompt names them by their numbers. */
async function readList(list: List, reading: Reading, read: ReadMaterials): Promise<void> {
	const { context, model, tool } = reading;
	for (const { name, row, ...places } of rowsOf(list, context)) {
		if (model.materials[name] === undefined) continue;
		const rule = name === list ? 'row' : 'optional';
		await readOne({ name, row }, { ...places, ...{ rule, isTool: tool } }, reading, read);
	}
}

/** Of each row the material itself, and the voice that it may have. */
function rowsOf(
	list: List,
	context: IExecuteFunctions,
): Array<Required<Place> & Places & { before: string }> {
	const { rows } = MATERIAL_WORDS[list];
	if (rows === undefined) return [];
	const voices = voicesOf(list);
	return Array.from({ length: rowsAt(context, `${list}.${rows.group}`) }, (_, row) => {
		const path = `${list}.${rows.group}[${row}]`;
		const called = `${rows.called} ${row + 1}`;
		const own = {
			...{ name: list, row, before: `${nameOf({ name: list, row })}: ` },
			paths: { source: `${path}.source`, url: `${path}.url`, file: `${path}.binaryField` },
			labels: { ...ROW_LABELS[list], material: called },
		};
		if (voices === undefined) return [own];
		const voice = {
			...{ name: voices, row, before: `${called}: ` },
			paths: {
				source: `${path}.voiceSource`,
				url: `${path}.voiceUrl`,
				file: `${path}.voiceBinaryField`,
			},
			labels: { ...VOICE_LABELS, material: `Voice of ${called}` },
		};
		return [own, voice];
	}).flat();
}

/** A document, a page, or neither; each is an address. */
async function readDocument(reading: Reading, read: ReadMaterials): Promise<void> {
	const { context, parameter, tool } = reading;
	const label = 'Document Source';
	const given = parameter('documentSource', label);
	const source = typeof given === 'string' ? withoutBlanks(given) : given;
	const gaveNothing = isExpression(context, 'documentSource') && isBlank(source);
	if (source === 'none' || (!gaveNothing && (source === null || source === undefined))) return;
	if (source !== 'document' && source !== 'page') {
		const flaw = gaveNothing
			? 'is empty: its expression gave nothing. It'
			: `is ${shown(given)}, but`;
		read.problems.push({
			name: 'document',
			text: `'${label}' ${flaw} must be one of: document, page, none.`,
		});
		return;
	}
	const rule = { rule: 'optional', isTool: tool, source: 'url' } as const;
	await readOne({ name: source }, { ...linkOf(source), ...rule }, reading, read);
}

function linkOf(name: 'document' | 'page'): Places {
	const { title, label } = MATERIAL_WORDS[name];
	return {
		paths: { source: 'documentSource', url: `${name}Url`, file: `${name}BinaryField` },
		labels: { source: 'Document Source', url: label, file: label, material: title },
	};
}

/** What the mode says to a material; of a mode that does not exist, nothing is held against what is missing. */
function ruleFor(
	name: Material,
	{ model, mode, tool }: Reading,
): Pick<MaterialFields, 'rule' | 'isTool'> {
	const modes = modesOf(model);
	const set =
		modes.length === 0
			? model.sets[0]
			: modes.find((one) => one.mode === (typeof mode === 'string' ? withoutBlanks(mode) : mode));
	if (set === undefined) return { rule: 'optional', isTool: tool || mode !== 'auto' };
	const rule = ruleOf(set, name);
	return { rule: rule === 'refused' ? 'unused' : rule, isTool: tool };
}
