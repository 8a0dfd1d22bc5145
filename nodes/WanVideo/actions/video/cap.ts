/** The cap on billed seconds. It is for the run as a whole: over it, nothing is submitted at all. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { type Complaint, NOTHING_SENT, settingComplaint } from '../../host/errors';
import { numberSetting, readOptions, readParameter, SettingError } from '../../host/parameters';
import { isTool } from '../../host/scope';
import { billed, type Billed } from '../../wan/billing';
import { OPTIONS } from '../options';
import type { JudgedItem } from './judgeItems';
import { requestOptions, toolCap } from './settingParameters';

const LABEL = requestOptions.maxBilledSeconds.displayName;

/** What to say where the items, which are still to be paid for, come to more than the cap, or the cap cannot be read. */
export function capComplaint(
	context: IExecuteFunctions,
	judged: readonly JudgedItem[],
): Complaint | undefined {
	try {
		const cap = readCap(context);
		// A tool's counts over all calls: runToolCall.ts asks when a call is about to submit.
		if (isTool(context)) return undefined;
		const { seconds, atMost } = billedTogether(judged);
		if (cap === undefined || seconds <= cap) return undefined;
		return {
			message: `This run would be billed ${atMost ? 'at most ' : ''}${seconds} seconds of video, and '${LABEL}' is ${cap}`,
			details: `${NOTHING_SENT} Raise the option, shorten 'Duration' or send fewer items.`,
		};
	} catch (error) {
		return settingComplaint(error);
	}
}

/** The cap in seconds, or none. Throws SettingError where it cannot be read: it must not go away unseen. */
export function readCap(context: IExecuteFunctions): number | undefined {
	const options = readOptions(context, OPTIONS, 0);
	const caps: number[] = [];
	if ('maxBilledSeconds' in options) caps.push(capOf(options.maxBilledSeconds));
	if (isTool(context)) {
		// The tool's own field: 0 as it stands there is no limit, 0 from an expression is a mistake.
		const asSet: unknown = context.getNode().parameters.maxBilledSeconds ?? 0;
		if (asSet !== 0) caps.push(capOf(readParameter(context, toolCap, 0)));
	}
	return caps.length === 0 ? undefined : Math.min(...caps);
}

function capOf(value: unknown): number {
	const cap = numberSetting(value, { label: LABEL, min: 1, max: 1_000_000 });
	if (cap === undefined)
		throw new SettingError(`'${LABEL}' is empty. Enter a number, or remove the option.`);
	return cap;
}

/** What to say when a tool's call would go over the cap. */
export function overCap(seconds: number, spentSeconds: number, cap: number): Complaint {
	return {
		message: `This video would be billed ${seconds} seconds, and with the ${spentSeconds} seconds of earlier calls that is more than '${LABEL}' (${cap})`,
		details: `${NOTHING_SENT} Raise the option, shorten 'Duration' or send fewer items.`,
	};
}

function billedTogether(judged: readonly JudgedItem[]): Billed {
	const all = judged.map(billedFor);
	const seconds = all.reduce((sum, one) => sum + one.seconds, 0);
	return { seconds: Math.round(seconds * 100) / 100, atMost: all.some(({ atMost }) => atMost) };
}

/** Seconds that EvoLink bills for an item; nothing for one that cannot be sent. */
export function billedFor({ result, facts }: Pick<JudgedItem, 'result' | 'facts'>): Billed {
	return result.ok ? billed(result.request, facts) : { seconds: 0, atMost: false };
}
