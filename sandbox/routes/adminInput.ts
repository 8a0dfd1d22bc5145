// Turns the JSON of admin calls into what the sandbox's own functions take, or says what is wrong.

import type { NewKey } from '../accounts';
import { isFault, isFaultPlace, type FaultPlan } from '../faults';
import { isRecord } from '../json';

/** A fault plan from JSON. */
export function asFaultPlan(value: unknown): FaultPlan {
	if (!isRecord(value)) throw new Error('a fault plan must be a JSON object');
	const { on, fault, times, after, match } = value;
	if (!isFaultPlace(on)) throw new Error(`there is no place "${String(on)}" for faults`);
	if (!isFault(fault)) throw new Error('fault must have a known kind and its fields');
	return {
		on,
		fault,
		...(typeof times === 'number' ? { times } : {}),
		...(typeof after === 'number' ? { after } : {}),
		...(isRecord(match) ? { match: asMatch(match) } : {}),
	};
}

function asMatch(match: Record<string, unknown>): NonNullable<FaultPlan['match']> {
	const { taskId, path, nth } = match;
	return {
		...(typeof taskId === 'string' ? { taskId } : {}),
		...(typeof path === 'string' ? { path } : {}),
		...(typeof nth === 'number' ? { nth } : {}),
	};
}

/** A key from JSON. */
export function asNewKey(value: Record<string, unknown>): NewKey {
	const { key, credits, limit, models, account, state } = value;
	if (typeof key !== 'string' || key === '') throw new Error('key must be a text');
	return {
		key,
		...(typeof credits === 'number' ? { credits } : {}),
		...(typeof limit === 'number' ? { limit } : {}),
		...(Array.isArray(models) ? { models: models.map(String) } : {}),
		...(typeof account === 'string' ? { account } : {}),
		...(state === 'active' || state === 'expired' || state === 'disabled' ? { state } : {}),
	};
}
