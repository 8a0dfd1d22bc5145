/** The check of all items: fields first, then the materials by their bytes. Nothing is charged and nothing is uploaded. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { inspectAll, type Inspection } from '../../generation/inspect';
import type { ItemFiles } from '../../host/files';
import { openMaterial } from '../../host/materials';
import { booleanSetting, optionsOf } from '../../host/parameters';
import { checkRequest, type CheckResult, type Problem } from '../../wan/check';
import { judgeMaterials, type MaterialFacts } from '../../wan/materials';
import { type Material, MATERIALS } from '../../wan/model';
import { isFileAddress, LABELS } from '../../wan/request';
import { ON_SCREEN } from './materials';
import { readRequest, type ReadRequest } from './readRequest';

export interface CheckedItem {
	item: number;
	result: CheckResult;
	/** What is known of the materials. */
	facts: Partial<Record<Material, MaterialFacts>>;
}

/** Checks every item of the run, each material once. What an item is made of is looked at only where `inspects` says so. */
export async function checkItems(
	context: IExecuteFunctions,
	files: ItemFiles,
	inspects: (item: number) => boolean = () => true,
): Promise<CheckedItem[]> {
	const read: ReadRequest[] = [];
	for (const item of context.getInputData().keys()) {
		read.push(await readRequest(context, files, item));
	}
	const results = read.map(({ raw, problems }) => withProblems(checkRequest(raw), problems));
	// Files cost nothing to look into. Addresses cost requests, and none is made for a run that ends here anyway.
	const ends = results.some(({ ok }) => !ok) && !goesOnWithoutBadItems(context);
	const wanted = read.flatMap(({ raw }, item) => {
		if (!inspects(item) || !booleanSetting(optionsOf(context, item).checkMaterials, true))
			return [];
		const references = referencesOf(raw, results[item]).map(([, reference]) => reference);
		return ends ? references.filter(isFileAddress) : references;
	});
	const inspections = await inspectAll(wanted, openMaterial(context, files));
	return read.map((request, item) => judged(item, request, results[item], inspections));
}

/** The hints of all items; what was found in many alike is said once. */
export function hintsOf(checked: readonly CheckedItem[]): string[] {
	const itemsByHint = new Map<string, number[]>();
	for (const { item, result } of checked)
		for (const hint of result.hints)
			itemsByHint.set(hint, [...(itemsByHint.get(hint) ?? []), item]);
	if (checked.length === 1) return [...itemsByHint.keys()];
	return [...itemsByHint].map(
		([hint, items]) => `${items.length === 1 ? 'Item' : 'Items'} ${items.join(', ')}: ${hint}`,
	);
}

/** Whether good items are to be submitted though others are wrong. It concerns the run, so the first item decides. */
export function goesOnWithoutBadItems(context: IExecuteFunctions): boolean {
	return context.continueOnFail() || booleanSetting(optionsOf(context, 0).submitGoodItems, false);
}

/** The materials of an item that are worth a look: those whose field has no problem. */
function referencesOf(raw: ReadRequest['raw'], result: CheckResult): Array<[Material, string]> {
	const bad = new Set(result.ok ? [] : result.problems.map(({ field }) => field));
	return MATERIALS.flatMap((field): Array<[Material, string]> => {
		const reference = raw[field];
		if (typeof reference !== 'string' || reference.trim() === '' || bad.has(field)) return [];
		return [[field, reference.trim()]];
	});
}

function judged(
	item: number,
	{ raw, names }: ReadRequest,
	result: CheckResult,
	inspections: ReadonlyMap<string, Inspection>,
): CheckedItem {
	const facts: Partial<Record<Material, MaterialFacts>> = {};
	const problems: Problem[] = [];
	const hints: string[] = [];
	for (const [field, reference] of referencesOf(raw, result)) {
		const inspection = inspections.get(reference);
		if (inspection === undefined) continue;
		const { seen } = inspection;
		if (seen === 'facts') facts[field] = inspection.facts;
		else if (seen === 'broken') {
			const text = `'${LABELS[field]}' is no file that can be read: ${inspection.text}. Use another file.`;
			problems.push({ field, text });
		} else hints.push(`'${LABELS[field]}' could not be checked: ${inspection.text}.`);
	}
	const judgement = judgeMaterials(facts, result.ok ? result.request.durationSeconds : undefined);
	const whole = withProblems(
		{ ...result, hints: [...result.hints, ...hints, ...judgement.hints] },
		[...problems, ...judgement.problems],
	);
	return { item, facts, result: inOrder(inWordsOf(names, whole)) };
}

/** A result with more problems; the first one of a field is told, later ones follow from it. */
function withProblems(result: CheckResult, more: readonly Problem[]): CheckResult {
	if (more.length === 0) return result;
	const own = result.ok ? [] : result.problems;
	const fields = new Set(more.map(({ field }) => field));
	const problems = [...more, ...own.filter(({ field }) => !fields.has(field))];
	return { ok: false, problems, hints: result.hints };
}

/** The problems in the order of the form. */
function inOrder(result: CheckResult): CheckResult {
	if (result.ok) return result;
	const fields: string[] = [...ON_SCREEN];
	const place = ({ field }: Problem) =>
		fields.includes(field) ? fields.indexOf(field) : fields.length;
	const problems = [...result.problems].sort((a, b) => place(a) - place(b));
	return { ...result, problems };
}

/** A material that came from a file is called so. */
function inWordsOf(names: ReadRequest['names'], result: CheckResult): CheckResult {
	const renamed = (text: string) =>
		MATERIALS.reduce((words, material) => {
			const label = `'${LABELS[material]}'`;
			return words.split(label).join(names[material] ?? label);
		}, text);
	const hints = result.hints.map(renamed);
	if (result.ok) return { ...result, hints };
	const problems = result.problems.map(({ field, text }) => ({ field, text: renamed(text) }));
	return { ok: false, problems, hints };
}
