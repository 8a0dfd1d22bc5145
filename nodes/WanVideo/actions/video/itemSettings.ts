/** What 'Video: Generate' and 'Video: Submit' read of an item besides its request. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { WaitPlan } from '../../generation/outcome';
import { numberSetting, readOptions } from '../../host/parameters';
import { OPTIONS } from '../options';
import { readWaitPlan } from '../readWait';
import { readRowPlan, type RowPlan } from '../rowPlan';
import { waitOptions } from '../waitOptions';

export interface ItemSettings {
	row: RowPlan;
	/** Absent for an item that is only submitted. */
	wait?: WaitPlan;
	/** How often EvoLink's own failures are answered with a new submit. */
	resubmits: number;
}

/** Reads one item. Throws SettingError. */
export type ReadSettings = (context: IExecuteFunctions, item: number) => ItemSettings;

/** Reads one item, for 'Video: Generate'. Throws SettingError. */
export function readToWait(context: IExecuteFunctions, item: number): ItemSettings {
	const { submitAgain } = readOptions(context, OPTIONS, item);
	const range = { label: waitOptions.submitAgain.displayName, min: 0, max: 3, whole: true };
	return {
		row: readRowPlan(context, item),
		wait: readWaitPlan(context, item),
		resubmits: numberSetting(submitAgain, range) ?? 0,
	};
}

/** Reads one item, for 'Video: Submit'. Throws SettingError. */
export function readToSubmit(context: IExecuteFunctions, item: number): ItemSettings {
	return { row: readRowPlan(context, item), resubmits: 0 };
}
