// Packages as a lockfile of npm names them. One n8n costs npm three minutes of the processor and Bun fifteen seconds, for the
// same packages: same versions, same registry, same hashes. Where Bun does not run or fails, npm does it.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { askNpm, runNpm } from './npm.mjs';
import { runRoot } from './paths.mjs';
import { programFromNpm } from './programFromNpm.mjs';
import { LabError, runStep } from './run.mjs';

const version = '1.4.5';
/** `baseline` runs on processors without AVX2, too. @type {Record<string, string>} */
const packages = {
	'linux-x64': '@oven/bun-linux-x64-baseline',
	'linux-arm64': '@oven/bun-linux-aarch64',
	'darwin-x64': '@oven/bun-darwin-x64-baseline',
	'darwin-arm64': '@oven/bun-darwin-aarch64',
	'win32-x64': '@oven/bun-windows-x64-baseline',
};
/** Longest wait for Bun before npm has its turn. */
const patienceMs = 6 * 60_000;

/** @returns {Promise<string | undefined>} */
async function ensureBun() {
	const name = packages[`${process.platform}-${process.arch}`];
	if (name === undefined) return undefined;
	return await programFromNpm({
		...{ name, version, folder: `bun-${version}`, file: 'bun' },
		...{ title: `Fetching Bun ${version}, which installs faster than npm`, log: 'bun' },
		runs: (binary) => spawnSync(binary, ['--version']).status === 0,
	});
}

/**
 * Installs into a folder that has package.json and package-lock.json. No script of a package is run.
 * @param {{ folder: string, title: string, log: string, withDev?: boolean }} step
 */
export async function installLocked({ folder, title, log, withDev = false }) {
	const omitted = withDev ? [] : ['--omit=dev'];
	try {
		const bun = await ensureBun();
		if (bun !== undefined) {
			// As `npm ci` does: Bun puts some packages into other folders than npm, and leaves what it finds.
			rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
			await runStep({
				...{ title, log, cwd: folder, command: bun, timeoutMs: patienceMs },
				args: ['install', '--linker=hoisted', '--ignore-scripts', '--no-save', ...omitted],
				env: {
					BUN_CONFIG_REGISTRY: askNpm(['config', 'get', 'registry'], folder),
					// On the disk of the installs, which share its files by hard links, and where ESLint does not read.
					BUN_INSTALL_CACHE_DIR: join(runRoot, 'bun-cache'),
				},
			});
			return;
		}
	} catch (error) {
		if (!(error instanceof LabError)) throw error;
		console.log(`  ${error.message}\n  Going on with npm.`);
	}
	await runNpm({
		...{ title, log, cwd: folder },
		args: ['ci', '--ignore-scripts', '--prefer-offline', ...omitted],
	});
}
