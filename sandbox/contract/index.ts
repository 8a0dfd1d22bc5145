// The whole contract in one place, and a flat list of its facts for tests that print or compare.

import { HTTP_ERRORS, UPLOAD_ERRORS } from './errors';
import type { Fact, Mark } from './fact';
import { MODELS } from './models';
import { BILLING, CALLBACKS, EXPIRY, TASK_ERRORS, TASK_STATES, UPLOADS } from './tasks';

export * from './errors';
export * from './fact';
export * from './model';
export * from './models';
export * from './tasks';

const TABLES = {
	MODELS,
	HTTP_ERRORS,
	UPLOAD_ERRORS,
	TASK_STATES,
	TASK_ERRORS,
	BILLING,
	CALLBACKS,
	EXPIRY,
	UPLOADS,
};

const isFact = (value: object): value is Fact => 'mark' in value && 'source' in value;

/** Every fact of the contract with its path, such as `MODELS.wan2.7-image-to-video.fields.duration`. */
export function listFacts(): Array<{ path: string; mark: Mark; source: string }> {
	const found: Array<{ path: string; mark: Mark; source: string }> = [];
	const walk = (value: unknown, path: string): void => {
		if (typeof value !== 'object' || value === null) return;
		if (isFact(value)) {
			found.push({ path, mark: value.mark, source: value.source });
			return;
		}
		for (const [name, inner] of Object.entries(value)) walk(inner, path ? `${path}.${name}` : name);
	};
	walk(TABLES, '');
	return found;
}
