/** The parameters for modes and materials, their texts and conditions taken from the tables of the models (wan/models/). */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { DEFAULT_MODEL, MODELS } from '../../wan/models';
import type { MaterialSet, Model } from '../../wan/models/model';
import { modesOf } from '../../wan/modes';
import { LABELS } from '../../wan/request';
import { type Material, MATERIAL_WORDS } from '../../wan/vocabulary';
import { alike, choicesOf, type Need, type Show, showMaterial, showModels } from './conditions';
import { limitsText } from './limitsText';
import { listParameters } from './listParameters';
import { FILE, NONE, URL_SOURCE } from './sourceOptions';

/** What the video starts with comes first, in every mode. */
export const ON_SCREEN: readonly Material[] = [
	...(['firstFrame', 'clip', 'lastFrame', 'referenceImages', 'imageVoices'] as const),
	...(['referenceClips', 'clipVoices', 'referenceAudio', 'document', 'page'] as const),
	'drivingAudio',
];

/** E.g. "Start from one image. Needs: First Frame. Optional: Driving Audio." */
function describe({ summary, required, optional }: MaterialSet): string {
	const titles = (names: readonly Material[]) =>
		names.map((name) => MATERIAL_WORDS[name].title).join(' and ');
	return `${summary}. Needs: ${titles(required)}. Optional: ${titles(optional)}.`;
}

const withModes = MODELS.filter((model) => modesOf(model).length > 0);

/** The simplest mode first, as it is the one most used. */
const modeOptions: INodePropertyOptions[] = [
	...modesOf(DEFAULT_MODEL).map((set) => ({
		name: set.label ?? set.mode,
		value: set.mode,
		description: describe(set),
	})),
	{
		name: 'Auto',
		value: 'auto',
		description: 'EvoLink chooses the mode from the materials that are given',
	},
];

const generationMode: INodeProperties = {
	displayName: LABELS.mode,
	name: 'generationMode',
	type: 'options',
	options: modeOptions,
	default: 'first_frame',
	description: `What the video is made from: ${choicesOf(DEFAULT_MODEL).join(', ')}`,
	displayOptions: { show: showModels(withModes) },
};

/** The sets that EvoLink takes, in words. */
const autoNotice: INodeProperties = {
	displayName:
		'Give a first frame, with or without a last frame and driving audio. Or give a clip, with or without a last frame; the duration is then the total length.',
	name: 'autoNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { ...showModels(withModes), generationMode: ['auto'] } },
};

/** Materials that are one thing with a field of its own, from an address or a file. */
type Single = 'firstFrame' | 'clip' | 'lastFrame' | 'drivingAudio';

const lower = (title: string) => title.toLowerCase();

function sourceProperty(material: Single, need: Need, show: Show): INodeProperties {
	const { title } = MATERIAL_WORDS[material];
	const fallback = need === 'required' ? 'url' : 'none';
	return {
		displayName: `${title} Source`,
		name: `${material}Source`,
		type: 'options',
		options: need === 'required' ? [FILE, URL_SOURCE] : [FILE, NONE, URL_SOURCE],
		default: fallback,
		description: `Where the ${lower(title)} comes from`,
		displayOptions: { show },
	};
}

/** What a material is for with a model, and what the model takes as it. */
function textOf(model: Model, material: Material): string | undefined {
	const limits = model.materials[material];
	if (limits === undefined) return undefined;
	const purpose = model.purposes?.[material] ?? MATERIAL_WORDS[material].purpose;
	return `${purpose}. ${limitsText(limits)}.`;
}

function materialProperties(material: Single): INodeProperties[] {
	const { label, fileLabel, placeholder } = MATERIAL_WORDS[material];
	const sourceName = `${material}Source`;
	return [
		...showMaterial(material, 'required').map((show) => sourceProperty(material, 'required', show)),
		...showMaterial(material, 'optional').map((show) => sourceProperty(material, 'optional', show)),
		...alike((model) => textOf(model, material)).flatMap(({ models, value }) =>
			showMaterial(material, undefined, models).flatMap((show): INodeProperties[] => [
				{
					displayName: label,
					name: `${material}Url`,
					type: 'string',
					default: '',
					placeholder,
					description: `Public address of ${value}`,
					displayOptions: { show: { ...show, [sourceName]: ['url'] } },
				},
				{
					displayName: fileLabel,
					name: `${material}BinaryField`,
					type: 'string',
					default: 'data',
					placeholder: 'e.g. data',
					hint: 'The name of the input field containing the file',
					description: `Name of the field that holds ${value}`,
					displayOptions: { show: { ...show, [sourceName]: ['binary'] } },
				},
			]),
		),
	];
}

/** A document or a page: always an address, as EvoLink's storage takes neither. */
function documentProperties(): INodeProperties[] {
	const shows = showMaterial('document');
	const options: INodePropertyOptions[] = [
		{ name: 'Document', value: 'document', description: 'A file with text, e.g. slides' },
		NONE,
		{ name: 'Web Page', value: 'page', description: 'A page that opens without a login' },
	];
	const addresses = (['document', 'page'] as const).flatMap((material) =>
		alike((model) => textOf(model, material)).flatMap(({ models, value }) =>
			showMaterial(material, undefined, models).map(
				(show): INodeProperties => ({
					displayName: MATERIAL_WORDS[material].label,
					name: `${material}Url`,
					type: 'string',
					default: '',
					placeholder: MATERIAL_WORDS[material].placeholder,
					description: `Public address of ${value}`.replace(/\. \.$/, '.'),
					displayOptions: { show: { ...show, documentSource: [material] } },
				}),
			),
		),
	);
	return [
		...shows.map(
			(show): INodeProperties => ({
				displayName: 'Document Source',
				name: 'documentSource',
				type: 'options',
				options,
				default: 'none',
				description: 'A document or a web page that the video is made from',
				displayOptions: { show },
			}),
		),
		...addresses,
	];
}

/** Generation mode and the materials that apply to it. */
export const materialParameters: INodeProperties[] = [
	generationMode,
	autoNotice,
	...(['firstFrame', 'clip', 'lastFrame'] as const).flatMap(materialProperties),
	...listParameters,
	...documentProperties(),
	...materialProperties('drivingAudio'),
];
