// A row of the report: one goal, what we measured, and what users would have otherwise.

export type Verdict = 'met' | 'missed' | 'not measured';

export interface Bar {
	label: string;
	value: number;
	/** Ours, or what users would have otherwise. */
	side: 'ours' | 'others';
}

/** One panel of the chart. */
export interface Panel {
	title: string;
	unit: string;
	bars: Bar[];
	/** Drawn as a line across the bars. */
	goal?: number;
}

export interface RowResult {
	what: string;
	goal: string;
	ours: string;
	others: string;
	verdict: Verdict;
	/** How it was measured, and where a goal is missed: why, and what was tried. Markdown, may have several paragraphs. */
	note: string;
	panels: Panel[];
}

/** What every row is given. */
export interface World {
	/** Small numbers: to try the bench, not to publish its figures. */
	quick: boolean;
	/** A line for the person who watches. */
	say: (line: string) => void;
}

export interface Row {
	name: string;
	what: string;
	goal: string;
	/** It is given up then; 14 when left out. */
	mostMinutes?: number;
	measure: (world: World) => Promise<Omit<RowResult, 'what' | 'goal'>>;
}
