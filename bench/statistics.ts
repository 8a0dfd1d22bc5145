// The few figures that the rows make of many.

/** The value below which a share (0 to 1) of the values lies. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (sorted.length - 1) * share;
	const low = sorted[Math.floor(at)] ?? NaN;
	const high = sorted[Math.ceil(at)] ?? NaN;
	return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const sum = (values: readonly number[]): number =>
	values.reduce((total, value) => total + value, 0);

/** Rounded for people: three figures that count, and no decimals from 100 on. */
export function shown(value: number): string {
	if (!Number.isFinite(value)) return String(value);
	const size = Math.abs(value);
	const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
	return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** `times(3.456)` is "3.46 x". */
export const times = (value: number): string => `${shown(value)} x`;

/** `seconds(1500)` is "1.5 s". */
export const seconds = (ms: number): string => `${shown(ms / 1000)} s`;
