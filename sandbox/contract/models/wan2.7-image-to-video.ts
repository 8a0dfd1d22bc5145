// Wan 2.7 image to video, transcribed from its page. There are no other fields for this model.

import { assumed, documented, SOURCES } from '../fact';
import type { ModelContract } from '../model';
import * as page from './wan27';

const id = 'wan2.7-image-to-video';
const fact = documented(SOURCES.model);

export const wan27ImageToVideo = {
	id,
	page: fact,
	refusal: page.refusal(fact),
	fields: {
		model: page.model(fact, id),
		generation_mode: {
			type: 'string',
			required: false,
			enum: ['first_frame', 'first_last_frame', 'video_continuation'],
			...fact,
		},
		prompt: page.prompt(fact, false),
		image_start: page.url(fact),
		image_end: page.url(fact),
		video_urls: page.urls(fact, 1),
		audio_urls: page.urls(fact, 1),
		duration: page.duration(fact, 2, 15),
		...page.settings(fact),
	},
	materials: {
		image_start: page.image(fact),
		image_end: page.image(fact),
		video_urls: page.clip(fact, 2, 10),
		audio_urls: page.sound(fact, 2, 30),
	},
	modes: {
		first_frame: {
			image_start: 'required',
			image_end: 'refused',
			video_urls: 'refused',
			audio_urls: 'optional',
			...fact,
		},
		first_last_frame: {
			image_start: 'required',
			image_end: 'required',
			video_urls: 'refused',
			audio_urls: 'optional',
			...fact,
		},
		video_continuation: {
			image_start: 'refused',
			image_end: 'optional',
			video_urls: 'required',
			audio_urls: 'refused',
			...fact,
		},
	},
	/** The six legal sets of materials, whatever `generation_mode` says. */
	legalSets: [
		{ materials: ['image_start'], ...fact },
		{ materials: ['image_start', 'audio_urls'], ...fact },
		{ materials: ['image_start', 'image_end'], ...fact },
		{ materials: ['image_start', 'image_end', 'audio_urls'], ...fact },
		{ materials: ['video_urls'], ...fact },
		{ materials: ['video_urls', 'image_end'], ...fact },
	],
	/** The docs only say "appropriate". */
	automaticMode: [
		{ has: ['video_urls'], mode: 'video_continuation', ...assumed('the six legal sets') },
		{
			has: ['image_start', 'image_end'],
			mode: 'first_last_frame',
			...assumed('the six legal sets'),
		},
		{ has: ['image_start'], mode: 'first_frame', ...assumed('the six legal sets') },
	],
	rules: [{ rule: 'clipFitsDuration', ...fact }],
	billing: page.billing,
	videoDuration: page.videoDuration,
} as const satisfies ModelContract;
