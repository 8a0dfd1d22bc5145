/** How one item wants to be shown. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { isThere } from '../host/given';
import { readParameter, readSwitch, SettingError, textSetting } from '../host/parameters';
import { isTool } from '../host/scope';
import { download, outputBinaryField, simplify } from './outputParameters';

export interface RowPlan {
	item: number;
	simplify: boolean;
	outputBinaryField: string;
	/** What is known of the request, for the simplified row. */
	model?: string;
	generationMode?: string;
	durationSeconds?: number;
}

/** Reads how one item's row is to look. */
export function readRowPlan(context: IExecuteFunctions, item: number): RowPlan {
	return {
		item,
		simplify: readSwitch(context, simplify, item),
		outputBinaryField: readOutputField(context, item),
	};
}

/** The same where nothing is set. */
export function plainRowPlan(item: number): RowPlan {
	return { item, simplify: true, outputBinaryField: DEFAULT_FIELD };
}

/** Name of the field that the video goes to. Throws SettingError where it is needed and empty. */
export function readOutputField(context: IExecuteFunctions, item: number): string {
	const { name, displayName } = outputBinaryField;
	const field = textSetting(readParameter(context, outputBinaryField, item), displayName, '');
	if (field !== '') return field;
	// Where nothing is downloaded the field is hidden, or holds what no row needs.
	const isNeeded =
		isThere(context, name) && !isTool(context) && readSwitch(context, download, item);
	if (isNeeded)
		throw new SettingError(`'${displayName}' is empty. Enter the name of the field, e.g. data.`);
	return DEFAULT_FIELD;
}

const DEFAULT_FIELD = 'data';
