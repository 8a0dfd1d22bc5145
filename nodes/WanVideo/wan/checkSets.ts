/** What may be given together: the sets of a model, with its modes where it has any, and rules that count. */
import type { Problem } from './problem';
import type { ModeChoice, RequestField } from './request';
import { LABELS } from './request';
import type { Place } from './materialSource';
import { modesOf, ruleOf } from './modes';
import type { MaterialSet, Model } from './models/model';
import { type Material, MATERIAL_NAMES, MATERIAL_WORDS } from './vocabulary';

/** What is known of a request when its sets are judged. */
export interface Given {
	/** Absent: the model has no modes, or what was chosen is none. */
	choice?: ModeChoice | undefined;
	given: readonly Place[];
	/** There is a prompt. */
	prompt?: boolean;
	seconds?: number;
	/** Fields that an expression gives. */
	expressions?: ReadonlySet<RequestField>;
}

/** Why a field is empty, behind the words that it is. */
const causeOf = (
	field: RequestField,
	{ expressions }: Pick<Given, 'expressions'>,
	joint = ', and',
): string => (expressions?.has(field) === true ? `${joint} its expression gave nothing` : '');

/** Everything that does not fit together, each under the field where it is put right. */
export function setProblems(model: Model, request: Given): Problem[] {
	const names = new Set(request.given.map(({ name }) => name));
	if (modesOf(model).length > 0) {
		if (request.choice === undefined) return [];
		return request.choice === 'auto'
			? autoProblems(model, names)
			: modeProblems(model, request.choice, names, request);
	}
	const [set] = model.sets;
	return [
		...promptProblems(model, set, request, names),
		...missing(model, set, names, request),
		...eitherProblems(set, names),
		...countProblems(model, set, request.given),
		...ruleProblems(model, request, names),
	];
}

function modeProblems(
	model: Model,
	mode: string,
	given: ReadonlySet<Material>,
	request: Given,
): Problem[] {
	const modes = modesOf(model);
	const set = modes.find((one) => one.mode === mode);
	if (set === undefined) return [];
	return materialsOf(model).flatMap((field): Problem[] => {
		const rule = ruleOf(set, field);
		if (rule === 'required' && !given.has(field)) {
			return [
				{
					field,
					text: `'${LABELS[field]}' is needed in the mode ${set.label}${causeOf(field, request)}. Fill it in.`,
				},
			];
		}
		if (rule !== 'refused' || !given.has(field)) return [];
		const others = modes.filter((one) => ruleOf(one, field) !== 'refused');
		const labels = others.map(({ label }) => label).join(' or ');
		return [
			{
				field,
				text: `'${LABELS[field]}' cannot be used in the mode ${set.label}. Empty it, or set 'Generation Mode' to ${labels}.`,
			},
		];
	});
}

/** EvoLink chooses the mode from the materials, so these must be one of the legal sets. */
function autoProblems(model: Model, given: ReadonlySet<Material>): Problem[] {
	const fits = modesOf(model).some(
		(set) =>
			set.required.every((name) => given.has(name)) &&
			[...given].every((name) => ruleOf(set, name) !== 'refused'),
	);
	if (fits) return [];
	if (given.has('clip')) {
		return (['firstFrame', 'drivingAudio'] as const)
			.filter((field) => given.has(field))
			.map((field) => ({
				field,
				text: `'${LABELS[field]}' cannot go together with 'Clip URL'. Empty one of the two.`,
			}));
	}
	const alone = MATERIAL_NAMES.filter((name) => given.has(name)).map((name) => `'${LABELS[name]}'`);
	const found =
		alone.length === 0 ? 'no material is given' : `${alone.join(' and ')} cannot go alone`;
	return [
		{
			field: 'firstFrame',
			text: `'First Frame URL' is needed, as ${found}. Fill it in${given.has('drivingAudio') ? '' : ", or give a 'Clip URL' to continue"}.`,
		},
	];
}

const materialsOf = (model: Model): Material[] =>
	MATERIAL_NAMES.filter((name) => model.materials[name] !== undefined);

function promptProblems(
	model: Model,
	{ insteadOfPrompt }: MaterialSet,
	request: Given,
	given: ReadonlySet<Material>,
): Problem[] {
	if (request.prompt === true) return [];
	if (model.settings.prompt.needed)
		return [
			{
				field: 'prompt',
				text: `'${LABELS.prompt}' is empty${causeOf('prompt', request, ':')}, and ${model.label} makes the video from it. Fill it in.`,
			},
		];
	if (insteadOfPrompt === undefined || insteadOfPrompt.some((name) => given.has(name))) return [];
	const others = insteadOfPrompt.map((name) => `'${MATERIAL_WORDS[name].title}'`).join(', ');
	return [
		{
			field: 'prompt',
			text: `'${LABELS.prompt}' is empty${causeOf('prompt', request, ':')}, and no material is given. Fill it in, or give one of: ${others}.`,
		},
	];
}

function missing(
	model: Model,
	{ required }: MaterialSet,
	given: ReadonlySet<Material>,
	request: Given,
): Problem[] {
	return required
		.filter((name) => !given.has(name))
		.map((field) => ({
			field,
			text: `'${LABELS[field]}' is needed: ${model.label} makes the video from it${causeOf(field, request)}. Fill it in.`,
		}));
}

function eitherProblems({ either = [] }: MaterialSet, given: ReadonlySet<Material>): Problem[] {
	const both = either.filter((name) => given.has(name));
	if (both.length < 2) return [];
	const labels = both.map((name) => `'${LABELS[name]}'`).join(' and ');
	return [{ field: both[0], text: `${labels} cannot go together. Empty one of the two.` }];
}

/** Lists that are too long or too short, alone and together. */
function countProblems(
	model: Model,
	{ together }: MaterialSet,
	given: readonly Place[],
): Problem[] {
	const count = (name: Material) => given.filter((place) => place.name === name).length;
	const tooLong = materialsOf(model).flatMap((field): Problem[] => {
		const { maxCount } = model.materials[field] ?? {};
		if (maxCount === undefined || count(field) <= maxCount) return [];
		const text = `'${LABELS[field]}' has ${rows(count(field))}, and ${model.label} takes at most ${maxCount}. Remove ${count(field) - maxCount}.`;
		return [{ field, text }];
	});
	if (together === undefined || tooLong.length > 0) return tooLong;
	const sum = together.of.reduce((all, name) => all + count(name), 0);
	if (sum >= together.min && sum <= together.max) return [];
	const labels = together.of.map((name) => `'${LABELS[name]}'`);
	const text =
		sum < together.min
			? `${labels.join(' and ')} have no row, and ${model.label} needs one at least. Add an image or a clip.`
			: `${labels.join(' and ')} have ${rows(sum)} together, and ${model.label} takes at most ${together.max}. Remove ${sum - together.max}.`;
	return [{ field: together.of[0], text }];
}

const rows = (count: number) => (count === 1 ? '1 row' : `${count} rows`);

/** Rules that the fields alone can break; what lengths of files decide is in rules.ts. */
function ruleProblems(model: Model, { seconds }: Given, given: ReadonlySet<Material>): Problem[] {
	return model.rules.flatMap((rule): Problem[] => {
		if (rule.rule !== 'shorterWithClips' || seconds === undefined) return [];
		if (!given.has('referenceClips') || seconds <= rule.maxSeconds) return [];
		return [
			{
				field: 'durationSeconds',
				text: `'${LABELS.durationSeconds}' is ${seconds}, but must be at most ${rule.maxSeconds} seconds where '${LABELS.referenceClips}' are given. Change it; EvoLink bills per second.`,
			},
		];
	});
}
