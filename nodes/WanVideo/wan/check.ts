/**
 * The check: a raw request becomes either a request that EvoLink accepts by the seed's rules,
 * or the full list of what is wrong with it. Nothing here is sent, and nothing is charged.
 */
import {
	LIMITS,
	type Material,
	MATERIALS,
	type Mode,
	type ModeChoice,
	modeForMaterials,
	MODE_NAMES,
	MODES,
} from './model';
import {
	type GenerationRequest,
	LABELS,
	normalise,
	type RawRequest,
	type RequestField,
	requestSchema,
} from './request';

/** Something that EvoLink would refuse: the field by its label, what is wrong, what to do. */
export interface Problem {
	field: RequestField;
	text: string;
}

export type CheckResult =
	| { ok: true; request: GenerationRequest; mode: Mode; hints: string[] }
	| { ok: false; problems: Problem[]; hints: string[] };

/** All problems of one request at once, and the hints that are no reason to refuse it. */
export function checkRequest(raw: RawRequest): CheckResult {
	const plain = normalise(raw);
	const hints = lengthHints(plain);
	const given = new Set(MATERIALS.filter((material) => plain[material] !== undefined));
	const parsed = requestSchema.safeParse(plain);
	const problems = parsed.success ? [] : fieldProblems(parsed.error.issues);

	const choice = readChoice(plain.mode);
	if (choice !== undefined) problems.push(...materialProblems(choice, given));
	const mode = choice === 'auto' ? modeForMaterials(given) : choice;

	if (!parsed.success || problems.length > 0 || mode === undefined)
		return { ok: false, problems, hints };
	return { ok: true, request: parsed.data, mode, hints };
}

function readChoice(value: unknown): ModeChoice | undefined {
	const choice = requestSchema.shape.mode.safeParse(value);
	return choice.success ? choice.data : undefined;
}

/** The first issue of each field: later ones of the same value follow from it. */
function fieldProblems(
	issues: ReadonlyArray<{ path: Array<string | number>; message: string }>,
): Problem[] {
	const problems = new Map<RequestField, Problem>();
	for (const { path, message } of issues) {
		const field = path[0];
		if (!isField(field) || problems.has(field)) continue;
		problems.set(field, { field, text: `'${LABELS[field]}' ${message}` });
	}
	return [...problems.values()];
}

function isField(name: string | number | undefined): name is RequestField {
	return typeof name === 'string' && name in LABELS;
}

function materialProblems(choice: ModeChoice, given: ReadonlySet<Material>): Problem[] {
	return choice === 'auto' ? autoProblems(given) : modeProblems(choice, given);
}

function modeProblems(mode: Mode, given: ReadonlySet<Material>): Problem[] {
	const { label, materials } = MODES[mode];
	return MATERIALS.flatMap((field): Problem[] => {
		if (materials[field] === 'required' && !given.has(field)) {
			return [{ field, text: `'${LABELS[field]}' is needed in the mode ${label}. Fill it in.` }];
		}
		if (materials[field] !== 'refused' || !given.has(field)) return [];
		const others = MODE_NAMES.filter((name) => MODES[name].materials[field] !== 'refused');
		const modes = others.map((name) => MODES[name].label).join(' or ');
		return [
			{
				field,
				text: `'${LABELS[field]}' cannot be used in the mode ${label}. Empty it, or set 'Generation Mode' to ${modes}.`,
			},
		];
	});
}

/** EvoLink chooses the mode from the materials, so these must be one of the legal sets. */
function autoProblems(given: ReadonlySet<Material>): Problem[] {
	if (modeForMaterials(given) !== undefined) return [];
	if (given.has('clip')) {
		return (['firstFrame', 'drivingAudio'] as const)
			.filter((field) => given.has(field))
			.map((field) => ({
				field,
				text: `'${LABELS[field]}' cannot go together with 'Clip URL'. Empty one of the two.`,
			}));
	}
	const alone = MATERIALS.filter((material) => given.has(material)).map(
		(name) => `'${LABELS[name]}'`,
	);
	const found =
		alone.length === 0 ? 'no material is given' : `${alone.join(' and ')} cannot go alone`;
	return [
		{
			field: 'firstFrame',
			text: `'First Frame URL' is needed, as ${found}. Fill it in${given.has('drivingAudio') ? '' : ", or give a 'Clip URL' to continue"}.`,
		},
	];
}

/** EvoLink cuts texts that are too long without a word (seed), so that is worth a hint and no refusal. */
function lengthHints(plain: RawRequest): string[] {
	return (['prompt', 'negativePrompt'] as const).flatMap((field) => {
		const value = plain[field];
		const { maxCharacters } = LIMITS[field];
		if (typeof value !== 'string') return [];
		const characters = [...value].length;
		if (characters <= maxCharacters) return [];
		return [
			`'${LABELS[field]}' has ${characters} characters; EvoLink cuts it after ${maxCharacters}.`,
		];
	});
}
