// Wan 3.0 reference to video: pictures, clips, sounds, a document or a public page. The prompt
// names them "Image 1", "Video 1", "Audio 1".

import { documented, observed, SOURCES } from '../fact';
import { MB, type ModelContract } from '../model';
import * as page from './wan30';

const id = 'wan3.0-reference-video';
const fact = documented(SOURCES.reference30);

export const wan30ReferenceVideo = {
	id,
	page: fact,
	refusal: page.refusal(fact),
	fields: {
		model: page.model(fact, id),
		prompt: page.prompt(fact, false),
		image_urls: page.urls(fact, 10),
		video_urls: page.urls(fact, 5),
		audio_urls: page.urls(fact, 5),
		file_url: page.url(fact),
		link_url: page.url(fact),
		...page.settings(fact),
	},
	materials: {
		image_urls: page.image(fact),
		video_urls: { ...page.clip(fact, 1, 15), secondsTogether: 15 },
		audio_urls: { ...page.sound(fact, 1, 15), secondsTogether: 15 },
		file_url: {
			kind: 'document',
			formats: [
				...['docx', 'doc', 'xlsx', 'xls', 'pptx', 'ppt'],
				...['pdf', 'txt', 'key', 'pages', 'numbers', 'md'],
			],
			bytesMax: 100 * MB,
			pagesMax: 50,
			...fact,
		},
		link_url: { kind: 'page', formats: [], ...fact },
	},
	rules: [
		{
			rule: 'atLeastOneOf',
			fields: ['prompt', 'image_urls', 'video_urls', 'audio_urls', 'file_url', 'link_url'],
			...fact,
		},
		{ rule: 'notTogether', fields: ['file_url', 'link_url'], ...fact },
		{ rule: 'clipsAndDuration', max: 30, ...fact },
	],
	billing: { ...page.billing, inputCapSeconds: 15, ...observed(SOURCES.pricing) },
	sizes: page.sizes,
	videoDuration: page.videoDuration,
} as const satisfies ModelContract;
