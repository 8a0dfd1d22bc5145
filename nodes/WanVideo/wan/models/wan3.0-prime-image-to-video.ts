/** Wan 3.0 prime image to video: the page of 3.0 with another name and another price. */
import type { Model } from './model';
import { WAN30_IMAGE } from './wan3.0-image-to-video';

export const WAN30_PRIME_IMAGE = {
	...WAN30_IMAGE,
	id: 'wan3.0-prime-image-to-video',
	label: 'Wan 3.0 Prime Image to Video',
	summary: 'From a first frame, or two; up to 30 seconds, with sound; finer, at a higher price',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan3.0/wan3.0-prime-image-to-video',
} as const satisfies Model;
