/** The places that a prompt names, "Image 3" or in Chinese, against the rows that are there. */
import type { Place } from './materialSource';
import type { Model } from './models/model';
import { MATERIAL_NAMES, MATERIAL_WORDS } from './vocabulary';

const CHINESE: Readonly<Record<string, string>> = { Image: '图', Video: '视频' };

export interface MissingRow {
	/** In words that go on from the label of the prompt. */
	text: string;
	/** The list has no row at all, so what the prompt names cannot be meant otherwise. */
	isEmptyList: boolean;
}

/** What the prompt names and no row has. A number beyond the rows may mean something else. */
export function missingRows(model: Model, prompt: string, given: readonly Place[]): MissingRow[] {
	return MATERIAL_NAMES.flatMap((name): MissingRow[] => {
		const { title, label, rows } = MATERIAL_WORDS[name];
		// Voices have the rows of their images and clips, and a title of their own.
		if (rows === undefined || title !== label || model.materials[name] === undefined) return [];
		const count = given.filter((place) => place.name === name).length;
		const called = [`\\b${rows.called} `, CHINESE[rows.called] ?? rows.called].join('|');
		const named = [...prompt.matchAll(new RegExp(`(?:${called})(\\d{1,2})(?!\\d)`, 'g'))];
		const most = Math.max(0, ...named.map(([, number]) => Number(number)));
		if (most <= count) return [];
		const has = count === 0 ? 'no row' : count === 1 ? '1 row' : `${count} rows`;
		const text = `names ${rows.called} ${most}, but '${label}' has ${has}.`;
		return [{ text, isEmptyList: count === 0 }];
	});
}
