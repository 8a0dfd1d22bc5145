/** What a model takes as a material, in words. */
import type { MaterialLimits } from '../../wan/models/model';

/** E.g. "JPEG, PNG (without transparency), BMP or WEBP; 240 to 8000 pixels each side; ratio up to 8:1; up to 20 MB". */
export function limitsText(limits: MaterialLimits): string {
	const formats = Object.values(limits.formats)
		.join(', ')
		.replace(/, ([^,]*)$/, ' or $1');
	const { minSeconds, minPixels, maxMegabytes, maxPages, maxSecondsTogether } = limits;
	return [
		...(formats === '' ? [] : [formats]),
		...(minSeconds === undefined ? [] : [`${minSeconds} to ${limits.maxSeconds} seconds`]),
		...(maxSecondsTogether === undefined ? [] : [`together up to ${maxSecondsTogether} seconds`]),
		...(minPixels === undefined
			? []
			: [
					`${minPixels} to ${limits.maxPixels} pixels each side`,
					`aspect ratio up to ${limits.maxAspectRatio}:1`,
				]),
		...(maxPages === undefined ? [] : [`up to ${maxPages} pages`]),
		...(maxMegabytes === undefined ? [] : [`up to ${maxMegabytes} MB`]),
	].join('; ');
}
