/* eslint-disable @n8n/community-nodes/no-restricted-globals, no-console -- runs in Node, outside n8n */
/**
 * Time lost between a task's end and the look that finds it, and the looks that it takes: the node's
 * schedule beside fixed paces of 10 and 15 s, over the same simulated tasks of 30 to 300 s.
 * `npx tsx bench/schedule.ts` prints a table, `--json` the figures.
 */
import { nextLookMs } from '../nodes/WanVideo/generation/schedule';
import {
	CURVE_KINDS,
	ESTIMATE_KINDS,
	fixedPace,
	type Pace,
	REAL_LOOKING_KINDS,
	type SimulatedTask,
	taskFamily,
	type Watched,
	watchTask,
} from '../test/support/progressCurves';
import {
	BATCH_SIZE,
	batchFamily,
	type BatchWatched,
	watchBatch,
} from '../test/support/taskBatches';
import { median, quantile } from './statistics';

export interface PaceFigures {
	/** Shares of the task's own time. */
	medianLost: number;
	p90Lost: number;
	p90LostMs: number;
	looks: number;
	looksPerTask: number;
}

export interface ScheduleRow {
	/** Which of the tasks. */
	tasks: string;
	count: number;
	schedule: PaceFigures;
	fixed10s: PaceFigures;
	fixed15s: PaceFigures;
}

export interface ScheduleFigures {
	/** Other seeds than the one that the schedule was tuned with are among them. */
	seeds: readonly number[];
	/** Tasks of every kind of progress and of estimate. */
	all: ScheduleRow;
	/** Without the kinds of progress that mislead or say nothing. */
	realLooking: ScheduleRow;
	byCurve: ScheduleRow[];
	byEstimate: ScheduleRow[];
	/** Every kind of progress with every kind of estimate. */
	byClass: ScheduleRow[];
}

const SEEDS = [27, 1, 2, 3, 4] as const;
const PER_CLASS = 60;
const PACES = { schedule: nextLookMs, fixed10s: fixedPace(10_000), fixed15s: fixedPace(15_000) };

interface Run {
	task: SimulatedTask;
	watched: Watched;
}

export interface BatchFigures {
	/** How much the lengths in a batch differ, to both sides. */
	scatter: number;
	roundTripMs: number;
	whole: PaceFigures;
	/** The second half of each batch. */
	second: PaceFigures;
	/** The same tasks, each watched as if it were alone. */
	alone: PaceFigures;
	fixed10s: PaceFigures;
}

/** Batches of 20 real-looking tasks, 5 at once: what is learnt from the first ones. Takes some seconds. */
export function measureBatches(): BatchFigures[] {
	const plans = [
		...[0, 0.05, 0.1, 0.2].map((scatter) => ({ scatter, roundTripMs: 0 })),
		...[0, 0.05, 0.1, 0.2].map((scatter) => ({ scatter, roundTripMs: 200 })),
	];
	const realLooking = new Set<string>(REAL_LOOKING_KINDS);
	return plans.map(({ scatter, roundTripMs }) => {
		const batches = batchFamily(8, scatter).filter(([{ kind }]) => realLooking.has(kind));
		const plan = { atOnce: 5, roundTripMs };
		const watched = batches.flatMap((tasks) => watchBatch(tasks, plan).watched);
		const alone = batches.flatMap((tasks) => watchBatch(tasks, { ...plan, learns: false }).watched);
		const figures = (all: readonly BatchWatched[]) =>
			figuresOf(all.map((one) => ({ task: one.task, watched: { ...one, gapsMs: [] } })));
		return {
			...{ scatter, roundTripMs },
			whole: figures(watched),
			second: figures(watched.filter(({ place }) => place >= BATCH_SIZE / 2)),
			alone: figures(alone),
			fixed10s: figuresOf(runsOf(batches.flat(), PACES.fixed10s)),
		};
	});
}

