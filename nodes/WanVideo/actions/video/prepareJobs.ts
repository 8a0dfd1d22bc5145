/** From judged items to jobs: what is sent, by what the journal knows it again, and how it is waited for. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { toBody } from '../../evolink/wire';
import { fingerprint } from '../../generation/fingerprint';
import type { Job } from '../../generation/outcome';
import type { Uploads } from '../../generation/uploads';
import { type Complaint, errorRow, problemComplaint, unreadComplaint } from '../../host/errors';
import { moneyText, spentByItem, taskIdsOf } from '../../host/paidTasks';
import type { Pausing } from '../../host/pause';
import type { Scope } from '../../host/scope';
import { filesOf } from '../../wan/materialSource';
import { unsetMeans } from '../../wan/modes';
import type { GenerationRequest } from '../../wan/request';
import { requestOf010 } from '../../wan/requestOf010';
import { linesOf } from '../itemTexts';
import { readConcurrency } from '../readWait';
import type { RowPlan } from '../rowPlan';
import type { Refusal } from '../rows';
import { capComplaint } from './cap';
import { isGood } from './checkItems';
import type { ReadSettings } from './itemSettings';
import { hintsOf, type JudgedItem } from './judgeItems';
import type { PaidItems } from './paidItems';
import { goesOnWithoutBadItems, refusalOfAll } from './refusals';
import { wakersOf } from './wakers';

export interface PreparedJobs {
	jobs: Job[];
	/** One per job, in the same order. */
	plans: RowPlan[];
	/** Items that were refused, for Continue On Fail. */
	refused: Refusal[];
	hints: string[];
}

export interface PreparationNeeds {
	scope: Scope;
	uploads: Uploads;
	paid: PaidItems;
	/** Settings of an item whose own cannot be read, and whose task is paid for. */
	plain: ReadSettings;
	pausing?: Pausing | undefined;
}

/**
 * Makes the jobs of all items that passed, and of those that are paid for already. Unless the node continues on
 * fail, one wrong item ends the run here, with all problems of all items in the error and nothing charged.
 */
export function prepareJobs(
	context: IExecuteFunctions,
	judged: readonly JudgedItem[],
	needs: PreparationNeeds,
): PreparedJobs {
	const { woke, wakeUrl } = needs.pausing ?? {};
	const refused = [...(woke?.refused ?? [])];
	const alreadyRefused = new Set(refused.map(({ item }) => item));
	const spent = spentByItem(context);
	const toPay = judged.filter((one) => isGood(one) && needs.paid(one) === undefined);
	const overCap = woke === undefined ? capComplaint(context, toPay) : undefined;
	const complaints: Array<{ item: number; complaint: Complaint }> = [];
	const good: PreparedItem[] = [];
	for (const one of judged) {
		const { item } = one;
		if (alreadyRefused.has(item)) continue;
		const prepared = prepareItem(context, one, needs, overCap);
		if (prepared.ok) {
			good.push(prepared.value);
			continue;
		}
		// The task of an earlier try is paid for, whatever is wrong with the item now.
		const details = moneyText(spent.get(item)) ?? prepared.complaint.details;
		const complaint = { ...prepared.complaint, details };
		complaints.push({ item, complaint });
		refused.push({ item, ...errorRow(complaint) });
	}
	if (complaints.length > 0 && !goesOnWithoutBadItems(context))
		throw refusalOfAll(context, complaints, taskIdsOf(spent));
	const wakes =
		wakeUrl === undefined
			? () => undefined
			: wakersOf(wakeUrl, good.length, readConcurrency(context));
	return {
		jobs: good.map(({ job }, index) => {
			const url = wakes(index);
			return url === undefined ? job : { ...job, wakeUrl: url };
		}),
		plans: good.map(({ row }) => row),
		refused,
		hints: [...new Set([...(woke?.hints ?? hintsOf(judged)), ...plainHints(judged, needs)])],
	};
}

