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
}

const SINGLE = ['firstFrame', 'clip', 'lastFrame', 'drivingAudio'] as const;

/** Reads what the model takes; what stands in fields of other models is left alone. */
export async function readMaterials(reading: Reading): Promise<ReadMaterials> {
	const read: ReadMaterials = {
		...{ found: [], problems: [], hints: [], names: [], usedFields: [], expressions: [] },
	};
	const { materials } = reading.model;
	for (const name of SINGLE)
		if (materials[name] !== undefined) await readSingle(name, reading, read);
	for (const list of LISTS) if (materials[list] !== undefined) await readList(list, reading, read);
	if (materials.document !== undefined) await readDocument(reading, read);
	return read;
}

async function readSingle(
	name: (typeof SINGLE)[number],
	reading: Reading,
	read: ReadMaterials,
): Promise<void> {
	const { title, label, fileLabel } = MATERIAL_WORDS[name];
	await readOne(
		{ name },
		{
			paths: { source: `${name}Source`, url: `${name}Url`, file: `${name}BinaryField` },
			labels: { source: `${title} Source`, url: label, file: fileLabel, material: title },
			...ruleFor(name, reading),
		},
		reading,
		read,
	);
}

interface Fields extends Pick<MaterialFields, 'labels' | 'rule' | 'isTool'> {
	paths: { source: string; url: string; file: string };
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
	const { rows } = MATERIAL_WORDS[list];
	if (rows === undefined) return;
	const { context, model, tool } = reading;
	const voices = voicesOf(list);
	for (let row = 0; row < rowsAt(context, `${list}.${rows.group}`); row += 1) {
		const path = `${list}.${rows.group}[${row}]`;
		const called = `${rows.called} ${row + 1}`;
		await readOne(
			{ name: list, row },
			{
				paths: { source: `${path}.source`, url: `${path}.url`, file: `${path}.binaryField` },
				labels: { ...ROW_LABELS[list], material: called },
				before: `${nameOf({ name: list, row })}: `,
				...{ rule: 'row', isTool: tool },
			},
			reading,
			read,
		);
		if (voices === undefined || model.materials[voices] === undefined) continue;
		await readOne(
			{ name: voices, row },
			{
				paths: {
					source: `${path}.voiceSource`,
					url: `${path}.voiceUrl`,
					file: `${path}.voiceBinaryField`,
				},
				labels: { ...VOICE_LABELS, material: `Voice of ${called}` },
				before: `${called}: `,
				...{ rule: 'optional', isTool: tool },
			},
			reading,
			read,
		);
	}
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
	const { title, label: url } = MATERIAL_WORDS[source];
	await readOne(
		{ name: source },
		{
			paths: { source: 'documentSource', url: `${source}Url`, file: `${source}BinaryField` },
			labels: { source: label, url, file: url, material: title },
			...{ rule: 'optional', isTool: tool, source: 'url' },
		},
		reading,
		read,
	);
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
