/** The aspect ratio where it is said in words instead of numbers. */
import { DEFAULT } from './length';
import type { Model } from './models/model';
import type { RawFields } from './request';

/** The settings with no aspect ratio where the model's own is meant: as the clip is, or whatever it does by itself. */
export function shapeOf({ settings: { aspectRatio } }: Model, raw: RawFields): RawFields {
	const said = typeof raw.aspectRatio === 'string' ? raw.aspectRatio.trim() : raw.aspectRatio;
	const isOwn = said === DEFAULT || (said === 'asClip' && aspectRatio?.default === 'asClip');
	if (!isOwn) return raw;
	return Object.fromEntries(Object.entries(raw).filter(([name]) => name !== 'aspectRatio'));
}
