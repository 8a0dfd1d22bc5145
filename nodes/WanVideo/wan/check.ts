/**
 * The check: a raw request becomes either a request that EvoLink accepts by the rules of its model, or the
 * full list of what is wrong with it. Nothing here is sent, and nothing is charged.
 */
import { addressFlaw } from './address';
import { setProblems } from './checkSets';
import { type Circumstances, emptyHints, emptyProblems } from './empty';
import { isInternalHost } from './internalHost';
import { followProblems, ignoredLength, lengthOf } from './length';
import { byMaterial, type MaterialSource, nameOf, type Place, placed } from './materialSource';
import { DEFAULT_MODEL, modelOf, MODELS } from './models';
import type { Mode, Model } from './models/model';
import { modeForMaterials } from './modes';
import { parsedUrl } from './parsedUrl';
import { type Problem, sameField } from './problem';
import { missingRows } from './promptNames';
import {
	addressAdvice,
	type GenerationRequest,
	isBlank,
	LABELS,
	materialAddress,
	normalise,
	type RawFields,
	type RawMaterial,
	type RawRequest,
	type RequestField,
	settingsSchema,
	takesFiles,
} from './request';
import { ignoredShape, shapeOf } from './shape';
import { shown } from './shown';
import { CHECK_PROMPT_LABEL, TEXT_FIELDS, textFlaw, textHints } from './texts';
import { renderAdvice, strayWord, unrendered } from './unrendered';
import { SETTING_NAMES, type Setting } from './vocabulary';

export type { Problem };

export type CheckResult =
	| { ok: true; request: GenerationRequest; mode?: Mode; hints: string[] }
	| { ok: false; problems: Problem[]; hints: string[] };

/** n8n drops a list as a whole that an expression gives, and says nothing. */
const ADD_ROWS = `Add what it names as rows, each with its own address or file; a list as a whole cannot come from an expression. To send it on purpose, turn off the option '${CHECK_PROMPT_LABEL}'.`;

const NOTHING_KNOWN: Circumstances = { expressions: new Set() };

/** All problems of one request at once, and the hints that are no reason to refuse it. */
export function checkRequest(
	raw: RawRequest,
	circumstances: Circumstances = NOTHING_KNOWN,
): CheckResult {
	const { materials: rawMaterials = {}, model: rawModel, ...rest } = raw;
	const model = readModel(rawModel);
	if (model === undefined)
		return { ok: false, problems: [modelProblem(rawModel, circumstances)], hints: [] };

	const { settings, hints: leftOver } = settingsOf(model, rest, circumstances);
	const length = lengthOf(model, settings);
	const asked = shapeOf(model, length.ok ? length.settings : settings);
	const plain = normalise(asked);
	const sources = readMaterials(model, rawMaterials, circumstances);
	const parsed = settingsSchema(model, plain.durationMode).safeParse(plain);
	const missing =
		typeof plain.prompt === 'string' ? missingRows(model, plain.prompt, sources.given) : [];
	const namesNothing = missing.flatMap(({ text, isEmptyList }): Problem[] =>
		isEmptyList && circumstances.promptsAsTheyAre !== true
			? [{ field: 'prompt', text: `'${LABELS.prompt}' ${text} ${ADD_ROWS}` }]
			: [],
	);
	const problems = firstOfEach([
		...(length.ok ? [] : [length.problem]),
		...sources.problems,
		...emptyProblems(model, asked, circumstances, sources.given),
		...flaws(plain, circumstances),
		...namesNothing,
		...(parsed.success ? [] : fieldProblems(parsed.error.issues)),
	]);
	const hints = [
		...leftOver,
		...(length.ok ? ignoredLength(model, settings, circumstances) : []),
		...emptyHints(model, asked, circumstances, sources.given),
		...sources.hints,
		...ignoredShape(model, plain, sources.given),
		...hintsOf(model, plain, circumstances),
		...missing.flatMap(({ text, isEmptyList }) =>
			isEmptyList && circumstances.promptsAsTheyAre !== true ? [] : `'${LABELS.prompt}' ${text}`,
		),
	];

	const choice = parsed.success ? parsed.data.mode : readChoice(model, plain.mode);
	problems.push(
		...[
			...setProblems(model, {
				choice,
				given: sources.given,
				expressions: circumstances.expressions,
				...(!isBlank(plain.prompt) && { prompt: true }),
				...(typeof plain.durationSeconds === 'number' && { seconds: plain.durationSeconds }),
			}),
			...followProblems(plain.durationMode, sources.given),
		].filter((problem) => !problems.some((known) => sameField(known, problem))),
	);
	if (!parsed.success || problems.length > 0) return { ok: false, problems, hints };

	const materials = byMaterial(sources.found);
	const mode = choice === 'auto' ? modeForMaterials(model, materials) : choice;
	return {
		ok: true,
		request: withoutGaps({ model: model.id, ...parsed.data, materials }),
		...(mode !== undefined && { mode }),
		hints,
	};
}

