/**
 * The way of the items through 'Video: Join': read, plan, write. Nothing is written while a film is wrong,
 * unless the node continues on fail; then the films that are right are made, and the others are error rows.
 */
import {
	type IBinaryData,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

import { type Complaint, errorRow, itemsError, sentences } from '../../host/errors';
import { type Film, keepFilm, planFilm } from '../../host/films';
import { addSummary } from '../../host/hints';
import { type FilmPlan, FREE, readFilms } from './readFilms';

/** So many problems of one film are told; with a wrong setting all its clips have the same. */
const MOST_PROBLEMS = 10;

interface Bad {
	items: readonly number[];
	complaint: Complaint;
}
interface Good {
	items: readonly number[];
	row: INodeExecutionData;
}

/** A row for each film, in the order of their first items. Throws the first film's error unless the node continues on fail. */
export async function joinFilms(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const read = await readFilms(context);
	const bad: Bad[] = read.lost.map(({ item, complaint }) => ({ items: [item], complaint }));
	const planned: Array<{ plan: FilmPlan; film: Film }> = [];
	for (const plan of read.films) {
		const problems = [...plan.problems];
		const verdict = plan.clips.length === 0 ? undefined : await planFilm(plan.clips);
		endWhenStopped(context);
		if (verdict?.ok === false) problems.push(...verdict.problems);
		if (verdict?.ok === true && problems.length === 0) planned.push({ plan, film: verdict.film });
		else bad.push({ items: plan.items, complaint: complaintOf(problems) });
	}
	if (bad.length > 0 && !context.continueOnFail()) throw errorOf(context, bad);
	const good: Good[] = [];
	for (const { plan, film } of planned) {
		const kept = await keepFilm(context, film, plan.clips, plan.fileName);
		endWhenStopped(context);
		if (kept.ok) good.push({ items: plan.items, row: rowOf(plan, film, kept.value) });
		else {
			const failed = { items: plan.items, complaint: complaintOf([kept.reason]) };
			if (!context.continueOnFail()) throw errorOf(context, [failed]);
			bad.push(failed);
		}
	}
	addSummary(context, summaryOf(good, bad));
	const rows = [
		...good.map(({ items, row }) => ({ items, row })),
		...bad.map(({ items, complaint }) => ({ items, row: { json: errorRow(complaint) } })),
	];
	return rows
		.sort((a, b) => a.items[0] - b.items[0])
		.map(({ items, row }) => ({ ...row, pairedItem: items.map((item) => ({ item })) }));
}

function rowOf(plan: FilmPlan, film: Film, file: IBinaryData): Good['row'] {
	const { durationSeconds, width, height, hasAudio, startsAt } = film;
	return {
		json: {
			...(plan.group !== undefined && { group: plan.group }),
			clips: plan.clips.length,
			...{ durationSeconds, width, height, hasAudio, startsAt },
		},
		binary: { [plan.outputBinaryField]: file },
	};
}

function summaryOf(good: readonly Good[], bad: readonly Bad[]): string {
	const clips = good.reduce((sum, { items }) => sum + items.length, 0);
	const made = `${counted(good.length, 'video')} joined from ${counted(clips, 'clip')}`;
	return bad.length === 0 ? `${made}.` : `${made}, ${counted(bad.length, 'video')} not joined.`;
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function complaintOf(problems: readonly string[]): Complaint {
	const more = problems.length - MOST_PROBLEMS;
	const told = problems
		.slice(0, MOST_PROBLEMS)
		.map((text) => text.replace(/^./, (first) => first.toUpperCase()));
	const message = [...told, ...(more > 0 ? [`And ${more} more problems`] : [])]
		.map((text) => text.replace(/\.$/, ''))
		.join('. ');
	return { message, details: FREE };
}

/** One error for all films: its item is the first wrong one. */
function errorOf(context: IExecuteFunctions, bad: readonly Bad[]): Error {
	const [first, ...others] = [...bad].sort((a, b) => a.items[0] - b.items[0]);
	const more = others.map(({ complaint }) => sentences(complaint.message, ''));
	return itemsError(context, first.complaint, first.items[0], { more });
}

/** Throws when the user stopped the execution. */
function endWhenStopped(context: IExecuteFunctions): void {
	if (context.getExecutionCancelSignal()?.aborted !== true) return;
	throw new NodeOperationError(context.getNode(), 'The execution was stopped', {
		description: FREE,
	});
}
