// The three generation modes, the four materials, and the six sets of materials that EvoLink
// accepts, transcribed from the model page. Nothing else is legal.

import { assumed, documented, SOURCES, type Fact } from './fact';

export const MODEL = 'wan2.7-image-to-video';

export type Mode = 'first_frame' | 'first_last_frame' | 'video_continuation';
export type MaterialField = 'image_start' | 'image_end' | 'video_urls' | 'audio_urls';
export type Need = 'required' | 'optional' | 'refused';

export const MATERIAL_FIELDS: readonly MaterialField[] = [
	'image_start',
	'image_end',
	'video_urls',
	'audio_urls',
];

/** What each mode does with each material. */
export const MODES: Readonly<Record<Mode, Fact & Readonly<Record<MaterialField, Need>>>> = {
	first_frame: {
		image_start: 'required',
		image_end: 'refused',
		video_urls: 'refused',
		audio_urls: 'optional',
		...documented(SOURCES.model),
	},
	first_last_frame: {
		image_start: 'required',
		image_end: 'required',
		video_urls: 'refused',
		audio_urls: 'optional',
		...documented(SOURCES.model),
	},
	video_continuation: {
		image_start: 'refused',
		image_end: 'optional',
		video_urls: 'required',
		audio_urls: 'refused',
		...documented(SOURCES.model),
	},
};

/** The six legal sets of materials, whatever `generation_mode` says. */
export const LEGAL_SETS: ReadonlyArray<Fact & { readonly materials: readonly MaterialField[] }> = [
	{ materials: ['image_start'], ...documented(SOURCES.model) },
	{ materials: ['image_start', 'audio_urls'], ...documented(SOURCES.model) },
	{ materials: ['image_start', 'image_end'], ...documented(SOURCES.model) },
	{ materials: ['image_start', 'image_end', 'audio_urls'], ...documented(SOURCES.model) },
	{ materials: ['video_urls'], ...documented(SOURCES.model) },
	{ materials: ['video_urls', 'image_end'], ...documented(SOURCES.model) },
];

/** How a mode is chosen when `generation_mode` is left out: the docs only say "appropriate". */
export const AUTOMATIC_MODE: ReadonlyArray<
	Fact & { readonly has: readonly MaterialField[]; readonly mode: Mode }
> = [
	{ has: ['video_urls'], mode: 'video_continuation', ...assumed('the six legal sets') },
	{ has: ['image_start', 'image_end'], mode: 'first_last_frame', ...assumed('the six legal sets') },
	{ has: ['image_start'], mode: 'first_frame', ...assumed('the six legal sets') },
];
