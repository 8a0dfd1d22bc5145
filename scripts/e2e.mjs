// npm run test:e2e: the packed node in real n8n servers and in a real browser. Installs the n8n versions, packs the node,
// then runs jest over test/e2e. Extra arguments go to jest.
//   N8N_VERSIONS=2.41.1 npm run test:e2e     one version only (default: all that the project supports)
//   npm run test:e2e -- --install-only       installs what it needs, which may go on beside other checks
//   npm run test:e2e -- --engine             only the engine tests on the oldest line, without servers
//   npm run test:e2e -- --servers            only the servers
//   CHROMIUM_PATH=/path/to/chromium          the browser (default: Debian's chromium-headless-shell, its chromium, an installed Chrome)
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lab/build.mjs';
import { ensureDeps } from './lab/ensureDeps.mjs';
import { ensureLocked } from './lab/ensureLocked.mjs';
import { ensureMigrated } from './lab/ensureMigrated.mjs';
import { ensureN8n } from './lab/ensureN8n.mjs';
import { ensureNode24 } from './lab/ensureNode24.mjs';
import { pack } from './lab/pack.mjs';
import { n8nVersions, packageName, projectRoot, runRoot } from './lab/paths.mjs';
import { beforeExit, endTree, LabError, runScript } from './lab/run.mjs';

runScript(async () => {
	const versions = process.env.N8N_VERSIONS?.split(/[ ,]+/).filter(Boolean) ?? n8nVersions;
	const unknown = versions.filter((version) => !n8nVersions.includes(version));
	if (unknown.length > 0)
		throw new LabError(
			`N8N_VERSIONS knows ${n8nVersions.join(' and ')}, not ${unknown.join(', ')}.`,
		);
	const node = await ensureNode24();
	const folders = [];
	const migrated = [];
	for (const version of versions) {
		folders.push(await ensureN8n(version, node));
		migrated.push(await ensureMigrated(version, folders.at(-1) ?? '', node));
	}
	const registryFolder = await ensureLocked('verdaccio', {
		title: 'Installing a local npm registry (65 MB, once)',
	});
	if (process.argv.includes('--install-only')) return 0;
	await ensureDeps();
	await build();
	const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
	/** @param {string[]} args of jest @param {NodeJS.ProcessEnv} env @returns {Promise<number>} its exit code */
	const run = (args, env) => {
		const child = spawn(process.execPath, [jest, ...args], {
			cwd: projectRoot,
			stdio: 'inherit',
			env: { ...process.env, ...env },
			detached: process.platform !== 'win32',
		});
		beforeExit(async () => endTree(child, 'SIGTERM'));
		return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
	};
	const parts = ['--engine', '--servers'];
	const [part] = parts.filter((one) => process.argv.includes(one));
	const chosen = process.argv.slice(2).filter((arg) => !parts.includes(arg));
	// `npm test` has the engine of 2.x; here the same tests run on the engine of the oldest supported line.
	const oldest = versions.findIndex((version) => version.startsWith('1.'));
	if (oldest !== -1 && chosen.length === 0 && part !== '--servers') {
		console.log(`\n== The node in the engine of n8n ${versions[oldest]}`);
		const code = await run(['test/engine', 'test/chaos'], { ENGINE_FOLDER: folders[oldest] });
		if (code !== 0 || part === '--engine') return code;
	}
	const folder = join(runRoot, 'e2e');
	const { folder: packageFolder, tarball } = await pack(join(folder, 'package'));
	const installs = versions.map((version, index) => ({
		...{ version, folder: folders[index], migrated: migrated[index] },
		...{ node, packageFolder, packageName },
	}));
	const registry = { node, folder: registryFolder, tarball };
	mkdirSync(folder, { recursive: true });
	const prepared = join(folder, 'prepared.json');
	writeFileSync(prepared, JSON.stringify({ projectRoot, folder, installs, registry }, null, '\t'));
	console.log('\n== The node in real n8n servers');
	return await run(['-c', 'jest.e2e.config.js', ...chosen], { WAN_VIDEO_E2E: prepared });
});
