/** Wan 2.7 text to video: words alone, and a sound that the video follows. */
import { DURATION_27, prompt27, SETTINGS_27, SHAPES, soundOf } from './familyLimits';
import type { Model } from './model';

export const WAN27_TEXT = {
	id: 'wan2.7-text-to-video',
	label: 'Wan 2.7 Text to Video',
	summary: 'From words alone; can follow a sound',
	tells: 'from a prompt alone',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan2.7/wan2.7-text-to-video',
	materials: { drivingAudio: soundOf(2, 30) },
	sets: [{ required: [], optional: ['drivingAudio'] }],
	settings: {
		prompt: prompt27(true),
		aspectRatio: { values: SHAPES, default: '16:9' },
		durationSeconds: DURATION_27,
		...SETTINGS_27,
	},
	rules: [{ rule: 'soundFollowsDuration' }],
	billing: {},
} as const satisfies Model;
