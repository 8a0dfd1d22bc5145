/** From n8n items to checked requests: what 'Video: Generate' and 'Video: Submit' have in common. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toBody } from '../../evolink/wire';
import { fingerprint } from '../../generation/fingerprint';
import type { Request, WaitPlan } from '../../generation/outcome';
import { type Complaint, errorRow, itemError, problemComplaint } from '../../host/errors';
import { numberSetting, optionsOf, rawParameter, SettingError } from '../../host/parameters';
import type { Scope } from '../../host/scope';
import { checkRequest, type CheckResult, type Problem } from '../../wan/check';
import { type Material, MATERIALS, MODES } from '../../wan/model';
import { type GenerationRequest, LABELS, type RawRequest } from '../../wan/request';
import { readRowPlan } from '../waiting';
import type { RowPlan } from '../rows';

export interface Prepared {
	requests: Request[];
	/** One per request, in the same order. */
	plans: RowPlan[];
	/** Rows of the items that were refused, for Continue On Fail. */
	refused: INodeExecutionData[];
	hints: string[];
}

/**
 * Checks all items before anything is sent. Unless the node continues on fail, one wrong item ends
 * the run here, with all problems of all items in the error and nothing charged.
 */
export function prepareRequests(
	context: IExecuteFunctions,
	scope: Scope,
	readWait: (item: number) => WaitPlan | undefined,
): Prepared {
	const prepared: Prepared = { requests: [], plans: [], refused: [], hints: [] };
	const complaints: Array<{ item: number; complaint: Complaint }> = [];
	for (const item of context.getInputData().keys()) {
		const result = prepareOne(context, scope, item, readWait);
		prepared.hints.push(...result.hints.map((hint) => `Item ${item}: ${hint}`));
		if (result.complaint === undefined) {
			prepared.requests.push(result.request);
			prepared.plans.push(result.plan);
		} else {
			complaints.push({ item, complaint: result.complaint });
			prepared.refused.push({ json: errorRow(result.complaint), pairedItem: { item } });
		}
	}
	if (complaints.length > 0 && !context.continueOnFail()) throw refusalOfAll(context, complaints);
	return prepared;
}

type PreparedItem = { hints: string[] } & (
	| { request: Request; plan: RowPlan; complaint?: undefined }
	| { complaint: Complaint }
);

function prepareOne(
	context: IExecuteFunctions,
	scope: Scope,
	item: number,
	readWait: (item: number) => WaitPlan | undefined,
): PreparedItem {
	const checked = withEmptySources(
		checkRequest(readRequest(context, item)),
		emptySources(context, item),
	);
	const { hints } = checked;
	if (!checked.ok) return { hints, complaint: problemComplaint(checked.problems) };
	try {
		const request = fingerprint(checked.request);
		const wait = readWait(item);
		const resubmits = numberSetting(optionsOf(context, item).submitAgain, {
			label: 'Submit Again When EvoLink Fails',
			min: 0,
			max: 3,
			whole: true,
			fallback: 0,
		});
		return {
			hints,
			plan: { ...readRowPlan(context, item), ...shown(checked.request, checked.mode) },
			request: {
				item,
				body: toBody(checked.request),
				request,
				intent: scope.intent(item),
				slot: scope.slot(item, request),
				resubmits: resubmits ?? 0,
				...(wait !== undefined && { wait }),
			},
		};
	} catch (error) {
		if (!(error instanceof SettingError)) throw unexpected(context, error, item);
		return { hints, complaint: { message: error.message, details: problemComplaint([]).details } };
	}
}

function shown(
	request: GenerationRequest,
	generationMode: string,
): Pick<RowPlan, 'generationMode' | 'durationSeconds'> {
	const { durationSeconds } = request;
	return { generationMode, ...(durationSeconds !== undefined && { durationSeconds }) };
}

function unexpected(context: IExecuteFunctions, error: unknown, item: number) {
	const message = error instanceof Error ? error.message : String(error);
	return itemError(
		context,
		{ message, details: 'Nothing was sent to EvoLink and nothing was charged.' },
		item,
	);
}

function readRequest(context: IExecuteFunctions, item: number): RawRequest {
	const options = optionsOf(context, item);
	const mode = rawParameter(context, 'generationMode', item);
	const materials = MATERIALS.map((name) => [name, readMaterial(context, name, mode, item)]);
	return {
		mode,
		...(Object.fromEntries(materials) as Partial<Record<Material, unknown>>),
		prompt: rawParameter(context, 'prompt', item),
		durationSeconds: rawParameter(context, 'duration', item),
		quality: rawParameter(context, 'quality', item),
		negativePrompt: options.negativePrompt,
		seed: options.seed,
		promptExtend: options.promptExtend,
		callbackUrl: options.callbackUrl,
	};
}

/** A material whose source is None is not given; where the mode needs it there is no source to choose. */
function readMaterial(
	context: IExecuteFunctions,
	name: Material,
	mode: unknown,
	item: number,
): unknown {
	if (!isNeeded(name, mode) && rawParameter(context, `${name}Source`, item) === 'none')
		return undefined;
	return rawParameter(context, `${name}Url`, item);
}

function isNeeded(name: Material, mode: unknown): boolean {
	return Object.entries(MODES).some(
		([value, { materials }]) => value === mode && materials[name] === 'required',
	);
}

/** Optional materials that the user asked for by their source, but whose address came out empty: not to be left out silently. */
function emptySources(context: IExecuteFunctions, item: number): Problem[] {
	const mode = rawParameter(context, 'generationMode', item);
	return MATERIALS.filter((name) => {
		if (isNeeded(name, mode) || rawParameter(context, `${name}Source`, item) !== 'url')
			return false;
		const url = rawParameter(context, `${name}Url`, item);
		return url === null || url === undefined || (typeof url === 'string' && url.trim() === '');
	}).map((field) => ({
		field,
		text: `'${LABELS[field]}' is empty. Fill it in, or set its source to None.`,
	}));
}

function withEmptySources(checked: CheckResult, empty: Problem[]): CheckResult {
	if (empty.length === 0) return checked;
	const others = checked.ok ? [] : checked.problems;
	const fields = new Set(empty.map(({ field }) => field));
	return {
		ok: false,
		problems: [...empty, ...others.filter(({ field }) => !fields.has(field))],
		hints: checked.hints,
	};
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
