/** Wan 3.0 reference to video: pictures, clips and sounds, a document or a page. */
import { BILLING_30, clipOf, IMAGE, prompt30, SETTINGS_30, soundOf } from './familyLimits';
import type { Model } from './model';

export const WAN30_REFERENCE = {
	id: 'wan3.0-reference-video',
	label: 'Wan 3.0 Reference to Video',
	summary: 'From images, clips, sounds, a document or a page; up to 30 seconds',
	tells: 'from a prompt, images, clips, sound or a document',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan3.0/wan3.0-reference-video',
	materials: {
		referenceImages: { ...IMAGE, maxCount: 10 },
		referenceClips: { ...clipOf(1, 15), maxCount: 5, maxSecondsTogether: 15 },
		referenceAudio: { ...soundOf(1, 15), maxCount: 5, maxSecondsTogether: 15 },
		document: {
			formats: {
				...{ docx: 'DOCX', doc: 'DOC', xlsx: 'XLSX', xls: 'XLS', pptx: 'PPTX', ppt: 'PPT' },
				...{ pdf: 'PDF', txt: 'TXT', key: 'KEY', pages: 'PAGES', numbers: 'NUMBERS', md: 'MD' },
			},
			maxMegabytes: 100,
			maxPages: 50,
		},
		page: { formats: {} },
	},
	sets: [
		{
			required: [],
			optional: ['referenceImages', 'referenceClips', 'referenceAudio', 'document', 'page'],
			insteadOfPrompt: ['referenceImages', 'referenceClips', 'referenceAudio', 'document', 'page'],
			either: ['document', 'page'],
		},
	],
	settings: { prompt: prompt30(false), ...SETTINGS_30 },
	rules: [{ rule: 'clipsAndDuration', maxSeconds: 30 }],
	billing: { ...BILLING_30, clipsUpToSeconds: 15 },
} as const satisfies Model;
