/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- runs in Node, outside n8n */
// Measures the rows one after the other and writes the report after each, so that what is measured stands whatever
// happens later. Started by run.mjs.

import { parseArgs } from 'node:util';

import { stopAll } from '../test/e2e/support/processes';
import { loadNow } from './machine';
import { type Kept, keep, kept, writeReport } from './report';
import type { Row, RowResult } from './row';
import { rows } from './rows';

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		options: { quick: { type: 'boolean', default: false } },
		allowPositionals: true,
	});
	const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
	if (unknown.length > 0) {
		console.error(
			`There are the rows ${rows.map(({ name }) => name).join(', ')}, not ${unknown.join(', ')}.`,
		);
		return 1;
	}
	const { quick } = values;
	const chosen = rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
	let allMet = true;
	for (const row of chosen) {
		const measured = await measure(row, quick);
		allMet &&= measured.result.verdict === 'met';
		keep(row.name, measured, quick);
		console.log(`  ours:   ${measured.result.ours}\n  others: ${measured.result.others}`);
		console.log(`  ${measured.result.verdict} (goal: ${row.goal})`);
		console.log(`  ${await writeReport(rows, kept(quick), quick)}`);
	}
	return allMet ? 0 : 1;
}

async function measure(row: Row, quick: boolean): Promise<Kept> {
	console.log(`\n== ${row.name}: ${row.what}`);
	const begunMs = Date.now();
	const load = loadNow();
	let result: RowResult;
	try {
		const say = (line: string) => console.log(`  ${line}`);
		result = { what: row.what, goal: row.goal, ...(await row.measure({ quick, say })) };
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
	// A row that failed may have left its servers running.
	await stopAll();
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
