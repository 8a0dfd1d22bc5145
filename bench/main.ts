/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- runs in Node, outside n8n */
// Measures the rows one after the other and writes the report after each, so that what is measured stands whatever
// happens later. Started by run.mjs.

import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { stopAll } from '../test/e2e/support/processes';
import { loadNow } from './machine';
import { type Kept, keep, kept, writeReport } from './report';
import type { Row, RowResult } from './row';
import { rows } from './rows';

/** A row that takes longer than this has come to a standstill. */
const MOST_MINUTES = 14;

/**
 * `--table`: what is named together is measured after what is named before, list beside list. First what wants the
 * machine for itself, then what mostly waits.
 */
const TABLE: readonly (readonly string[])[][] = [
	[['size', 'overhead', 'slow', 'checks', 'check']],
	[
		['limited', 'join'],
		['lost', 'uploads', 'hostile'],
		['batch', 'memory', 'many'],
	],
];

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		options: {
			quick: { type: 'boolean', default: false },
			table: { type: 'boolean', default: false },
		},
		allowPositionals: true,
	});
	const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
	if (unknown.length > 0) {
		console.error(
			`There are the rows ${rows.map(({ name }) => name).join(', ')}, not ${unknown.join(', ')}.`,
		);
		return 1;
	}
	const { quick, table } = values;
	const chosen = rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
	let allMet = true;
	const inTurn = async (list: readonly Row[]) => {
		for (const row of list) {
			const measured = await measure(row, quick);
			allMet &&= measured.result.verdict === 'met';
			keep(row.name, measured, quick);
			console.log(`${row.name}: ours:   ${measured.result.ours}`);
			console.log(`${row.name}: others: ${measured.result.others}`);
			console.log(`${row.name}: ${measured.result.verdict} (goal: ${row.goal})`);
			console.log(`  ${await writeReport(rows, kept(quick), quick)}`);
		}
	};
	const steps = table
		? TABLE.map((lists) => lists.map((names) => names.map(named)))
		: chosen.map((row) => [[row]]);
	for (const lists of steps) {
		await Promise.all(lists.map(inTurn));
		// A row that failed may have left its servers running.
		await stopAll();
	}
	return allMet ? 0 : 1;
}

function named(name: string): Row {
	const row = rows.find((one) => one.name === name);
	if (row === undefined) throw new Error(`There is no row ${name}`);
	return row;
}

async function measure(row: Row, quick: boolean): Promise<Kept> {
	console.log(`\n== ${row.name}: ${row.what}`);
	const begunMs = Date.now();
	const load = loadNow();
	let result: RowResult;
	try {
		const say = (line: string) => console.log(`${row.name}: ${line}`);
		const minutes = row.mostMinutes ?? MOST_MINUTES;
		const over = pause(minutes * 60_000, undefined, { ref: false }).then(() => {
			throw new Error(`it was not over after ${minutes} minutes`);
		});
		const measured = await Promise.race([row.measure({ quick, say }), over]);
		result = { what: row.what, goal: row.goal, ...measured };
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		console.error(error);
		result = {
			what: row.what,
			goal: row.goal,
			ours: 'not measured',
			others: 'not measured',
			verdict: 'not measured',
			note: `The measurement failed: ${reason.split('\n')[0]}`,
			panels: [],
		};
	}
	const at = new Date(begunMs).toISOString();
	return { result, at, seconds: Math.round((Date.now() - begunMs) / 1000), load };
}

const interrupted = (): void => void stopAll().finally(() => process.exit(130));
process.once('SIGINT', interrupted);
process.once('SIGTERM', interrupted);

void main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
