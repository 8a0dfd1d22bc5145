// Where things are: the project, everything the scripts install or make (.lab/, git-ignored), and the n8n versions they know.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const labRoot = join(projectRoot, '.lab');
export const logsRoot = join(labRoot, 'logs');
/**
 * n8n's user folders and unpacked packages. ESLint would read all their code and fail; its configuration is n8n's and may
 * not be changed (package.json says strict), but it leaves out whatever is below a folder of this name.
 */
export const runRoot = join(labRoot, 'node_modules');
export const packageName = 'n8n-nodes-wan-video';

/** The n8n that `npm start` shows; the other one is the oldest line that the end-to-end tests cover. */
export const newestN8n = '2.41.1';
export const n8nVersions = [newestN8n, '1.123.81'];

/** @param {string} version @returns {string} folder with node_modules/n8n of that version */
export const n8nRoot = (version) => join(labRoot, `n8n-${version}`);

/** @param {string} version @returns {string} N8N_USER_FOLDER of `npm start` (n8n adds `.n8n` itself) */
export const n8nHome = (version) => join(runRoot, `home-${version}`);
