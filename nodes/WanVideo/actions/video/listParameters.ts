/** Lists of materials: one fixed collection each, its rows numbered as prompts name them. */
import type { INodeProperties } from 'n8n-workflow';

import { MODELS } from '../../wan/models';
import { type Material, MATERIAL_WORDS, VOICES_OF } from '../../wan/vocabulary';
import { alike, showMaterial } from './conditions';
import { limitsText } from './limitsText';
import { FILE, NONE, URL_SOURCE } from './sourceOptions';

export const LISTS = ['referenceImages', 'referenceClips', 'referenceAudio'] as const;
export type List = (typeof LISTS)[number];

/** The labels of a row's fields. */
export const ROW_LABELS: Readonly<Record<List, { source: string; url: string; file: string }>> = {
	referenceImages: {
		source: 'Image Source',
		url: 'Image URL',
		file: 'Image Input Data Field Name',
	},
	referenceClips: { source: 'Clip Source', url: 'Clip URL', file: 'Clip Input Data Field Name' },
	referenceAudio: {
		source: 'Audio Source',
		url: 'Audio URL',
		file: 'Audio Input Data Field Name',
	},
};
export const VOICE_LABELS = {
	source: 'Voice Source',
	url: 'Voice URL',
	file: 'Voice Input Data Field Name',
};

/** The material of the voices that a list's rows may have. */
export function voicesOf(list: List): 'imageVoices' | 'clipVoices' | undefined {
	return list === 'referenceAudio' ? undefined : VOICES_OF[list];
}

/** What each model takes as a material, told once for those that take the same. */
function limitsByModel(material: Material): string {
	return alike((model) => {
		const limits = model.materials[material];
		if (limits === undefined) return undefined;
		const { maxCount } = limits;
		const count = maxCount === undefined ? '' : `up to ${maxCount}; `;
		return `${count}${limitsText(limits)}`;
	})
		.map(({ models, value }) => `${models.map(({ label }) => label).join(', ')}: ${value}`)
		.join('. ');
}

function fieldsOf(
	list: List,
	labels: { source: string; url: string; file: string },
	names: { source: string; url: string; file: string },
	material: Material,
	isOptional: boolean,
): INodeProperties[] {
	const models = MODELS.filter((model) => model.materials[material] !== undefined);
	const model = { '/model': models.map(({ id }) => id) };
	// A field of the row itself is there wherever the list is. The model stands last: n8n reads no further where it is an expression.
	const where = isOptional ? model : {};
	const { purpose, placeholder } = MATERIAL_WORDS[material];
	const row = MATERIAL_WORDS[list].rows?.called.toLowerCase();
	const fallback = isOptional ? 'none' : 'url';
	return [
		{
			displayName: labels.source,
			name: names.source,
			type: 'options',
			options: isOptional ? [FILE, NONE, URL_SOURCE] : [FILE, URL_SOURCE],
			default: fallback,
			description: isOptional
				? `Whether the person of this ${row} gets a voice of its own, and where that comes from`
				: `Where this ${row} comes from`,
			...(isOptional && { displayOptions: { show: where } }),
		},
		{
			displayName: labels.url,
			name: names.url,
			type: 'string',
			default: '',
			placeholder,
			description: `Public address of ${purpose}. ${limitsByModel(material)}.`,
			displayOptions: { show: { [names.source]: ['url'], ...where } },
		},
		{
			displayName: labels.file,
			name: names.file,
			type: 'string',
			default: 'data',
			placeholder: 'e.g. data',
			hint: 'The name of the input field containing the file',
			description: `Name of the field that holds ${purpose}. ${limitsByModel(material)}.`,
			displayOptions: { show: { [names.source]: ['binary'], ...where } },
		},
	];
}

function listProperty(list: List): INodeProperties[] {
	const { title, rows } = MATERIAL_WORDS[list];
	if (rows === undefined) return [];
	const voices = voicesOf(list);
	const own = { source: 'source', url: 'url', file: 'binaryField' };
	const ofVoice = { source: 'voiceSource', url: 'voiceUrl', file: 'voiceBinaryField' };
	const described = `The prompt names them by their place, e.g. "${rows.called} 1" for the first. ${limitsByModel(list)}.`;
	return showMaterial(list).map((show) => ({
		displayName: title,
		name: list,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: `Add ${rows.called}`,
		default: {},
		description: described,
		options: [
			{
				displayName: rows.called,
				name: rows.group,
				values: [
					...fieldsOf(list, ROW_LABELS[list], own, list, false),
					...(voices === undefined ? [] : fieldsOf(list, VOICE_LABELS, ofVoice, voices, true)),
				],
			},
		],
		displayOptions: { show },
	}));
}

/** The lists of all models, each shown for those that have it. */
export const listParameters: INodeProperties[] = LISTS.flatMap(listProperty);
