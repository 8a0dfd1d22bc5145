/** Wan 2.7 reference to video: people and things from pictures and clips, each with a voice where one is given. */
import { clipOf, DURATION_27, IMAGE, prompt27, SETTINGS_27, SHAPES, soundOf } from './familyLimits';
import type { Model } from './model';

export const WAN27_REFERENCE = {
	id: 'wan2.7-reference-video',
	label: 'Wan 2.7 Reference to Video',
	summary: 'People and things from up to 5 images and clips, with voices of their own',
	tells: 'from a prompt and images or clips of people',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan2.7/wan2.7-reference-video',
	materials: {
		firstFrame: IMAGE,
		referenceImages: { ...IMAGE, maxCount: 5 },
		referenceClips: { ...clipOf(1, 30), maxCount: 5 },
		imageVoices: { ...soundOf(1, 10), maxCount: 5 },
		clipVoices: { ...soundOf(1, 10), maxCount: 5 },
	},
	sets: [
		{
			required: [],
			optional: ['firstFrame', 'referenceImages', 'referenceClips', 'imageVoices', 'clipVoices'],
			together: { of: ['referenceImages', 'referenceClips'], min: 1, max: 5 },
		},
	],
	settings: {
		prompt: prompt27(true),
		aspectRatio: { values: SHAPES, default: '16:9' },
		durationSeconds: DURATION_27,
		...SETTINGS_27,
	},
	rules: [{ rule: 'shorterWithClips', maxSeconds: 10 }, { rule: 'firstFrameDecidesShape' }],
	billing: { clipsUpToSeconds: 5 },
} as const satisfies Model;
