// A user folder in which this n8n has made its tables, some hundred migrations: what the n8n of a test starts from, in place
// of making them anew in each.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './run.mjs';

/** Settings of another n8n of this user must not leak in. */
const foreign = /^(N8N_|DB_|EXECUTIONS_|QUEUE_|NODE_OPTIONS$)/;

/**
 * @param {string} version
 * @param {string} folder with node_modules/n8n
 * @param {string} node the binary that runs n8n
 * @returns {Promise<string>} N8N_USER_FOLDER to copy
 */
export async function ensureMigrated(version, folder, node) {
	const home = join(folder, 'migrated');
	if (existsSync(home)) return home;
	// Whole or not at all.
	const making = `${home}-${process.pid}`;
	mkdirSync(making, { recursive: true });
	try {
		await runStep({
			title: `Making the tables of n8n ${version} (once)`,
			log: `migrated-${version}`,
			command: node,
			args: [join(folder, 'node_modules', 'n8n', 'bin', 'n8n'), 'list:workflow'],
			cwd: making,
			environment: Object.fromEntries(
				Object.entries(process.env).filter(([name]) => !foreign.test(name)),
			),
			env: {
				N8N_USER_FOLDER: making,
				N8N_DIAGNOSTICS_ENABLED: 'false',
				// As n8nEnvironment() of the tests has it.
				DB_SQLITE_POOL_SIZE: '3',
			},
		});
		renameSync(making, home);
	} finally {
		rmSync(making, { recursive: true, force: true });
	}
	return home;
}
