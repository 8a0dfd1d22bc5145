/** Wan 2.7 image to video (source: seed). The default for ever: what is saved without a model is this one. */
import { clipOf, DURATION_27, IMAGE, prompt27, SETTINGS_27, soundOf } from './familyLimits';
import type { Model } from './model';

export const WAN27_IMAGE = {
	id: 'wan2.7-image-to-video',
	label: 'Wan 2.7 Image to Video',
	summary: 'From a first frame, two frames, or a clip to continue; can follow a sound',
	tells: 'from an image, a clip or sound',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan2.7/wan2.7-image-to-video',
	materials: {
		firstFrame: IMAGE,
		lastFrame: IMAGE,
		clip: clipOf(2, 10),
		drivingAudio: soundOf(2, 30),
	},
	// Required and optional materials span the six legal sets of the page, and no others.
	sets: [
		{
			mode: 'first_frame',
			label: 'First Frame',
			summary: 'Start from one image',
			required: ['firstFrame'],
			optional: ['drivingAudio'],
		},
		{
			mode: 'first_last_frame',
			label: 'First and Last Frame',
			summary: 'Go from one image to another',
			required: ['firstFrame', 'lastFrame'],
			optional: ['drivingAudio'],
		},
		{
			mode: 'video_continuation',
			label: 'Video Continuation',
			summary: 'Continue a clip',
			required: ['clip'],
			optional: ['lastFrame'],
		},
	],
	settings: { prompt: prompt27(false), durationSeconds: DURATION_27, ...SETTINGS_27 },
	rules: [{ rule: 'clipFitsDuration' }, { rule: 'soundFollowsDuration' }],
	billing: {},
} as const satisfies Model;
