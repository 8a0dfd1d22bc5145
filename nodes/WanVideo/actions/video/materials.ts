/** The parameters for modes and materials, their texts and conditions taken from the table in wan/model.ts. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	type Material,
	MATERIAL_LIMITS,
	MATERIALS,
	type ModeChoice,
	MODE_NAMES,
	MODES,
} from '../../wan/model';
import { LABELS } from '../../wan/request';
import { NOT_AS_TOOL } from '../waiting';

const PLACEHOLDERS: Readonly<Record<Material, string>> = {
	firstFrame: 'e.g. https://example.com/first_frame.jpg',
	lastFrame: 'e.g. https://example.com/last_frame.jpg',
	clip: 'e.g. https://example.com/clip.mp4',
	drivingAudio: 'e.g. https://example.com/audio.mp3',
};

const PURPOSES: Readonly<Record<Material, string>> = {
	firstFrame: 'the image that the video starts from',
	lastFrame: 'the image that the video ends with',
	clip: 'the clip to continue',
	drivingAudio:
		'the sound that the video follows, e.g. speech that the lips move to. What is longer than the duration is cut off; when it ends earlier, the rest is silent',
};

/** The labels of the choices between URL and file. */
export const SOURCE_LABELS: Readonly<Record<Material, string>> = {
	firstFrame: 'First Frame',
	lastFrame: 'Last Frame',
	clip: 'Clip',
	drivingAudio: 'Driving Audio',
};

/** What the video starts with comes first, in every mode. */
export const ON_SCREEN: readonly Material[] = ['firstFrame', 'clip', 'lastFrame', 'drivingAudio'];

/** The labels of the fields that name a file of the item. A longer one is cut off in n8n's panel. */
export const FILE_LABELS: Readonly<Record<Material, string>> = {
	firstFrame: 'First Frame Input Data Field Name',
	lastFrame: 'Last Frame Input Data Field Name',
	clip: 'Clip Input Data Field Name',
	drivingAudio: 'Audio Input Data Field Name',
};

const CHOICES: readonly ModeChoice[] = [...MODE_NAMES, 'auto'];

/** The modes in which a material may be given or left out, so that the user is asked for the source. */
function modesWhere(material: Material, rule: 'required' | 'optional'): ModeChoice[] {
	return CHOICES.filter(
		(choice) => (choice === 'auto' ? 'optional' : MODES[choice].materials[material]) === rule,
	);
}

/** The simplest mode first, as it is the one most used. */
const modeOptions: INodePropertyOptions[] = [
	...MODE_NAMES.map((value) => ({
		name: MODES[value].label,
		value,
		description: describe(value),
	})),
	{
		name: 'Auto',
		value: 'auto',
		description: 'EvoLink chooses the mode from the materials that are given',
	},
];

/** The sets that EvoLink takes, in words. */
const autoNotice: INodeProperties = {
	displayName:
		'Give a first frame, with or without a last frame and driving audio. Or give a clip, with or without a last frame; the duration is then the total length.',
	name: 'autoNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { generationMode: ['auto'] } },
};

const generationMode: INodeProperties = {
	displayName: LABELS.mode,
	name: 'generationMode',
	type: 'options',
	options: modeOptions,
	default: 'first_frame',
	description: 'What the video is made from',
};

/** E.g. "Start from one image. Needs First Frame. Takes Driving Audio." */
function describe(mode: (typeof MODE_NAMES)[number]): string {
	const named = (rule: 'required' | 'optional') =>
		MATERIALS.filter((material) => MODES[mode].materials[material] === rule)
			.map((material) => SOURCE_LABELS[material])
			.join(' and ');
	return `${MODES[mode].summary}. Needs: ${named('required')}. Optional: ${named('optional')}.`;
}

/** E.g. "JPEG, PNG (without transparency), BMP or WEBP; 240 to 8000 pixels each side; ratio up to 8:1; up to 20 MB". */
export function limitsText(material: Material): string {
	const limits = MATERIAL_LIMITS[material];
	const formats = Object.values(limits.formats)
		.join(', ')
		.replace(/, ([^,]*)$/, ' or $1');
	return [
		formats,
		...('minSeconds' in limits ? [`${limits.minSeconds} to ${limits.maxSeconds} seconds`] : []),
		...('minPixels' in limits
			? [
					`${limits.minPixels} to ${limits.maxPixels} pixels each side`,
					`aspect ratio up to ${limits.maxAspectRatio}:1`,
				]
			: []),
		`up to ${limits.maxMegabytes} MB`,
	].join('; ');
}

const NONE: INodePropertyOptions = { name: 'None', value: 'none' };
const FILE: INodePropertyOptions = {
	name: 'Binary File',
	value: 'binary',
	description:
		"A file of the item. It is uploaded to EvoLink's file storage, which keeps it for 72 hours.",
	displayOptions: NOT_AS_TOOL,
};
const URL_SOURCE: INodePropertyOptions = {
	name: 'URL',
	value: 'url',
	description: 'A public address that EvoLink can open without a login',
};

function sourceProperty(
	material: Material,
	modes: ModeChoice[],
	options: INodePropertyOptions[],
	fallback: string,
): INodeProperties[] {
	if (modes.length === 0) return [];
	return [
		{
			displayName: `${SOURCE_LABELS[material]} Source`,
			name: `${material}Source`,
			type: 'options',
			options,
			default: fallback,
			description: `Where the ${SOURCE_LABELS[material].toLowerCase()} comes from`,
			displayOptions: { show: { generationMode: modes } },
		},
	];
}

function materialProperties(material: Material): INodeProperties[] {
	const required = modesWhere(material, 'required');
	const optional = modesWhere(material, 'optional');
	const sourceName = `${material}Source`;
	const modes = [...required, ...optional];
	return [
		...sourceProperty(material, required, [FILE, URL_SOURCE], 'url'),
		...sourceProperty(material, optional, [FILE, NONE, URL_SOURCE], 'none'),
		{
			displayName: LABELS[material],
			name: `${material}Url`,
			type: 'string',
			default: '',
			placeholder: PLACEHOLDERS[material],
			description: `Public address of ${PURPOSES[material]}. ${limitsText(material)}.`,
			displayOptions: { show: { generationMode: modes, [sourceName]: ['url'] } },
		},
		{
			displayName: FILE_LABELS[material],
			name: `${material}BinaryField`,
			type: 'string',
			default: 'data',
			placeholder: 'e.g. data',
			hint: 'The name of the input field containing the file',
			description: `Name of the field that holds ${PURPOSES[material]}. ${limitsText(material)}.`,
			displayOptions: { show: { generationMode: modes, [sourceName]: ['binary'] } },
		},
	];
}

/** Generation mode and the materials that apply to it. */
export const materialParameters: INodeProperties[] = [
	generationMode,
	autoNotice,
	...ON_SCREEN.flatMap(materialProperties),
];
