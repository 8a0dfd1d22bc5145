/** Wan 3.0 text to video: words alone. */
import { BILLING_30, prompt30, SETTINGS_30 } from './familyLimits';
import type { Model } from './model';

export const WAN30_TEXT = {
	id: 'wan3.0-text-to-video',
	label: 'Wan 3.0 Text to Video',
	summary: 'From words alone; up to 30 seconds, with sound',
	tells: 'from a prompt alone',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan3.0/wan3.0-text-to-video',
	materials: {},
	sets: [{ required: [], optional: [] }],
	settings: { prompt: prompt30(true), ...SETTINGS_30 },
	rules: [],
	billing: BILLING_30,
} as const satisfies Model;
