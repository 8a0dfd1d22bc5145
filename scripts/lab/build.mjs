// Builds dist/: tsc, tabs in place of its blanks, then the icons. Skipped while nothing that goes into it has changed since the last good build.
import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { labRoot, projectRoot } from './paths.mjs';
import { runStep } from './run.mjs';

const sources = [
	'nodes',
	'credentials',
	'icons',
	'tsconfig.json',
	'gulpfile.js',
	'package.json',
	'package-lock.json',
];
const stamp = join(labRoot, 'build.sha256');

/** @param {string} path below the project root @returns {string[]} the file, or all files below the folder */
function filesOf(path) {
	const full = join(projectRoot, path);
	if (!existsSync(full)) return [];
	if (statSync(full).isFile()) return [path];
	return readdirSync(full)
		.sort()
		.flatMap((name) => filesOf(join(path, name)));
}

/** @returns {string} of everything that goes in and everything that came out */
function fingerprint() {
	const hash = createHash('sha256');
	for (const path of [...sources, 'dist'].flatMap(filesOf)) {
		hash
			.update(path)
			.update('\0')
			.update(readFileSync(join(projectRoot, path)));
	}
	return hash.digest('hex');
}

/** @param {string} name @param {string} file @returns {string} path of a tool's script in node_modules */
const tool = (name, file) => join(projectRoot, 'node_modules', name, file);

/**
 * tsc indents by four blanks and has no setting for it; tabs, as in the sources, make the package 3 kB smaller. No text of
 * the product has a line that begins with four blanks (test/package/packed.test.ts).
 */
function indentByTabs() {
	for (const path of filesOf('dist').filter((name) => name.endsWith('.js'))) {
		const file = join(projectRoot, path);
		const code = readFileSync(file, 'utf8');
		const indented = code.replace(/^(?: {4})+/gm, (blanks) => '\t'.repeat(blanks.length / 4));
		writeFileSync(file, indented);
	}
}

/** @returns {Promise<boolean>} whether anything had to be built */
export async function build() {
	const dist = join(projectRoot, 'dist');
	if (existsSync(stamp) && existsSync(dist) && readFileSync(stamp, 'utf8') === fingerprint())
		return false;
	rmSync(dist, { recursive: true, force: true });
	const steps = /** @type {const} */ ([
		['Compiling', 'build-tsc', [tool('typescript', 'bin/tsc'), '-p', 'tsconfig.json']],
		['Copying the icons', 'build-icons', [tool('gulp', 'bin/gulp.js'), 'build:icons']],
	]);
	for (const [title, log, args] of steps) {
		await runStep({
			title,
			log,
			command: process.execPath,
			args: [...args],
			explain: (output) =>
				output.split('\n').find((line) => /error/i.test(line)) ?? output.trim().split('\n')[0],
		});
	}
	indentByTabs();
	mkdirSync(dirname(stamp), { recursive: true });
	writeFileSync(stamp, fingerprint());
	return true;
}
