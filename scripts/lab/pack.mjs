// The npm package as its users get it: packed with npm, and unpacked again beside the tarball.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.mjs';
import { projectRoot } from './paths.mjs';
import { LabError, runStep } from './run.mjs';

/**
 * @param {string} into folder to be emptied and filled
 * @returns {Promise<{ tarball: string, folder: string }>} the packed file and the unpacked package
 */
export async function pack(into) {
	rmSync(into, { recursive: true, force: true });
	mkdirSync(into, { recursive: true });
	const output = await runNpm({
		title: 'Packing the node package',
		log: 'npm-pack',
		args: ['pack', '--ignore-scripts', '--pack-destination', into],
		cwd: projectRoot,
	});
	const name = /^\S+\.tgz$/m.exec(output)?.[0];
	if (!name) throw new LabError('npm pack named no tarball (log: .lab/logs/npm-pack.log)');
	await runStep({
		title: 'Unpacking it',
		log: 'unpack',
		command: 'tar',
		args: ['-xzf', name],
		cwd: into,
	});
	return { tarball: join(into, name), folder: join(into, 'package') };
}
