// n8n keeps its data in SQLite through the native module sqlite3, the only one of its packages that must be built here.
// It speaks N-API, so one binary serves both n8n versions and every Node; it is kept in .lab/ and copied into each install.
// As the module installs itself: the prebuilt binary of its authors, which is not on npm and so not on every network,
// else a compiler.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { askNpm, npmRoot } from './npm.mjs';
import { labRoot } from './paths.mjs';
import { lastLine, LabError, runStep } from './run.mjs';

/** Longest wait for the prebuilt binary, since closed networks may swallow the request without an answer. */
const prebuiltTimeoutMs = 30_000;

/** @param {string} output @returns {string} */
const explainBuild = (output) => {
	const errors = output.split('\n').filter((line) => /gyp ERR!|error:|not found/.test(line));
	const line = errors.find((text) => /Error:|error:/.test(text)) ?? errors[0] ?? lastLine(output);
	return `${line.replace('gyp ERR! ', '').trim()}. It needs python3, make and g++ (Debian: apt-get install -y python3 make g++; macOS: xcode-select --install)`;
};

/** @returns {string[]} where Node's headers are, as node-gyp is told; nothing when it has to fetch them itself */
function headerArgs() {
	const configured = askNpm(['config', 'get', 'nodedir']);
	if (configured && configured !== 'undefined') return [`--nodedir=${configured}`];
	const beside = dirname(dirname(process.execPath));
	return existsSync(join(beside, 'include', 'node', 'node_api.h')) ? [`--nodedir=${beside}`] : [];
}

/** @param {string} node @param {string} folder of the module @returns {boolean} */
const loads = (node, folder) =>
	spawnSync(node, ['-e', 'new (require(process.argv[1]).Database)(":memory:")', folder]).status ===
	0;

/** @param {string} folder @returns {boolean} */
function fetchPrebuilt(folder) {
	const tool = join(folder, '..', 'prebuild-install', 'bin.js');
	if (!existsSync(tool)) return false;
	const { status } = spawnSync(process.execPath, [tool, '-r', 'napi'], {
		cwd: folder,
		timeout: prebuiltTimeoutMs,
	});
	return status === 0;
}

/** @param {string} folder */
async function compile(folder) {
	const gyp = join(npmRoot(), 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
	if (!existsSync(gyp))
		throw new LabError(
			'npm comes without node-gyp here: install npm from nodejs.org and start again.',
		);
	await runStep({
		title: 'Compiling sqlite3 for n8n (half a minute)',
		log: 'sqlite3',
		command: process.execPath,
		args: [gyp, 'rebuild', '--jobs=max', ...headerArgs()],
		cwd: folder,
		// What tests and demonstrations keep in it is small: a minute less of the processor is worth more than quick queries.
		env: { CFLAGS: '-O1', CXXFLAGS: '-O1' },
		explain: explainBuild,
	});
}

/**
 * Makes `sqlite3` of one n8n install load.
 * @param {string} n8nFolder folder with node_modules
 * @param {string} node the binary that runs n8n
 */
export async function ensureSqlite(n8nFolder, node) {
	const folder = join(n8nFolder, 'node_modules', 'sqlite3');
	if (loads(node, folder)) return;
	const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const built = join(folder, 'build', 'Release', 'node_sqlite3.node');
	const kept = join(
		labRoot,
		`sqlite3-${version}-${process.platform}-${process.arch}`,
		'node_sqlite3.node',
	);
	if (existsSync(kept)) {
		mkdirSync(dirname(built), { recursive: true });
		copyFileSync(kept, built);
		if (loads(node, folder)) return;
	}
	if (!fetchPrebuilt(folder)) await compile(folder);
	if (!loads(node, folder))
		throw new LabError(`sqlite3 was built but does not load; delete ${folder} and start again.`);
	mkdirSync(dirname(kept), { recursive: true });
	copyFileSync(built, kept);
}
