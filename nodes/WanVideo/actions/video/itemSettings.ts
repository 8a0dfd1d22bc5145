/** What 'Video: Generate' and 'Video: Submit' read of an item besides its request. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { WaitPlan } from '../../generation/outcome';
import { numberSetting, readOptions } from '../../host/parameters';
import { OPTIONS } from '../options';
import { plainWaitPlan, readWaitPlan } from '../readWait';
import { plainRowPlan, readRowPlan, type RowPlan } from '../rowPlan';
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

/**
 * How the settings of an item are read. What cannot be read keeps nobody from a task that is paid for: `plain` says
 * what holds then, as if nothing was set.
 */
export interface SettingsReader {
	read: ReadSettings;
	plain: ReadSettings;
}

/** For 'Video: Generate'. */
export const TO_WAIT: SettingsReader = {
	read(context, item) {
		const { submitAgain } = readOptions(context, OPTIONS, item);
		const range = { label: waitOptions.submitAgain.displayName, min: 0, max: 3, whole: true };
		return {
			row: readRowPlan(context, item),
			wait: readWaitPlan(context, item),
			resubmits: numberSetting(submitAgain, range) ?? 0,
		};
	},
	plain: (context, item) => ({
		...{ row: plainRowPlan(item), wait: plainWaitPlan(context), resubmits: 0 },
	}),
};

/** For 'Video: Submit'. */
export const TO_SUBMIT: SettingsReader = {
	read: (context, item) => ({ row: readRowPlan(context, item), resubmits: 0 }),
	plain: (_context, item) => ({ row: plainRowPlan(item), resubmits: 0 }),
};
