/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// One installed n8n and what it is given to run with: the node package in its user folder, and an environment of its own.
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface N8nInstall {
	version: string;
	/** Folder whose node_modules/n8n is run. */
	folder: string;
	/** A user folder with all tables made, which an n8n without a database of its own begins with. */
	migrated?: string;
	/** The Node binary that runs it (n8n 2.x needs Node 24). */
	node: string;
	/** The unpacked npm package of this project, as a user would get it. */
	packageFolder: string;
	packageName: string;
}

export const n8nScript = ({ folder }: N8nInstall): string =>
	join(folder, 'node_modules', 'n8n', 'bin', 'n8n');

export const majorOf = ({ version }: N8nInstall): number => Number(version.split('.')[0]);

/** Puts the package where n8n keeps installed community packages, so that its nodes get their real type names. */
export function installPackage(install: N8nInstall, userFolder: string): void {
	const { packageFolder, packageName } = install;
	const target = packageTarget(userFolder, packageName);
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target, { recursive: true });
	cpSync(packageFolder, target, { recursive: true });
	linkN8nModules(install, userFolder);
}

/** Gives a user folder that has no database the one with all tables made. */
export function beginMigrated({ migrated }: N8nInstall, userFolder: string): void {
	if (migrated === undefined || existsSync(join(userFolder, '.n8n', 'database.sqlite'))) return;
	cpSync(join(migrated, '.n8n'), join(userFolder, '.n8n'), { recursive: true });
}

/** Where n8n keeps an installed community package. */
export const packageTarget = (userFolder: string, packageName: string): string =>
	join(userFolder, '.n8n', 'nodes', 'node_modules', packageName);

/**
 * The user folder may lie inside this project, where `n8n-workflow` and `zod` would be found in the project's node_modules,
 * in other versions than n8n's. The link puts n8n's own in front of them: what the package gets on a user's machine.
 */
export function linkN8nModules({ folder }: N8nInstall, userFolder: string): void {
	const home = join(userFolder, '.n8n');
	mkdirSync(home, { recursive: true });
	const link = join(home, 'node_modules');
	rmSync(link, { recursive: true, force: true });
	symlinkSync(join(folder, 'node_modules'), link, 'junction');
}

/** Settings of another n8n of this user must not leak in: a database, a queue, a webhook address, a key. */
const foreign =
	/^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_|GENERIC_|EVOLINK_|NODE_ENV$|NODE_OPTIONS$|JEST_)/;

/**
 * What n8n starts beside its engine, for those who look at its editor or run Code nodes: added to n8nEnvironment(), which has
 * neither. Each start of n8n writes its whole editor anew, as much work as all the rest of the start together.
 */
export const WITH_EDITOR = { N8N_DISABLE_UI: 'false' };
export const WITH_CODE_RUNNER = { N8N_RUNNERS_MODE: 'internal' };
/** n8n as users start it. */
export const WHOLE = { ...WITH_EDITOR, ...WITH_CODE_RUNNER };

/** The environment of an n8n process that talks to nobody but this machine. */
export function n8nEnvironment(
	userFolder: string,
	added: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
	const own = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !foreign.test(name)),
	);
	return {
		...own,
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		// As in 2.x. With 1.x's default of 0 an execution's state is written before its data, and a test may read between.
		DB_SQLITE_POOL_SIZE: '3',
		N8N_DISABLE_UI: 'true',
		// "external" starts no process for Code nodes, and nobody comes with the token. 1.x has them in its own process.
		N8N_RUNNERS_MODE: 'external',
		N8N_RUNNERS_AUTH_TOKEN: 'nobody',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		...added,
	};
}

/** Whether n8n's REST routes answer at an address: without an editor `/rest/settings` never does. */
export async function hasRest(url: string): Promise<boolean> {
	const answer = await fetch(`${url}/rest/login`);
	await answer.text();
	const isJson = answer.headers.get('content-type')?.includes('json') === true;
	// Nobody is signed in; until the routes are there, it is another state or another type.
	return answer.status === 401 && isJson;
}

/** The file of a binary that n8n keeps in its user folder; 1.x and 2.x name the folder differently. */
export function binaryFile(userFolder: string, binaryId: string): string {
	const path = binaryId.replace(/^filesystem-v2:/, '');
	const candidates = ['storage', 'binaryData'].map((name) => join(userFolder, '.n8n', name, path));
	const found = candidates.find((file) => existsSync(file));
	if (found === undefined)
		throw new Error(`n8n has no file for ${binaryId}; looked at ${candidates.join(', ')}`);
	return found;
}
