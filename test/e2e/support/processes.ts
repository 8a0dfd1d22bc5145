/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Long-running child processes (n8n, the sandbox): started in a group of their own, written to a log file, and never left
// behind: whatever way this process ends, their groups are ended with it.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';

export interface Started {
	readonly pid: number;
	/** Resolves with a sentence when the process has ended. */
	readonly ended: Promise<string>;
	hasEnded(): boolean;
	/** SIGTERM, and SIGKILL after `graceMs`. */
	stop(graceMs?: number): Promise<void>;
	/** SIGKILL at once, as a crash would do it. */
	kill(): Promise<void>;
}

export interface StartOptions {
	command: string;
	args: string[];
	env: NodeJS.ProcessEnv;
	cwd?: string;
	logFile: string;
	/** Runs it as another user, which only root may do. */
	uid?: number;
	gid?: number;
}

const live = new Map<number, Started>();

const signalGroup = (pid: number, signal: NodeJS.Signals) => {
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, signal);
	} catch {
		// already gone
	}
};

// Keeps the list of live groups and ends them when its input closes, which it does however this process ends.
const guardScript = `live=
while read -r what pid; do
	[ "$what" = begin ] && live="$live $pid"
	[ "$what" = end ] && live=$(for other in $live; do [ "$other" = "$pid" ] || printf ' %s' "$other"; done)
done
for pid in $live; do kill -9 "-$pid"; done 2>/dev/null`;

let guard: Socket | undefined;

/** Tells the guard of a group. Jest gives tests a `process` of their own that never says 'exit', and kill -9 says nothing. */
function tellGuard(what: 'begin' | 'end', pid: number): void {
	if (process.platform === 'win32') return;
	if (guard === undefined) {
		// eslint-disable-next-line @n8n/community-nodes/no-dangerous-functions -- runs in Node, outside n8n
		const child = spawn('sh', ['-c', guardScript], {
			stdio: ['pipe', 'ignore', 'ignore'],
			detached: true,
		});
		child.unref();
		if (!(child.stdin instanceof Socket)) return;
		guard = child.stdin;
		guard.unref();
		// A guard that is gone guards nothing, and that is no reason to fail.
		guard.on('error', () => undefined);
	}
	guard.write(`${what} ${pid}\n`);
}

process.on('exit', () => live.forEach(({ pid }) => signalGroup(pid, 'SIGKILL')));

/** Stops everything that was started here and still runs. */
export async function stopAll(): Promise<void> {
	await Promise.all([...live.values()].map((started) => started.stop(8_000)));
}

/** Starts a process whose output goes to a log file. Rejects when it cannot be started at all. */
export async function startProcess(options: StartOptions): Promise<Started> {
	mkdirSync(dirname(options.logFile), { recursive: true });
	const log = openSync(options.logFile, 'a');
	// eslint-disable-next-line @n8n/community-nodes/no-dangerous-functions -- runs in Node, outside n8n
	const child = spawn(options.command, options.args, {
		cwd: options.cwd,
		env: options.env,
		stdio: ['ignore', log, log],
		uid: options.uid,
		gid: options.gid,
		detached: process.platform !== 'win32',
	});
	closeSync(log);
	const pid = await new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('spawn', () => resolve(child.pid ?? 0));
	});
	let over = false;
	const ended = new Promise<string>((resolve) => {
		child.once('exit', (code, signal) => {
			over = true;
			// What the process started itself (n8n's task runner) goes with it.
			signalGroup(pid, 'SIGKILL');
			live.delete(pid);
			tellGuard('end', pid);
			resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`);
		});
	});
	const kill = async () => {
		if (!over) signalGroup(pid, 'SIGKILL');
		await ended;
	};
	const started: Started = {
		pid,
		ended,
		hasEnded: () => over,
		kill,
		async stop(graceMs = 15_000) {
			if (over) return;
			signalGroup(pid, 'SIGTERM');
			const timer = setTimeout(() => void kill(), graceMs);
			await ended;
			clearTimeout(timer);
		},
	};
	live.set(pid, started);
	tellGuard('begin', pid);
	return started;
}

/** The last lines of a log file, for a failure's message. */
export const logTail = (logFile: string, lines = 15): string =>
	readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
