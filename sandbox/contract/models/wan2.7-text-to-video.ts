// Wan 2.7 text to video: words, and a sound that the video follows.

import { documented, SOURCES } from '../fact';
import type { ModelContract } from '../model';
import * as page from './wan27';

const id = 'wan2.7-text-to-video';
const fact = documented(SOURCES.text27);

export const wan27TextToVideo = {
	id,
	page: fact,
	refusal: page.refusal(fact),
	fields: {
		model: page.model(fact, id),
		prompt: page.prompt(fact, true),
		audio_urls: page.urls(fact, 1),
		aspect_ratio: page.shape(fact, '16:9'),
		duration: page.duration(fact, 2, 15),
		...page.settings(fact),
	},
	materials: { audio_urls: page.sound(fact, 2, 30) },
	rules: [],
	billing: page.billing,
	sizes: page.sizes(fact),
	videoDuration: page.videoDuration,
} as const satisfies ModelContract;
