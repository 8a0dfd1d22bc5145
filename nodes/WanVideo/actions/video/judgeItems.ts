/** The judgement of the items by what was seen of their materials, in the order and the words of the form. */
import type { Inspection } from '../../generation/inspect';
import type { CheckResult } from '../../wan/check';
import { isFollowed } from '../../wan/follow';
import { followed, type Measure } from '../../wan/followed';
import { type Facts, judgeMaterials, type MaterialFacts } from '../../wan/judgeMaterials';
import { byMaterial, nameOf, type Place } from '../../wan/materialSource';
import { DEFAULT_MODEL, modelOf } from '../../wan/models';
import { type Problem, sameField } from '../../wan/problem';
import { LABELS } from '../../wan/request';
import { linesOf } from '../itemTexts';
import { type CheckedItem, withProblems } from './checkItems';
import type { InspectedItem } from './inspectItems';
import { ON_SCREEN } from './materialParameters';
import { sameSources } from './sameSources';

export interface JudgedItem
	extends Pick<CheckedItem, 'item' | 'unread' | 'settings' | 'gave' | 'wish' | 'result'> {
	/** What is known of the materials. */
	facts: Facts;
}

/** Each item as it can be submitted, or with all that is wrong with it. */
export function judgeItems(inspected: readonly InspectedItem[]): JudgedItem[] {
	return inspected.map(judgeItem);
}

/** The hints of all items; what was found in many alike is said once. */
export function hintsOf(judged: readonly JudgedItem[]): string[] {
	const hints = judged.flatMap(({ item, result }) => result.hints.map((text) => ({ item, text })));
	return judged.length === 1 ? hints.map(({ text }) => text) : linesOf(hints);
}

function judgeItem(inspected: InspectedItem): JudgedItem {
	const { names, result, inspections, raw, item, unread, settings, gave, wish } = inspected;
	const known: Array<Place & { value: MaterialFacts }> = [];
	const problems: Problem[] = [];
	const hints: string[] = [];
	for (const { value: inspection, ...place } of inspections) {
		const { name, row } = place;
		const { seen } = inspection;
		if (seen === 'facts') known.push({ ...place, value: inspection.facts });
		// A text in an old encoding looks like nothing at all.
		else if (seen === 'broken' && name === 'document' && inspection.isUnknown === true) continue;
		else if (seen === 'broken') {
			const text = `${nameOf(place)} is no file that can be read: ${inspection.text}. Use another file.`;
			problems.push({ field: name, ...(row !== undefined && { row }), text });
		} else hints.push(`${nameOf(place)} could not be checked: ${inspection.text}.`);
	}
	const facts = byMaterial(known);
	const length = lengthOf(inspected);
	const judgement = judgeMaterials(
		facts,
		durationOf(inspected, length.result),
		modelOf(raw.model) ?? DEFAULT_MODEL,
	);
	const found = [...problems, ...judgement.problems];
	// Of a material that is wrong anyway its length tells nothing more.
	const more = length.problems.filter((one) => !found.some((other) => sameField(one, other)));
	const whole = withProblems(
		{
			...length.result,
			hints: [...result.hints, ...hints, ...judgement.hints, ...sameSources(inspected)],
		},
		[...found, ...more],
	);
	return {
		...{ item, unread, facts, gave },
		...(settings && { settings }),
		...(wish !== undefined && { wish }),
		result: inOrder(inWordsOf(names, whole)),
	};
}

/** The result with the seconds that its material makes, or with why they are not known. An item that was not measured has no seconds. */
function lengthOf({ result, length }: Pick<InspectedItem, 'result' | 'length'>): {
	result: CheckResult;
	problems: Problem[];
} {
	if (!result.ok || !isFollowed(result.request.durationMode)) return { result, problems: [] };
	const one = followed(result.request, measureOf(length));
	if (one.ok) return { result: { ...result, request: one.request }, problems: [] };
	return { result, problems: [one.problem] };
}

function measureOf(seen: Inspection | undefined): Measure {
	if (seen === undefined) return { unknown: 'it was not looked into' };
	return seen.seen === 'facts' ? { facts: seen.facts } : { unknown: seen.text };
}

/**
 * In seconds; what is wrong is judged with what EvoLink takes by default. A video as long as its sound is not held
 * against the sound: what is cut or silent is a rest of a second.
 */
function durationOf(
	{ result: asked, raw }: Pick<InspectedItem, 'result' | 'raw'>,
	result: CheckResult,
): number | 'open' | undefined {
	if (!asked.ok || !result.ok) return isFollowed(raw.durationMode) ? 'open' : undefined;
	if (asked.request.durationMode === 'asAudio') return 'open';
	return result.request.durationMode === undefined ? result.request.durationSeconds : 'open';
}

/** The problems in the order of the form. A field that is refused gets no hint of what is made without it. */
function inOrder(result: CheckResult): CheckResult {
	if (result.ok) return result;
	const refused = result.problems.map(({ field }) => `'${LABELS[field]}' `);
	const hints = result.hints.filter((hint) => !refused.some((label) => hint.startsWith(label)));
	const fields: string[] = [...ON_SCREEN];
	const place = ({ field }: Problem) =>
		fields.includes(field) ? fields.indexOf(field) : fields.length;
	const problems = [...result.problems].sort(
		(a, b) => place(a) - place(b) || (a.row ?? 0) - (b.row ?? 0),
	);
	return { ...result, problems, hints };
}

/** A material that came from a file is called so. */
function inWordsOf(names: InspectedItem['names'], result: CheckResult): CheckResult {
	const renamed = (text: string) =>
		names.reduce((words, { value, ...place }) => words.split(nameOf(place)).join(value), text);
	const hints = result.hints.map(renamed);
	if (result.ok) return { ...result, hints };
	const problems = result.problems.map((problem) => ({ ...problem, text: renamed(problem.text) }));
	return { ok: false, problems, hints };
}
