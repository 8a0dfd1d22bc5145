/** Which items become which film: the group of each item, its clip, and what the film is to be called. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { itemClip } from '../../host/clips';
import { fetchedClip } from '../../host/fetchedClip';
import type { ItemClip } from '../../host/films';
import { type Complaint, settingComplaint } from '../../host/errors';
import { asBinary } from '../../host/itemFiles';
import { isThere } from '../../host/given';
import { choiceSetting, readParameter, SettingError, textSetting } from '../../host/parameters';
import { readOutputField } from '../rowPlan';
import { videoFileName } from '../videoFileName';

/** The labels of the fields, as errors name them. */
export const JOIN_LABELS = {
	clipsSource: 'Clip Source',
	clipsBinaryField: 'Clip Input Data Field Name',
	clipsUrl: 'Clip URL',
	fileName: 'File Name',
	groupBy: 'Group By',
} as const;

/** Where their values are in the node. */
const PLACES: Readonly<Record<keyof typeof JOIN_LABELS, string>> = {
	clipsSource: 'clipsSource',
	clipsBinaryField: 'clipsBinaryField',
	clipsUrl: 'clipsUrl',
	fileName: 'options.fileName',
	groupBy: 'options.groupBy',
};

export const FREE = 'No video was written. Joining is done inside n8n and costs nothing.';
const SHOWN_CHARACTERS = 60;

export interface FilmPlan {
	/** In the order of the input. */
	items: number[];
	/** What the items have in common, where they are grouped. */
	group?: string;
	clips: ItemClip[];
	/** What is wrong with its items, each text beginning with the item. */
	problems: string[];
	fileName: string;
	outputBinaryField: string;
}

export interface ReadFilms {
	films: FilmPlan[];
	/** Items of which not even the film is known. */
	lost: Array<{ item: number; complaint: Complaint }>;
}

/** Reads all items. */
export async function readFilms(context: IExecuteFunctions): Promise<ReadFilms> {
	const films = new Map<string | undefined, FilmPlan>();
	const lost: ReadFilms['lost'] = [];
	for (const item of context.getInputData().keys()) {
		let group: string | undefined;
		try {
			group = groupOf(context, item);
		} catch (error) {
			const { message } = settingComplaint(error);
			lost.push({ item, complaint: { message: `Item ${item}: ${message}`, details: FREE } });
			continue;
		}
		let film = films.get(group);
		if (film === undefined) {
			film = newFilm(context, item, group);
			films.set(group, film);
		}
		film.items.push(item);
		try {
			film.clips.push({ item, file: await clipOf(context, item) });
		} catch (error) {
			film.problems.push(
				`item ${item}: ${settingComplaint(error).message}${failedBefore(context, item)}`,
			);
		}
	}
	return { films: [...films.values()], lost };
}

/** The settings of a film are those of its first item. */
function newFilm(context: IExecuteFunctions, item: number, group: string | undefined): FilmPlan {
	const film: FilmPlan = {
		...{ items: [], clips: [], problems: [] },
		...(group !== undefined && { group }),
		...{ fileName: '', outputBinaryField: 'data' },
	};
	try {
		const fallback = group === undefined ? 'film' : `film-${group.slice(0, SHOWN_CHARACTERS)}`;
		const name = read(context, 'fileName', item);
		film.fileName = videoFileName(textSetting(name, JOIN_LABELS.fileName, ''), fallback);
		film.outputBinaryField = readOutputField(context, item);
	} catch (error) {
		film.problems.push(`item ${item}: ${settingComplaint(error).message}`);
	}
	return film;
}

function groupOf(context: IExecuteFunctions, item: number): string | undefined {
	if (!isThere(context, PLACES.groupBy)) return undefined;
	const groupBy = read(context, 'groupBy', item);
	// What is no text is compared by its JSON: the number 7 and the text "7" are one film.
	const text = typeof groupBy === 'string' ? groupBy.trim() : (JSON.stringify(groupBy ?? '') ?? '');
	if (text === '' || text === '""')
		throw new SettingError(
			`'${JOIN_LABELS.groupBy}' gives nothing, so it is not known which video the clip belongs to. Enter an expression, or remove the option.`,
		);
	return text;
}

async function clipOf(context: IExecuteFunctions, item: number): Promise<ItemClip['file']> {
	const source = choiceSetting(read(context, 'clipsSource', item), JOIN_LABELS.clipsSource, [
		'binary',
		'url',
	]);
	if (source === 'url') return fetchedClip(context, readUrl(context, item));
	const given = read(context, 'clipsBinaryField', item);
	const field = asBinary(given) ?? textSetting(given, JOIN_LABELS.clipsBinaryField, '');
	if (field === '')
		throw new SettingError(`'${JOIN_LABELS.clipsBinaryField}' is empty. Fill it in.`);
	const found = await itemClip(context, item, field);
	const { videoUrl } = context.getInputData()[item]?.json ?? {};
	const asUrl =
		typeof videoUrl === 'string'
			? ` Or set '${JOIN_LABELS.clipsSource}' to URL with {{ $json.videoUrl }} as '${JOIN_LABELS.clipsUrl}', which works for 24 hours after the clip was made.`
			: '';
	if (!found.ok)
		throw new SettingError(`'${JOIN_LABELS.clipsBinaryField}': ${found.reason}${asUrl}`);
	return found.value;
}

function readUrl(context: IExecuteFunctions, item: number): string {
	const url = textSetting(read(context, 'clipsUrl', item), JOIN_LABELS.clipsUrl, '');
	if (url === '')
		throw new SettingError(
			`'${JOIN_LABELS.clipsUrl}' is empty. Each item needs the address of its clip.`,
		);
	if (!/^https?:\/\/[^/\s]/i.test(url) || /\s/.test(url))
		throw new SettingError(
			`'${JOIN_LABELS.clipsUrl}' is not an http(s) address: '${url.slice(0, SHOWN_CHARACTERS)}'.`,
		);
	return url;
}

function read(context: IExecuteFunctions, field: keyof typeof JOIN_LABELS, item: number): unknown {
	return readParameter(context, { name: PLACES[field], displayName: JOIN_LABELS[field] }, item);
}

/** A node before, set to continue, hands on the rows of what failed; they have no clip. */
function failedBefore(context: IExecuteFunctions, item: number): string {
	const error = context.getInputData()[item]?.json.error;
	if (typeof error !== 'string') return '';
	return ` It comes from an item that failed before: ${error.slice(0, 200)}`;
}
