/** The aspect ratio where it is said in words instead of numbers. */
import { DEFAULT } from './length';
import type { Place } from './materialSource';
import type { Model } from './models/model';
import { LABELS, type RawFields } from './request';
import { shown } from './shown';

/** The settings with no aspect ratio where the model's own is meant: as the clip is, or whatever it does by itself. */
export function shapeOf({ settings: { aspectRatio } }: Model, raw: RawFields): RawFields {
	const said = typeof raw.aspectRatio === 'string' ? raw.aspectRatio.trim() : raw.aspectRatio;
	const isOwn = said === DEFAULT || (said === 'asClip' && aspectRatio?.default === 'asClip');
	if (!isOwn) return raw;
	return Object.fromEntries(Object.entries(raw).filter(([name]) => name !== 'aspectRatio'));
}

/** A shape that EvoLink leaves out, as a picture gives it. The default is always sent, and nobody has asked for it. */
export function ignoredShape(
	{ rules, settings }: Model,
	{ aspectRatio }: RawFields,
	given: readonly Place[],
): string[] {
	const isByPicture =
		rules.some(({ rule }) => rule === 'firstFrameDecidesShape') &&
		given.some(({ name }) => name === 'firstFrame');
	const isAsked = aspectRatio !== undefined && aspectRatio !== settings.aspectRatio?.default;
	if (!isByPicture || !isAsked) return [];
	return [
		`'${LABELS.aspectRatio}' is ${shown(aspectRatio)}, and counts for nothing: the video gets the shape of '${LABELS.firstFrame}'.`,
	];
}
