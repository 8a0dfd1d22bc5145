// npm as a step: finds the npm that belongs to this run, waits out slow networks, and explains npm's failures in one line.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { lastLine, runStep } from './run.mjs';

/** Under `npm start` npm tells where it is; started by hand, npm is looked for on the PATH. */
const npmCli = process.env.npm_execpath?.endsWith('npm-cli.js')
	? process.env.npm_execpath
	: undefined;
const npm = npmCli ? { command: process.execPath, first: [npmCli] } : { command: 'npm', first: [] };

const patience = [
	'--fetch-retries=5',
	'--fetch-retry-factor=3',
	'--fetch-retry-mintimeout=1000',
	'--fetch-retry-maxtimeout=30000',
];

/** What npm's error codes mean to the person in front of the screen. @type {Array<[RegExp, string]>} */
const meanings = [
	[/ENOSPC/, 'the disk is full'],
	[/\bE404\b|\bETARGET\b/, 'the npm registry does not have one of the packages'],
	[
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_FAIL|ENETUNREACH|ERR_SOCKET_TIMEOUT/,
		'the npm registry cannot be reached; check the network and start again (what was fetched is kept)',
	],
	[/EUSAGE/, 'package.json and package-lock.json do not belong together'],
	[/EACCES|EPERM/, 'a folder may not be written'],
	[/EINTEGRITY/, 'a package differs from what the lockfile expects'],
];

/** @param {string} output @returns {string} */
export function explainNpm(output) {
	const errors = output
		.split('\n')
		.filter((line) => line.startsWith('npm error') || line.includes('ENOSPC'));
	const text = errors.join('\n');
	return (
		meanings.find(([pattern]) => pattern.test(text))?.[1] ??
		errors[0]?.replace('npm error ', '') ??
		lastLine(output)
	);
}

/**
 * @param {object} step
 * @param {string} step.title
 * @param {string} step.log
 * @param {string[]} step.args
 * @param {string} [step.cwd]
 * @param {NodeJS.ProcessEnv} [step.env]
 * @param {(output: string) => string} [step.explain]
 * @returns {Promise<string>}
 */
export const runNpm = ({ args, env, explain = explainNpm, ...step }) =>
	runStep({
		...step,
		command: npm.command,
		args: [...npm.first, ...args, '--no-audit', '--no-fund', '--no-update-notifier', ...patience],
		env: { npm_config_yes: 'true', ...env },
		explain,
	});

/**
 * A short npm command whose output is wanted, not shown.
 * @param {string[]} args
 * @param {string} [cwd]
 * @returns {string} standard output, '' when it failed
 */
export function askNpm(args, cwd) {
	const { status, stdout } = spawnSync(npm.command, [...npm.first, ...args], {
		cwd,
		encoding: 'utf8',
		shell: process.platform === 'win32' && !npmCli,
	});
	return status === 0 ? stdout.trim() : '';
}

/** @returns {string} npm's own folder */
export const npmRoot = () =>
	npmCli ? dirname(dirname(npmCli)) : join(askNpm(['root', '--global']), 'npm');
