// Wan 2.7 reference to video: people and things from pictures and clips, with voices of their own.
// In the prompt they are "Image 1", "Video 1", counted apart, in the order of the lists.

import { assumed, documented, observed, SOURCES } from '../fact';
import type { ModelContract } from '../model';
import * as page from './wan27';

const id = 'wan2.7-reference-video';
const fact = documented(SOURCES.reference27);

export const wan27ReferenceVideo = {
	id,
	page: fact,
	refusal: page.refusal(fact),
	fields: {
		model: page.model(fact, id),
		prompt: page.prompt(fact, true),
		/** An extra first frame: it does not count to the five, and takes no voice. */
		image_start: page.url(fact),
		image_urls: page.urls(fact, 5),
		video_urls: page.urls(fact, 5),
		/** Voices by position, first for the clips, then for the pictures. */
		audio_urls: page.urls(fact, 5),
		/** Keys `image{N}` and `video{N}`; wins over audio_urls. */
		voice_bindings: { type: 'bindings', required: false, maxItems: 5, ...fact },
		/** Without effect beside image_start. */
		aspect_ratio: page.shape(fact, '16:9'),
		duration: page.duration(fact, 2, 15),
		...page.settings(fact),
	},
	materials: {
		image_start: page.image(fact),
		image_urls: page.image(fact),
		video_urls: page.clip(fact, 1, 30),
		audio_urls: page.sound(fact, 1, 10),
		voice_bindings: page.sound(fact, 1, 10),
	},
	rules: [
		{ rule: 'countTogether', fields: ['image_urls', 'video_urls'], min: 1, max: 5, ...fact },
		{ rule: 'voicesBelong', ...fact },
		{ rule: 'shorterWithClips', max: 10, ...fact },
	],
	billing: { ...page.billing, inputCapSeconds: 5, ...observed(SOURCES.pricing) },
	sizes: page.sizes(fact),
	videoDuration: { ...page.videoDuration, ...assumed('its page shows none') },
} as const satisfies ModelContract;
