// The six legal sets of materials, and the refusal of all others: by mode, and with the mode left
// to EvoLink.

import { Budget } from './budget';
import { errorOf, idOf, Target, type Materials } from './target';
import type { JsonRecord } from '../../sandbox/json';

const budget = new Budget('materials');
let target: Target;
beforeAll(async () => {
	target = await Target.open();
});
afterAll(() => target.close());

type Name = 'image_start' | 'image_end' | 'video_urls' | 'audio_urls';
const NAMES: readonly Name[] = ['image_start', 'image_end', 'video_urls', 'audio_urls'];

/** All 16 sets, by the modes that take them; the empty list: refused everywhere. */
const LEGAL: Readonly<Record<string, string>> = {
	image_start: 'first_frame',
	'image_start audio_urls': 'first_frame',
	'image_start image_end': 'first_last_frame',
	'image_start image_end audio_urls': 'first_last_frame',
	video_urls: 'video_continuation',
	'image_end video_urls': 'video_continuation',
};
const SETS = Array.from({ length: 16 }, (_, bits) =>
	NAMES.filter((_name, at) => (bits >> at) % 2 === 1),
);

function bodyOf(set: readonly Name[], materials: Materials): JsonRecord {
	const values: Record<Name, string | string[]> = {
		image_start: materials.first,
		image_end: materials.last,
		video_urls: [materials.clip],
		audio_urls: [materials.audio],
	};
	const duration = set.includes('video_urls') ? 3 : 2;
	return { duration, ...Object.fromEntries(set.map((name) => [name, values[name]])) };
}

describe('sets of materials', () => {
	for (const set of SETS) {
		const legalMode = LEGAL[set.join(' ')];
		const label = set.join(' + ') || 'no material';
		const seconds = set.includes('video_urls') ? 3 : 2;
		if (legalMode !== undefined) {
			budget.billed(seconds, `${label} is accepted without a mode`, async () => {
				idOf(await target.submit(bodyOf(set, await target.materials())));
			});
		} else {
			// A refusal is free; the seconds are what an unexpected acceptance would cost.
			budget.billed(set.length === 0 ? 0 : seconds, `${label} is refused`, async () => {
				const answer = await target.submit(bodyOf(set, await target.materials()));
				expect(answer.status).toBe(400);
				expect(errorOf(answer)).toHaveProperty('type', 'invalid_request_error');
			});
		}
		for (const mode of ['first_frame', 'first_last_frame', 'video_continuation']) {
			const verdict = mode === legalMode ? 'accepted' : 'refused';
			budget.sandboxOnly(`${label} is ${verdict} in ${mode}`, async () => {
				const body = { generation_mode: mode, ...bodyOf(set, await target.materials()) };
				expect((await target.submit(body)).status).toBe(mode === legalMode ? 200 : 400);
			});
		}
	}
});
