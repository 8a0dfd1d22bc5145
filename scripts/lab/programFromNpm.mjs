// A program whose binary is in a package on npm: the place that every network here reaches. Scripts of packages are not run.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.mjs';
import { labRoot } from './paths.mjs';

/**
 * @param {object} program
 * @param {string} program.folder in .lab/
 * @param {string} program.name of the package of this platform
 * @param {string} program.version
 * @param {string} program.file name of the binary, without the ending that Windows adds
 * @param {string} program.title what is being done, as the user reads it
 * @param {string} program.log name of the log file
 * @param {(binary: string) => boolean} program.runs whether a binary is the right one and starts here
 * @returns {Promise<string | undefined>} the binary's path; nothing where what npm has does not run here
 */
export async function programFromNpm({ folder, name, version, file, title, log, runs }) {
	const root = join(labRoot, folder);
	const ending = process.platform === 'win32' ? '.exe' : '';
	const binary = join(root, 'node_modules', name, 'bin', `${file}${ending}`);
	const isThere = () => existsSync(binary) && runs(binary);
	if (isThere()) return binary;
	// Whole or not at all: two scripts may be fetching it side by side.
	const making = `${root}-${process.pid}`;
	try {
		await runNpm({
			...{ title, log },
			args: [
				...['install', '--prefix', making, '--ignore-scripts', '--no-save', '--no-package-lock'],
				`${name}@${version}`,
			],
		});
		if (!isThere()) {
			rmSync(root, { recursive: true, force: true });
			renameSync(making, root);
		}
	} finally {
		rmSync(making, { recursive: true, force: true });
	}
	return runs(binary) ? binary : undefined;
}
