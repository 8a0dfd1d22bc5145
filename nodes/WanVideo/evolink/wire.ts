/** Between the domain's request and EvoLink's JSON body: the one place that knows the wire's field names. */
import { isFollowed } from '../wan/follow';
import { DEFAULT_MODEL, modelOf } from '../wan/models';
import type { Model, WirePlace } from '../wan/models/model';
import { isRows, type MaterialSource } from '../wan/materialSource';
import type { GenerationRequest, RequestField } from '../wan/request';
import { type Material, MATERIAL_NAMES, SETTING_NAMES, type Setting } from '../wan/vocabulary';

/** Body of `POST /v1/videos/generations`. Only what the user set is in it: no null, no empty value. */
export interface GenerationBody {
	model: string;
	generation_mode?: string;
	prompt?: string;
	negative_prompt?: string;
	image_start?: string;
	image_end?: string;
	image_urls?: string[];
	video_urls?: string[];
	audio_urls?: string[];
	model_params?: {
		voice_bindings?: Record<string, string>;
		file_url?: string;
		link_url?: string;
	};
	quality?: string;
	aspect_ratio?: string;
	duration?: number;
	generate_audio?: boolean;
	keep_original_sound?: boolean;
	seed?: number;
	prompt_extend?: boolean;
	callback_url?: string;
}

/** Every material; which of them a model takes, and where its page has another place for it, is in its table. */
const WIRE_MATERIALS: Readonly<Record<Material, WirePlace>> = {
	firstFrame: { as: 'text', field: 'image_start' },
	lastFrame: { as: 'text', field: 'image_end' },
	referenceImages: { as: 'list', field: 'image_urls' },
	clip: { as: 'list', field: 'video_urls' },
	referenceClips: { as: 'list', field: 'video_urls' },
	drivingAudio: { as: 'list', field: 'audio_urls' },
	referenceAudio: { as: 'list', field: 'audio_urls' },
	imageVoices: { as: 'binding', field: 'voice_bindings', prefix: 'image' },
	clipVoices: { as: 'binding', field: 'voice_bindings', prefix: 'video' },
	document: { as: 'param', field: 'file_url' },
	page: { as: 'param', field: 'link_url' },
};

/** Where a material goes in the body of a model. */
export const placeOf = (model: Model, name: Material): WirePlace =>
	model.wire?.[name] ?? WIRE_MATERIALS[name];

export const WIRE_SETTINGS: Readonly<Record<Setting, string>> = {
	prompt: 'prompt',
	negativePrompt: 'negative_prompt',
	quality: 'quality',
	aspectRatio: 'aspect_ratio',
	durationSeconds: 'duration',
	generateAudio: 'generate_audio',
	keepOriginalSound: 'keep_original_sound',
	seed: 'seed',
	promptExtend: 'prompt_extend',
	callbackUrl: 'callback_url',
};

/** Fields of the request by EvoLink's names, where the two names are not alike: settings of any model, materials of this one. */
export function wireNames(id: string | undefined): Array<[wire: string, field: RequestField]> {
	const model = modelOf(id) ?? DEFAULT_MODEL;
	const materials = MATERIAL_NAMES.filter((name) => model.materials[name] !== undefined);
	const settings = SETTING_NAMES.filter((name) => WIRE_SETTINGS[name].includes('_'));
	return [
		...materials.flatMap((name): Array<[string, RequestField]> => {
			const { as, field } = placeOf(model, name);
			// Voices share a field, in which each is named by its row.
			return as === 'binding' ? [] : [[field, name]];
		}),
		...settings.map((name): [string, RequestField] => [WIRE_SETTINGS[name], name]),
	];
}

type AddressOf = (hash: string) => string | undefined;

/** The length that a model chooses by itself; "as the clip" is said by saying nothing. */
const SMART_DURATION = -1;
/** Materials stand behind these, the other settings behind the materials. */
const FIRST: readonly Setting[] = ['prompt', 'negativePrompt'];

/**
 * The body for a checked request. `addressOf` gives the address of a file by its hash; without it the request
 * must have no files: a hash never goes out in place of an address.
 */
export function toBody(
	request: GenerationRequest,
	addressOf: AddressOf = () => undefined,
): GenerationBody {
	const { model, mode } = request;
	// The seconds in it would be too few, and EvoLink's own number a guess.
	if (isFollowed(request.durationMode)) throw new Error('A length is not known yet.');
	const rest = SETTING_NAMES.filter((name) => !FIRST.includes(name));
	return {
		model,
		...(mode !== undefined && mode !== 'auto' && { generation_mode: mode }),
		...settingsOf(request, FIRST),
		...materialsOf(request, addressOf),
		...settingsOf(request, rest),
	};
}

function settingsOf(request: GenerationRequest, names: readonly Setting[]): object {
	return Object.fromEntries(
		names.flatMap((name): Array<[string, unknown]> => {
			const smart = name === 'durationSeconds' && request.durationMode === 'smart';
			const value = smart ? SMART_DURATION : request[name];
			return value === undefined ? [] : [[WIRE_SETTINGS[name], value]];
		}),
	);
}

function materialsOf({ model, materials }: GenerationRequest, addressOf: AddressOf): object {
	const table = modelOf(model) ?? DEFAULT_MODEL;
	const body: Record<string, unknown> = {};
	const params: Record<string, unknown> = {};
	const bindings: Record<string, string> = {};
	for (const name of MATERIAL_NAMES) {
		const value = materials[name];
		if (value === undefined) continue;
		const place = placeOf(table, name);
		const addresses = (isRows(value) ? value : [value]).map((source) =>
			source === undefined ? undefined : addressIn(source, addressOf),
		);
		switch (place.as) {
			case 'text':
				body[place.field] = addresses[0];
				break;
			case 'list':
				// Rows are numbered as the prompt names them, so there is no gap among them.
				if (addresses.includes(undefined)) throw new Error('A row of a list has no address.');
				body[place.field] = addresses;
				break;
			case 'param':
				params[place.field] = addresses[0];
				break;
			case 'binding':
				addresses.forEach((address, row) => {
					if (address !== undefined) bindings[`${place.prefix}${row + 1}`] = address;
				});
				params[place.field] = bindings;
		}
	}
	return { ...body, ...(Object.keys(params).length > 0 && { model_params: params }) };
}

function addressIn(source: MaterialSource, addressOf: AddressOf): string {
	const address = 'url' in source ? source.url : addressOf(source.file);
	if (address === undefined) throw new Error('A file has no address yet, so there is no body.');
	return address;
}
