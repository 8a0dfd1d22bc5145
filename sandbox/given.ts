// What a body of a submit gives, once its fields are known.

import type { FieldName, MaterialField } from './contract';

/** A material as a body names it. */
export interface Given {
	readonly field: MaterialField;
	/** E.g. `image_start`, `image_urls[1]`, `model_params.voice_bindings.image1`. */
	readonly at: string;
	readonly url: string;
}

export type Values = Partial<Record<FieldName, unknown>>;
