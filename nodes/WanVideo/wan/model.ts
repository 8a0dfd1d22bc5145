/**
 * The one table of Wan 2.7 image-to-video: modes, materials and limits (source: seed).
 * Request schema, UI texts and ranges, checks and the README's tables read it; nothing else states these facts.
 */

/** The only model of this package. */
export const MODEL_ID = 'wan2.7-image-to-video';

export type Material = 'firstFrame' | 'lastFrame' | 'clip' | 'drivingAudio';
export type Mode = 'first_frame' | 'first_last_frame' | 'video_continuation';
/** `auto` leaves the mode to EvoLink, which goes by the materials. */
export type ModeChoice = Mode | 'auto';
export type Quality = '720p' | '1080p';
type Rule = 'required' | 'optional' | 'refused';

export const MATERIALS: readonly Material[] = ['firstFrame', 'lastFrame', 'clip', 'drivingAudio'];

/** What each mode takes. Its required and optional materials span the six legal sets, and no others. */
export const MODES: Readonly<
	Record<Mode, { label: string; summary: string; materials: Readonly<Record<Material, Rule>> }>
> = {
	first_frame: {
		label: 'First Frame',
		summary: 'Start from one image',
		materials: {
			firstFrame: 'required',
			lastFrame: 'refused',
			clip: 'refused',
			drivingAudio: 'optional',
		},
	},
	first_last_frame: {
		label: 'First and Last Frame',
		summary: 'Go from one image to another',
		materials: {
			firstFrame: 'required',
			lastFrame: 'required',
			clip: 'refused',
			drivingAudio: 'optional',
		},
	},
	video_continuation: {
		label: 'Video Continuation',
		summary: 'Continue a clip',
		materials: {
			firstFrame: 'refused',
			lastFrame: 'optional',
			clip: 'required',
			drivingAudio: 'refused',
		},
	},
};

export const MODE_NAMES: readonly Mode[] = [
	'first_frame',
	'first_last_frame',
	'video_continuation',
];

/** Ranges and defaults of the settings. Lengths of texts in characters, a Chinese character counts as one. */
export const LIMITS = {
	prompt: { maxCharacters: 5000 },
	negativePrompt: { maxCharacters: 500 },
	durationSeconds: { min: 2, max: 15, default: 5 },
	quality: { values: ['720p', '1080p'], default: '720p' },
	seed: { min: 1, max: 2_147_483_647 },
	callbackUrl: { maxCharacters: 2048 },
} as const satisfies {
	quality: { values: readonly Quality[]; default: Quality };
	[setting: string]: object;
};

/** Formats by what the bytes are told to be (media/), with their names for people. */
type Formats = Readonly<Record<string, string>>;

interface ImageLimits {
	formats: Formats;
	minPixels: number;
	maxPixels: number;
	maxAspectRatio: number;
	maxMegabytes: number;
}

const IMAGE: ImageLimits = {
	formats: { jpeg: 'JPEG', png: 'PNG (without transparency)', bmp: 'BMP', webp: 'WEBP' },
	minPixels: 240,
	maxPixels: 8000,
	maxAspectRatio: 8,
	maxMegabytes: 20,
};

/** What EvoLink takes as each material. Pixels bound width and height; the ratio bounds both ways (1:8 to 8:1). */
export const MATERIAL_LIMITS = {
	firstFrame: IMAGE,
	lastFrame: IMAGE,
	clip: {
		formats: { mp4: 'MP4', mov: 'MOV' },
		minSeconds: 2,
		maxSeconds: 10,
		minPixels: 240,
		maxPixels: 4096,
		maxAspectRatio: 8,
		maxMegabytes: 100,
	},
	drivingAudio: {
		formats: { wav: 'WAV', mp3: 'MP3' },
		minSeconds: 2,
		maxSeconds: 30,
		maxMegabytes: 15,
	},
} as const;

/** Hours for which EvoLink keeps a result link alive (seed). */
export const RESULT_LINK_HOURS = 24;

/** The mode whose required and optional materials cover exactly these, or undefined when no mode does. */
export function modeForMaterials(given: ReadonlySet<Material>): Mode | undefined {
	return MODE_NAMES.find((name) =>
		MATERIALS.every((material) => {
			const rule = MODES[name].materials[material];
			return rule === 'optional' || (rule === 'required') === given.has(material);
		}),
	);
}
