// A complete n8n of one version in .lab/n8n-<version>/.
import { basename } from 'node:path';
import { ensureLocked } from './ensureLocked.mjs';
import { ensureSqlite } from './ensureSqlite.mjs';
import { n8nRoot } from './paths.mjs';

/**
 * @param {string} version
 * @param {string} node the binary that runs n8n
 * @returns {Promise<string>} folder with node_modules/n8n
 */
export const ensureN8n = (version, node) =>
	ensureLocked(basename(n8nRoot(version)), {
		title: `Installing n8n ${version} (about 2 GB, some minutes, once)`,
		afterwards: async (folder) => await ensureSqlite(folder, node),
	});
