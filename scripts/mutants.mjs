// npm run mutants: Stryker changes the code in small ways and says which changes no test notices. By hand or at night:
// a file of the generation room takes some minutes.
//   npm run mutants                                          generation/ and evolink/ (hours)
//   npm run mutants -- nodes/WanVideo/generation/journal.ts  these files only, separated by commas
//   npm run mutants -- --thorough nodes/.../journal.ts       with the tests of many runs, ten times as long: for what has survived
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { ensureLocked } from './lab/ensureLocked.mjs';
import { projectRoot } from './lab/paths.mjs';
import { beforeExit, endTree, runScript } from './lab/run.mjs';

runScript(async () => {
	await ensureDeps();
	const folder = await ensureLocked('stryker', { title: 'Installing Stryker (60 MB, once)' });
	const args = process.argv.slice(2);
	const isThorough = args.includes('--thorough');
	const [files] = args.filter((arg) => arg !== '--thorough');
	const modules = join(folder, 'node_modules', '@stryker-mutator');
	const child = spawn(
		process.execPath,
		[
			join(modules, 'core', 'bin', 'stryker.js'),
			'run',
			'stryker.config.mjs',
			...(files === undefined ? [] : ['--mutate', files]),
		],
		{
			cwd: projectRoot,
			stdio: 'inherit',
			env: {
				...process.env,
				STRYKER_JEST_RUNNER: join(modules, 'jest-runner'),
				MUTANTS_THOROUGH: isThorough ? '1' : '0',
			},
			detached: process.platform !== 'win32',
		},
	);
	beforeExit(async () => endTree(child, 'SIGTERM'));
	return await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
});
