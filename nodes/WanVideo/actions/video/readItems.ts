/** What the parameters of the items ask for: plain values and addresses, files as the hash of their content. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { settingText } from '../../host/errors';
import type { ItemFiles } from '../../host/itemFiles';
import { isExpression, isThere } from '../../host/given';
import { booleanSetting, type Parameter, readOptions, readParameter } from '../../host/parameters';
import { isTool } from '../../host/scope';
import type { Circumstances } from '../../wan/empty';
import { byMaterial, type Place } from '../../wan/materialSource';
import { DEFAULT_MODEL, modelOf } from '../../wan/models';
import type { Problem } from '../../wan/problem';
import {
	isBlank,
	LABELS,
	type RawRequest,
	type RequestField,
	type SettingField,
} from '../../wan/request';
import { qualityOf } from '../../wan/qualityWords';
import { shown } from '../../wan/shown';
import { optionHints } from '../optionHints';
import { SETTING_NAMES, SETTING_WORDS } from '../../wan/vocabulary';
import { OPTIONS } from '../options';
import type { ItemSettings, ReadSettings } from './itemSettings';
import { type NamedMaterial, readMaterials } from './readMaterials';
import { requestOptions } from './settingParameters';

export interface ReadItem {
	item: number;
	raw: RawRequest;
	/** What was read, and cannot be meant, e.g. a field without a file. */
	problems: Problem[];
	/** What could not be read or used at all, e.g. an expression that throws. Such an item is never sent. */
	unread: string[];
	/** What goes on all the same, but is worth a look. */
	hints: string[];
	circumstances: Circumstances;
	/** What the expressions of the item gave, in short, by the labels of their fields. */
	gave: Record<string, string>;
	/** What the materials are called that came from files. */
	names: NamedMaterial[];
	/** Fields of the item with a file that no material is made from. */
	otherFiles: readonly string[];
	checksMaterials: boolean;
	/** How the item goes on after the check; absent where that cannot be read, and in a mere check. */
	settings?: ItemSettings;
}

/** Reads all items, one after the other: of files with the same content only one is read. */
export async function readItems(
	context: IExecuteFunctions,
	files: ItemFiles,
	readSettings?: ReadSettings,
): Promise<ReadItem[]> {
	const read: ReadItem[] = [];
	for (const item of context.getInputData().keys()) {
		const attempt = new Attempt();
		const settings = attempt.or(undefined, () => readSettings?.(context, item));
		read.push({
			...(await readItem(context, files, item, attempt)),
			...(settings !== undefined && { settings }),
			unread: attempt.unread,
		});
	}
	return read;
}

/** Reads on when something cannot be read, so that all of it is told at once. */
class Attempt {
	private readonly texts = new Set<string>();

	/** What could not be read, in words, each once. */
	get unread(): string[] {
		return [...this.texts];
	}

	/** What `read` gives, or `fallback` where it throws. */
	or<T>(fallback: T, read: () => T): T {
		try {
			return read();
		} catch (error) {
			this.texts.add(settingText(error));
			return fallback;
		}
	}
}

/** Settings that have a parameter of their own, with its name; the others are options. */
const PANEL: ReadonlyArray<readonly [SettingField, string]> = [
	['model', 'model'],
	['mode', 'generationMode'],
	['durationMode', 'durationMode'],
	...SETTING_NAMES.filter((name) => SETTING_WORDS[name].place === 'panel').map(
		(name) => [name, SETTING_WORDS[name].parameter] as const,
	),
];
const IN_OPTIONS = SETTING_NAMES.filter((name) => SETTING_WORDS[name].place === 'options');

/** Reads one item. Parameters that do not apply count as not given, and so do those of other models. */
async function readItem(
	context: IExecuteFunctions,
	files: ItemFiles,
	item: number,
	attempt: Attempt,
): Promise<Omit<ReadItem, 'unread' | 'settings'>> {
	const { checkMaterials, checkPrompt } = requestOptions;
	const gave: ReadItem['gave'] = {};
	const parameter = (name: string, displayName: string) => {
		const one: Parameter = { name, displayName };
		const value = attempt.or(null, () => readParameter(context, one, item));
		if (isExpression(context, name)) gave[displayName] = shown(value);
		return value;
	};
	// What another item's model takes is looked at for a hint; where that fails, there is none.
	const unused = (name: string, displayName: string) =>
		new Attempt().or(null, () => readParameter(context, { name, displayName }, item));
	const options = attempt.or({}, () => readOptions(context, OPTIONS, item));
	const tool = isTool(context);
	const expressions = new Set<RequestField>();
	const raw: Partial<Record<SettingField, unknown>> = {};
	const take = (field: SettingField, path: string, value: unknown) => {
		if (isExpression(context, path)) expressions.add(field);
		// A model fills in every argument, and leaves empty what it does not need.
		if (tool && isBlank(value)) return;
		// And it says HD.
		raw[field] = tool && field === 'quality' ? qualityOf(value) : value;
	};
	for (const [field, name] of PANEL) {
		const value = parameter(name, LABELS[field]);
		// An expression that gives nothing is not a field that is not there: nothing is no default.
		if (value !== null || isThere(context, name)) take(field, name, value ?? null);
	}
	for (const name of IN_OPTIONS) if (name in options) take(name, `options.${name}`, options[name]);
	for (const { name, displayName } of OPTIONS)
		if (name in options && isExpression(context, `options.${name}`))
			gave[displayName] = shown(options[name]);

	const model = raw.model === undefined ? DEFAULT_MODEL : modelOf(raw.model);
	const read =
		model === undefined
			? undefined
			: await readMaterials({
					...{ context, files, item, model, tool, parameter, unused },
					mode: raw.mode,
				});
	for (const name of read?.expressions ?? []) expressions.add(name);
	const optionsHints = attempt.or([], () => optionHints(context, item));
	const isOn = ({ name, displayName }: Parameter) =>
		attempt.or(true, () => booleanSetting(options[name], displayName, true));
	return {
		item,
		gave,
		problems: (read?.problems ?? []).map(problemOf),
		hints: [...(read?.hints ?? []), ...optionsHints],
		names: read?.names ?? [],
		otherFiles: Object.keys(context.getInputData()[item]?.binary ?? {}).filter(
			(field) => !read?.usedFields.includes(field),
		),
		raw: { ...raw, materials: byMaterial(read?.found ?? []) },
		circumstances: {
			expressions,
			promptsAsTheyAre: !isOn(checkPrompt),
			unusable: read?.problems ?? [],
		},
		checksMaterials: isOn(checkMaterials),
	};
}

function problemOf({ name, row, text }: Place & { text: string }): Problem {
	return { field: name, ...(row !== undefined && { row }), text };
}
