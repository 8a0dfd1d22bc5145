// What `progress` shows while a task runs. EvoLink documents only 0 to 100, so the sandbox can
// show a steady curve, one that stands still, one that jumps, and one that lies.

export type ProgressCurve = 'linear' | 'stuck' | 'jumpy' | 'lies';

/** The progress (0 to 99) of a running task at `fraction` (0 to 1) of its time. */
export function progressAt(curve: ProgressCurve, fraction: number): number {
	const done = Math.min(Math.max(fraction, 0), 1);
	switch (curve) {
		case 'linear':
			return Math.min(99, Math.floor(done * 100));
		case 'stuck':
			return Math.min(30, Math.floor(done * 100));
		case 'jumpy':
			return [0, 5, 5, 40, 40, 41, 80, 80, 95, 95][Math.floor(done * 10)] ?? 95;
		case 'lies':
			// 99 after a tenth of the time, then back and forth.
			return done < 0.1 ? Math.floor(done * 990) : 99 - (Math.floor(done * 20) % 4) * 15;
	}
}

/** A small random number source (mulberry32): equal seeds give equal series in [0, 1). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
