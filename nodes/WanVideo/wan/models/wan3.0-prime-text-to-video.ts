/** Wan 3.0 prime text to video: the page of 3.0 with another name and another price. */
import type { Model } from './model';
import { WAN30_TEXT } from './wan3.0-text-to-video';

export const WAN30_PRIME_TEXT = {
	...WAN30_TEXT,
	id: 'wan3.0-prime-text-to-video',
	label: 'Wan 3.0 Prime Text to Video',
	summary: 'From words alone; up to 30 seconds, with sound; finer, at a higher price',
	page: 'https://docs.evolink.ai/en/api-manual/video-series/wan3.0/wan3.0-prime-text-to-video',
} as const satisfies Model;
