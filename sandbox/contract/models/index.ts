// All video models that the sandbox knows, by their IDs.

import type { ModelContract } from '../model';
import { wan27ImageToVideo } from './wan2.7-image-to-video';
import { wan27ReferenceVideo } from './wan2.7-reference-video';
import { wan27TextToVideo } from './wan2.7-text-to-video';
import { wan27VideoEdit } from './wan2.7-video-edit';
import { wan30ImageToVideo } from './wan3.0-image-to-video';
import { wan30PrimeImageToVideo } from './wan3.0-prime-image-to-video';
import { wan30PrimeReferenceVideo } from './wan3.0-prime-reference-video';
import { wan30PrimeTextToVideo } from './wan3.0-prime-text-to-video';
import { wan30ReferenceVideo } from './wan3.0-reference-video';
import { wan30TextToVideo } from './wan3.0-text-to-video';

const ALL: readonly ModelContract[] = [
	wan27ImageToVideo,
	wan27TextToVideo,
	wan27ReferenceVideo,
	wan27VideoEdit,
	wan30ImageToVideo,
	wan30TextToVideo,
	wan30ReferenceVideo,
	wan30PrimeImageToVideo,
	wan30PrimeTextToVideo,
	wan30PrimeReferenceVideo,
];

export const MODELS: Readonly<Record<string, ModelContract>> = Object.fromEntries(
	ALL.map((model) => [model.id, model]),
);

/** The model of an ID; throws for one that is not known. */
export function modelOf(id: string): ModelContract {
	const model = Object.hasOwn(MODELS, id) ? MODELS[id] : undefined;
	if (model === undefined) throw new Error(`the sandbox knows no model ${id}`);
	return model;
}

export { wan27ImageToVideo };
