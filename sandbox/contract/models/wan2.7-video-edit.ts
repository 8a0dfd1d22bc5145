// Wan 2.7 video edit: one clip is changed by words and pictures.

import { documented, observed, SOURCES } from '../fact';
import type { ModelContract } from '../model';
import * as page from './wan27';

const id = 'wan2.7-video-edit';
const fact = documented(SOURCES.edit27);

export const wan27VideoEdit = {
	id,
	page: fact,
	refusal: page.refusal(fact),
	fields: {
		model: page.model(fact, id),
		video_urls: page.urls(fact, 1, true),
		prompt: page.prompt(fact, false),
		image_urls: page.urls(fact, 4),
		keep_original_sound: { type: 'boolean', required: false, default: false, ...fact },
		aspect_ratio: page.shape(fact),
		/** 0 keeps the length of the clip; else the clip is cut. */
		duration: {
			type: 'integer',
			required: false,
			default: 0,
			min: 2,
			max: 10,
			also: 0,
			...fact,
		},
		...page.settings(fact),
	},
	materials: { video_urls: page.clip(fact, 2, 10), image_urls: page.image(fact) },
	rules: [],
	billing: {
		...page.billing,
		inputCapSeconds: 10,
		reserveOpenSeconds: 10,
		...observed(SOURCES.pricing),
	},
	sizes: page.sizes(fact),
	videoDuration: page.videoDuration,
} as const satisfies ModelContract;
