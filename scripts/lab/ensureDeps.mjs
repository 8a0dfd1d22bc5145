// The development dependencies: installed when node_modules differs from package-lock.json, otherwise left alone.
// npm writes node_modules/.package-lock.json as its last act, so that file tells whether an install of npm was finished; for
// any other the stamp does.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installLocked } from './installLocked.mjs';
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
	const lock = readFileSync(join(projectRoot, 'package-lock.json'));
	const expected = createHash('sha256').update(lock).digest('hex');
	const stamp = join(projectRoot, 'node_modules', '.wan-video-lock');
	// Where npm has installed since, its own list counts.
	const isNpms = existsSync(join(projectRoot, 'node_modules', '.package-lock.json'));
	const isStamped = !isNpms && existsSync(stamp) && readFileSync(stamp, 'utf8') === expected;
	if (isStamped || depsMatch(projectRoot)) return;
	await installLocked({
		folder: projectRoot,
		title: 'Installing the development dependencies (about 1.3 GB, once)',
		log: 'dependencies',
		withDev: true,
	});
	writeFileSync(stamp, expected);
}
