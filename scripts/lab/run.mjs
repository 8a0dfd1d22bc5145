// Runs a command as one step of a longer set-up: says what is being done, counts the seconds, keeps the output in a log
// file, and turns a failure into one line that says what to do. Plain node:* only, since it runs before any install.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { logsRoot, projectRoot } from './paths.mjs';

/** A failure that is told in one line, without a stack. */
export class LabError extends Error {}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => {
	for (const child of running) endTree(child, 'SIGKILL');
});

/** @param {number} startedAt ms @returns {string} */
export const elapsed = (startedAt) => {
	const seconds = Math.round((Date.now() - startedAt) / 1000);
	return seconds < 90 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/**
 * Shows that something is going on until the returned function is called.
 * On a terminal one line is rewritten every second, elsewhere a line is added every 20 s.
 * @param {string} title
 * @returns {(end: string) => void}
 */
export function announce(title) {
	const startedAt = Date.now();
	const onTerminal = process.stdout.isTTY;
	process.stdout.write(onTerminal ? `  ${title} ...` : `  ${title} ...\n`);
	const timer = setInterval(
		() =>
			process.stdout.write(
				`${onTerminal ? '\r' : ''}  ${title} ... ${elapsed(startedAt)}${onTerminal ? '' : '\n'}`,
			),
		onTerminal ? 1000 : 20_000,
	);
	return (end) => {
		clearInterval(timer);
		process.stdout.write(
			`${onTerminal ? '\r\x1b[2K' : ''}  ${title}: ${end} (${elapsed(startedAt)})\n`,
		);
	};
}

/**
 * @param {import('node:child_process').ChildProcess} child started with `detached` where there are process groups
 * @param {NodeJS.Signals} signal
 */
export function endTree(child, signal) {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	try {
		if (process.platform === 'win32') child.kill(signal);
		else process.kill(-child.pid, signal);
	} catch {
		// already gone
	}
}

/**
 * @param {object} step
 * @param {string} step.title what is being done, as the user reads it
 * @param {string} step.log name of the log file without folder and ending
 * @param {string} step.command
 * @param {string[]} step.args
 * @param {string} [step.cwd]
 * @param {NodeJS.ProcessEnv} [step.env] added to the environment
 * @param {NodeJS.ProcessEnv} [step.environment] this process's own when left out
 * @param {number} [step.timeoutMs] after which the command is ended
 * @param {(output: string) => string} [step.explain] the one line for a failure, from what the command printed
 * @returns {Promise<string>} what the command printed
 */
export async function runStep({
	title,
	log,
	command,
	args,
	cwd = projectRoot,
	env = {},
	environment = process.env,
	timeoutMs,
	explain = lastLine,
}) {
	mkdirSync(logsRoot, { recursive: true });
	const logFile = join(logsRoot, `${log}.log`);
	const finish = announce(title);
	const code = await new Promise((resolve) => {
		const sink = createWriteStream(logFile);
		const child = spawn(command, args, {
			cwd,
			env: { ...environment, ...env },
			timeout: timeoutMs,
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: process.platform !== 'win32',
			shell: process.platform === 'win32',
		});
		running.add(child);
		child.stdout.pipe(sink, { end: false });
		child.stderr.pipe(sink, { end: false });
		child.on('error', (error) => {
			running.delete(child);
			sink.end(String(error), () => resolve(127));
		});
		child.on('close', (exitCode) => {
			running.delete(child);
			sink.end(() => resolve(exitCode ?? 1));
		});
	});
	const output = readFileSync(logFile, 'utf8');
	finish(code === 0 ? 'done' : 'failed');
	if (code === 0) return output;
	throw new LabError(
		`${title} failed: ${explain(output)} (log: ${relative(process.cwd(), logFile)})`,
	);
}

/** @param {string} output @returns {string} */
export const lastLine = (output) =>
	output
		.trim()
		.split('\n')
		.filter((line) => line.trim() !== '')
		.at(-1)
		?.trim() ?? 'it printed nothing';

/** What has to be ended however the script ends. @type {Array<() => Promise<void>>} */
const cleanUps = [];

/** @param {() => Promise<void>} cleanUp runs before the script exits, also after Ctrl-C */
export const beforeExit = (cleanUp) => cleanUps.push(cleanUp);

let interruptedCode = 130;

/** From here on Ctrl-C is the way this script is meant to end. */
export const runsUntilInterrupted = () => {
	interruptedCode = 0;
};

/**
 * Runs the body of a command-line script: a LabError becomes one line and exit code 1, Ctrl-C ends what was started.
 * @param {() => Promise<number | void>} body gives the exit code, or nothing for 0
 */
export async function runScript(body) {
	const interrupted = new Promise((resolve) => {
		for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
			process.once(signal, () => resolve(interruptedCode));
		}
	});
	const code = await Promise.race([body(), interrupted]).catch((error) => {
		console.error(error instanceof LabError ? `\n${error.message}` : error);
		return 1;
	});
	await Promise.all(cleanUps.map((cleanUp) => cleanUp()));
	process.exit(code ?? 0);
}
