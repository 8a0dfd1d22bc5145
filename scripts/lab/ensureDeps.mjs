// The development dependencies: installed when node_modules differs from package-lock.json, otherwise left alone.
// npm writes node_modules/.package-lock.json as its last act, so that file tells whether an install was finished.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.mjs';
import { projectRoot } from './paths.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, extraneous?: boolean, link?: boolean }} Locked
 * `optional` and `extraneous` ones are there only on the platforms they are made for.
 */

/** @param {string} file @returns {Record<string, Locked>} */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** @param {string} folder with package-lock.json and node_modules @returns {boolean} */
export function depsMatch(folder) {
	const installed = join(folder, 'node_modules', '.package-lock.json');
	if (!existsSync(installed)) return false;
	const have = packagesOf(installed);
	return Object.entries(packagesOf(join(folder, 'package-lock.json'))).every(
		([path, { version, optional, extraneous, link }]) =>
			path === '' ||
			link ||
			(path in have ? have[path].version === version : optional || extraneous),
	);
}

/** Installs what is missing. @returns {Promise<void>} */
export async function ensureDeps() {
	if (depsMatch(projectRoot)) return;
	await runNpm({
		title: 'Installing the development dependencies (about 1.3 GB, once)',
		log: 'npm-ci',
		args: ['ci', '--ignore-scripts', '--prefer-offline'],
	});
}
