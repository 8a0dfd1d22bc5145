/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// The report: figures are kept row by row, and the whole of it is written anew after each row.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { prepared } from '../test/e2e/support/prepared';
import { chart } from './chart';
import { describeMachine, type Machine } from './machine';
import type { Row, RowResult } from './row';

/** A measured row, with what tells how far it can be trusted. */
export interface Kept {
	result: RowResult;
	/** When it was begun, as ISO 8601. */
	at: string;
	seconds: number;
	/** Load of the machine when it was begun. */
	load: number;
}

/** Figures for publishing are kept in git, as a row may be measured anew on another day than the rest. Quick ones are not. */
const folderOf = (quick: boolean): string =>
	quick ? join(prepared.folder, 'quick') : join(prepared.projectRoot, 'bench');
const figuresOf = (quick: boolean): string => join(folderOf(quick), 'figures.json');

/** All rows measured so far, by name. */
export function kept(quick: boolean): Record<string, Kept> {
	const file = figuresOf(quick);
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Kept>) : {};
}

/** Keeps a row, over its earlier figures. */
export function keep(name: string, row: Kept, quick: boolean): void {
	const file = figuresOf(quick);
	mkdirSync(join(file, '..'), { recursive: true });
	writeFileSync(file, `${JSON.stringify({ ...kept(quick), [name]: row }, null, '\t')}\n`);
}

/** Writes REPORT.md and report.svg; returns where. */
export async function writeReport(
	rows: readonly Row[],
	figures: Record<string, Kept>,
	quick: boolean,
): Promise<string> {
	const folder = folderOf(quick);
	mkdirSync(folder, { recursive: true });
	const measured = rows.flatMap(({ name }) => (figures[name] ? [{ name, ...figures[name] }] : []));
	const panels = measured.flatMap(({ result }) => result.panels);
	writeFileSync(join(folder, 'report.svg'), chart(panels));
	const file = join(folder, 'REPORT.md');
	const text = markdown(measured, rows, await describeMachine(), quick);
	writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }));
	return relative(prepared.projectRoot, file);
}

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n+/g, ' ');
const MARK = { met: 'yes', missed: '**no**', 'not measured': 'not measured' } as const;

function markdown(
	measured: ReadonlyArray<Kept & { name: string }>,
	rows: readonly Row[],
	machine: Machine,
	quick: boolean,
): string {
	const days = [...new Set(measured.map(({ at }) => at.slice(0, 10)))].sort();
	const missing = rows.filter(({ name }) => !measured.some((row) => row.name === name));
	return `# Bench report

${quick ? '**Small numbers, made with `--quick`: to try the bench, not to quote.**\n\n' : ''}Written by \`npm run bench\`. Every figure stands beside what users would have otherwise, measured in the same n8n, in the same run, against the [sandbox](../sandbox/README.md).

| | |
| --- | --- |
| Date | ${days.join(', ')} |
| Machine | ${machine.cores} cores (${machine.cpu}), ${machine.memoryGib} GiB memory, ${machine.platform} |
| n8n | ${machine.n8n} on Node ${machine.node.n8n} |
| Bench and sandbox | Node ${machine.node.bench}, on the same machine |

| What | Goal | Ours | Otherwise | Met |
| --- | --- | --- | --- | --- |
${measured
	.map(({ result: { what, goal, ours, others, verdict } }) =>
		[what, goal, ours, others, MARK[verdict]].map(cell).join(' | '),
	)
	.map((line) => `| ${line} |`)
	.join('\n')}
${missing.map(({ what, goal }) => `| ${cell(what)} | ${cell(goal)} | | | not measured |`).join('\n')}

![The figures as bars](report.svg)

Green is ours, grey what users would have otherwise, the line is the goal.

## How each figure was made
${measured.map(section).join('\n')}`.replace(/\n{3,}/g, '\n\n');
}

const section = ({ name, result, at, seconds, load }: Kept & { name: string }): string => `
### ${result.what}

${result.note}

\`npm run bench -- ${name}\`: ${seconds} s, begun ${at.slice(0, 16).replace('T', ' ')} UTC at a load of ${load}.
`;
