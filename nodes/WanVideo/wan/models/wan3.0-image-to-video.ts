/** Wan 3.0 image to video: from one picture, or from one to another. */
import { BILLING_30, IMAGE, prompt30, SETTINGS_30 } from './familyLimits';
import type { Model } from './model';

export const WAN30_IMAGE = {
	id: 'wan3.0-image-to-video',
	label: 'Wan 3.0 Image to Video',
	summary: 'From a first frame, or two; up to 30 seconds, with sound',
	tells: 'from one image or two',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan3.0/wan3.0-image-to-video',
	materials: { firstFrame: IMAGE, lastFrame: IMAGE },
	sets: [{ required: ['firstFrame'], optional: ['lastFrame'] }],
	settings: { prompt: prompt30(false), ...SETTINGS_30 },
	rules: [],
	billing: BILLING_30,
} as const satisfies Model;
