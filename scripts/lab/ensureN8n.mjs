// A complete n8n of one version in .lab/n8n-<version>/, from the committed manifest and lockfile in tools/n8n-<version>/.
// The stamp is written last: without it (or with another lockfile) the install is taken up again where it stopped.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { depsMatch } from './ensureDeps.mjs';
import { ensureSqlite } from './ensureSqlite.mjs';
import { runNpm } from './npm.mjs';
import { n8nRoot, projectRoot } from './paths.mjs';

const stampName = 'complete.json';

/**
 * @param {string} version
 * @param {string} node the binary that runs n8n
 * @returns {Promise<string>} folder with node_modules/n8n
 */
export async function ensureN8n(version, node) {
	const folder = n8nRoot(version);
	const manifest = join(projectRoot, 'tools', `n8n-${version}`);
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
	for (const name of ['package.json', 'package-lock.json'])
		copyFileSync(join(manifest, name), join(folder, name));
	if (!depsMatch(folder)) {
		await runNpm({
			title: `Installing n8n ${version} (about 2 GB, some minutes, once)`,
			log: `n8n-${version}`,
			args: ['ci', '--ignore-scripts', '--omit=dev', '--prefer-offline'],
			cwd: folder,
		});
	}
	await ensureSqlite(folder, node);
	writeFileSync(stamp, expected);
	return folder;
}
