/** Wan 3.0 prime reference to video: the page of 3.0 with another name and another price. */
import type { Model } from './model';
import { WAN30_REFERENCE } from './wan3.0-reference-video';

export const WAN30_PRIME_REFERENCE = {
	...WAN30_REFERENCE,
	id: 'wan3.0-prime-reference-video',
	label: 'Wan 3.0 Prime Reference to Video',
	summary:
		'From images, clips, sounds, a document or a page; up to 30 seconds; finer, at a higher price',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan3.0/wan3.0-prime-reference-video',
} as const satisfies Model;
