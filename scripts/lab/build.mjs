// Builds dist/: types, icons, then the nodes' files. Skipped while nothing that goes into it has changed since the last good build.
import { createHash } from 'node:crypto';
import {
	copyFileSync,
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
	'scripts/lab/build.mjs',
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

const dist = join(projectRoot, 'dist');
const house = 'nodes/WanVideo';
const common = { platform: 'node', target: 'node20', logLevel: 'silent', charset: 'ascii' };

/** What n8n gives the package. */
const external = ['n8n-workflow', 'zod'];

/**
 * One file for each node and one for what both have, so that a node is whole as soon as it is loaded: n8n may replace the
 * files under an execution that runs. Of 240 files the most time of loading went into finding them. Names, lines and the
 * path above each part stay, for those who read a stack trace.
 */
async function bundle() {
	// Not at the top: a fresh clone has to load this file before anything is installed.
	const { build: esbuild, transform } = await import('esbuild');
	const { outputFiles } = await esbuild({
		...common,
		entryPoints: ['nodes', 'credentials']
			.flatMap(filesOf)
			.filter((name) => /\.(node|credentials)\.ts$/.test(name)),
		absWorkingDir: projectRoot,
		outbase: projectRoot,
		outdir: dist,
		bundle: true,
		splitting: true,
		format: 'esm',
		chunkNames: `${house}/[name]-[hash]`,
		external,
		write: false,
	});
	for (const { path, text } of outputFiles) {
		// The second pass drops all comments but those that look like a licence.
		const kept = text.replace(/^\/\/ (?=(nodes|credentials)\/)/gm, '//! ');
		const { code } = await transform(kept, { ...common, format: 'cjs', legalComments: 'inline' });
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, byTabs(code));
	}
	for (const name of filesOf(house).filter((one) => one.endsWith('.node.json')))
		copyFileSync(join(projectRoot, name), join(dist, name));
}

/** esbuild indents by two blanks and has no setting for it. No text of the product has a line that begins with two (test/package/packed.test.ts). @param {string} code */
const byTabs = (code) => code.replace(/^(?: {2})+/gm, (blanks) => '\t'.repeat(blanks.length / 2));

/** @returns {Promise<boolean>} whether anything had to be built */
export async function build() {
	if (existsSync(stamp) && existsSync(dist) && readFileSync(stamp, 'utf8') === fingerprint())
		return false;
	rmSync(dist, { recursive: true, force: true });
	const steps = /** @type {const} */ ([
		['Checking the types', 'build-tsc', [tool('typescript', 'bin/tsc'), '--noEmit']],
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
	await bundle();
	mkdirSync(dirname(stamp), { recursive: true });
	writeFileSync(stamp, fingerprint());
	return true;
}
