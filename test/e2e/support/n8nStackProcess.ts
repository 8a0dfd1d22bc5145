/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, outside n8n */
// One process of n8n's queue mode (main, webhook process or worker): started until it is ready, killed as a crash would do
// it, stopped as a deploy would do it, started again, and asked for its memory.
import { existsSync, readFileSync } from 'node:fs';
import { n8nScript, type N8nInstall } from './n8nInstall';
import { logTail, startProcess, type Started } from './processes';
import { GiveUp, until } from './until';

export interface StackProcess {
	readonly name: string;
	readonly logFile: string;
	/** Starts it (again) and resolves when it is ready. */
	start(env?: NodeJS.ProcessEnv): Promise<void>;
	/** SIGTERM, then up to `graceMs` for what runs, then SIGKILL. n8n itself ends after 30 s. */
	stop(graceMs?: number): Promise<void>;
	/** kill -9 */
	kill(): Promise<void>;
	isRunning(): boolean;
	/** Resident memory now, in bytes. */
	rss(): number;
	/** The highest resident memory since its start (or since `resetPeakRss`), in bytes. */
	peakRss(): number;
	resetPeakRss(): Promise<void>;
	log(): string;
}

export interface StackProcessOptions {
	name: string;
	install: N8nInstall;
	/** n8n's command and its arguments: `start`, `webhook` or `worker --concurrency=5`. */
	command: string[];
	folder: string;
	logFile: string;
	/** Made anew for each start. */
	env(): Promise<NodeJS.ProcessEnv>;
	/** Whether it is ready. `newLog` is what it has written since it was started. */
	isReady(newLog: string): Promise<boolean>;
}

/** The first start of 2.x runs some hundred migrations; slow machines need minutes for it. */
const startTimeoutMs = 300_000;

/** An n8n process that is not started yet. */
export function stackProcess(options: StackProcessOptions): StackProcess {
	const { name, install, logFile } = options;
	let current: Started | undefined;
	const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
	/** From Linux's /proc, in bytes. */
	const memory = (field: 'VmRSS' | 'VmHWM') => {
		if (current === undefined || current.hasEnded()) throw new Error(`${name} is not running`);
		const status = readFileSync(`/proc/${current.pid}/status`, 'utf8');
		return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
	};
	const isRunning = () => current !== undefined && !current.hasEnded();

	return {
		name,
		logFile,
		log,
		isRunning,
		rss: () => memory('VmRSS'),
		peakRss: () => memory('VmHWM'),
		async resetPeakRss() {
			const { writeFile } = await import('node:fs/promises');
			// proc(5): 5 sets the high-water mark back to the present size.
			await writeFile(`/proc/${current?.pid}/clear_refs`, '5');
		},
		async kill() {
			await current?.kill();
		},
		async stop(graceMs = 35_000) {
			await current?.stop(graceMs);
		},
		async start(env = {}) {
			if (isRunning()) throw new Error(`${name} is running already`);
			const written = log().length;
			const started = await startProcess({
				command: install.node,
				args: [n8nScript(install), ...options.command],
				cwd: options.folder,
				logFile,
				env: { ...(await options.env()), ...env },
			});
			current = started;
			let ready = false;
			try {
				ready = await until(
					`${name} of n8n ${install.version} to start`,
					async () => {
						if (started.hasEnded()) {
							throw new GiveUp(
								`${name} of n8n ${install.version} ${await started.ended}. Its last words:\n${logTail(logFile)}`,
							);
						}
						return (await options.isReady(log().slice(written))) ? true : undefined;
					},
					{ timeoutMs: startTimeoutMs },
				);
			} finally {
				if (!ready) await started.kill();
			}
		},
	};
}
