// @thorough
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
/**
 * The mistakes of a hurried builder, on every model, in each of its sets and in every field: in the check and in the
 * run. An item for each mistake, all other fields of which are right; what is submitted is what the check shows.
 */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { MODELS } from '../../nodes/WanVideo/wan/models';
import type { Settings } from '../../nodes/WanVideo/wan/models/model';
import { LABELS } from '../../nodes/WanVideo/wan/request';
import { startWorld, submits, type World } from '../support/engineWorld';
import { type FamilyCase, familyCases } from '../support/familyParameters';
import * as mistakes from '../support/hurriedMistakes';
import type { Mistake } from '../support/hurriedMistakes';
import { someOf, thorough } from '../support/thorough';

jest.mock('../../nodes/WanVideo/host/clock', () =>
	jest.requireActual<object>('../support/engineClock'),
);

let world: World;
beforeAll(async () => {
	world = await startWorld({ credits: 1_000_000 });
});
beforeEach(async () => await world.reset());
afterAll(async () => await world.close());

/** A field of the panel: where it stands, what it is called in a problem, and where its value goes. */
interface Field {
	path: string;
	called: string;
	kind: readonly Mistake[];
	sentAs(body: IDataObject): unknown;
}

const LISTS: Readonly<Record<string, [called: string, label: string, wire: string]>> = {
	referenceImages: ['Image', 'Reference Images', 'image_urls'],
	referenceClips: ['Video', 'Reference Clips', 'video_urls'],
	referenceAudio: ['Audio', 'Reference Audio', 'audio_urls'],
};
const SINGLES: Readonly<Record<string, (body: IDataObject) => unknown>> = {
	firstFrame: ({ image_start }) => image_start,
	lastFrame: ({ image_end }) => image_end,
	clip: ({ video_urls }) => (video_urls as string[] | undefined)?.[0],
	drivingAudio: ({ audio_urls }) => (audio_urls as string[] | undefined)?.[0],
	document: ({ model_params }) => (model_params as IDataObject | undefined)?.file_url,
	page: ({ model_params }) => (model_params as IDataObject | undefined)?.link_url,
};
const voiceIn = (body: IDataObject, key: string): unknown =>
	(((body.model_params as IDataObject | undefined)?.voice_bindings ?? {}) as IDataObject)[key];

type Row = { url?: string; voiceUrl?: string };

function settingFields(settings: Settings, isFixed: boolean, isByPicture: boolean): Field[] {
	const one = (path: string, label: string, wire: string, kind: readonly Mistake[]): Field => ({
		...{ path, kind, called: `'${label}'`, sentAs: (body) => body[wire] },
	});
	const { prompt, negativePrompt, aspectRatio, seed } = settings;
	return [
		one('prompt', 'Prompt', 'prompt', mistakes.text(prompt.maxCharacters)),
		one('quality', 'Quality', 'quality', mistakes.quality),
		...(isFixed ? [one('duration', 'Duration', 'duration', mistakes.seconds)] : []),
		...(aspectRatio === undefined
			? []
			: [one('aspectRatio', 'Aspect Ratio', 'aspect_ratio', mistakes.aspectRatio(isByPicture))]),
		...(seed === undefined ? [] : [one('options.seed', 'Seed', 'seed', mistakes.seed(seed.min))]),
		...(negativePrompt === undefined
			? []
			: [
					one('options.negativePrompt', 'Negative Prompt', 'negative_prompt', [
						...mistakes.emptyIsTold,
						...mistakes.text(negativePrompt.maxCharacters),
					]),
				]),
		...(
			[
				['promptExtend', 'Extend Prompt', 'prompt_extend'],
				['generateAudio', 'Generate Audio', 'generate_audio'],
				['keepOriginalSound', 'Keep Original Sound', 'keep_original_sound'],
			] as const
		).flatMap(([name, label, wire]) =>
			settings[name] === undefined ? [] : [one(`options.${name}`, label, wire, mistakes.flag)],
		),
	];
}

