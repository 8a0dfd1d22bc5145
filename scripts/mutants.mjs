// npm run mutants: Stryker changes the code in small ways and says which changes no test notices. By hand or at night.
//   npm run mutants                                          generation/ and evolink/ (an hour or two)
//   npm run mutants -- nodes/WanVideo/generation/journal.ts  these files only, separated by commas
//   npm run mutants -- --thorough nodes/.../journal.ts       at last with the tests of many runs
// First each room's own unit tests, which are quick, then all unit tests that lead through the file, for what has survived.
// The report of each round is in .lab/mutants/.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { ensureLocked } from './lab/ensureLocked.mjs';
import { labRoot, projectRoot } from './lab/paths.mjs';
import { beforeExit, endTree, LabError, runScript } from './lab/run.mjs';

const reports = join(labRoot, 'mutants');
const ROOMS = ['nodes/WanVideo/evolink', 'nodes/WanVideo/generation'];

/** @typedef {{ status: string, location: Record<'start' | 'end', { line: number, column: number }> }} Mutant */

/**
 * @param {string} name of the round and of its report
 * @param {string[]} mutate files, or places in them
 * @param {object} which tests: all that are quick unless told
 * @param {string} [which.tests] of this folder only
 * @param {boolean} [which.long] those of many runs, too
 * @returns {Promise<string[]>} the places of the changes that no test noticed
 */
async function round(name, mutate, { tests = 'test/unit', long = false } = {}) {
	console.log(`\n== ${name}`);
	const modules = join(
		await ensureLocked('stryker', { title: 'Installing Stryker (60 MB, once)' }),
		'node_modules',
		'@stryker-mutator',
	);
	mkdirSync(reports, { recursive: true });
	// By a file: an environment has no room for a thousand places.
	const order = join(reports, 'round.json');
	writeFileSync(order, JSON.stringify({ name, mutate, tests, long }));
	const child = spawn(
		process.execPath,
		[join(modules, 'core', 'bin', 'stryker.js'), 'run', 'stryker.config.mjs'],
		{
			cwd: projectRoot,
			stdio: 'inherit',
			env: {
				...process.env,
				STRYKER_JEST_RUNNER: join(modules, 'jest-runner'),
				MUTANTS_ROUND: order,
			},
			detached: process.platform !== 'win32',
		},
	);
	beforeExit(async () => endTree(child, 'SIGTERM'));
	const code = await new Promise((resolve) => child.once('close', resolve));
	if (code !== 0) throw new LabError(`Stryker ended with ${code}.`);
	/** @type {{ files: Record<string, { mutants: Mutant[] }> }} */
	const report = JSON.parse(readFileSync(join(reports, `${name}.json`), 'utf8'));
	return Object.entries(report.files).flatMap(([file, { mutants }]) =>
		mutants
			.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
			.map(({ location: { start, end } }) => {
				// The report counts columns from 1, what is to be mutated from 0.
				const place = ({ line, column }) => `${line}:${column - 1}`;
				return `${file}:${place(start)}-${place(end)}`;
			}),
	);
}

runScript(async () => {
	await ensureDeps();
	const args = process.argv.slice(2);
	const isThorough = args.includes('--thorough');
	const [named] = args.filter((arg) => arg !== '--thorough');
	const files =
		named?.split(',') ??
		ROOMS.flatMap((room) =>
			readdirSync(join(projectRoot, room)).flatMap((file) =>
				file.endsWith('.ts') ? [`${room}/${file}`] : [],
			),
		);
	/** @type {string[]} */
	let alive = [];
	for (const folder of new Set(files.map(dirname))) {
		const room = basename(folder);
		const ofRoom = files.filter((file) => dirname(file) === folder);
		alive.push(...(await round(`own-${room}`, ofRoom, { tests: `test/unit/${room}` })));
	}
	if (alive.length > 0) alive = await round('all', alive);
	if (alive.length > 0 && isThorough) alive = await round('thorough', alive, { long: true });
	console.log(`\n${alive.length} places with changes that no test noticed.`);
	return 0;
});
