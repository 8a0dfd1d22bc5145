/**
 * What a language model is told about the node when it is a tool: one text an operation and model, which the
 * user can change. n8n would say "Generate video in Wan Video" and nothing else.
 */
import type { INodeProperties } from 'n8n-workflow';

import { RESULT_LINK_HOURS } from '../wan/resultLink';
import { durationModesOf } from '../wan/length';
import { MODELS } from '../wan/models';
import type { Model } from '../wan/models/model';
import { modesOf } from '../wan/modes';
import { MATERIAL_NAMES, MATERIAL_WORDS } from '../wan/vocabulary';
import { alike, type Show, SHOW_ANY_MODEL, showModels } from './video/conditions';

const RESULT = `Give the user the videoUrl and say that it works until expiresAt, ${RESULT_LINK_HOURS} hours after the video was made.`;
const NEXT_STEP = 'When the answer has a nextStep, follow it.';
const ADDRESSES = 'Images, clips and sound are given as public http(s) addresses of files.';

const listed = (parts: readonly string[]) => parts.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** E.g. "the Wan 2.7 model from an image, a clip or sound": the words of its first release stay for the default model. */
function makerOf({ id, tells }: Model): string {
	const [, version, prime] = /^wan([\d.]+)(-prime)?/.exec(id) ?? [];
	return `the Wan ${version}${prime === undefined ? '' : ' Prime'} model ${tells}`;
}

/** OpenAI refuses functions with a longer description. */
export const MOST_CHARACTERS = 1024;

/** What a tool is told whose model an expression gives: what each model takes, or their names, which tell most of it, where that is too long. */
export function textForAll(
	models: readonly Model[],
	textOf: (maker: string, args: string) => string,
): string {
	const groups = alike(({ tells }) => tells, models).map(({ models: all, value }) => ({
		names: all.map(({ id }) => id).join(', '),
		value,
	}));
	const [whole, short] = [
		groups.map(({ names, value }) => `${names} ${value}`).join('; '),
		groups.map(({ names }) => names).join(', '),
	].map((all) =>
		textOf('a Wan model', `Models: ${all}. Files are given as public http(s) addresses.`),
	);
	return whole.length <= MOST_CHARACTERS ? whole : short;
}

/** What the arguments must be for a model: n8n tells a model neither the values nor the bounds of a field. */
function argumentsOf(model: Model): string {
	const { durationSeconds, quality, aspectRatio, prompt, negativePrompt, seed } = model.settings;
	const { min, max, default: own } = durationSeconds;
	const kinds = new Set(
		MATERIAL_NAMES.filter((name) => model.materials[name] !== undefined).map(
			(name) => MATERIAL_WORDS[name].kind,
		),
	);
	const modes = modesOf(model).map(({ mode }) => mode);
	const words = durationModesOf(model);
	const open = words.includes('smart') ? ', or durationMode smart' : '';
	const sound = words.includes('asAudio') ? ' durationMode asAudio: as the sound.' : '';
	const more = words.includes('afterClip') ? ' afterClip: duration is added.' : '';
	const length = own === 'asClip' ? 'as the clip' : own;
	const without = negativePrompt && `; negative prompt: up to ${negativePrompt.maxCharacters}`;
	return [
		...(kinds.size === 0 ? [] : [ADDRESSES]),
		`Duration: whole seconds, ${min} to ${max}${open}, ${length} when left out.${sound}${more}`,
		`Quality: ${listed(quality.values)}, ${quality.default} when left out.`,
		...(aspectRatio === undefined ? [] : [`Aspect ratio: ${listed(aspectRatio.values)}.`]),
		...(modes.length === 0 ? [] : [`Generation mode: ${[...modes, 'auto'].join(', ')}.`]),
		`Prompt: ${prompt.needed ? 'needed, ' : ''}up to ${prompt.maxCharacters} characters${without ?? ''}.`,
		...(seed === undefined ? [] : [`Seed: a whole number, ${seed.min} to ${seed.max}.`]),
		'Leave out what the user does not ask for.',
	].join(' ');
}

const CHARGE =
	'Every second of video costs money: call it once for each video that the user wants.';
const again = (what: string) =>
	`The same arguments again give the same ${what} without a new charge; for another take, change the prompt or the seed.`;

export const BY_MODEL: Readonly<Record<string, (maker: string, args: string) => string>> = {
	generate: (maker, args) =>
		`Makes a short video with ${maker}, waits for it and returns taskId, status, videoUrl and expiresAt. ${CHARGE} ${args} ${RESULT} ${NEXT_STEP} Making a video takes minutes, and may take longer than this tool waits. ${again('video')}`,
	submit: (maker, args) =>
		`Starts making a short video with ${maker}, and returns its taskId at once, without waiting. ${CHARGE} ${args} The video is ready after a few minutes; ask for it by its taskId. ${NEXT_STEP} ${again('task')}`,
	check: (_maker, args) =>
		`Checks a request for a video before it is made, and costs nothing. Returns ok, billedSeconds and the problems that have to be put right first. ${args}`,
};

const OTHERS: Readonly<Record<string, string>> = {
	'task:get': `Looks at the task of a video by its taskId, and costs nothing. Returns status and progress, and when the status is completed, videoUrl and expiresAt. ${RESULT} ${NEXT_STEP}`,
	'task:wait': `Waits some minutes for a video that is being made, by its taskId, and costs nothing. Returns taskId, status, videoUrl and expiresAt. ${RESULT} ${NEXT_STEP}`,
	'account:getCredits':
		'Tells how many credits for making videos are left at EvoLink. Costs nothing.',
};

/** n8n's own name for the parameter: with it there, n8n adds none of its own (run on 1.123 and 2.41). */
function toolDescription(text: string, show: Show): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: text,
		required: true,
		description:
			'What the language model is told about this tool, so that it knows when to call it',
		displayOptions: { show: { '@tool': [true], ...show } },
	};
}

export const toolDescriptions: INodeProperties[] = [
	...Object.entries(BY_MODEL).flatMap(([operation, textOf]) => {
		const where = { resource: ['video'], operation: [operation] };
		return [
			...MODELS.map((model) =>
				toolDescription(textOf(makerOf(model), argumentsOf(model)), {
					...where,
					...showModels([model]),
				}),
			),
			// The last one counts where n8n shows all, as the model comes from an expression.
			toolDescription(textForAll(MODELS, textOf), { ...where, ...SHOW_ANY_MODEL }),
		];
	}),
	...Object.entries(OTHERS).map(([key, text]) => {
		const [resource, operation] = key.split(':');
		return toolDescription(text, { resource: [resource], operation: [operation] });
	}),
];
