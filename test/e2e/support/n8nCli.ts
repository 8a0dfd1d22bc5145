/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// n8n's command line against a user folder: import credentials and workflows, execute one workflow without a server.
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Credential, Workflow } from './examples';
import { beginMigrated, n8nEnvironment, n8nScript, type N8nInstall } from './n8nInstall';
import { freePort } from './ports';
import type { Execution } from './runData';

const run = promisify(execFile);

export interface CliTarget {
	install: N8nInstall;
	userFolder: string;
}

/** The sentence that counts among what a failed command printed: n8n puts an execution's error under a ruler. */
function reason(output: string): string {
	// Two rulers stand around a heading; what was wrong follows the second.
	const parts = output.trim().split(/^={10,}\n/m);
	const last = parts[parts.length - 1].split('\n');
	return parts.length > 1 ? last[0] : last.slice(-25).join('\n');
}

/** Runs one n8n command and gives what it printed on standard output. */
export async function n8nCommand(
	{ install, userFolder }: CliTarget,
	args: string[],
	{ timeoutMs = 300_000 } = {},
): Promise<string> {
	mkdirSync(userFolder, { recursive: true });
	beginMigrated(install, userFolder);
	const env = n8nEnvironment(userFolder, { N8N_RUNNERS_BROKER_PORT: String(await freePort()) });
	const { stdout } = await run(install.node, [n8nScript(install), ...args], {
		cwd: userFolder,
		env,
		timeout: timeoutMs,
		maxBuffer: 256 * 1024 * 1024,
	}).catch((error: Error & { stdout?: string; stderr?: string }) => {
		throw new Error(
			`n8n ${args[0]} failed: ${reason(`${error.stdout ?? ''}\n${error.stderr ?? ''}`) || error.message}`,
		);
	});
	return stdout;
}

/** Stores credentials and workflows, over any with the same ids. */
export async function importAll(
	target: CliTarget,
	credentials: Credential[],
	workflows: Workflow[],
): Promise<void> {
	const folder = join(target.userFolder, 'import');
	mkdirSync(folder, { recursive: true });
	const store = async (command: string, name: string, content: Credential[] | Workflow[]) => {
		const file = join(folder, name);
		writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
		try {
			await n8nCommand(target, [command, `--input=${file}`]);
		} finally {
			// It may hold a key in the clear.
			rmSync(file);
		}
	};
	await store('import:credentials', 'credentials.json', credentials);
	await store('import:workflow', 'workflows.json', workflows);
}

/** Executes a stored workflow in a process of its own. Log lines may stand before the JSON on standard output. */
export async function executeWorkflow(
	target: CliTarget,
	id: string,
	{ timeoutMs = 300_000 } = {},
): Promise<Execution> {
	const stdout = await n8nCommand(target, ['execute', `--id=${id}`, '--rawOutput'], { timeoutMs });
	const start = /^\{/m.exec(stdout)?.index;
	if (start === undefined) throw new Error(`n8n execute gave no result: ${stdout.slice(-2000)}`);
	return JSON.parse(stdout.slice(start)) as Execution;
}
