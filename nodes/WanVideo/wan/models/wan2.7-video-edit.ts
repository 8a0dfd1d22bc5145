/** Wan 2.7 video edit: one clip, changed by words and pictures. */
import { clipOf, IMAGE, prompt27, SETTINGS_27, SHAPES } from './familyLimits';
import type { Model } from './model';

export const WAN27_EDIT = {
	id: 'wan2.7-video-edit',
	label: 'Wan 2.7 Video Edit',
	summary: 'Change a clip by words and up to 4 images',
	tells: 'from a clip that is to be changed',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan2.7/wan2.7-video-edit',
	materials: { clip: clipOf(2, 10), referenceImages: { ...IMAGE, maxCount: 4 } },
	purposes: { clip: 'the clip to change' },
	sets: [{ required: ['clip'], optional: ['referenceImages'] }],
	settings: {
		prompt: prompt27(false),
		aspectRatio: { values: SHAPES, default: 'asClip' },
		durationSeconds: { min: 2, max: 10, default: 'asClip', open: 'asClip' },
		keepOriginalSound: { default: false },
		...SETTINGS_27,
	},
	rules: [{ rule: 'clipIsCut' }],
	billing: { clipsUpToSeconds: 10, openUpToSeconds: 10 },
} as const satisfies Model;