/** What is saved without a model is the default one. */
function readModel(value: unknown): Model | undefined {
	return value === undefined ? DEFAULT_MODEL : modelOf(value);
}

function modelProblem(value: unknown, { expressions }: Circumstances): Problem {
	const all = `It must be one of: ${MODELS.map(({ id }) => id).join(', ')}.`;
	const cause = expressions.has('model') ? ': its expression gave nothing' : '';
	const flaw = isBlank(value) ? `is empty${cause}` : `is ${shown(value)}, which is no model`;
	return { field: 'model', text: `'${LABELS.model}' ${flaw}. ${all}` };
}

/** The settings that the model has; what is filled in for another one is told, and not sent. */
function settingsOf(
	model: Model,
	raw: RawFields,
	{ expressions }: Circumstances,
): { settings: RawFields; hints: string[] } {
	const modes = model.sets.some(({ mode }) => mode !== undefined);
	const has = (name: string) => {
		if (name === 'mode') return modes;
		return name === 'durationMode' || (isSetting(name) && model.settings[name] !== undefined);
	};
	const entries = Object.entries(raw);
	// Only where the model may differ from item to item can a field of another one be in sight.
	const hints = entries
		.filter(
			([name, value]) => expressions.has('model') && isSetting(name) && !has(name) && isSaid(value),
		)
		.map(
			([name]) =>
				`'${isSetting(name) ? LABELS[name] : name}' is not sent: ${model.label} has none.`,
		);
	return { settings: Object.fromEntries(entries.filter(([name]) => has(name))), hints };
}

const isSetting = (name: string): name is Setting => SETTING_NAMES.some((one) => one === name);
const isSaid = (value: unknown) => !isBlank(value) && value !== 'asClip' && value !== 'default';

interface ReadMaterials {
	/** What can be sent. */
	found: Array<Place & { value: MaterialSource }>;
	/** What was filled in, well or not. */
	given: Place[];
	problems: Problem[];
	hints: string[];
}

/** Files are known by their content and need no check of an address; what is given as an address is never taken for one. */
function readMaterials(
	model: Model,
	raw: NonNullable<RawRequest['materials']>,
	{ expressions, unusable = [] }: Circumstances,
): ReadMaterials {
	const read: ReadMaterials = { found: [], given: [...unusable], problems: [], hints: [] };
	for (const { value, ...place } of placed<RawMaterial>(raw)) {
		if (model.materials[place.name] === undefined) continue;
		if ('file' in value) {
			read.found.push({ ...place, value });
			read.given.push(place);
			continue;
		}
		const url = normalise({ [place.name]: value.url })[place.name];
		if (url === undefined) {
			// A row has a number by which the prompt names it, so none is ever left out.
			if (place.row !== undefined) {
				read.given.push(place);
				read.problems.push(emptyRow(place));
			}
			continue;
		}
		read.given.push(place);
		const isExpression = expressions.has(place.name);
		const flaw = addressProblem(place, url, isExpression);
		if (flaw !== undefined)
			read.problems.push({ ...fieldOf(place), text: `${nameOf(place)} ${flaw}` });
		else if (typeof url === 'string') {
			read.found.push({ ...place, value: { url } });
			// A page is not looked into, as the others are.
			if (place.name === 'page' && isInternalHost(parsedUrl(url)?.hostname ?? ''))
				read.hints.push(`${nameOf(place)} is inside a network, where EvoLink cannot read it.`);
			const word = isExpression ? strayWord(url) : undefined;
			if (word !== undefined)
				read.hints.push(
					`${nameOf(place)} is ${shown(url)}: '${word}' in it is what a missing value becomes.`,
				);
		}
	}
	return read;
}

