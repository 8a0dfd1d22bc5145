/** Words for a quality, as people and models say them. */
import { qualityOf } from '../../../nodes/WanVideo/wan/qualityWords';

it.each([
	['720p', '720p'],
	['720P', '720p'],
	[720, '720p'],
	['HD', '720p'],
	['1280x720', '720p'],
	['1280 × 720', '720p'],
	['720x1280', '720p'],
	['1080P', '1080p'],
	['Full HD', '1080p'],
	['full-hd', '1080p'],
	['FHD', '1080p'],
	['1920x1080', '1080p'],
	['480p', '480p'],
])('%j is %s', (value, quality) => {
	expect(qualityOf(value)).toBe(quality);
});

it.each([['4K'], ['high'], [1], [true], [null], [['720p']]])('%j stays as it is', (value) => {
	expect(qualityOf(value)).toBe(value);
});
