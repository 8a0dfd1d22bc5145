/** One sentence at the end of a run: what was made, what failed, and what it comes to. */
import type { Outcome } from '../generation/outcome';
import type { RowPlan } from './rowPlan';

/** Sums up a run; nothing for one that did nothing. Seconds of video and credits are told as far as they are known. */
export function summaryOf(
	outcomes: ReadonlyArray<Outcome<unknown>>,
	plans: ReadonlyArray<Pick<RowPlan, 'durationSeconds'>>,
	refused: number,
): string | undefined {
	const count = (...ends: Array<Outcome<unknown>['end']>) =>
		outcomes.filter(({ end }) => ends.includes(end)).length;
	const parts = [
		counted(count('completed'), 'video made', 'videos made'),
		counted(count('submitted'), 'task submitted', 'tasks submitted'),
		counted(count('timedOut'), 'task not over in time', 'tasks not over in time'),
		counted(count('failed'), 'item failed', 'items failed'),
		counted(refused, 'item not submitted', 'items not submitted'),
	].filter((part) => part !== undefined);
	if (parts.length === 0) return undefined;
	// What failed at EvoLink is not charged; what failed later has its task in an error of its own.
	const paid = outcomes.flatMap((outcome, index) =>
		outcome.end === 'completed' || outcome.end === 'submitted' || outcome.end === 'timedOut'
			? [{ ...outcome, durationSeconds: plans[index].durationSeconds }]
			: [],
	);
	const seconds = sum(paid.map(({ durationSeconds }) => durationSeconds));
	const credits = sum(paid.map(({ creditsReserved }) => creditsReserved));
	const price = [
		seconds > 0 ? `${plain(seconds)} seconds of video` : undefined,
		credits > 0 ? `${plain(credits)} credits reserved` : undefined,
	].filter((part) => part !== undefined);
	return `${[...parts, ...price].join(', ')}.`;
}

function counted(count: number, one: string, many: string): string | undefined {
	if (count === 0) return undefined;
	return `${count} ${count === 1 ? one : many}`;
}

function sum(values: ReadonlyArray<number | undefined>): number {
	return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Without the dust of binary fractions: 0.1 + 0.2 is 0.3. */
function plain(value: number): string {
	return String(Math.round(value * 100) / 100);
}
