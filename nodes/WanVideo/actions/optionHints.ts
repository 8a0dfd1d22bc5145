/**
 * Options and switches whose expression gave nothing, or something that does not count: none of them pays or
 * loses anything, and all of them are told.
 */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isExpression } from '../host/given';
import { readOptions, readParameter } from '../host/parameters';
import { isTool } from '../host/scope';
import { readNumber } from '../wan/readNumber';
import { isBlank } from '../wan/request';
import { shown } from '../wan/shown';
import { unrendered } from '../wan/unrendered';
import { SETTING_NAMES, SETTING_WORDS } from '../wan/vocabulary';
import { OPTIONS } from './options';
import { download, outputBinaryField, simplify } from './outputParameters';
import { requestOptions } from './video/settingParameters';
import { waitOptions } from './waitOptions';

/** Told elsewhere, with what becomes of the request, or refused. */
const TOLD: readonly string[] = [
	...SETTING_NAMES.filter((name) => SETTING_WORDS[name].place === 'options'),
	...['maxBilledSeconds', 'onTimeout', 'whileWaiting'],
];
/** They stand for all items together, so the first item decides. */
const RUN_WIDE = [
	...[waitOptions.concurrency, waitOptions.whileWaiting],
	...[requestOptions.maxBilledSeconds, requestOptions.submitGoodItems],
];
const SWITCHES: readonly INodeProperties[] = [download, simplify];

/** The hints of one item. Throws SettingError for what cannot be read. */
export function optionHints(context: IExecuteFunctions, item: number): string[] {
	// A model leaves empty what it does not need.
	if (isTool(context)) return [];
	const hints: string[] = [];
	const gaveNothing = (label: string, end: string) =>
		hints.push(`'${label}' is empty: its expression gave nothing, so it ${end}.`);
	const options = readOptions(context, OPTIONS, item);
	for (const { name, displayName } of OPTIONS) {
		const isEmpty = name in options && isBlank(options[name]);
		if (isEmpty && isExpression(context, `options.${name}`) && !TOLD.includes(name))
			gaveNothing(displayName, 'counts as not set');
	}
	for (const property of SWITCHES) {
		if (!isExpression(context, property.name)) continue;
		if (isBlank(readParameter(context, property, item)))
			gaveNothing(property.displayName, `is ${property.default === true ? 'on' : 'off'}`);
	}
	const named = (label: string, name: unknown, end: string) => {
		const trace = typeof name === 'string' ? unrendered(name) : undefined;
		if (trace !== undefined) hints.push(`'${label}' ${trace}; ${end}.`);
	};
	named(waitOptions.fileName.displayName, options.fileName, 'the video is named so');
	const field = readParameter(context, outputBinaryField, item);
	named(outputBinaryField.displayName, field, 'the field with the video is called so');
	const lanes = readNumber(options.concurrency) ?? 0;
	if (item === 0 && !Number.isInteger(lanes))
		hints.push(
			`'${waitOptions.concurrency.displayName}' is ${lanes}, and counts as ${Math.floor(lanes)}.`,
		);
	return [...hints, ...runWideHints(context, item, options)];
}

function runWideHints(
	context: IExecuteFunctions,
	item: number,
	options: Readonly<Record<string, unknown>>,
): string[] {
	const varying = RUN_WIDE.filter(
		({ name }) => item > 0 && name in options && isExpression(context, `options.${name}`),
	);
	if (varying.length === 0) return [];
	const first = readOptions(context, OPTIONS, 0);
	return varying.flatMap(({ name, displayName }) => {
		const counts = shown(first[name]);
		if (counts === shown(options[name])) return [];
		return `'${displayName}' stands for all items together: it is ${counts}, as its expression gives for the first item, and what it gives here does not count.`;
	});
}
