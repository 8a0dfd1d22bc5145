/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// An n8n server for a test or a demonstration: started on a port of its own with a user folder of its own, stopped as a
// deploy would do it, killed as a crash would do it, and started again with the same data.
import { join } from 'node:path';
import { beginMigrated, hasRest, n8nEnvironment, n8nScript, type N8nInstall } from './n8nInstall';
import { freePort } from './ports';
import { logTail, startProcess, type Started } from './processes';
import { GiveUp, until } from './until';

export interface N8nServerOptions {
	install: N8nInstall;
	userFolder: string;
	/** A free port when left out. */
	port?: number;
	/** Added to n8n's environment, which has no editor and no runner for Code nodes by itself. */
	env?: NodeJS.ProcessEnv;
	logFile?: string;
}

export interface N8nServer {
	readonly url: string;
	readonly port: number;
	readonly logFile: string;
	/** Resolves with a sentence when the process has ended, by itself or from outside. */
	ended(): Promise<string>;
	stop(): Promise<void>;
	/** kill -9 */
	kill(): Promise<void>;
	/** Starts it again on the same port with the same user folder; stops it first when it still runs. */
	restart(env?: NodeJS.ProcessEnv): Promise<void>;
}

/** First start of 2.x runs some hundred migrations; slow machines need minutes for it. */
const startTimeoutMs = 300_000;

/** Starts n8n and resolves when its REST routes answer. `/healthz` answers seconds before that, so it is no proof. */
export async function startN8n(options: N8nServerOptions): Promise<N8nServer> {
	const { install, userFolder } = options;
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const logFile = options.logFile ?? join(userFolder, 'n8n.log');

	const launch = async (env: NodeJS.ProcessEnv = {}): Promise<Started> => {
		const process = await startProcess({
			command: install.node,
			args: [n8nScript(install), 'start'],
			cwd: userFolder,
			logFile,
			env: n8nEnvironment(userFolder, {
				N8N_PORT: String(port),
				N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				...options.env,
				...env,
			}),
		});
		const isReady = async () => {
			if (process.hasEnded()) {
				throw new GiveUp(
					`n8n ${install.version} ${await process.ended}. Its last words:\n${logTail(logFile)}`,
				);
			}
			return (await hasRest(url)) || undefined;
		};
		let ready = false;
		try {
			ready = await until(`n8n ${install.version} to start`, isReady, {
				timeoutMs: startTimeoutMs,
			});
		} finally {
			if (!ready) await process.kill();
		}
		return process;
	};

	beginMigrated(install, userFolder);
	let current = await launch();
	return {
		url,
		port,
		logFile,
		ended: () => current.ended,
		stop: () => current.stop(),
		kill: () => current.kill(),
		async restart(env) {
			await current.stop();
			current = await launch(env);
		},
	};
}
