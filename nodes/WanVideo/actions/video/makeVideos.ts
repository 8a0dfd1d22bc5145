/**
 * The way of the items through 'Video: Generate' and 'Video: Submit', in one line: read, check, inspect,
 * judge, prepare, run, settle. Each step takes what the last one gave; nothing is charged before `run`.
 */
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Claims } from '../../generation/claims';
import { claimsOf } from '../../host/claimsOfRun';
import { ItemFiles } from '../../host/itemFiles';
import { inheritLost, type Sought } from '../../host/lostTasks';
import { uploadsOf } from '../../host/materialDoor';
import type { Pausing } from '../../host/pause';
import { scopeOf } from '../../host/scope';
import { settle } from '../settle';
import { billedFor } from './cap';
import { type CheckedItem, checkItems, isGood } from './checkItems';
import { inspectItems } from './inspectItems';
import type { SettingsReader } from './itemSettings';
import { judgeItems } from './judgeItems';
import { paidItems } from './paidItems';
import { prepareJobs } from './prepareJobs';
import { refuseUnreachable } from './refuseUnreachable';
import { readItems } from './readItems';
import { runJobs } from './runJobs';

export interface MakeSettings {
	/** Of the node's description: by them it is known what the user set. */
	properties: INodeProperties[];
	settings: SettingsReader;
	/** Tasks under way at once. */
	concurrency: number;
	pausing?: Pausing;
}

/** The items to return; none when the execution pauses. Throws what stands for the run as a whole. */
export async function makeVideos(
	context: IExecuteFunctions,
	settings: MakeSettings,
): Promise<INodeExecutionData[]> {
	const claimed = claimsOf(context);
	try {
		return await makeClaimed(context, settings, claimed?.claims);
	} finally {
		await claimed?.end();
	}
}

async function makeClaimed(
	context: IExecuteFunctions,
	{ properties, settings, concurrency, pausing }: MakeSettings,
	claims: Claims | undefined,
): Promise<INodeExecutionData[]> {
	const scope = scopeOf(context, properties);
	const files = new ItemFiles(context);
	// What is paid for is followed whatever has become of its materials, and after a pause nothing is checked again.
	const woke = pausing?.woke !== undefined;
	const paid = paidItems(context, scope, woke);
	const inspects = (one: CheckedItem) => !woke && paid(one) === undefined;
	// A task that is only followed needs no length; one that may be submitted anew does.
	const measures = (one: CheckedItem) =>
		paid(one) === undefined || (one.settings !== undefined && one.settings.resubmits > 0);
	const inherit = async (items: ReadonlyArray<Pick<CheckedItem, 'item' | 'wish'>>) => {
		if (claims === undefined || items.length === 0) return;
		await inheritLost(context, claims, scope, items.map(soughtOf));
	};

	const read = await readItems(context, files, settings.read);
	const checked = checkItems(read);
	if (claims?.mayFollow === true) await inherit(checked);
	const inspected = await inspectItems(context, files, checked, { inspects, measures });
	const judged = judgeItems(await refuseUnreachable(context, inspected, inspects));
	// Nothing is said to have cost nothing before it was asked, as n8n may run the very same execution again.
	if (!woke) await inherit(judged.filter((one) => !isGood(one)));
	const uploads = await uploadsOf(context, files);
	const prepared = prepareJobs(context, judged, {
		...{ scope, uploads, paid, pausing, plain: settings.plain },
	});
	const seconds = new Map(judged.map((one) => [one.item, billedFor(one).seconds]));
	const secondsOf = (item: number) => seconds.get(item) ?? 0;
	const needs = { scope, concurrency, claims, secondsOf };
	const outcomes = await runJobs(context, prepared.jobs, { ...needs, pausing });
	const goOn = async () => await runJobs(context, prepared.jobs, { ...needs, pausing: undefined });
	return await settle(context, { ...prepared, outcomes, pausing, goOn });
}

function soughtOf({ item, wish }: Pick<CheckedItem, 'item' | 'wish'>): Sought {
	return { item, ...(wish !== undefined && { requestHash: wish }) };
}
