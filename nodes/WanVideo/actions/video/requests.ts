/** From checked items to requests: what 'Video: Generate' and 'Video: Submit' have in common. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type GenerationBody, toBody } from '../../evolink/wire';
import { fingerprint } from '../../generation/fingerprint';
import { parseEntry, plan } from '../../generation/journal';
import type { Request, WaitPlan } from '../../generation/outcome';
import type { JournalStore } from '../../generation/ports';
import type { Uploads } from '../../generation/uploads';
import {
	type Complaint,
	errorRow,
	itemError,
	NOTHING_SENT,
	problemComplaint,
	settingComplaint,
} from '../../host/errors';
import { ItemFiles } from '../../host/files';
import { journalStore } from '../../host/journalStore';
import { uploadsOf } from '../../host/materials';
import { numberSetting, optionsOf, SettingError } from '../../host/parameters';
import type { Pausing } from '../../host/pause';
import type { Scope } from '../../host/scope';
import { LIMITS, type Material, MATERIALS } from '../../wan/model';
import { type GenerationRequest, isFileAddress } from '../../wan/request';
import { readConcurrency, readRowPlan, waitOptions } from '../waiting';
import type { Refusal, RowPlan } from '../rows';
import { type CheckedItem, checkItems, goesOnWithoutBadItems, hintsOf } from './checkItems';

export interface Prepared {
	requests: Request[];
	/** One per request, in the same order. */
	plans: RowPlan[];
	/** Items that were refused, for Continue On Fail. */
	refused: Refusal[];
	hints: string[];
}

export interface PreparationNeeds {
	scope: Scope;
	uploads: Uploads;
	/** Absent for an item that is only submitted. */
	readWait: (item: number) => WaitPlan | undefined;
	pausing?: Pausing;
}

/**
 * Checks all items and makes their requests. What is paid for is followed whatever has become of its
 * materials since, and after a pause nothing is checked again.
 */
export async function checkAndPrepare(
	context: IExecuteFunctions,
	scope: Scope,
	readWait: PreparationNeeds['readWait'],
	pausing?: Pausing,
): Promise<Prepared> {
	const files = new ItemFiles(context);
	const journal = journalStore(context);
	const inspects = (item: number) =>
		pausing?.woke === undefined && !isPaidFor(journal, scope, item);
	const checked = await checkItems(context, files, inspects);
	const uploads = await uploadsOf(context, files);
	return prepareRequests(context, checked, {
		...{ scope, uploads, readWait },
		...(pausing && { pausing }),
	});
}

/** Whether the item has a task already. A tool's place in the journal is its request, so there it is not known yet. */
function isPaidFor(journal: JournalStore, scope: Scope, item: number): boolean {
	const entry = parseEntry(journal.read(scope.slot(item, '')));
	return entry?.intent === scope.intent(item) && plan(entry, scope.executionId).do === 'follow';
}

/**
 * Makes the requests of all items that passed the check. Unless the node continues on fail, one
 * wrong item ends the run here, with all problems of all items in the error and nothing charged.
 */
export function prepareRequests(
	context: IExecuteFunctions,
	checked: readonly CheckedItem[],
	needs: PreparationNeeds,
): Prepared {
	const woke = needs.pausing?.woke;
	const prepared: Prepared = {
		...{ requests: [], plans: [] },
		refused: [...(woke?.refused ?? [])],
		hints: woke?.hints ?? hintsOf(checked),
	};
	const complaints: Array<{ item: number; complaint: Complaint }> = [];
	const overCap = woke === undefined ? capComplaint(context, checked) : undefined;
	const alreadyRefused = new Set(woke?.refused.map(({ item }) => item));
	const good: Array<Extract<PreparedItem, { plan: RowPlan }>> = [];
	for (const one of checked) {
		const { item } = one;
		if (alreadyRefused.has(item)) continue;
		const result = prepareOne(context, one, needs);
		const complaint = result.complaint ?? overCap;
		if (complaint === undefined && result.complaint === undefined) {
			good.push(result);
		} else if (complaint !== undefined) {
			complaints.push({ item, complaint });
			prepared.refused.push({ item, ...errorRow(complaint) });
		}
	}
	if (complaints.length > 0 && !goesOnWithoutBadItems(context))
		throw refusalOfAll(context, complaints);
	const wakes = wakersOf(context, good.length, needs.pausing);
	const requests = good.map(({ generation, request }, index): Request => {
		const wakeUrl = wakes(index);
		const body = bodyOf(generation, needs.uploads);
		return { ...request, body, ...(wakeUrl !== undefined && { wakeUrl }) };
	});
	return { ...prepared, requests, plans: good.map(({ plan }) => plan) };
}

