/** Where a material comes from: an address, or a file of the item. Never a text that could be either. */
import { type Material, MATERIAL_NAMES, MATERIAL_WORDS } from './vocabulary';

/** A public http(s) address, or a file by the SHA-256 of its content (64 hex digits). */
export type MaterialSource = { url: string } | { file: string };

/** One of a kind, or the rows of a list in their order; a row may be without (e.g. a person without a voice). */
export type OneOrRows<T> = T | ReadonlyArray<T | undefined>;

/** Something for each material, by name; one that is absent is not sent. */
export type ByMaterial<T> = Readonly<Partial<Record<Material, OneOrRows<T>>>>;

/** The materials of a request. */
export type Materials = ByMaterial<MaterialSource>;

/** Which material: by its name, and of a list by its row, from 0. */
export interface Place {
	name: Material;
	row?: number;
}

export function isRows<T>(value: OneOrRows<T>): value is ReadonlyArray<T | undefined> {
	return Array.isArray(value);
}

/** Everything with its place, in the order of a body. */
export function placed<T>(table: ByMaterial<T>): Array<Place & { value: T }> {
	return MATERIAL_NAMES.flatMap((name): Array<Place & { value: T }> => {
		const value = table[name];
		if (value === undefined) return [];
		if (!isRows(value)) return [{ name, value }];
		return value.flatMap((one, row) => (one === undefined ? [] : [{ name, row, value: one }]));
	});
}

/** The way back: what is at its place becomes a table. Rows keep their numbers. */
export function byMaterial<T>(all: ReadonlyArray<Place & { value: T }>): ByMaterial<T> {
	const table: Partial<Record<Material, OneOrRows<T>>> = {};
	for (const { name, row, value } of all) {
		if (row === undefined) {
			table[name] = value;
			continue;
		}
		const before = table[name];
		const rows = before !== undefined && isRows(before) ? [...before] : [];
		while (rows.length <= row) rows.push(undefined);
		rows[row] = value;
		table[name] = rows;
	}
	return table;
}

/** What a material is called in a text: by the label of its field, of a list by its number, as prompts name it. */
export function nameOf({ name, row }: Place): string {
	const { title, label, rows } = MATERIAL_WORDS[name];
	if (row === undefined || rows === undefined) return `'${label}'`;
	return name === 'imageVoices' || name === 'clipVoices'
		? `'${title}' of ${rows.called} ${row + 1}`
		: `${rows.called} ${row + 1} of '${label}'`;
}

/** A key under which equal places meet. For comparing only. */
export function placeKey({ name, row }: Place): string {
	return row === undefined ? name : `${name} ${row}`;
}

/** A key under which equal sources meet, e.g. to look into each once. For comparing only. */
export function sourceKey(source: MaterialSource): string {
	return 'url' in source ? `url:${source.url}` : `file:${source.file}`;
}

/** The hashes of all files among these materials, each once. */
export function filesOf(materials: Materials): string[] {
	const hashes = placed(materials).flatMap(({ value }) => ('file' in value ? value.file : []));
	return [...new Set(hashes)];
}

/** Stands for a file where nothing is sent: in what 'Video: Check' shows, and in hashes and records of 0.1.0. */
export function standInOf(hash: string): string {
	return `sha256:${hash}`;
}
