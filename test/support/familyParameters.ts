// A request as a builder fills it in in n8n's panel, and what the panel adds to its body by itself.

import type { IDataObject } from 'n8n-workflow';

import type { RawMaterial, RawRequest } from '../../nodes/WanVideo/wan/request';
import { type Body, type BodyRow, BODIES } from './familyBodies';

const OPTIONS = [
	...['negativePrompt', 'seed', 'promptExtend', 'callbackUrl', 'generateAudio'],
	'keepOriginalSound',
];
/** The fixed collections by material: group of the rows, and the material of their voices. */
const LISTS: Readonly<Record<string, { group: string; voices?: string }>> = {
	referenceImages: { group: 'image', voices: 'imageVoices' },
	referenceClips: { group: 'clip', voices: 'clipVoices' },
	referenceAudio: { group: 'audio' },
};
const VOICES = ['imageVoices', 'clipVoices'];

const urlOf = (material: RawMaterial | undefined) =>
	material !== undefined && 'url' in material ? material.url : undefined;

function materialParameters(materials: Record<string, unknown>): IDataObject {
	const rowsOf = (name: string) => (materials[name] ?? []) as Array<RawMaterial | undefined>;
	const entries = Object.entries(materials).flatMap(([name, value]): Array<[string, unknown]> => {
		if (VOICES.includes(name)) return [];
		const list = LISTS[name];
		if (list !== undefined) {
			const voices = list.voices === undefined ? [] : rowsOf(list.voices);
			const rows = rowsOf(name).map((row, index) => ({
				...{ source: 'url', url: urlOf(row) },
				...(voices[index] && { voiceSource: 'url', voiceUrl: urlOf(voices[index]) }),
			}));
			return [[name, { [list.group]: rows }]];
		}
		const isDocument = name === 'document' || name === 'page';
		return [
			[isDocument ? 'documentSource' : `${name}Source`, isDocument ? name : 'url'],
			[`${name}Url`, urlOf(value as RawMaterial)],
		];
	});
	return Object.fromEntries(entries) as IDataObject;
}

/** The node's parameters for what is filled in. */
export function parametersOf(model: string, raw: RawRequest): IDataObject {
	const { materials = {}, mode, durationSeconds, prompt = '', ...settings } = raw;
	const isOption = ([name]: [string, unknown]) => OPTIONS.includes(name);
	const all = Object.entries(settings);
	return {
		...{ resource: 'video', operation: 'generate', model, prompt: prompt as string },
		...(mode !== undefined && { generationMode: mode }),
		...(durationSeconds !== undefined && { duration: durationSeconds }),
		...Object.fromEntries(all.filter((entry) => !isOption(entry))),
		...materialParameters(materials),
		options: Object.fromEntries(all.filter(isOption)),
	};
}

/** What goes out though nobody touched it: the panel shows these, so they are meant. */
function untouched(model: string): Body {
	const quality = '720p';
	if (model === 'wan2.7-video-edit') return { quality };
	if (model === 'wan2.7-image-to-video') return { quality, duration: 5 };
	const aspect_ratio = model.startsWith('wan2.7') ? '16:9' : 'adaptive';
	return { quality, aspect_ratio, duration: 5 };
}

export interface FamilyCase {
	model: string;
	what: string;
	parameters: IDataObject;
	/** The whole body. */
	body: Body;
}

const caseOf = (model: string, [what, raw, body]: BodyRow): FamilyCase => ({
	...{ model, what },
	parameters: parametersOf(model, raw),
	body: { model, ...untouched(model), ...body },
});

/** A case for each model and set. */
export const familyCases: readonly FamilyCase[] = Object.entries(BODIES).flatMap(([model, rows]) =>
	rows.map((row) => caseOf(model, row)),
);
