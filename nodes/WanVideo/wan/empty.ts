/**
 * Fields that are there and hold nothing. EvoLink would take its own default for each, and bill by it:
 * where that decides the price the request is refused, elsewhere it is told.
 */
import type { Place } from './materialSource';
import type { Model } from './models/model';
import { isBlank, LABELS, type RawFields, type RequestField } from './request';

/** What is known of how the values of a request came about. */
export interface Circumstances {
	/** Fields whose value an expression gave, so that it may differ from item to item. */
	expressions: ReadonlySet<RequestField>;
	/** Whether prompts go out as they are, though they look as if an expression had failed. */
	promptsAsTheyAre?: boolean;
	/** Materials that are there, though what they hold could not be used. */
	unusable?: readonly Place[];
}

/** What to enter where nothing will not do. */
function needed({ settings }: Model): ReadonlyArray<readonly [RequestField, string]> {
	const { durationSeconds, quality } = settings;
	return [
		[
			'durationSeconds',
			`EvoLink bills every second. Enter a whole number from ${durationSeconds.min} to ${durationSeconds.max} seconds.`,
		],
		['quality', `It decides the price. It must be one of: ${quality.values.join(', ')}.`],
	];
}

/** What becomes of a request whose field gave nothing. */
const WITHOUT: ReadonlyArray<readonly [RequestField, string]> = [
	['prompt', 'so the video is made without one'],
	['negativePrompt', 'so none is sent'],
	['aspectRatio', 'so it is left to the model'],
	['generateAudio', 'so the video has sound'],
	['keepOriginalSound', 'so the sound is left to the model'],
	['seed', 'so it is random'],
	['promptExtend', 'so the prompt is not rewritten'],
	['callbackUrl', 'so EvoLink calls nobody when the task ends'],
];

/** Fields that must hold something where they are shown. A field that is not there is not asked for. */
export function emptyProblems(
	model: Model,
	raw: RawFields,
	circumstances: Circumstances,
	given: readonly Place[],
): Array<{ field: RequestField; text: string }> {
	const asked: ReadonlyArray<readonly [RequestField, string]> = [
		...needed(model),
		...(saysNothing(model, raw, given) && circumstances.expressions.has('prompt')
			? [['prompt', NOTHING_TO_CHANGE] as const]
			: []),
	];
	return asked.flatMap(([field, advice]) =>
		isEmpty(raw, field) ? [{ field, text: `${emptied(field, circumstances)}. ${advice}` }] : [],
	);
}

const NOTHING_TO_CHANGE =
	'Nothing else says what is to change in the clip, and EvoLink bills it all the same.';

/** Whether a clip is to be changed, and neither words nor images say how. */
function saysNothing({ rules }: Model, raw: RawFields, given: readonly Place[]): boolean {
	const isEdit = rules.some(({ rule }) => rule === 'clipIsCut');
	return isEdit && isBlank(raw.prompt) && !given.some(({ name }) => name === 'referenceImages');
}

/** Fields whose expression gave nothing. One that was left empty by hand is meant so. */
export function emptyHints(
	model: Model,
	raw: RawFields,
	circumstances: Circumstances,
	given: readonly Place[],
): string[] {
	const unsaid = saysNothing(model, raw, given) && !circumstances.expressions.has('prompt');
	return [
		...WITHOUT.flatMap(([field, end]) =>
			isEmpty(raw, field) && circumstances.expressions.has(field)
				? [`${emptied(field, circumstances)}, ${end}.`]
				: [],
		),
		...(unsaid ? [`'${LABELS.prompt}' is empty. ${NOTHING_TO_CHANGE}`] : []),
	];
}

function isEmpty(raw: RawFields, field: RequestField): boolean {
	return field in raw && isBlank(raw[field]);
}

function emptied(field: RequestField, { expressions }: Circumstances): string {
	const cause = expressions.has(field) ? ': its expression gave nothing' : '';
	return `'${LABELS[field]}' is empty${cause}`;
}