function materialFields({ parameters, body }: FamilyCase): Field[] {
	return Object.entries(parameters).flatMap(([name, value]): Field[] => {
		const single = name.endsWith('Url') ? name.slice(0, -3) : '';
		if (single in SINGLES) {
			const label = LABELS[single as keyof typeof LABELS];
			const sentAs = SINGLES[single];
			const kind = single === 'page' ? mistakes.page : mistakes.address;
			return [{ path: name, called: `'${label}'`, kind, sentAs }];
		}
		if (!(name in LISTS)) return [];
		const [called, label, wire] = LISTS[name];
		const [group, rows] = Object.entries(value as Record<string, Row[]>)[0];
		// The last row, so that a number that is off by one shows.
		const last = rows.length - 1;
		const row = (field: string) => `${name}.${group}[${last}].${field}`;
		const url = (sent: IDataObject) => (sent[wire] as unknown[] | undefined)?.[last];
		const key = `${called.toLowerCase()}${last + 1}`;
		const before = `${called} ${last + 1} of '${label}'`;
		const needed = [...mistakes.emptyIsNeeded, ...mistakes.address];
		const hasVoice = voiceIn(body as IDataObject, key) !== undefined;
		return [
			{ path: row('url'), called: before, kind: needed, sentAs: url },
			{ path: row('source'), called: `${before}: `, kind: mistakes.rowSource, sentAs: url },
			...(hasVoice
				? [
						{
							path: row('voiceUrl'),
							called: `'Voice' of ${called} ${last + 1}`,
							kind: mistakes.address,
							sentAs: (sent: IDataObject) => voiceIn(sent, key),
						},
					]
				: []),
		];
	});
}

const keysOf = (path: string) => path.split(/[.[\]]+/).filter(Boolean);
const at = (value: unknown, path: string): unknown =>
	keysOf(path).reduce<unknown>(
		(inside, key) => (inside as Record<string, unknown> | undefined)?.[key],
		value,
	);
function put(into: object, path: string, value: unknown): void {
	const keys = keysOf(path);
	const last = keys.pop() ?? '';
	const inside = keys.reduce<unknown>((one, key) => Reflect.get(Object(one), key), into);
	Reflect.set(inside as object, last, value);
}

/** What a field holds that nobody got wrong, where the case leaves it out. */
const GOOD: Readonly<Record<string, unknown>> = {
	...{ prompt: 'A cat', quality: '720p', duration: 7, aspectRatio: '16:9', 'options.seed': 7 },
	...{ 'options.negativePrompt': 'logo', 'options.promptExtend': false },
	...{ 'options.generateAudio': true, 'options.keepOriginalSound': true },
};

/** The node with an expression in each field, and an item for each mistake. */
function wired(parameters: IDataObject, fields: readonly Field[]) {
	const options = { ...(parameters.options as IDataObject), checkMaterials: false };
	parameters.options = options;
	const good: unknown[] = fields.map(({ path }) => at(parameters, path) ?? GOOD[path]);
	fields.forEach(({ path }, index) => put(parameters, path, `={{ $json.fields[${index}] }}`));
	const rows = someOf(
		fields.flatMap(({ kind }, index) => kind.map((mistake) => ({ index, mistake }))),
		3,
	);
	const items: INodeExecutionData[] = rows.map(({ index, mistake }) => ({
		json: {
			fields: good.map((value, other) => (other === index ? mistake.given : value)),
		},
	}));
	return { parameters, rows, items };
}