const fieldOf = ({ name, row }: Place) => ({ field: name, ...(row !== undefined && { row }) });

function emptyRow(place: Place): Problem {
	return {
		...fieldOf(place),
		text: `${nameOf(place)} is empty. Fill it in, or remove the row: the rows are numbered as the prompt names them, so none is skipped.`,
	};
}

function addressProblem({ name }: Place, url: unknown, isExpression: boolean): string | undefined {
	const wanted = {
		...{ takesFiles: takesFiles(name), isPage: name === 'page' },
		...{ advice: addressAdvice(name), isExpression },
	};
	const flaw = typeof url === 'string' ? addressFlaw(url, wanted) : undefined;
	if (flaw !== undefined) return flaw;
	const parsed = materialAddress(name).safeParse(url);
	return parsed.success ? undefined : parsed.error.issues[0].message;
}

function readChoice(model: Model, value: unknown) {
	const choice = settingsSchema(model).shape.mode.safeParse(value);
	return choice.success ? choice.data : undefined;
}

function fieldProblems(
	issues: ReadonlyArray<{ path: Array<string | number>; message: string }>,
): Problem[] {
	return issues.flatMap(({ path, message }) => {
		const field = path[0];
		return isField(field) ? [{ field, text: `'${LABELS[field]}' ${message}` }] : [];
	});
}

/** The first problem of each field: later ones of the same value follow from it. */
function firstOfEach(problems: readonly Problem[]): Problem[] {
	return problems.filter(
		(problem, index) => problems.findIndex((other) => sameField(other, problem)) === index,
	);
}

/** What the values themselves show to be a mistake, in more words than a schema has. */
function flaws(plain: RawFields, { expressions, promptsAsTheyAre }: Circumstances): Problem[] {
	const problems: Problem[] = [];
	const refuse = (field: RequestField, text: string) =>
		problems.push({ field, text: `'${LABELS[field]}' ${text}` });
	for (const field of TEXT_FIELDS) {
		const value = plain[field];
		if (typeof value !== 'string' || promptsAsTheyAre === true) continue;
		const flaw = textFlaw(value, expressions.has(field));
		if (flaw !== undefined) refuse(field, flaw);
	}
	const { callbackUrl } = plain;
	const flaw = typeof callbackUrl === 'string' ? unrendered(callbackUrl) : undefined;
	if (flaw !== undefined)
		refuse(
			'callbackUrl',
			`is ${shown(callbackUrl)}, which ${flaw}. ${renderAdvice(expressions.has('callbackUrl'))}`,
		);
	return problems;
}

function isField(name: string | number | undefined): name is RequestField {
	return typeof name === 'string' && name in LABELS;
}

/** What is worth a look in a request that is sent all the same. */
function hintsOf({ settings }: Model, plain: RawFields, { expressions }: Circumstances): string[] {
	const hints: string[] = [];
	const hint = (field: RequestField, text: string) => hints.push(`'${LABELS[field]}' ${text}`);
	for (const field of TEXT_FIELDS) {
		const value = plain[field];
		const limits = settings[field];
		if (typeof value !== 'string' || limits === undefined) continue;
		for (const text of textHints(value, limits.maxCharacters, expressions.has(field)))
			hint(field, text);
	}
	const { callbackUrl } = plain;
	if (typeof callbackUrl === 'string' && callbackUrl.includes('/webhook-test/'))
		hint(
			'callbackUrl',
			`is a test URL, which n8n answers only while the editor listens. Use the production URL.`,
		);
	return hints;
}

/** Without the fields that are there and hold nothing. */
function withoutGaps(request: GenerationRequest): GenerationRequest {
	const whole: GenerationRequest = { ...request };
	for (const name of [...SETTING_NAMES, 'mode', 'durationMode'] as const)
		if (whole[name] === undefined) delete whole[name];
	return whole;
}
