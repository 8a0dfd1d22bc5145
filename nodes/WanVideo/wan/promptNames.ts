/** The places that a prompt names, "Image 3" or in Chinese, against the rows that are there. */
import type { Place } from './materialSource';
import type { Model } from './models/model';
import { MATERIAL_NAMES, MATERIAL_WORDS } from './vocabulary';

const CHINESE: Readonly<Record<string, string>> = { Image: '图', Video: '视频' };

/** What the prompt names and no row has, in words that go on from its label. A text may mean something else by it. */
export function nameHints(model: Model, prompt: string, given: readonly Place[]): string[] {
	return MATERIAL_NAMES.flatMap((name) => {
		const { title, label, rows } = MATERIAL_WORDS[name];
		// Voices have the rows of their images and clips, and a title of their own.
		if (rows === undefined || title !== label || model.materials[name] === undefined) return [];
		const count = given.filter((place) => place.name === name).length;
		const called = [`\\b${rows.called} `, CHINESE[rows.called] ?? rows.called].join('|');
		const named = [...prompt.matchAll(new RegExp(`(?:${called})(\\d{1,2})(?!\\d)`, 'g'))];
		const most = Math.max(0, ...named.map(([, number]) => Number(number)));
		if (most <= count) return [];
		const has = count === 1 ? '1 row' : `${count} rows`;
		return [`names ${rows.called} ${most}, but '${label}' has ${has}.`];
	});
}