/** For items that are brought by defaults, as a setting of theirs cannot be read. */
function plainHints(judged: readonly JudgedItem[], { paid }: PreparationNeeds): string[] {
	const plain = judged.filter((one) => one.settings === undefined && paid(one) !== undefined);
	const said = plain.map(({ item, unread }) => ({
		item,
		text: `${unread.join(' ')} The task of the item is paid for, so its video is brought by the defaults.`,
	}));
	return judged.length === 1 ? said.map(({ text }) => text) : linesOf(said);
}

interface PreparedItem {
	job: Job;
	row: RowPlan;
}

type Preparation = { ok: true; value: PreparedItem } | { ok: false; complaint: Complaint };

function prepareItem(
	context: IExecuteFunctions,
	one: JudgedItem,
	{ scope, uploads, paid, plain }: PreparationNeeds,
	overCap: Complaint | undefined,
): Preparation {
	const { item, unread, result, wish } = one;
	const entry = paid(one);
	const settings = one.settings ?? (entry && plain(context, item));
	if (settings === undefined) return { ok: false, complaint: unreadComplaint(unread) };
	const { row, wait, resubmits } = settings;
	const common = { item, ...(wait !== undefined && { wait }) };
	if (unread.length === 0 && result.ok && wish !== undefined) {
		if (overCap !== undefined && entry === undefined) return { ok: false, complaint: overCap };
		const { request, mode } = result;
		const olderRequest = fingerprint(requestOf010(request));
		const job = {
			...common,
			body: bodyOf(request, uploads),
			requestHash: wish,
			intent: scope.intent(item),
			olderNames: [olderRequest, ...scope.olderIntents(item), ...(entry ? [entry.intent] : [])],
			olderSlots: [scope.slot(item, olderRequest)],
			slot: scope.slot(item, wish),
			kind: kindOf(request, mode),
			resubmits,
		};
		return { ok: true, value: { job, row: { ...row, ...shown(request, mode) } } };
	}
	if (entry === undefined) {
		const complaint =
			unread.length > 0 || result.ok ? unreadComplaint(unread) : problemComplaint(result.problems);
		return { ok: false, complaint };
	}
	// Its task needs no new reading of prompt and materials; only a new submit would.
	const requestHash = entry.request;
	const job = {
		...common,
		body: noBody,
		requestHash,
		intent: scope.intent(item),
		olderNames: [entry.intent],
		slot: scope.slot(item, requestHash),
		resubmits: 0,
	};
	return { ok: true, value: { job, row } };
}

/** What a task's length should depend on. */
function kindOf(request: GenerationRequest, mode: string | undefined): string {
	const { model, quality, durationSeconds, durationMode } = request;
	return [model, mode, quality, durationSeconds, durationMode].join(' ');
}

/** The body of a job that only follows its task. */
function noBody(): never {
	throw new Error(
		'A task that is only followed has no body. This is a defect of the Wan Video node.',
	);
}

/** The body; where materials are files, it is made when the submit is due, as they have to be uploaded first. */
function bodyOf(request: GenerationRequest, uploads: Uploads): Job['body'] {
	const files = filesOf(request.materials);
	if (files.length === 0) return toBody(request);
	return async () => {
		const addresses = await uploads.addressesOf(files);
		if (!addresses.ok) return addresses;
		return { ok: true, value: toBody(request, (hash) => addresses.value.get(hash)) };
	};
}

function shown(
	{ model, durationSeconds, durationMode }: GenerationRequest,
	generationMode: string | undefined,
): Pick<RowPlan, 'model' | 'generationMode' | 'durationSeconds'> {
	const own = unsetMeans(model).durationSeconds;
	const seconds = durationSeconds ?? (durationMode === undefined ? own : undefined);
	return {
		model,
		...(generationMode !== undefined && { generationMode }),
		...(typeof seconds === 'number' && { durationSeconds: seconds }),
	};
}
