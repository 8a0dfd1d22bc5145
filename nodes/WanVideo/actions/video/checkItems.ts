/** The check of the fields, by the rules of the model. Nothing is sent. */
import { checkRequest, type CheckResult } from '../../wan/check';
import { type Problem, sameField } from '../../wan/problem';
import { withWellFormedPrompts } from '../../wan/wellFormed';
import type { ReadItem } from './readItems';
import { requestWish } from './requestWish';

/** A read item with its request, or with all that is wrong with its fields. */
export interface CheckedItem extends ReadItem {
	result: CheckResult;
	/** What the journal knows the request by; absent where its fields are wrong. */
	wish?: string;
}

/** Whether an item can be sent, as far as is known. */
export function isGood({ unread, result }: Pick<CheckedItem, 'unread' | 'result'>): boolean {
	return unread.length === 0 && result.ok;
}

/** Checks all items. */
export function checkItems(read: readonly ReadItem[]): CheckedItem[] {
	return read.map((one) => {
		const result = checkItem(one);
		return { ...one, result, ...(result.ok && { wish: requestWish(result.request) }) };
	});
}

function checkItem({ raw, circumstances, hints, problems }: ReadItem): CheckResult {
	const plain = withWellFormedPrompts(raw);
	const result = checkRequest(plain.raw, circumstances);
	const all = [...hints, ...plain.hints, ...result.hints];
	return withProblems({ ...result, hints: all }, problems);
}

/** A result with more problems; the first one of a field is told, later ones follow from it. */
export function withProblems(result: CheckResult, more: readonly Problem[]): CheckResult {
	if (more.length === 0) return result;
	const own = result.ok ? [] : result.problems;
	const rest = own.filter((problem) => !more.some((other) => sameField(other, problem)));
	const problems = [...more, ...rest];
	return { ok: false, problems, hints: result.hints };
}
