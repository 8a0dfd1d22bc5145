// Wan 3.0 text to video: words alone, no material at all.

import { documented, SOURCES } from '../fact';
import type { ModelContract } from '../model';
import * as page from './wan30';

const id = 'wan3.0-text-to-video';
const fact = documented(SOURCES.text30);

export const wan30TextToVideo = {
	id,
	page: fact,
	refusal: page.refusal(fact),
	fields: {
		model: page.model(fact, id),
		prompt: page.prompt(fact, true),
		...page.settings(fact),
	},
	materials: {},
	rules: [],
	billing: page.billing,
	sizes: page.sizes,
	videoDuration: page.videoDuration,
} as const satisfies ModelContract;