/** The figures as text, for people. */
export function batchTable(rows: readonly BatchFigures[]): string {
	const head = ['lengths differ by', 'round trip', 'median lost', 'looks', 'second half', 'looks'];
	head.push('alone', 'looks', '10 s', 'looks');
	return inColumns([
		head,
		...rows.map(({ scatter, roundTripMs, whole, second, alone, fixed10s }) => [
			`${scatter * 100} %`,
			`${roundTripMs} ms`,
			...[whole, second, alone, fixed10s].flatMap(({ medianLost, looksPerTask }) => [
				percent(medianLost),
				looksPerTask.toFixed(1),
			]),
		]),
	]);
}

/** Measures the schedule and the fixed paces over the same tasks. Takes about a second. */
export function measureSchedule(): ScheduleFigures {
	const tasks = SEEDS.flatMap((seed) => taskFamily(PER_CLASS, seed));
	const runs = {
		schedule: runsOf(tasks, PACES.schedule),
		fixed10s: runsOf(tasks, PACES.fixed10s),
		fixed15s: runsOf(tasks, PACES.fixed15s),
	};
	function row(label: string, isMeant: (task: SimulatedTask) => boolean): ScheduleRow {
		const of = (all: Run[]) => figuresOf(all.filter(({ task }) => isMeant(task)));
		return {
			tasks: label,
			count: tasks.filter(isMeant).length,
			schedule: of(runs.schedule),
			fixed10s: of(runs.fixed10s),
			fixed15s: of(runs.fixed15s),
		};
	}
	const realLooking = new Set<string>(REAL_LOOKING_KINDS);
	return {
		seeds: SEEDS,
		all: row('all', () => true),
		realLooking: row('real-looking progress', ({ kind }) => realLooking.has(kind)),
		byCurve: CURVE_KINDS.map((kind) => row(`progress ${kind}`, (task) => task.kind === kind)),
		byEstimate: ESTIMATE_KINDS.map((kind) =>
			row(`estimate ${kind}`, (task) => task.estimate === kind),
		),
		byClass: CURVE_KINDS.flatMap((kind) =>
			ESTIMATE_KINDS.map((estimate) =>
				row(
					`progress ${kind}, estimate ${estimate}`,
					(task) => task.kind === kind && task.estimate === estimate,
				),
			),
		),
	};
}

/** The figures as text, for people. */
export function scheduleTable({ all, realLooking, byCurve, byEstimate }: ScheduleFigures): string {
	const head = [
		'tasks',
		'median lost',
		'p90',
		'looks',
		'10 s: lost',
		'looks',
		'15 s: lost',
		'looks',
	];
	const rows = [all, realLooking, ...byCurve, ...byEstimate].map(
		({ tasks, schedule, fixed10s, fixed15s }) => [
			tasks,
			percent(schedule.medianLost),
			percent(schedule.p90Lost),
			...[schedule.looksPerTask.toFixed(1), percent(fixed10s.medianLost)],
			...[fixed10s.looksPerTask.toFixed(1), percent(fixed15s.medianLost)],
			fixed15s.looksPerTask.toFixed(1),
		],
	);
	return inColumns([head, ...rows]);
}

function inColumns(rows: readonly string[][]): string {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
	return rows
		.map((cells) =>
			cells
				.map((cell, column) => cell.padEnd(widths[column]))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

function runsOf(tasks: readonly SimulatedTask[], pace: Pace): Run[] {
	return tasks.map((task) => ({ task, watched: watchTask(task, pace) }));
}

function figuresOf(runs: readonly Run[]): PaceFigures {
	const shares = runs.map(({ task, watched }) => watched.lostMs / task.totalMs);
	const looks = runs.reduce((total, { watched }) => total + watched.looks, 0);
	return {
		medianLost: median(shares),
		p90Lost: quantile(shares, 0.9),
		p90LostMs: quantile(
			runs.map(({ watched }) => watched.lostMs),
			0.9,
		),
		looks,
		looksPerTask: looks / runs.length,
	};
}

function percent(share: number): string {
	return `${(share * 100).toFixed(2)} %`;
}

if (require.main === module) {
	const figures = measureSchedule();
	const asJson = process.argv.includes('--json');
	console.log(asJson ? JSON.stringify(figures, null, '\t') : scheduleTable(figures));
	if (!asJson) console.log(`\nBatches of 20, 5 at once\n${batchTable(measureBatches())}`);
}