/** Of the tasks that are under way at once, so many wake the execution: the last ones submitted, as they tend to end last. */
const CALLBACKS_AT_ONCE = 5;

/** By the position of a request: the address by which its task wakes the execution, if it is to. */
function wakersOf(
	context: IExecuteFunctions,
	count: number,
	pausing: Pausing | undefined,
): (index: number) => string | undefined {
	const wakeUrl = pausing?.wakeUrl;
	if (wakeUrl === undefined) return () => undefined;
	const atOnce = readConcurrency(context);
	return (index) => {
		const last = Math.min(count, (Math.floor(index / atOnce) + 1) * atOnce);
		return last - index <= CALLBACKS_AT_ONCE ? wakeUrl : undefined;
	};
}

/** The cap on billed seconds is for the run as a whole: over it, nothing is submitted at all. */
function capComplaint(
	context: IExecuteFunctions,
	checked: readonly CheckedItem[],
): Complaint | undefined {
	const label = 'Max Billed Seconds';
	try {
		const range = { label, min: 1, max: 1_000_000 };
		const options = optionsOf(context, 0);
		const cap = numberSetting(options.maxBilledSeconds, range);
		// An expression that gives nothing must not take the cap away unseen.
		if ('maxBilledSeconds' in options && cap === undefined)
			throw new SettingError(`'${label}' is empty. Enter a number, or remove the option.`);
		const seconds = checked.reduce((sum, { result }) => sum + billedSeconds(result), 0);
		if (cap === undefined || seconds <= cap) return undefined;
		return {
			message: `This run would be billed ${seconds} seconds of video, and '${label}' is ${cap}`,
			details: `${NOTHING_SENT} Raise the option, shorten 'Duration' or send fewer items.`,
		};
	} catch (error) {
		return settingComplaint(error);
	}
}

/** Seconds that EvoLink bills for an item: the duration, in a continuation the clip included (seed). */
export function billedSeconds(result: CheckedItem['result']): number {
	if (!result.ok) return 0;
	return result.request.durationSeconds ?? LIMITS.durationSeconds.default;
}

type PreparedItem =
	| {
			generation: GenerationRequest;
			request: Omit<Request, 'body'>;
			plan: RowPlan;
			complaint?: undefined;
	  }
	| { complaint: Complaint };

function prepareOne(
	context: IExecuteFunctions,
	{ item, result }: CheckedItem,
	{ scope, readWait }: PreparationNeeds,
): PreparedItem {
	if (!result.ok) return { complaint: problemComplaint(result.problems) };
	try {
		const request = fingerprint(result.request);
		const wait = readWait(item);
		const resubmits = numberSetting(optionsOf(context, item).submitAgain, {
			label: waitOptions.submitAgain.displayName,
			min: 0,
			max: 3,
			whole: true,
			fallback: 0,
		});
		return {
			plan: { ...readRowPlan(context, item), ...shown(result.request, result.mode) },
			generation: result.request,
			request: {
				item,
				request,
				intent: scope.intent(item),
				slot: scope.slot(item, request),
				resubmits: resubmits ?? 0,
				...(wait !== undefined && { wait }),
			},
		};
	} catch (error) {
		return { complaint: settingComplaint(error) };
	}
}

/** The body; where materials are files, it is filled in by uploads when the submit is due. */
function bodyOf(request: GenerationRequest, uploads: Uploads): Request['body'] {
	const body: GenerationBody = toBody(request);
	const isFile = (name: Material) => isFileAddress(request[name] ?? '');
	return MATERIALS.some(isFile) ? async () => await uploads.fill(body) : body;
}

function shown(
	request: GenerationRequest,
	generationMode: string,
): Pick<RowPlan, 'generationMode' | 'durationSeconds'> {
	const { durationSeconds } = request;
	return { generationMode, ...(durationSeconds !== undefined && { durationSeconds }) };
}

/** One error for all: its item is the first wrong one, its text lists every problem. */
function refusalOfAll(
	context: IExecuteFunctions,
	complaints: ReadonlyArray<{ item: number; complaint: Complaint }>,
) {
	const [first] = complaints;
	if (complaints.length === 1) return itemError(context, first.complaint, first.item);
	const list = complaints
		.map(({ item, complaint }) => `Item ${item}: ${complaint.message}`)
		.join('\n');
	const message = `${complaints.length} items cannot be submitted. ${first.complaint.message}`;
	return itemError(
		context,
		{ message, details: `${first.complaint.details}\n${list}` },
		first.item,
	);
}
