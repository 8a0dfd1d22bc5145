/**
 * Wan 2.7 image-to-video as this package's first release had it, for the tests that know this model only.
 * Every fact is in its table (wan/models/wan2.7-image-to-video.ts); nothing is stated here.
 */
import { WAN27_IMAGE } from '../../nodes/WanVideo/wan/models/wan2.7-image-to-video';

export const MODEL_ID = WAN27_IMAGE.id;

export type Material = keyof typeof WAN27_IMAGE.materials;
export type Mode = (typeof WAN27_IMAGE.sets)[number]['mode'];
/** `auto` leaves the mode to EvoLink, which goes by the materials. */
export type ModeChoice = Mode | 'auto';
export type Quality = (typeof WAN27_IMAGE.settings.quality.values)[number];
type Rule = 'required' | 'optional' | 'refused';

export const MATERIALS: readonly Material[] = ['firstFrame', 'lastFrame', 'clip', 'drivingAudio'];

/** What each mode takes. */
export const MODES: Readonly<
	Record<Mode, { label: string; summary: string; materials: Readonly<Record<Material, Rule>> }>
> = {
	first_frame: modeOf(WAN27_IMAGE.sets[0]),
	first_last_frame: modeOf(WAN27_IMAGE.sets[1]),
	video_continuation: modeOf(WAN27_IMAGE.sets[2]),
};

function modeOf(set: (typeof WAN27_IMAGE.sets)[number]) {
	const { label, summary } = set;
	const [required, optional]: Array<readonly Material[]> = [set.required, set.optional];
	const rule = (name: Material): Rule => {
		if (required.includes(name)) return 'required';
		return optional.includes(name) ? 'optional' : 'refused';
	};
	const materials = {
		firstFrame: rule('firstFrame'),
		lastFrame: rule('lastFrame'),
		clip: rule('clip'),
		drivingAudio: rule('drivingAudio'),
	};
	return { label, summary, materials };
}

export const MODE_NAMES: readonly Mode[] = WAN27_IMAGE.sets.map(({ mode }) => mode);

const { prompt, negativePrompt, durationSeconds, quality, seed, callbackUrl } =
	WAN27_IMAGE.settings;

/** Ranges and defaults of the settings. */
export const LIMITS = {
	prompt: { maxCharacters: prompt.maxCharacters },
	...{ negativePrompt, durationSeconds, quality, seed, callbackUrl },
} as const;

/** What EvoLink takes as each material. */
export const MATERIAL_LIMITS = WAN27_IMAGE.materials;

/** The mode whose required and optional materials cover exactly these, or undefined when no mode does. */
export function modeForMaterials(given: ReadonlySet<Material>): Mode | undefined {
	return MODE_NAMES.find((name) =>
		MATERIALS.every((material) => {
			const rule = MODES[name].materials[material];
			return rule === 'optional' || (rule === 'required') === given.has(material);
		}),
	);
}
