// Wan 3.0 image to video: from one picture, or from one to another.

import { documented, SOURCES } from '../fact';
import type { ModelContract } from '../model';
import * as page from './wan30';

const id = 'wan3.0-image-to-video';
const fact = documented(SOURCES.image30);

export const wan30ImageToVideo = {
	id,
	page: fact,
	refusal: page.refusal(fact),
	fields: {
		model: page.model(fact, id),
		image_start: page.url(fact, true),
		/** Only together with image_start, which is needed anyway. */
		image_end: page.url(fact),
		prompt: page.prompt(fact, false),
		...page.settings(fact),
	},
	materials: { image_start: page.image(fact), image_end: page.image(fact) },
	rules: [],
	billing: page.billing,
	sizes: page.sizes,
	videoDuration: page.videoDuration,
} as const satisfies ModelContract;