/** What came of a mistake, against what has to; undefined where they agree. */
function wrongIn(field: Field, mistake: Mistake, row: IDataObject): string | undefined {
	const given = JSON.stringify(mistake.given) ?? 'nothing';
	const says = (text: string) => `${field.path} ${given.slice(0, 60)}: ${text}`;
	const [problems, hints] = [row.problems, row.hints] as [string[], string[]];
	const told = (texts: string[], pattern: RegExp) =>
		texts.some(
			(text) =>
				text.startsWith(field.called) &&
				pattern.test(
					text
						.slice(field.called.length)
						.replace(/^'[^']+'/, '')
						.trim(),
				),
		);
	if ('refused' in mistake) {
		if (row.ok !== false)
			return says(`was sent as ${JSON.stringify(field.sentAs(row.body as IDataObject))}`);
		if (problems.length !== 1)
			return says(`has ${problems.length} problems: ${problems.join(' ')}`);
		return told(problems, mistake.refused) ? undefined : says(problems[0]);
	}
	if (row.ok !== true) return says(`was refused: ${problems.join(' ')}`);
	const sent = field.sentAs(row.body as IDataObject);
	if (sent !== mistake.sent) return says(`was sent as ${JSON.stringify(sent)?.slice(0, 80)}`);
	const own = hints.filter((text) => text.startsWith(field.called));
	if (mistake.hint === undefined)
		return own.length === 0 ? undefined : says(`tells: ${own.join(' ')}`);
	return own.length === 1 && told(own, mistake.hint)
		? undefined
		: says(`tells: ${hints.join(' ')}`);
}

/**
 * What a field's value becomes is the node's own work; n8n only hands the value over, for which the short choice of
 * sets has every kind of field. So the long one is for one line of n8n.
 */
const allSets = thorough && process.env.ENGINE_FOLDER === undefined;
/** Of each model the set with the most in it; all: more sets, and the prime models, which have the tables of the others. */
const SETS = familyCases.filter(
	({ model, what }) =>
		(what.includes('everything') && (allSets || !model.includes('prime'))) ||
		(model === 'wan2.7-image-to-video' && what.includes('clip and a last frame')) ||
		(model === 'wan3.0-reference-video' && what === 'a document') ||
		(allSets && what !== 'a first frame' && what !== 'a clip' && model.includes('image')),
);

/** Two rows show what a list of ten does. */
function short({ parameters, ...one }: FamilyCase): FamilyCase {
	const copy = structuredClone(parameters);
	for (const list of Object.keys(LISTS)) {
		const groups = (copy[list] ?? {}) as Record<string, Row[]>;
		for (const rows of Object.values(groups)) rows.splice(2);
	}
	return { ...one, parameters: copy };
}

describe.each(SETS.map(short))('$model, $what', (one) => {
	const model = MODELS.find(({ id }) => id === one.model) ?? MODELS[0];
	const isFixed =
		one.parameters.durationMode === undefined || one.parameters.durationMode === 'fixed';
	const isByPicture =
		one.parameters.firstFrameUrl !== undefined &&
		model.rules.some(({ rule }) => rule === 'firstFrameDecidesShape');
	const fields = [...settingFields(model.settings, isFixed, isByPicture), ...materialFields(one)];
	const { parameters, rows, items } = wired(one.parameters, fields);

	it('each mistake is refused by the label of its field, or sent as it is meant, or told', async () => {
		const check = await world.run({ parameters: { ...parameters, operation: 'check' }, items });
		expect(check.error).toBeUndefined();
		const wrong = rows.flatMap(
			({ index, mistake }, item) => wrongIn(fields[index], mistake, check.rows[item].json) ?? [],
		);
		expect(wrong).toEqual([]);
		expect(submits(world.sandbox)).toBe(0);

		const run = await world.run({
			parameters: { ...parameters, operation: 'submit' },
			items,
			settings: { onError: 'continueErrorOutput' },
		});
		const good = check.rows.filter(({ json }) => json.ok === true).map(({ json }) => json.body);
		expect(run.errorRows).toHaveLength(items.length - good.length);
		expect(good.length).toBeGreaterThan(thorough ? 20 : 5);
		const bodies = world.sandbox.ledger().map(({ body }) => JSON.stringify(body));
		expect(bodies.sort()).toEqual(good.map((body) => JSON.stringify(body)).sort());
	}, 600_000);
});
