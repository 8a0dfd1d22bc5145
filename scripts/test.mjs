// npm test: what needs no n8n server; of the test files the quick ones, unless some are named or THOROUGH=1. Checks go on
// two at a time, then the tests; stops at the first that fails, and jest's summary is what is printed last.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { build } from './lab/build.mjs';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { projectRoot } from './lab/paths.mjs';
import { beforeExit, elapsed, endTree, LabError, runScript } from './lab/run.mjs';

/** @param {string} path @returns {string} of a tool's script in node_modules */
const tool = (path) => join(projectRoot, 'node_modules', path);

/**
 * @param {string[]} args of node
 * @param {'inherit' | 'pipe'} output on the screen at once, or kept
 * @returns {Promise<{ code: number, said: string }>} its exit code, and what it has printed when that is kept
 */
function run(args, output) {
	const child = spawn(process.execPath, args, {
		cwd: projectRoot,
		stdio: [output === 'pipe' ? 'ignore' : 'inherit', output, output],
		env: {
			...process.env,
			// What is printed at the end may have colours where the screen has.
			...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
			// Tests make much that is gone at once: collected less often, they take 6 % less of the processor.
			NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --max-semi-space-size=64`.trim(),
		},
		detached: process.platform !== 'win32',
	});
	beforeExit(async () => endTree(child, 'SIGTERM'));
	let said = '';
	for (const stream of [child.stdout, child.stderr])
		stream?.setEncoding('utf8').on('data', (part) => (said += part));
	return new Promise((resolve) =>
		child.once('close', (code) => resolve({ code: code ?? 1, said: said.trimEnd() })),
	);
}

/** @type {Array<[headline: string, args: string[]]>} the longest first */
const checks = [
	["Lint: n8n's rules", [tool('@n8n/node-cli/bin/n8n-node.mjs'), 'lint']],
	['Types, and lint with types', [tool('oxlint/bin/oxlint'), '--type-aware', '--type-check']],
	[
		'Lint: newest node rules',
		[tool('eslint/bin/eslint.js'), '-c', 'eslint.nodes.config.mjs', 'nodes', 'credentials'],
	],
	['Format', [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '--cache', '.']],
];

/** Takes one check after the other, until none is left. */
async function lane() {
	for (let check = checks.shift(); check !== undefined; check = checks.shift()) {
		const [headline, args] = check;
		const startedAt = Date.now();
		const { code, said } = await run(args, 'pipe');
		console.log([`\n== ${headline}`, said, `   ${elapsed(startedAt)}`].filter(Boolean).join('\n'));
		if (code !== 0) throw new LabError(`${headline}: failed.`);
	}
}

/** @returns {string[]} patterns of the test files that are left to `.ci/run`, or to who names them */
function thoroughFiles() {
	const files = readdirSync(join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' });
	return files
		.filter((file) => file.endsWith('.test.ts'))
		.filter((file) =>
			/^\/\/ @thorough\r?\n/.test(readFileSync(join(projectRoot, 'test', file), 'utf8')),
		)
		.map((file) => `/test/${file.replaceAll(sep, '/')}$`);
}

/** @returns {string[]} arguments of jest: what was asked for, else all or the quick files */
function chosen() {
	const asked = process.argv.slice(2);
	if (asked.length > 0 || process.env.THOROUGH === '1') return asked;
	const left = thoroughFiles();
	console.log(`   ${left.length} long files are left to .ci/run and THOROUGH=1 npm test`);
	const ignored = ['/node_modules/', '<rootDir>/test/e2e/', ...left];
	return ignored.map((pattern) => `--testPathIgnorePatterns=${pattern}`);
}

runScript(async () => {
	await ensureDeps();
	await Promise.all([lane(), lane()]);
	console.log('\n== Build');
	if (!(await build())) console.log('   up to date');
	console.log('\n== Tests');
	return (await run([tool('jest/bin/jest.js'), ...chosen()], 'inherit')).code;
});
