// What the lab runs beside the project, each installed in .lab/<name>/ from the committed manifest and lockfile in tools/<name>/.
// The stamp is written last: without it (or with another lockfile) the install is taken up again where it stopped.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { depsMatch } from './ensureDeps.mjs';
import { installLocked } from './installLocked.mjs';
import { labRoot, projectRoot } from './paths.mjs';

const stampName = 'complete.json';

/**
 * @param {string} name of the folder in tools/
 * @param {object} how
 * @param {string} how.title
 * @param {(folder: string) => Promise<void>} [how.afterwards] what else has to be made before the install is whole
 * @returns {Promise<string>} folder with node_modules
 */
export async function ensureLocked(name, { title, afterwards = async () => {} }) {
	const folder = join(labRoot, name);
	const manifest = join(projectRoot, 'tools', name);
	const lock = readFileSync(join(manifest, 'package-lock.json'));
	const expected = JSON.stringify({
		lock: createHash('sha256').update(lock).digest('hex'),
		platform: process.platform,
		arch: process.arch,
	});
	const stamp = join(folder, stampName);
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === expected) return folder;
	rmSync(stamp, { force: true });
	mkdirSync(folder, { recursive: true });
	for (const file of ['package.json', 'package-lock.json'])
		copyFileSync(join(manifest, file), join(folder, file));
	if (!depsMatch(folder)) await installLocked({ folder, title, log: name });
	await afterwards(folder);
	writeFileSync(stamp, expected);
	return folder;
}
