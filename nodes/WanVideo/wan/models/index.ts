/** The models of this package, in the order in which users choose among them. The first one is the default for ever. */
import { withoutBlanks } from '../address';
import type { Model } from './model';
import { WAN27_IMAGE } from './wan2.7-image-to-video';
import { WAN27_REFERENCE } from './wan2.7-reference-video';
import { WAN27_TEXT } from './wan2.7-text-to-video';
import { WAN27_EDIT } from './wan2.7-video-edit';
import { WAN30_IMAGE } from './wan3.0-image-to-video';
import { WAN30_PRIME_IMAGE } from './wan3.0-prime-image-to-video';
import { WAN30_PRIME_REFERENCE } from './wan3.0-prime-reference-video';
import { WAN30_PRIME_TEXT } from './wan3.0-prime-text-to-video';
import { WAN30_REFERENCE } from './wan3.0-reference-video';
import { WAN30_TEXT } from './wan3.0-text-to-video';

export const DEFAULT_MODEL: Model = WAN27_IMAGE;

export const MODELS: readonly Model[] = [
	...[WAN27_IMAGE, WAN27_TEXT, WAN27_REFERENCE, WAN27_EDIT],
	...[WAN30_IMAGE, WAN30_TEXT, WAN30_REFERENCE],
	...[WAN30_PRIME_IMAGE, WAN30_PRIME_TEXT, WAN30_PRIME_REFERENCE],
];

/** The model of an ID, blanks around it left out; undefined for one that this package does not know. */
export function modelOf(id: unknown): Model | undefined {
	const name = typeof id === 'string' ? withoutBlanks(id) : id;
	return MODELS.find((model) => model.id === name);
}

/** Whether a task's model is of a family that this package knows, e.g. `wan2.7`; EvoLink may name variants of its own. */
export function isOurs(id: string): boolean {
	const family = (name: string) => name.trim().toLowerCase().split('-')[0];
	return MODELS.some((model) => family(model.id) === family(id));
}
