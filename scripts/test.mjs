// npm test: everything that needs no n8n server. Stops at the first thing that fails; jest's summary is what is printed last.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './lab/build.mjs';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { projectRoot } from './lab/paths.mjs';
import { beforeExit, elapsed, endTree, LabError, runScript } from './lab/run.mjs';

/** @param {string} path @returns {string} of a tool's script in node_modules */
const tool = (path) => join(projectRoot, 'node_modules', path);

/**
 * Runs one check with its output on the screen.
 * @param {string[]} args of node
 * @returns {Promise<number>} its exit code
 */
function run(args) {
	const child = spawn(process.execPath, args, {
		cwd: projectRoot,
		stdio: 'inherit',
		detached: process.platform !== 'win32',
	});
	beforeExit(async () => endTree(child, 'SIGTERM'));
	return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

/** @param {string} headline @param {string[]} args of node */
async function check(headline, args) {
	console.log(`\n== ${headline}`);
	const startedAt = Date.now();
	const code = await run(args);
	console.log(`   ${elapsed(startedAt)}`);
	if (code !== 0) throw new LabError(`${headline}: failed.`);
}

runScript(async () => {
	await ensureDeps();
	await check('Types', [tool('typescript/bin/tsc'), '-p', 'tsconfig.test.json']);
	await check("Lint: n8n's rules", [tool('@n8n/node-cli/bin/n8n-node.mjs'), 'lint']);
	await check('Lint: newest node rules, types', [
		tool('eslint/bin/eslint.js'),
		'-c',
		'eslint.types.config.mjs',
		'.',
	]);
	console.log('\n== Build');
	if (!(await build())) console.log('   up to date');
	console.log('\n== Tests');
	return await run([tool('jest/bin/jest.js'), ...process.argv.slice(2)]);
});
